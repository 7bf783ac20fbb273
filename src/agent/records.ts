import { type SystemError, UserError } from '../lib/errors.ts';
import type { ToolResult } from '../tools/tool-call.ts';
import type { CallRecord, CallRequest } from './state.ts';

const EMPTY = {
  narration: '',
  output: null,
  exhibits: [],
  listed: [],
  queryId: null,
  freshness: [],
  doubts: [],
  untrusted: false,
  failure: null,
  approvalId: null,
};

export function failedRecord(call: CallRequest, error: UserError | SystemError): CallRecord {
  const failure =
    error instanceof UserError
      ? { message: error.message, hint: error.hint ?? null, choices: [...error.choices], referenceId: null }
      : { message: systemSentence(error), hint: null, choices: [], referenceId: error.referenceId };
  return { ...EMPTY, id: call.id, tool: call.tool, input: call.input, status: 'failed', failure };
}

export function recordOf(call: CallRequest, result: ToolResult): CallRecord {
  if (!result.ok) return failedRecord(call, result.error);
  const base = { ...EMPTY, id: call.id, tool: call.tool, input: result.input };
  if (result.kind === 'proposal') {
    const { id, plan, requirement } = result.proposal;
    const narration = `Proposed: ${plan.title}. ${requirement.words}.`.replace(/\.\.+$/, '.');
    return { ...base, status: 'proposed', narration, output: { title: plan.title }, approvalId: id };
  }
  const { narration, output, exhibits, listed, receipt, untrusted } = result;
  return {
    ...base,
    status: 'done',
    narration,
    output,
    exhibits,
    listed,
    queryId: receipt.queryId,
    freshness: receipt.freshness,
    doubts: result.doubts,
    untrusted,
  };
}

/** What a person hears of a fault on our side: which kind, never the error itself. */
function systemSentence(error: SystemError): string {
  if (error.code === 'timeout') return 'That took too long and was stopped.';
  if (error.code === 'source_unavailable') return 'The system that holds this does not answer at the moment.';
  return 'Something went wrong on our side while looking that up.';
}
