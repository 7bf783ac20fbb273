import type { Principal } from '../domain/types.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import type { SkillRunRow } from '../store/skill-runs.ts';
import type { AnyStep, SkillContext, StepOutcome, StepResults } from './define-skill.ts';
import type { EngineDeps } from './engine.ts';
import { placeOf } from './run-rows.ts';

const STEP_TIMEOUT_MS = 60_000;

/** What a step of this run may reach: everything it does has the starter's rights of now. */
export function stepContext(
  deps: EngineDeps,
  run: SkillRunRow,
  about: {
    step: string;
    principal: Principal;
    done: StepResults;
    waitIsOver: boolean;
    signal: AbortSignal;
  },
): SkillContext {
  const { runner, door, ports } = deps.house();
  const { principal, signal } = about;
  const place = placeOf(run);
  const key = `${run.id}:${about.step}`;
  return {
    ...ports,
    runId: run.id,
    principal,
    place,
    company: deps.company,
    clock: deps.clock,
    signal,
    done: about.done,
    key,
    waitIsOver: about.waitIsOver,
    maxCustomers: (tool) => deps.maxCustomers(tool.name),
    call: (tool, input) => runner.run({ tool: tool.name, input, principal, place, signal }),
    proposeBatch: ({ title, intro, tool, rows, tools }) =>
      door.proposeBatch({
        ...{ key, title, intro, tool: tool.name, rows, requester: principal, place },
        ...(tools === undefined ? {} : { tools: tools.map(({ name }) => name) }),
      }),
    getBatch: (id) => door.getBatch(id),
    withdrawBatch: async (batchId) => {
      await door.decideBatch({ batchId, verdict: 'reject', by: principal });
    },
  };
}

/** Runs the step within its time. Throws `timeout`, or what it was aborted for. */
export async function runWithin(
  step: AnyStep,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<StepOutcome>,
): Promise<StepOutcome> {
  signal.throwIfAborted();
  const limit = step.timeoutMs ?? STEP_TIMEOUT_MS;
  const controller = new AbortController();
  let give: (reason: unknown) => void = () => undefined;
  const over = new Promise<never>((_, reject) => {
    give = reject;
  });
  const stop = (reason: unknown) => {
    controller.abort(reason);
    give(reason);
  };
  const timer = setTimeout(
    () => stop(new SystemError('timeout', `step ${step.name} took longer than ${limit} ms`)),
    limit,
  );
  const onAbort = () => stop(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return checked(step, await Promise.race([work(controller.signal), over]));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    over.catch(() => undefined);
  }
}

/** Results are kept as JSON: what does not survive that is an error here, not a surprise after a restart. */
function checked(step: AnyStep, outcome: StepOutcome): StepOutcome {
  if (outcome.kind === 'park') {
    if (outcome.approvalIds.length > 0) return outcome;
    throw new SystemError('internal', `step ${step.name} waits for no approval`);
  }
  return { kind: 'done', result: JSON.parse(JSON.stringify(outcome.result)) };
}

/** A person, or the process that asked for the run, does not want it any more. */
export class RunStopped extends UserError {
  constructor(say: string) {
    super('conflict', say);
  }
}

/** Another process has taken the run over: this one must not write about it again. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
