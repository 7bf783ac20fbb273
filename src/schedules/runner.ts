import cron, { type ScheduledTask } from 'node-cron';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Heartbeat } from './define-schedule.ts';

export interface ScheduleRunner {
  /** Looks every second of real time whether something is due. */
  start(): void;
  stop(): Promise<void>;
  /** Runs what is due at the clock's now, in order of its due instants. Never throws: failures are logged. */
  runDue(): Promise<void>;
  /** The next instant that must not be jumped over. */
  nextDueAt(): Promise<number | null>;
}

/** Node-cron only wakes the runner; what is due is decided by the clock, which a simulation may move. */
export function createScheduleRunner(parts: {
  schedules: readonly Heartbeat[];
  clock: Clock;
  pending: PendingWork;
  logger: Logger;
}): ScheduleRunner {
  const { schedules, clock, pending, logger } = parts;
  let running: Promise<void> = Promise.resolve();
  let idle = true;
  let waking: ScheduledTask | null = null;

  async function dueSchedules(): Promise<Heartbeat[]> {
    const due: { schedule: Heartbeat; at: number }[] = [];
    for (const schedule of schedules) {
      const at = await schedule.nextDueAt();
      if (at !== null && at <= clock.now()) due.push({ schedule, at });
    }
    return due.sort((a, b) => a.at - b.at).map(({ schedule }) => schedule);
  }

  async function runOnce(): Promise<void> {
    for (const schedule of await dueSchedules()) {
      try {
        await pending.track(() => schedule.run());
      } catch (error) {
        logger.error({ schedule: schedule.name, error: String(error) }, 'schedule failed');
      }
    }
  }

  /** One run after the other: a step of the clock and a tick of the second never run the same thing twice. */
  function runDue(): Promise<void> {
    idle = false;
    const run = running
      .then(runOnce)
      .catch((error: unknown) => logger.error({ error: String(error) }, 'schedules failed'))
      .finally(() => {
        if (running === run) idle = true;
      });
    running = run;
    return run;
  }

  return {
    start() {
      waking ??= cron.schedule('* * * * * *', () => {
        if (idle) void runDue();
      });
    },
    async stop() {
      await waking?.destroy();
      waking = null;
      await running;
    },
    runDue,
    async nextDueAt() {
      const instants: number[] = [];
      for (const schedule of schedules.filter((candidate) => !candidate.foldsMissedTurns)) {
        const at = await schedule.nextDueAt();
        if (at !== null) instants.push(at);
      }
      return instants.length === 0 ? null : Math.min(...instants);
    },
  };
}
