import { SystemError, UserError } from '../../lib/errors.ts';
import { parseInput } from '../../tools/call-steps.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { isAskedFor } from '../intent.ts';
import { untraced } from '../provenance.ts';
import { failedRecord } from '../records.ts';
import type { AgentDeps, NodeContext, TurnRuntime } from '../runtime.ts';
import type { CallRecord, CallRequest, State, Update } from '../state.ts';

export const MAX_CALLS = 6;
export const MAX_ROUNDS = 4;

/** Lets through what may be run; everything refused is answered with the reason instead. */
export async function gate(state: State, { deps, runtimeOf }: NodeContext): Promise<Update> {
  const runtime = runtimeOf(state.turnId);
  const admitted: CallRequest[] = [];
  const refused: CallRecord[] = [];
  for (const call of state.requested) {
    try {
      check(call, state, admitted, deps, runtime);
      admitted.push(call);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      refused.push(failedRecord(call, error));
    }
  }
  return { admitted, records: [...state.records, ...refused] };
}

function check(
  call: CallRequest,
  state: State,
  admitted: readonly CallRequest[],
  deps: Pick<AgentDeps, 'tools' | 'skills'>,
  runtime: TurnRuntime,
): void {
  const tool = deps.tools.find((candidate) => candidate.name === call.tool);
  if (!tool) throw new UserError('unsupported', 'There is no such tool.');
  if (call.malformed) throw new UserError('invalid_input', `The call cannot be read: ${call.malformed}.`);
  const done = state.records.filter((record) => record.status !== 'failed').length;
  if (done + admitted.length >= MAX_CALLS) {
    throw new UserError('unsupported', `No more than ${MAX_CALLS} look-ups in one turn.`);
  }
  parseInput(tool, call.input);
  if (mayPropose(tool)) checkProposal(call, tool, state, admitted, deps, runtime);
}

function checkProposal(
  call: CallRequest,
  tool: Tool,
  state: State,
  admitted: readonly CallRequest[],
  { tools, skills }: Pick<AgentDeps, 'tools' | 'skills'>,
  runtime: TurnRuntime,
): void {
  if (!state.utterance) throw new SystemError('internal', 'a proposal before the message was read');
  if (state.records.some((record) => record.untrusted)) {
    throw new UserError(
      'not_allowed',
      'I have just read text from outside the company, so I propose no action in the same turn.',
      'Ask for the action in a message of its own.',
    );
  }
  const proposes = (name: string) => tools.some((one) => one.name === name && mayPropose(one));
  const another = state.records.some((record) => record.status === 'proposed' || proposes(record.tool));
  if (another || admitted.some((other) => proposes(other.tool))) {
    throw new UserError('unsupported', 'One proposal at a time: ask for the next one afterwards.');
  }
  // In rules mode the words themselves were what led here.
  if (state.mode !== 'rules' && !isAskedFor(tool, state.utterance, runtime.ownWords)) {
    throw new UserError(
      'not_allowed',
      'I propose an action only when it is asked for outright, and this message does not.',
      `Say it as an order, such as "${tool.examples[0].say}".`,
    );
  }
  const strange = untraced(call.input, tool, state.records, state.utterance, runtime, [
    ...skills.skills().map((card) => card.name),
  ]);
  if (strange.length > 0) {
    throw new UserError(
      'not_allowed',
      `I propose only what you asked for, and ${strange.join(' and ')} came neither from your words nor from our records.`,
      'Say it in your own words: which customer, which invoice or payment, how much.',
    );
  }
}
