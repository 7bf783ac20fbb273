import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import { wrapForModel } from '../outside-boundary.ts';
import { failedRecord, recordOf } from '../records.ts';
import type { NodeContext, TurnRuntime } from '../runtime.ts';
import type { CallRecord, CallRequest, State, Update, WireMessage } from '../state.ts';

const MOST_ROWS_FOR_MODEL = 50;

/** Runs what the gate let through: reads side by side, then at most one proposal. */
export async function act(state: State, context: NodeContext): Promise<Update> {
  const { deps, runtimeOf } = context;
  const runtime = runtimeOf(state.turnId);
  const isProposal = (call: CallRequest) =>
    deps.tools.some((tool) => tool.name === call.tool && mayPropose(tool));
  const reads = state.admitted.filter((call) => !isProposal(call));
  const records = await Promise.all(reads.map((call) => runOne(call, state, context, runtime)));
  const tainted = records.some((record) => record.untrusted);
  for (const call of state.admitted.filter(isProposal)) {
    records.push(tainted ? notAfterOthersWords(call) : await runOne(call, state, context, runtime));
  }
  runtime.request.signal.throwIfAborted();
  const all = [...state.records, ...records];
  return { records: all, messages: [...state.messages, ...answersTo(state.requested, all)], admitted: [] };
}

async function runOne(
  call: CallRequest,
  state: State,
  { deps }: NodeContext,
  runtime: TurnRuntime,
): Promise<CallRecord> {
  const { principal, place, signal, turnId: askedBy } = runtime.request;
  const title = stepTitle(call, state);
  const changes = deps.tools.find((tool) => tool.name === call.tool)?.effect === 'own';
  runtime.emit({ type: 'step', id: call.id, title, status: 'in_progress', changes });
  const result = await deps.runner.run({
    tool: call.tool,
    input: call.input,
    principal,
    place,
    signal,
    askedBy,
  });
  const record = recordOf(call, result);
  runtime.emit({ type: 'step', id: call.id, title, status: result.ok ? 'complete' : 'error', changes });
  if (record.approvalId) runtime.emit({ type: 'proposal', approvalId: record.approvalId });
  return record;
}

function notAfterOthersWords(call: CallRequest): CallRecord {
  const message = 'I have just read words that are not yours, so I propose nothing in the same turn.';
  return failedRecord(
    call,
    new UserError('not_allowed', message, 'Ask for the action in a message of its own.'),
  );
}

/** In rules mode how the message was understood; else the tool's name as words. */
function stepTitle(call: CallRequest, state: State): string {
  if (call.title) return call.title.slice(0, 100);
  if (state.interpretation) return state.interpretation.slice(0, 100);
  const words = call.tool.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** Every call asked for gets an answer, refused and overlooked ones too: models insist on it. */
function answersTo(requested: readonly CallRequest[], records: readonly CallRecord[]): WireMessage[] {
  return requested.flatMap((call): WireMessage[] => {
    const record = records.findLast((candidate) => candidate.id === call.id);
    if (!record) return [];
    return [{ role: 'tool', callId: call.id, tool: call.tool, content: contentFor(record), record }];
  });
}

function contentFor(record: CallRecord): string {
  if (record.failure) {
    const { message, hint } = record.failure;
    return wrapForModel({ error: message, ...(hint ? { hint } : {}) }, false);
  }
  return wrapForModel({ summary: record.narration, data: shortened(record.output) }, record.untrusted);
}

/** Long lists go to the person as pages or a file; to the model, which only words them, goes their beginning. */
function shortened(value: Json): Json {
  if (Array.isArray(value)) {
    const first = value.slice(0, MOST_ROWS_FOR_MODEL).map(shortened);
    const left = value.length - first.length;
    return left > 0 ? [...first, `and ${left} more, shown to the person`] : first;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}
