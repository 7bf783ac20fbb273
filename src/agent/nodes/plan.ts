import type { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import type { Json } from '../../domain/types.ts';
import { SystemError } from '../../lib/errors.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { audienceRefusal } from '../../tools/scopes.ts';
import { askModel } from '../ask-model.ts';
import { asModelFailure, failureWords } from '../model-failure.ts';
import { notePick } from '../note-pick.ts';
import { PlannerChatModel, plannerNoteSchema } from '../planner-model.ts';
import { decide } from '../rules/decide.ts';
import { callsOf, type Decision } from '../rules/decision.ts';
import { isPrivateMatter } from '../rules/refusals.ts';
import type { NodeContext, TurnRuntime } from '../runtime.ts';
import type { CallRequest, State, Update } from '../state.ts';
import { withoutNulls } from '../tool-schemas.ts';
import { toLangChain } from '../wire-messages.ts';

/** Asks the model, or the planner, what to call or say next. */
export async function plan(state: State, { deps, runtimeOf }: NodeContext): Promise<Update> {
  const runtime = runtimeOf(state.turnId);
  // Where outsiders read along there is nothing to ask a model about.
  // What is told to nobody is refused before any model hears of it.
  const refused = state.rounds === 0 && state.utterance !== null && isPrivateMatter(state.utterance);
  if (!runtime.model || !runtime.request.place.internalOnly || refused)
    return await planByRules(state, deps, runtime);
  try {
    const { model } = runtime;
    const reply = await lookingFurther(state, deps, runtime);
    deps.modelGuard.succeeded(model);
    if (isDeclined(reply)) return await declined(state, deps, runtime);
    const update = afterReply(state, reply, model.name, deps.tools);
    return isFull(reply) ? { ...update, notice: 'The answer was cut off at its greatest length.' } : update;
  } catch (error) {
    runtime.request.signal.throwIfAborted();
    return await withoutModel(state, deps, runtime, error);
  }
}

/** "I have no tool for that": said of a part of the tools, it is asked again with all of them, once a turn. */
async function lookingFurther(
  state: State,
  deps: NodeContext['deps'],
  runtime: TurnRuntime,
): Promise<AIMessageChunk> {
  const unknown = state.requested.some(({ tool }) => deps.tools.every(({ name }) => name !== tool));
  if (unknown) runtime.showAll = true;
  const reply = await askModel(state, deps, runtime);
  const lacking = (reply.tool_calls ?? []).length === 0 && LACKS_A_TOOL.test(reply.text);
  if (!lacking || runtime.showAll || runtime.shown.all) return reply;
  runtime.showAll = true;
  return await askModel(state, deps, runtime);
}

const LACKS_A_TOOL =
  /\b(?:no|not have|n['’]t have|lack|without|none of (?:my|the)) (?:a |an |any |the |such |suitable |matching )*tools?\b/i;

/** Withheld by the vendor's own filter; a refusal in plain words is an answer like any other. */
function isDeclined(reply: AIMessageChunk): boolean {
  return reply.response_metadata.finish_reason === 'content_filter';
}

function isFull(reply: AIMessageChunk): boolean {
  return reply.response_metadata.finish_reason === 'length' && (reply.tool_calls ?? []).length === 0;
}

/** The rules read a plain question all the same; else the person hears that the model would not answer. */
async function declined(state: State, deps: NodeContext['deps'], runtime: TurnRuntime): Promise<Update> {
  const empty = { requested: [], draft: '', rounds: state.rounds + 1 };
  const calls = state.records.length > 0 ? [] : callsOf(decision(state, deps, runtime));
  const acts = calls.some((call) => deps.tools.some((tool) => tool.name === call.tool && mayPropose(tool)));
  deps.logger.info({ turnId: state.turnId }, 'the model declined to answer');
  runtime.model = null;
  if (calls.length > 0 && !acts) {
    const notice = 'The language model declined to answer this, so I read it in rules mode.';
    return { ...(await planByRules(state, deps, runtime)), notice };
  }
  const message = 'The language model declined to answer this, and nothing was changed.';
  return { ...empty, mode: 'rules', trouble: { message, referenceId: null } };
}

async function planByRules(state: State, deps: NodeContext['deps'], runtime: TurnRuntime): Promise<Update> {
  const decided = decision(state, deps, runtime);
  if (decided.kind === 'call' && decided.picked) await notePick(decided.picked, deps, runtime);
  const planner = new PlannerChatModel(() => decided);
  const reply = await planner.invoke(toLangChain(state.messages, null));
  const update = afterReply(state, reply, 'rules', deps.tools);
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

function afterReply(
  state: State,
  reply: AIMessage | AIMessageChunk,
  mode: string,
  tools: readonly Tool[],
): Update {
  const requested: CallRequest[] = [
    ...(reply.tool_calls ?? []).map((call, index) => ({
      id: call.id ?? `call-${state.rounds}-${index}`,
      tool: call.name,
      input: leftOut(call.name, toJson(call.args), tools),
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

function leftOut(name: string, input: Json, tools: readonly Tool[]): Json {
  const tool = tools.find((candidate) => candidate.name === name);
  return tool ? withoutNulls(tool, input) : input;
}

/** The model is out for this turn: a plain question is answered by rules, anything else says so. */
async function withoutModel(
  state: State,
  deps: NodeContext['deps'],
  runtime: TurnRuntime,
  error: unknown,
): Promise<Update> {
  const { kind, message: reason } = asModelFailure(error);
  const { referenceId } = new SystemError('model_failed', reason);
  deps.logger.error({ referenceId, kind, reason }, 'the model is out for this turn');
  if (runtime.model) deps.modelGuard.failed(runtime.model, kind);
  runtime.model = null;
  const said = failureWords(kind);
  const message = `${said}, and nothing was changed. Please ask again in a moment.`;
  const trouble = { message, referenceId };
  if (state.records.length > 0) {
    const notice = `The language model stopped answering (${referenceId}); these are the plain results.`;
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
  const notice = `${said} (${referenceId}), so I read this in rules mode.`;
  return { ...(await planByRules(state, deps, runtime)), notice };
}

function isDone(record: { status: string }): boolean {
  return record.status === 'done';
}

function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null));
}
