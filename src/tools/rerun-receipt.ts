import { SystemError, UserError } from '../lib/errors.ts';
import { admit, asKnownError, auditQuietly, parseInput, runRead } from './call-steps.ts';
import { scopeRefusal } from './scopes.ts';
import type { Rerun, ToolCall, ToolRunnerDeps } from './tool-call.ts';

/** The question a receipt was made from, asked again. Throws as `ToolRunner.rerunReceipt` says. */
export async function rerunReceipt(
  deps: ToolRunnerDeps,
  queryId: string,
  reader: Omit<ToolCall, 'tool' | 'input'>,
): Promise<Rerun> {
  const stored = await deps.receipts.get(queryId);
  if (!stored)
    throw new UserError('not_found', 'That receipt is not kept any more.', 'Ask the question again.');
  const call = { ...reader, tool: stored.tool, input: stored.input };
  const tool = admit(deps, call);
  const missing = stored.readers.find((scope) => !deps.scopesOf(reader.principal).includes(scope));
  if (missing) throw scopeRefusal(missing);
  // Asking again must never do again.
  if (tool.effect !== 'read') throw new UserError('unsupported', 'That was an action, not a number.');
  try {
    const done = await runRead(deps, tool, parseInput(tool, stored.input), stored.input, call);
    await auditQuietly(deps, call, 'receipt_rerun');
    return {
      tool: stored.tool,
      input: stored.input,
      before: { narration: stored.narration, receipt: stored.receipt },
      now: { narration: done.narration, receipt: done.receipt },
      same: done.digest === stored.digest,
    };
  } catch (error) {
    const known = asKnownError(error, reader.signal);
    if (known instanceof SystemError) {
      deps.logger.error(
        { err: error, referenceId: known.referenceId, tool: stored.tool },
        'receipt re-run failed',
      );
    }
    throw known;
  }
}
