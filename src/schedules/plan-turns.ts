import { latestDueBetween, nextDueAfter } from '../domain/schedule/due.ts';
import type { PlannedTurn } from '../store/schedule-run-rows.ts';
import type { RunLedger } from '../store/schedule-runs.ts';
import type { Occasion, Schedule } from './define-schedule.ts';

/** A turn this late is still on time: the process was starting, or busy. */
const ON_TIME_MS = 5 * 60_000;
/** Missed turns that are written down one by one; those before them are not. */
const MOST_MISSED = 50;

type Baselines = Pick<RunLedger, 'latestDueAt' | 'firstSeenAt'>;

/** Writes down what has fallen due for one subject since its last turn: the newest to be run, older ones skipped. */
export async function planOccasion(
  schedule: Schedule,
  occasion: Occasion,
  ledger: RunLedger,
  nowAt: number,
): Promise<void> {
  const { subject, cron, timezone } = occasion;
  if (occasion.sinceAt === null && ledger.firstSeenAt(schedule.name, subject) === null) {
    await ledger.meet(schedule.name, subject, nowAt);
  }
  const fromAt = baselineOf(schedule, occasion, ledger, nowAt);
  const nextAt = nextDueAfter(cron, timezone, fromAt);
  if (nextAt === null || nextAt > nowAt) return;
  const [newest = nextAt, ...older] = latestDueBetween(cron, timezone, fromAt, nowAt, 1 + MOST_MISSED);
  const turn = (dueAt: number) => ({ schedule: schedule.name, subject, dueAt });
  const caughtUp = schedule.catchUp === 'latest' || nowAt - newest <= ON_TIME_MS;
  // Before the first turn that was ever written down there was nobody to miss any.
  const missed = ledger.latestDueAt(schedule.name, subject) === null ? [] : older;
  const turns: PlannedTurn[] = [
    ...missed.map((dueAt) => ({ ...turn(dueAt), state: 'skipped' as const, summary: whyMissed(schedule) })),
    caughtUp
      ? { ...turn(newest), state: 'due', summary: null }
      : { ...turn(newest), state: 'skipped', summary: whyMissed(schedule) },
  ];
  await ledger.plan(turns, schedule.overlap);
}

/** The next due instant of one subject; it lies behind `nowAt` while it has not been written down. */
export function nextOccasionAt(
  schedule: Schedule,
  occasion: Occasion,
  ledger: Baselines,
  nowAt: number,
): number | null {
  return nextDueAfter(occasion.cron, occasion.timezone, baselineOf(schedule, occasion, ledger, nowAt));
}

/** The next due instant of one subject that has not come yet. */
export function upcomingOccasionAt(
  schedule: Schedule,
  occasion: Occasion,
  ledger: Baselines,
  nowAt: number,
): number | null {
  const fromAt = Math.max(nowAt, baselineOf(schedule, occasion, ledger, nowAt));
  return nextDueAfter(occasion.cron, occasion.timezone, fromAt);
}

/**
 * Whatever was due up to here has been dealt with. The newest row decides, not the clock, so a clock that steps
 * back gives no turn a second time.
 */
function baselineOf(schedule: Schedule, occasion: Occasion, ledger: Baselines, nowAt: number): number {
  const sinceAt = occasion.sinceAt ?? ledger.firstSeenAt(schedule.name, occasion.subject) ?? nowAt;
  const latestAt = ledger.latestDueAt(schedule.name, occasion.subject);
  return latestAt === null ? sinceAt - 1 : Math.max(sinceAt - 1, latestAt);
}

const whyMissed = (schedule: Schedule): string =>
  schedule.catchUp === 'latest'
    ? 'Missed while Psi was not running; a later turn was run instead.'
    : 'Missed while Psi was not running.';
