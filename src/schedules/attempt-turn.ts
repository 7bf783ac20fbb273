import { retryDelayMs } from '../domain/schedule/backoff.ts';
import { type ScheduleRun, turnKey } from '../domain/schedule/run.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError, type SystemErrorCode, UserError } from '../lib/errors.ts';
import type { Failpoint } from '../lib/failpoints.ts';
import type { Logger } from '../lib/logger.ts';
import type { RunLedger } from '../store/schedule-runs.ts';
import type { Schedule } from './define-schedule.ts';

/** A turn is held for this long at a time, and the hold renewed thrice within it. */
export const LEASE_MS = 60_000;
/** A turn that its process did not survive this often is written off: it may be what ends the process. */
const MOST_INTERRUPTIONS = 5;

export interface AttemptParts {
  ledger: RunLedger;
  clock: Clock;
  logger: Logger;
  /** In [0, 1). */
  random(): number;
  failpoint(name: Failpoint): void;
  /** Aborts when Psi is to end: the turn is then given back. */
  stopping: AbortSignal;
}

class Stopping extends Error {}
class TakenOver extends Error {}
class OverTime extends SystemError {}
/** Its message is a sentence for people. */
class Interrupted extends Error {}

/** Runs a claimed turn once and writes down what became of it. Never throws but when the store does. */
export async function attemptTurn(run: ScheduleRun, schedule: Schedule, parts: AttemptParts): Promise<void> {
  const { ledger, clock, logger, failpoint } = parts;
  failpoint('schedule.claimed');
  const about = { schedule: run.schedule, subject: run.subject, dueAt: run.dueAt, attempt: run.attempt };
  try {
    if (run.attempt - run.failures > MOST_INTERRUPTIONS) {
      const times = run.attempt - run.failures - 1;
      throw new Interrupted(`The process ended ${times} times while this ran.`);
    }
    const { summary } = await held(run, schedule, parts);
    failpoint('schedule.ran');
    const kept = await ledger.finish(run, { summary, nowAt: clock.now() });
    failpoint('schedule.done');
    if (!kept) logger.warn(about, 'a turn was taken over before it ended; its result is not kept');
  } catch (error) {
    if (error instanceof TakenOver) logger.warn(about, 'a turn was taken over by another process');
    else if (error instanceof Stopping) await ledger.release(run);
    else await writeFailure(run, schedule, error, parts);
  }
}

async function writeFailure(
  run: ScheduleRun,
  schedule: Schedule,
  cause: unknown,
  { ledger, clock, logger, random }: AttemptParts,
): Promise<void> {
  const failures = run.failures + 1;
  const last = failures >= schedule.retry.attempts || cause instanceof Interrupted;
  const nowAt = clock.now();
  const nextAttemptAt = last ? null : nowAt + retryDelayMs(failures, schedule.retry.firstDelayMs, random());
  const { referenceId } = cause instanceof SystemError ? cause : new SystemError('internal', 'a turn failed');
  logger.error(
    {
      err: cause,
      referenceId,
      schedule: run.schedule,
      subject: run.subject,
      dueAt: run.dueAt,
      nextAttemptAt,
    },
    'a turn failed',
  );
  await ledger.fail(run, { error: sentenceOf(cause, schedule), referenceId, nextAttemptAt, nowAt });
}

/** The work, while the lease is renewed; ends at the first of: its result, its time limit, a stop, a takeover. */
async function held(run: ScheduleRun, schedule: Schedule, parts: AttemptParts): Promise<{ summary: string }> {
  const { ledger, clock, stopping, logger } = parts;
  const abort = new AbortController();
  const late = setTimeout(
    () => abort.abort(new OverTime('timeout', `${run.schedule} took longer than ${schedule.timeoutMs} ms`)),
    schedule.timeoutMs,
  );
  const renewal = setInterval(() => {
    ledger
      .renew(run, clock.now() + LEASE_MS)
      .then((kept) => kept || abort.abort(new TakenOver()))
      .catch((error: unknown) => logger.warn({ err: error }, 'a lease could not be renewed'));
  }, LEASE_MS / 3);
  const stop = () => abort.abort(new Stopping());
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  try {
    return await untilAborted(work(run, schedule, abort.signal), abort.signal);
  } finally {
    clearTimeout(late);
    clearInterval(renewal);
    stopping.removeEventListener('abort', stop);
  }
}

async function work(run: ScheduleRun, schedule: Schedule, signal: AbortSignal): Promise<{ summary: string }> {
  const principal = await schedule.runAs(run.subject);
  return schedule.run({
    subject: run.subject,
    principal,
    dueAt: run.dueAt,
    attempt: run.attempt,
    key: turnKey(run),
    signal,
  });
}

/** Work that does not heed its signal is not waited for: what it does later, it does under the same key. */
function untilAborted<T>(working: Promise<T>, signal: AbortSignal): Promise<T> {
  working.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    working.then(resolve, (error: unknown) => reject(signal.aborted ? signal.reason : error));
  });
}

const SENTENCES: Record<SystemErrorCode, string> = {
  source_unavailable: 'A source could not be reached.',
  source_malformed: 'A source answered something that could not be read.',
  timeout: 'Something it waited for took too long.',
  model_failed: 'The language model did not answer.',
  store_failed: 'The store could not be written.',
  effect_unknown: 'Nobody can tell whether a step outside happened.',
  internal: 'Something went wrong on our side.',
};

function sentenceOf(cause: unknown, schedule: Schedule): string {
  if (cause instanceof UserError || cause instanceof Interrupted) return cause.message;
  if (cause instanceof OverTime) return `It took longer than ${durationWords(schedule.timeoutMs)}.`;
  return cause instanceof SystemError ? SENTENCES[cause.code] : SENTENCES.internal;
}

/** "90 s", "5 min". */
function durationWords(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1000)} s`;
}
