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
  if (tool.effect === 'own') {
    refuseOnOthersWords(state, runtime);
    if (tool.onlyWhenAsked) refuseUnasked(tool, state, runtime);
  }
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
  refuseOnOthersWords(state, runtime);
  const proposes = (name: string) => tools.some((one) => one.name === name && mayPropose(one));
  const another = state.records.some((record) => record.status === 'proposed' || proposes(record.tool));
  if (another || admitted.some((other) => proposes(other.tool))) {
    throw new UserError('unsupported', 'One proposal at a time: ask for the next one afterwards.');
  }
  refuseUnasked(tool, state, runtime);
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

/** What a model concludes beyond the person's words is not enough. In rules mode the words themselves led here. */
function refuseUnasked(tool: Tool, { mode, utterance }: State, { ownWords }: TurnRuntime): void {
  if (mode === 'rules' || (utterance && isAskedFor(tool, utterance, ownWords))) return;
  // "Stop the monday one" is a negation to other tools; to this one it is the order.
  if (!mayPropose(tool) && utterance && tool.recognize(utterance).length > 0) return;
  throw new UserError(
    'not_allowed',
    'I do that only when it is asked for outright, and this message does not.',
    `Say it as an order, such as "${tool.examples[0].say}".`,
  );
}

/** Once words that are not the asker's are in the turn, nothing in it may change anything. */
function refuseOnOthersWords(state: State, runtime: TurnRuntime): void {
  if (runtime.request.quoted !== undefined || state.records.some((record) => record.untrusted)) {
    throw new UserError(
      'not_allowed',
      'I have just read words that are not yours, so I change and propose nothing in the same turn.',
      'Ask for the action in a message of its own.',
    );
  }
}
