import { type DeadTurn, type ScheduleRun, type TurnName, turnKey } from '../domain/schedule/run.ts';
import type { Clock } from '../lib/clock.ts';
import type { Failpoint } from '../lib/failpoints.ts';
import type { Holder } from '../lib/holder.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Claimant, RunLedger } from '../store/schedule-runs.ts';
import { attemptTurn, LEASE_MS } from './attempt-turn.ts';
import type { Schedule } from './define-schedule.ts';
import { nextOccasionAt, planOccasion, upcomingOccasionAt } from './plan-turns.ts';
import { subjectOf } from './subject.ts';

const AT_ONCE = 4;
const TELL_AGAIN_MS = 60_000;
const STOP_GRACE_MS = 1_500;

export interface TurnParts {
  schedules: readonly Schedule[];
  /** Where people are told of a dead turn whose own people cannot be found. */
  teamId: string;
  ledger: RunLedger;
  holder: Holder;
  clock: Clock;
  pending: PendingWork;
  logger: Logger;
  random(): number;
  failpoint(name: Failpoint): void;
}

/** Called until it succeeds, for each turn whose last attempt failed. Told the same turn twice, it does it once. */
export type DeadTurnListener = (dead: DeadTurn) => Promise<void>;

/** The turns of all schedules: planned into the ledger, claimed out of it, run a few at a time. */
export interface Turns {
  plan(): Promise<void>;
  /** Begins what may be begun now, without waiting for it. */
  begin(): void;
  /** Resolves when nothing runs in this process. */
  settled(): Promise<void>;
  hasWork(): boolean;
  tellOfDead(): Promise<void>;
  onDead(listener: DeadTurnListener): void;
  nextDueAt(): Promise<number | null>;
  stop(): Promise<void>;
}

export function createTurns(parts: TurnParts): Turns {
  const { schedules, ledger, holder, clock, pending, logger } = parts;
  const byName = new Map(schedules.map((schedule) => [schedule.name, schedule]));
  const names = [...byName.keys()];
  const running = new Set<string>();
  const workers = new Set<Promise<void>>();
  const listeners: DeadTurnListener[] = [];
  const stopping = new AbortController();
  const complaints = new Map<string, string>();
  let ending = false;

  const isMine = (turn: TurnName) => running.has(turnKey(turn));
  const claimant = (): Claimant => ({
    nowAt: clock.now(),
    holder: holder.name,
    leaseUntil: clock.now() + LEASE_MS,
    schedules: names,
    isMine,
    isGone: holder.isGone,
  });

  /** Looked at every second: the same trouble is said once. */
  function complain(about: string, error: unknown): void {
    if (complaints.get(about) === String(error)) return;
    complaints.set(about, String(error));
    logger.error({ err: error, schedule: about }, 'the turns of a schedule cannot be told');
  }

  async function eachOccasion(
    act: (schedule: Schedule, occasion: Awaited<ReturnType<Schedule['occasions']>>[number]) => Promise<void>,
  ): Promise<void> {
    for (const schedule of schedules) {
      try {
        for (const occasion of await schedule.occasions()) {
          const about = `${schedule.name} of ${occasion.subject}`;
          await act(schedule, occasion).then(
            () => complaints.delete(about),
            (error: unknown) => complain(about, error),
          );
        }
        complaints.delete(schedule.name);
      } catch (error) {
        complain(schedule.name, error);
      }
    }
  }

  async function deadTurn(run: ScheduleRun, schedule: Schedule): Promise<DeadTurn> {
    const subject = await subjectOf(schedule, run.subject);
    let nextDueAt: number | null = null;
    await eachOccasion(async (candidate, occasion) => {
      if (candidate === schedule && occasion.subject === run.subject)
        nextDueAt = upcomingOccasionAt(schedule, occasion, ledger, clock.now());
    });
    return {
      run: { ...run, subjectName: subject.name },
      teamId: subject.teamId ?? parts.teamId,
      nextDueAt,
    };
  }

  async function work(): Promise<void> {
    while (!ending) {
      const run = await ledger.claim(claimant());
      const schedule = run === null ? undefined : byName.get(run.schedule);
      if (run === null || schedule === undefined) return;
      const key = turnKey(run);
      running.add(key);
      try {
        await pending.track(() => attemptTurn(run, schedule, { ...parts, stopping: stopping.signal }));
      } finally {
        running.delete(key);
      }
    }
  }

  return {
    plan: () => eachOccasion((schedule, occasion) => planOccasion(schedule, occasion, ledger, clock.now())),
    begin() {
      if (ending) return;
      const wanted = Math.min(AT_ONCE - workers.size, ledger.claimable(claimant()));
      for (let index = 0; index < wanted; index += 1) {
        const worker = work()
          .catch((error: unknown) => logger.error({ err: error }, 'a turn could not be written down'))
          .finally(() => workers.delete(worker));
        workers.add(worker);
      }
    },
    async settled() {
      while (workers.size > 0) await Promise.all(workers);
    },
    hasWork: () => !ending && ledger.claimable(claimant()) > 0,
    onDead: (listener) => {
      listeners.push(listener);
    },
    async tellOfDead() {
      if (listeners.length === 0) return;
      for (const run of ledger.untold(names, clock.now())) {
        const schedule = byName.get(run.schedule);
        const againAt = clock.now() + TELL_AGAIN_MS;
        if (schedule === undefined || !(await ledger.beginTelling(run, clock.now(), againAt))) continue;
        try {
          const dead = await deadTurn(run, schedule);
          await pending.track(() => Promise.all(listeners.map((listener) => listener(dead))));
          await ledger.told(run, clock.now());
        } catch (error) {
          logger.error({ err: error, schedule: run.schedule }, 'nobody could be told of a dead turn');
        }
      }
    },
    async nextDueAt() {
      const nowAt = clock.now();
      const instants: number[] = [];
      await eachOccasion(async (schedule, occasion) => {
        const at = nextOccasionAt(schedule, occasion, ledger, nowAt);
        if (at !== null) instants.push(at);
      });
      const written = ledger.nextWakeAt(names, isMine, listeners.length > 0);
      if (written !== null) instants.push(written);
      return instants.length === 0 ? null : Math.min(...instants);
    },
    async stop() {
      ending = true;
      const abort = setTimeout(() => stopping.abort(), STOP_GRACE_MS);
      while (workers.size > 0) await Promise.all(workers);
      clearTimeout(abort);
    },
  };
}
