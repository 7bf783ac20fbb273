import { fixedClock } from '../../src/lib/clock.ts';
import type { Failpoint } from '../../src/lib/failpoints.ts';
import type { Holder } from '../../src/lib/holder.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { PendingWork } from '../../src/lib/pending-work.ts';
import {
  defineSchedule,
  type Heartbeat,
  type Occasion,
  type Schedule,
  type ScheduleTurn,
} from '../../src/schedules/define-schedule.ts';
import { psiItself } from '../../src/schedules/psi-itself.ts';
import { createScheduleRunner, type ScheduleRunner } from '../../src/schedules/runner.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { toRun } from '../../src/store/schedule-run-rows.ts';
import { createRunLedger } from '../../src/store/schedule-runs.ts';

export const at = (text: string) => Date.parse(text);

/** Every morning at eight, in UTC unless told otherwise. */
export function morning(subject: string, more: Partial<Occasion> = {}): Occasion {
  return { subject, cron: '0 8 * * *', timezone: 'UTC', sinceAt: at('2026-11-01T00:00Z'), ...more };
}

export function scheduleOf(
  occasions: () => readonly Occasion[],
  run: (turn: ScheduleTurn) => Promise<string> | string,
  more: Partial<Schedule> = {},
): Schedule {
  return defineSchedule({
    name: 'test',
    occasions: async () => occasions(),
    catchUp: 'latest',
    overlap: 'wait',
    timeoutMs: 10_000,
    retry: { attempts: 3, firstDelayMs: 60_000 },
    runAs: async () => psiItself({ tz: 'UTC' }, 'T1'),
    run: async (turn) => ({ summary: await run(turn) }),
    ...more,
  });
}

/** A process that can be told to be dead to others. */
export function holderOf(name: string, dead: ReadonlySet<string> = new Set()): Holder {
  return { name, isGone: (other) => dead.has(other) };
}

export function house(startAt: string, store: Store = openStore(':memory:')) {
  const clock = fixedClock(at(startAt));
  const ledger = createRunLedger(store);
  return {
    clock,
    store,
    ledger,
    /** One process on the store. */
    process(
      schedules: readonly Schedule[],
      more: {
        holder?: Holder;
        heartbeats?: readonly Heartbeat[];
        failpoint?: (name: Failpoint) => void;
        random?: () => number;
      } = {},
    ): ScheduleRunner {
      return createScheduleRunner({
        heartbeats: [],
        holder: holderOf('a'),
        random: () => 0.5,
        failpoint: () => undefined,
        teamId: 'T1',
        ...more,
        schedules,
        ledger,
        clock,
        pending: new PendingWork(),
        logger: silentLogger,
      });
    },
    rows: () =>
      store.sqlite
        .prepare<[], Parameters<typeof toRun>[0]>('SELECT * FROM schedule_runs ORDER BY due_at, subject')
        .all()
        .map(toRun),
    /** "alice 2026-11-22 08:00 done" of every row. */
    told(): string[] {
      return this.rows().map(
        (run) =>
          `${run.subject} ${new Date(run.dueAt).toISOString().slice(0, 16).replace('T', ' ')} ${run.state}`,
      );
    },
  };
}
