import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/approvals/canonical-json.ts';
import type { QualityResult } from '../domain/quality/check.ts';
import { doubtSentences, reconciledSentences } from '../domain/quality/doubts.ts';
import type { Freshness, Json, Scope } from '../domain/types.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { OwnTool, ReadTool, Tool, ToolContext, ToolOutput } from './define-tool.ts';
import { audienceRefusal, scopeRefusal } from './scopes.ts';
import type { ToolCall, ToolDone, ToolRunnerDeps } from './tool-call.ts';

/** The steps of a call, which a first question and "Why this number?" take alike. */

const DEFAULT_TIMEOUT_MS = 20_000;

/** The tool, if it exists and this person may use it here. */
export function admit(deps: ToolRunnerDeps, call: Omit<ToolCall, 'input'>): Tool {
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

/** Every scope this call needs, all of which the asker has. Throws `not_allowed` for the first that is missing. */
export function requireScopes(
  deps: ToolRunnerDeps,
  tool: Tool,
  parsed: { [key: string]: unknown },
  call: Pick<ToolCall, 'principal'>,
): Scope[] {
  const held = deps.scopesOf(call.principal);
  const needed = [tool.scope, ...(tool.furtherScopes?.(parsed, held) ?? [])];
  const missing = needed.find((scope) => !held.includes(scope));
  if (missing) throw scopeRefusal(missing);
  return needed;
}

/** Runs it within its time and checks the shape of its answer. Throws what the tool throws, or SystemError. */
export async function runRead(
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
  const { freshness, notes } = data.receipt;
  const results = await qualityOf(deps, freshness);
  const doubts = doubtSentences(results);
  const reconciled = reconciledSentences(results);
  return {
    ok: true,
    kind: 'result',
    tool: tool.name,
    input,
    output: toJson(data),
    receipt: {
      ...{ ...data.receipt, notes: [...notes, ...doubts], queryId: newId('q') },
      ...(reconciled.length > 0 ? { reconciled } : {}),
    },
    narration: tool.narrate(data),
    digest: digestOf(tool, data),
    exhibits: tool.exhibits?.(data) ?? [],
    listed: data.listed ?? [],
    untrusted: tool.untrusted?.(data) ?? false,
    doubts,
  };
}

/** What the quality checks found about the sources of an answer. */
async function qualityOf(deps: ToolRunnerDeps, freshness: readonly Freshness[]): Promise<QualityResult[]> {
  if (freshness.length === 0) return [];
  return deps.ports.quality.results(freshness.map(({ source }) => source));
}

/** Of what the answer says, whatever the time it was asked. */
function digestOf(tool: ReadTool | OwnTool, output: ToolOutput): string {
  const { receipt: _, ...rest } = output;
  const said = tool.figures ? tool.figures(output) : rest;
  return createHash('sha256')
    .update(canonicalJson(toJson(said)))
    .digest('hex');
}

function contextFor(deps: ToolRunnerDeps, call: ToolCall, signal: AbortSignal): ToolContext {
  const { company, clock } = deps;
  const { principal, place, askedBy } = call;
  const by = askedBy === undefined ? {} : { askedBy };
  const scopes = deps.scopesOf(principal);
  return { ...deps.ports, principal, place, company, clock, signal, scopes, ...by };
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

/** Whatever was thrown, as one of the errors a person may be shown. */
export function asKnownError(error: unknown, signal: AbortSignal): UserError | SystemError {
  if (error instanceof UserError || error instanceof SystemError) return error;
  if (signal.aborted) return new UserError('conflict', 'Stopped.');
  return new SystemError('internal', 'a tool failed', { cause: error });
}

/** One line a call; a log that cannot be written must not hide the answer, and is itself reported. */
export async function auditQuietly(
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

/** A parsed input as JSON keeps it. */
export function toRecord(value: { [key: string]: unknown }): { [key: string]: Json } {
  return JSON.parse(JSON.stringify(value));
}
