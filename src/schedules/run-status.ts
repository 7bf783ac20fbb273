import { describeCron } from '../domain/schedule/describe-cron.ts';
import type { NamedRun, RunStatus, ScheduleOutlook, ScheduleRun } from '../domain/schedule/run.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { Store } from '../store/open-store.ts';
import { readTurns } from '../store/schedule-history.ts';
import type { RunLedger } from '../store/schedule-runs.ts';
import type { Occasion, Schedule } from './define-schedule.ts';
import { upcomingOccasionAt } from './plan-turns.ts';
import { subjectOf } from './subject.ts';

const WEEK_MS = 7 * 86_400_000;
const MOST_FAILURES = 5;
/** An attempt that has used up its time is ended by its process within moments; later it is stuck. */
const STUCK_GRACE_MS = 10_000;

/** Reads the ledger and the schedules for people to look at. */
export function createRunStatus(parts: {
  schedules: readonly Schedule[];
  store: Store;
  ledger: RunLedger;
  clock: Clock;
}): RunStatus {
  const { schedules, store, ledger, clock } = parts;

  async function named(run: ScheduleRun): Promise<NamedRun> {
    const schedule = schedules.find((candidate) => candidate.name === run.schedule);
    return { ...run, subjectName: (await subjectOf(schedule, run.subject)).name };
  }

  const allNamed = (runs: readonly ScheduleRun[]) => Promise.all(runs.map(named));

  async function outlook(schedule: Schedule): Promise<ScheduleOutlook> {
    const nowAt = clock.now();
    const of = (states: readonly ScheduleRun['state'][], dueSinceAt?: number) =>
      readTurns(store, { schedule: schedule.name, states, dueSinceAt, limit: 200 });
    const running = of(['running']);
    const limitMs = schedule.timeoutMs + STUCK_GRACE_MS;
    const stuck = running.filter((run) => nowAt - (run.startedAt ?? nowAt) > limitMs);
    const [last] = readTurns(store, { schedule: schedule.name, states: ['done', 'dead'], limit: 1 });
    return {
      schedule: schedule.name,
      ...(await timesOf(schedule, ledger, nowAt)),
      running: running.length,
      stuck: await allNamed(stuck),
      waiting: await allNamed(of(['waiting']).slice(0, MOST_FAILURES)),
      dead: await allNamed(of(['dead'], nowAt - WEEK_MS).slice(0, MOST_FAILURES)),
      last: last ? await named(last) : null,
    };
  }

  return {
    next: () => Promise.all(schedules.map(outlook)),
    recent: async (filter) => allNamed(readTurns(store, filter)),
  };
}

async function timesOf(
  schedule: Schedule,
  ledger: RunLedger,
  nowAt: number,
): Promise<Pick<ScheduleOutlook, 'words' | 'subjects' | 'nextDueAt' | 'problem'>> {
  try {
    const occasions = await schedule.occasions();
    const instants = occasions
      .map((occasion) => upcomingOccasionAt(schedule, occasion, ledger, nowAt))
      .filter((at) => at !== null);
    return {
      words: wordsOf(occasions),
      subjects: new Set(occasions.map((occasion) => occasion.subject)).size,
      nextDueAt: instants.length === 0 ? null : Math.min(...instants),
      problem: null,
    };
  } catch (error) {
    const problem = error instanceof UserError ? error.message : 'Its times cannot be told at the moment.';
    return { words: '', subjects: 0, nextDueAt: null, problem };
  }
}

/** The times of all subjects in a phrase; where they differ, that they do. */
function wordsOf(occasions: readonly Occasion[]): string {
  const [first] = occasions;
  if (first === undefined) return 'nobody has it switched on';
  const words = describeCron(first.cron);
  if (occasions.some((occasion) => occasion.cron !== first.cron)) return 'at a time of each one’s own';
  if (occasions.some((occasion) => occasion.timezone !== first.timezone))
    return `${words}, each in their own zone`;
  return `${words} ${zoneWords(first.timezone)}`;
}

/** "Los Angeles time", "UTC". */
function zoneWords(tz: string): string {
  const place = tz.split('/').at(-1)?.replaceAll('_', ' ') ?? tz;
  return tz.includes('/') ? `${place} time` : tz;
}
