import { analyseUtterance, plainMessage } from '../../domain/language/analyse-utterance.ts';
import { NO_WORDS } from '../../domain/language/company-words.ts';
import { findSkill } from '../../domain/language/find-skill.ts';
import type { PreviousCall } from '../../domain/language/utterance.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import { findPeriods } from '../../domain/periods/find-periods.ts';
import type { CustomerMention } from '../../domain/ports.ts';
import { recall } from '../memory.ts';
import { wrapForModel } from '../outside-boundary.ts';
import type { AgentDeps, NodeContext } from '../runtime.ts';
import type { State, Update, WireMessage } from '../state.ts';
import type { TurnRequest } from '../turn.ts';

const REMEMBERED_ENTRIES = 16;
const MAX_MESSAGE_LENGTH = 4_000;

/** Reads everything out of the message that needs no tool, and recalls the thread. */
export async function prepare(state: State, { deps, runtimeOf }: NodeContext): Promise<Update> {
  const runtime = runtimeOf(state.turnId);
  const { request } = runtime;
  const text = plainMessage(request.text).slice(0, MAX_MESSAGE_LENGTH);
  const nowAt = deps.clock.now();
  const tz = request.principal.tz;
  const entries = await deps.transcript.recent(request.place, REMEMBERED_ENTRIES);
  const memory = recall(entries.filter((entry) => entry.turnId !== request.turnId));
  runtime.offered = memory.offered;
  runtime.previous = memory.previous;
  runtime.ownWords = memory.exchanges
    .filter((exchange) => exchange.role === 'user' && exchange.userId === request.principal.userId)
    .map((exchange) => exchange.text);
  runtime.ownWords.push(text);
  const content = { text };
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
  const { anchors, fiscalYearStart } = known ?? NO_WORDS;
  const analysed = analyseUtterance(text, {
    periods: findPeriods(text, { nowAt, tz, anchors, fiscalYearStart }),
    ...(known ? { known } : {}),
    customers,
    previous: await previousOf(request, customers, memory.previous, deps),
    lexicon: runtime.lexicon,
    nowAt,
    tz,
    exponentOf,
    companyCurrency: deps.company.currency,
  });
  const utterance = { ...analysed, skill: findSkill(analysed, deps.skills.skills()) };
  const history = memory.exchanges.map(
    ({ role, text: said }): WireMessage =>
      role === 'user' ? { role, text: said } : { role, text: said, calls: [] },
  );
  return { utterance, messages: [...history, { role: 'user', text: withQuote(text, request) }] };
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
