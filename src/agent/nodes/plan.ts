import type { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import { describeInstant } from '../../domain/periods/describe-period.ts';
import type { Json, Principal } from '../../domain/types.ts';
import { SystemError } from '../../lib/errors.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import { audienceRefusal } from '../../tools/scopes.ts';
import { notePick } from '../note-pick.ts';
import { PlannerChatModel, plannerNoteSchema } from '../planner-model.ts';
import { decide } from '../rules/decide.ts';
import { callsOf, type Decision } from '../rules/decision.ts';
import { isPrivateMatter } from '../rules/refusals.ts';
import type { NodeContext, TurnRuntime } from '../runtime.ts';
import type { CallRequest, State, Update } from '../state.ts';
import { toBoundTools } from '../tool-schemas.ts';
import { toLangChain } from '../wire-messages.ts';

const MAX_REPLY_LENGTH = 20_000;
const MAX_REPLY_CHUNKS = 8_000;

/** Asks the model, or the planner, what to call or say next. */
export async function plan(state: State, { deps, runtimeOf }: NodeContext): Promise<Update> {
  const runtime = runtimeOf(state.turnId);
  // Where outsiders read along there is nothing to ask a model about.
  // What is told to nobody is refused before any model hears of it.
  const refused = state.rounds === 0 && state.utterance !== null && isPrivateMatter(state.utterance);
  if (!runtime.model || !runtime.request.place.internalOnly || refused)
    return await planByRules(state, deps, runtime);
  try {
    const reply = await askTwice(state, deps, runtime);
    return afterReply(state, reply, runtime.model.name);
  } catch (error) {
    runtime.request.signal.throwIfAborted();
    return await withoutModel(state, deps, runtime, error);
  }
}

async function planByRules(state: State, deps: NodeContext['deps'], runtime: TurnRuntime): Promise<Update> {
  const decided = decision(state, deps, runtime);
  if (decided.kind === 'call' && decided.picked) await notePick(decided.picked, deps, runtime);
  const planner = new PlannerChatModel(() => decided);
  const reply = await planner.invoke(toLangChain(state.messages, null));
  const update = afterReply(state, reply, 'rules');
  const note = plannerNoteSchema.safeParse(reply.additional_kwargs.rules);
  if (!note.success) return update;
  const { choices, offers, interpretation, interpretations } = note.data;
  const requested = update.requested?.map((call, index) => ({
    ...call,
    title: interpretations[index] ?? null,
  }));
  return { ...update, ...(requested ? { requested } : {}), choices, offers, interpretation };
}

/** How the message reads without a model. */
export function decision(state: State, deps: NodeContext['deps'], runtime: TurnRuntime): Decision {
  if (!state.utterance) throw new SystemError('internal', 'planning before the message was read');
  const { permitted, offered, request, read, lexicon } = runtime;
  if (!read) throw new SystemError('internal', 'planning before the message was read');
  if (!request.place.internalOnly) {
    const { message, hint = '' } = audienceRefusal(request.place);
    return { kind: 'say', text: `${message} ${hint}`, suggestions: [] };
  }
  return decide(state.utterance, {
    tools: deps.tools,
    permitted,
    offered,
    askerName: request.principal.name,
    read,
    lexicon,
  });
}

/** One more try after a failure: 429, 500 and a cut stream are common and short. */
async function askTwice(
  state: State,
  deps: NodeContext['deps'],
  runtime: TurnRuntime,
): Promise<AIMessageChunk> {
  try {
    return await ask(state, deps, runtime);
  } catch (error) {
    runtime.request.signal.throwIfAborted();
    deps.logger.warn({ reason: nameOf(error) }, 'the model failed once; asking again');
    return await ask(state, deps, runtime);
  }
}

async function ask(state: State, deps: NodeContext['deps'], runtime: TurnRuntime): Promise<AIMessageChunk> {
  const { model, request, permitted } = runtime;
  const chat = await model?.chat();
  if (!chat?.bindTools) throw new SystemError('model_failed', 'the model takes no tools');
  // Once strangers' words are in the turn, nothing that could act on them is within reach.
  const tainted = request.quoted !== undefined || state.records.some((record) => record.untrusted);
  const offered = tainted ? permitted.filter((tool) => tool.effect === 'read') : permitted;
  const { principal } = request;
  const system = deps.prompts({
    company: deps.company.name,
    asker: principal.name,
    roles: principal.roles.join(', '),
    now: describeInstant(deps.clock.now(), principal.tz),
    tz: principal.tz,
    currency: deps.company.currency,
    playbooks: playbooks(deps, principal),
  });
  const bound = chat.bindTools(toBoundTools(offered));
  runtime.usage.calls += 1;
  const stream = await bound.stream(toLangChain(state.messages, system), { signal: request.signal });
  let reply: AIMessageChunk | null = null;
  let chunks = 0;
  for await (const chunk of stream) {
    reply = reply ? reply.concat(chunk) : chunk;
    chunks += 1;
    if (chunks > MAX_REPLY_CHUNKS || reply.text.length > MAX_REPLY_LENGTH) {
      throw new SystemError('model_failed', 'the model does not stop');
    }
  }
  if (!reply) throw new SystemError('model_failed', 'the model said nothing');
  runtime.usage.inputTokens += reply.usage_metadata?.input_tokens ?? 0;
  runtime.usage.outputTokens += reply.usage_metadata?.output_tokens ?? 0;
  if (isCut(reply)) throw new SystemError('model_failed', "the model's answer was cut off");
  return reply;
}

/** What there is to run by name, for this person. */
function playbooks(deps: NodeContext['deps'], principal: Principal): string {
  const scopes = deps.scopesOf(principal);
  const cards = deps.skills.skills().filter((card) => scopes.includes(card.scope));
  return cards.map((card) => `- ${card.name}: ${card.description}`).join('\n');
}

/** A server that streams says why it stopped; without a reason the connection went. */
function isCut(reply: AIMessageChunk): boolean {
  const reason: unknown = reply.response_metadata.finish_reason;
  return reply.response_metadata.model_provider === 'openai' && reason === undefined;
}

function afterReply(state: State, reply: AIMessage | AIMessageChunk, mode: string): Update {
  const requested: CallRequest[] = [
    ...(reply.tool_calls ?? []).map((call, index) => ({
      id: call.id ?? `call-${state.rounds}-${index}`,
      tool: call.name,
      input: toJson(call.args),
      malformed: null,
    })),
    ...(reply.invalid_tool_calls ?? []).map((call, index) => ({
      id: call.id ?? `broken-${state.rounds}-${index}`,
      tool: call.name ?? 'unnamed',
      input: null,
      malformed: 'the arguments are not valid JSON',
    })),
  ];
  const text = reply.text;
  return {
    requested,
    draft: text,
    mode,
    rounds: state.rounds + 1,
    messages: [...state.messages, { role: 'assistant', text, calls: requested }],
  };
}

/** The model is out for this turn: a plain question is answered by rules, anything else says so. */
async function withoutModel(
  state: State,
  deps: NodeContext['deps'],
  runtime: TurnRuntime,
  error: unknown,
): Promise<Update> {
  const failure =
    error instanceof SystemError
      ? error
      : new SystemError('model_failed', 'the model failed', { cause: error });
  deps.logger.error({ referenceId: failure.referenceId, reason: nameOf(error) }, 'the model failed twice');
  runtime.model = null;
  const message = 'The language model did not answer, and nothing was changed. Please ask again in a moment.';
  const trouble = { message, referenceId: failure.referenceId };
  if (state.records.length > 0) {
    const notice = `The language model stopped answering (${failure.referenceId}); these are the plain results.`;
    return {
      requested: [],
      draft: '',
      mode: 'rules',
      notice,
      trouble: state.records.some(isDone) ? null : trouble,
    };
  }
  const read = decision(state, deps, runtime);
  const calls = callsOf(read);
  const acts = calls.some((call) => deps.tools.some((tool) => tool.name === call.tool && mayPropose(tool)));
  if (calls.length === 0 || acts) return { requested: [], draft: '', trouble };
  const notice = `The language model did not answer (${failure.referenceId}), so I read this in rules mode.`;
  return { ...(await planByRules(state, deps, runtime)), notice };
}

function isDone(record: { status: string }): boolean {
  return record.status === 'done';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown';
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null));
}
