import { plainMessage } from '../../domain/language/analyse-utterance.ts';
import type { PreviousCall } from '../../domain/language/utterance.ts';
import type { CustomerMention } from '../../domain/ports.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import { historyFor } from '../history.ts';
import { recall, type ThreadMemory } from '../memory.ts';
import { wrapForModel } from '../outside-boundary.ts';
import { wordReader } from '../read-message.ts';
import { chosenWords } from '../rules/chosen-words.ts';
import type { AgentDeps, NodeContext } from '../runtime.ts';
import type { State, Update } from '../state.ts';
import type { TurnRequest } from '../turn.ts';

const REMEMBERED_ENTRIES = 16;
/** What a model hears of a long thread, most of it as a line a turn. */
const SUMMARISED_ENTRIES = 60;
const MAX_MESSAGE_LENGTH = 4_000;

/** Reads everything out of the message that needs no tool, and recalls the thread. */
export async function prepare(state: State, { deps, runtimeOf }: NodeContext): Promise<Update> {
  const runtime = runtimeOf(state.turnId);
  const { request } = runtime;
  const written = plainMessage(request.text).slice(0, MAX_MESSAGE_LENGTH);
  const nowAt = deps.clock.now();
  const tz = request.principal.tz;
  const entries = await deps.transcript.recent(request.place, SUMMARISED_ENTRIES);
  const before = entries.filter((entry) => entry.turnId !== request.turnId);
  const memory = recall(before.slice(-REMEMBERED_ENTRIES));
  runtime.offered = memory.offered;
  runtime.offeredFor = memory.offeredFor;
  runtime.previous = await withNames(memory.previous, deps);
  const text = questionPointedAt(written, memory, deps) ?? written;
  runtime.ownWords = memory.exchanges
    .filter((exchange) => exchange.role === 'user' && exchange.userId === request.principal.userId)
    .map((exchange) => exchange.text);
  runtime.ownWords.push(text);
  const content = { text: written };
  await deps.transcript.put(request.place, {
    turnId: request.turnId,
    role: 'user',
    userId: request.principal.userId,
    content,
    at: nowAt,
  });
  // Where outsiders read along nothing is looked up, customer names least of all.
  const customers = request.place.internalOnly ? await deps.customers.mentionedIn(text) : [];
  const known = request.place.internalOnly ? await deps.words?.(request.principal) : undefined;
  runtime.read = wordReader({
    ...(known ? { known } : {}),
    previous: await previousOf(request, customers, runtime.previous, deps),
    lexicon: runtime.lexicon,
    nowAt,
    tz,
    company: deps.company,
    skills: deps.skills,
  });
  const utterance = runtime.read(text, customers);
  const history = historyFor(recall(before).exchanges);
  return { utterance, messages: [...history, { role: 'user', text: withQuote(text, request) }] };
}

/** What the newest turn was about, by name. */
async function withNames(previous: readonly PreviousCall[], deps: AgentDeps): Promise<PreviousCall[]> {
  const [newest] = previous;
  return Promise.all(
    previous.map(async (call) => {
      const recent = call === newest || (call.turnId !== undefined && call.turnId === newest?.turnId);
      const { input } = call;
      if (!recent || input === null || typeof input !== 'object' || Array.isArray(input)) return call;
      const found = typeof input.customer === 'string' ? await deps.customers.get(input.customer) : null;
      return found ? { ...call, customerName: found.name } : call;
    }),
  );
}

/** What a message that only points at a choice says by it; an action is picked by its button or in its own words. */
function questionPointedAt(
  written: string,
  { choices, offered }: Pick<ThreadMemory, 'choices' | 'offered'>,
  { tools }: Pick<AgentDeps, 'tools'>,
): string | null {
  const say = chosenWords(written, choices);
  const offer = offered.find((one) => one.say === say);
  return tools.some((tool) => tool.name === offer?.tool && mayPropose(tool)) ? null : say;
}

/** "Them" in a question about somebody's message is the one customer whom that message names. */
async function previousOf(
  { quoted, place }: TurnRequest,
  named: readonly CustomerMention[],
  before: readonly PreviousCall[],
  deps: AgentDeps,
): Promise<readonly PreviousCall[]> {
  if (!quoted || !place.internalOnly || named.length > 0) return before;
  const text = plainMessage(quoted.text).slice(0, MAX_MESSAGE_LENGTH);
  const mentions = await deps.customers.mentionedIn(text);
  const sure = mentions.flatMap(({ candidates }) => (candidates.length === 1 ? candidates : []));
  const [only, another] = [...new Map(sure.map((customer) => [customer.id, customer])).values()];
  if (!only || another) return before;
  const { id, name } = only;
  return [{ tool: 'quoted', input: {}, listed: [{ id, label: name, customerId: id }] }, ...before];
}

/** The message asked about goes to the model between boundaries, as every text that is not the asker's own. */
function withQuote(text: string, { quoted }: TurnRequest): string {
  if (!quoted) return text;
  const data = { author: quoted.author, message: quoted.text.slice(0, MAX_MESSAGE_LENGTH) };
  return `${text}\n\nThe message this is about:\n${wrapForModel(data, true)}`;
}
