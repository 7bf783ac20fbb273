import { SystemError } from '../lib/errors.ts';
import {
  admit,
  asKnownError,
  auditQuietly,
  parseInput,
  requireScopes,
  runRead,
  toRecord,
} from './call-steps.ts';
import { withFixedPeriods } from './inputs.ts';
import { rerunReceipt } from './rerun-receipt.ts';
import type { ToolCall, ToolDone, ToolProposed, ToolRunner, ToolRunnerDeps } from './tool-call.ts';

/** The only caller of tools. */
export function createToolRunner(deps: ToolRunnerDeps): ToolRunner {
  return {
    async run(call) {
      try {
        return await runCall(deps, call);
      } catch (error) {
        const known = asKnownError(error, call.signal);
        if (known instanceof SystemError) {
          deps.logger.error({ err: error, referenceId: known.referenceId, tool: call.tool }, 'tool failed');
        }
        await auditQuietly(deps, call, known.code);
        return { ok: false, tool: call.tool, error: known };
      }
    },
    rerunReceipt: (queryId, reader) => rerunReceipt(deps, queryId, reader),
  };
}

async function runCall(deps: ToolRunnerDeps, call: ToolCall): Promise<ToolDone | ToolProposed> {
  const tool = admit(deps, call);
  const at = { nowAt: deps.clock.now(), tz: call.principal.tz };
  const input = withFixedPeriods(toRecord(parseInput(tool, call.input)), at);
  const parsed = parseInput(tool, input);
  const readers = requireScopes(deps, tool, parsed, call);
  if (tool.effect === 'consequential') {
    const requester = call.principal;
    const proposal = await deps.door.propose({ tool: tool.name, input, requester, place: call.place });
    await auditQuietly(deps, call, 'proposed');
    return { ok: true, kind: 'proposal', tool: tool.name, input, proposal };
  }
  const done = await runRead(deps, tool, parsed, input, call);
  await deps.receipts.put({
    tool: tool.name,
    input,
    receipt: done.receipt,
    narration: done.narration,
    digest: done.digest,
    readers,
    createdAt: deps.clock.now(),
  });
  await auditQuietly(deps, call, 'ok');
  return done;
}
