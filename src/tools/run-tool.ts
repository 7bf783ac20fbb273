import type { Approval, Door } from '../approvals/types.ts';
import type { Ports } from '../domain/ports.ts';
import type { Company, Exhibit, Json, Place, Principal, Receipt, Scope } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { OwnTool, ReadTool, Tool, ToolContext } from './define-tool.ts';
import { withFixedPeriods } from './inputs.ts';
import { audienceRefusal, scopeRefusal } from './scopes.ts';

export interface ToolCall {
  tool: string;
  input: unknown;
  principal: Principal;
  place: Place;
  signal: AbortSignal;
}

export interface ToolDone {
  ok: true;
  kind: 'result';
  tool: string;
  /** As parsed: what the receipt re-runs. */
  input: { [key: string]: Json };
  output: Json;
  receipt: Receipt;
  narration: string;
  exhibits: Exhibit[];
  listed: { id: string; label: string; customerId?: string }[];
  /** The output holds text from outside. */
  untrusted: boolean;
}

export interface ToolProposed {
  ok: true;
  kind: 'proposal';
  tool: string;
  input: { [key: string]: Json };
  proposal: Approval;
}

export interface ToolFailed {
  ok: false;
  tool: string;
  error: UserError | SystemError;
}

export type ToolResult = ToolDone | ToolProposed | ToolFailed;

/** "Why this number?": the value as it was said, and as it is now. */
export interface Rerun {
  tool: string;
  input: { [key: string]: Json };
  before: { narration: string; receipt: Receipt };
  now: { narration: string; receipt: Receipt };
}

export interface ToolRunner {
  /** Never throws: what went wrong is in the result, safe to show. */
  run(call: ToolCall): Promise<ToolResult>;
  /** Throws UserError (`not_found`, `not_allowed`, `wrong_audience`) or SystemError. */
  rerunReceipt(queryId: string, reader: Omit<ToolCall, 'tool' | 'input'>): Promise<Rerun>;
}

export interface ToolRunnerDeps {
  tools: readonly Tool[];
  ports: Ports;
  door: Pick<Door, 'propose'>;
  receipts: {
    put(receipt: StoredReceipt): Promise<void>;
    get(queryId: string): Promise<StoredReceipt | null>;
  };
  /** What the policy lets this person see and ask for. */
  scopesOf(principal: Principal): readonly Scope[];
  company: Company;
  clock: Clock;
  logger: Logger;
  audit(entry: {
    actor: string;
    action: string;
    subject: string;
    details: { [key: string]: Json };
  }): Promise<void>;
  timeoutMs?: number;
}

interface StoredReceipt {
  tool: string;
  input: { [key: string]: Json };
  receipt: Receipt;
  narration: string;
  readers: readonly Scope[];
  createdAt: number;
}

const DEFAULT_TIMEOUT_MS = 20_000;

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
    rerunReceipt: (queryId, reader) => rerun(deps, queryId, reader),
  };
}

async function runCall(deps: ToolRunnerDeps, call: ToolCall): Promise<ToolDone | ToolProposed> {
  const tool = admit(deps, call);
  const at = { nowAt: deps.clock.now(), tz: call.principal.tz };
  const input = withFixedPeriods(toRecord(parseInput(tool, call.input)), at);
  const parsed = parseInput(tool, input);
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
    readers: [tool.scope],
    createdAt: deps.clock.now(),
  });
  await auditQuietly(deps, call, 'ok');
  return done;
}

/** The tool, if it exists and this person may use it here. */
function admit(deps: ToolRunnerDeps, call: Omit<ToolCall, 'input'>): Tool {
  const tool = deps.tools.find((candidate) => candidate.name === call.tool);
  if (!tool) throw new UserError('unsupported', 'I have no such tool.', 'Ask for help to see what I can do.');
  if (!call.place.internalOnly) throw audienceRefusal(call.place);
  if (!deps.scopesOf(call.principal).includes(tool.scope)) throw scopeRefusal(tool.scope);
  return tool;
}

/** Throws `invalid_input` that says which field is wrong and what is allowed. */
export function parseInput(tool: Tool, input: unknown): { [key: string]: unknown } {
  const parsed = tool.input.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const allowed = Object.keys(tool.input.shape).join(', ');
  const issues = parsed.error.issues.slice(0, 3).map((issue) => {
    const field = issue.path.length > 0 ? issue.path.join('.') : 'the arguments';
    return `${field}: ${issue.message}`;
  });
  throw new UserError(
    'invalid_input',
    `That cannot be looked up as asked: ${issues.join('; ')}.`,
    `Allowed: ${allowed}.`,
  );
}

async function runRead(
  deps: ToolRunnerDeps,
  tool: ReadTool | OwnTool,
  parsed: { [key: string]: unknown },
  input: { [key: string]: Json },
  call: ToolCall,
): Promise<ToolDone> {
  const output = await withTimeout(deps, call.signal, (signal) =>
    tool.run(parsed, contextFor(deps, call, signal)),
  );
  const checked = tool.output.safeParse(output);
  if (!checked.success) {
    throw new SystemError('internal', `${tool.name} gave an answer of the wrong shape`, {
      cause: checked.error,
    });
  }
  const data = checked.data;
  return {
    ok: true,
    kind: 'result',
    tool: tool.name,
    input,
    output: toJson(data),
    receipt: { ...data.receipt, queryId: newId('q') },
    narration: tool.narrate(data),
    exhibits: tool.exhibits?.(data) ?? [],
    listed: data.listed ?? [],
    untrusted: tool.untrusted?.(data) ?? false,
  };
}

function contextFor(deps: ToolRunnerDeps, call: ToolCall, signal: AbortSignal): ToolContext {
  const { company, clock } = deps;
  return { ...deps.ports, principal: call.principal, place: call.place, company, clock, signal };
}

async function withTimeout<T>(
  deps: ToolRunnerDeps,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer.throwIfAborted();
  const limit = deps.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const controller = new AbortController();
  let give: (reason: Error) => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    give = reject;
  });
  const stop = (error: Error) => {
    controller.abort(error);
    give(error);
  };
  const timer = setTimeout(() => stop(new SystemError('timeout', `no answer within ${limit} ms`)), limit);
  const onAbort = () => stop(new UserError('conflict', 'Stopped.'));
  outer.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onAbort);
    stopped.catch(() => undefined);
  }
}

async function rerun(
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
  if (tool.effect === 'consequential')
    throw new UserError('unsupported', 'That was an action, not a number.');
  try {
    const done = await runRead(deps, tool, parseInput(tool, stored.input), stored.input, call);
    await auditQuietly(deps, call, 'receipt_rerun');
    return {
      tool: stored.tool,
      input: stored.input,
      before: { narration: stored.narration, receipt: stored.receipt },
      now: { narration: done.narration, receipt: done.receipt },
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

function asKnownError(error: unknown, signal: AbortSignal): UserError | SystemError {
  if (error instanceof UserError || error instanceof SystemError) return error;
  if (signal.aborted) return new UserError('conflict', 'Stopped.');
  return new SystemError('internal', 'a tool failed', { cause: error });
}

/** One line a call; a log that cannot be written must not hide the answer, and is itself reported. */
async function auditQuietly(
  deps: ToolRunnerDeps,
  call: Pick<ToolCall, 'tool' | 'principal' | 'place'>,
  outcome: string,
) {
  try {
    await deps.audit({
      actor: call.principal.userId,
      action: 'tool.called',
      subject: call.tool.slice(0, 64),
      details: { outcome, channel: call.place.channelId },
    });
  } catch (error) {
    deps.logger.error({ err: error }, 'a tool call could not be written to the audit log');
  }
}

/** What JSON keeps of a value: undefined members go. */
function toJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

function toRecord(value: { [key: string]: unknown }): { [key: string]: Json } {
  return JSON.parse(JSON.stringify(value));
}
