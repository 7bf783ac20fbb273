import { sql } from 'kysely';
import type { ScheduleRun, TurnName } from '../domain/schedule/run.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import {
  freshRow,
  hasOlderLive,
  headTurns,
  type PlannedTurn,
  type RunRow,
  toRun,
} from './schedule-run-rows.ts';

export interface Claimant {
  nowAt: number;
  holder: string;
  leaseUntil: number;
  /** Schedules that can be run here. */
  schedules: readonly string[];
  /** Turns this process is running already, whatever their lease says. */
  isMine(turn: TurnName): boolean;
  /** True only when the process is certainly gone. */
  isGone(holder: string): boolean;
}

/** The ledger of turns. Every change is one transaction that holds the write lock from its start. */
export interface RunLedger {
  /** The newest turn written down for a subject; nothing up to it falls due again. */
  latestDueAt(schedule: string, subject: string): number | null;
  firstSeenAt(schedule: string, subject: string): number | null;
  meet(schedule: string, subject: string, nowAt: number): Promise<void>;
  /** Writes turns down; one that stands there already is left as it is. */
  plan(turns: readonly PlannedTurn[], overlap: 'wait' | 'skip'): Promise<void>;
  /** How many turns `claim` would give. */
  claimable(claimant: Claimant): number;
  /** Takes the oldest turn that may be run now; null when there is none. At most one process gets each. */
  claim(claimant: Claimant): Promise<ScheduleRun | null>;
  /** False when another process has taken the turn over: this one has lost the right to write. */
  renew(run: ScheduleRun, leaseUntil: number): Promise<boolean>;
  finish(run: ScheduleRun, end: { summary: string; nowAt: number }): Promise<boolean>;
  /** `nextAttemptAt` null: that was the last attempt, the turn is dead. */
  fail(
    run: ScheduleRun,
    end: { error: string; referenceId: string; nextAttemptAt: number | null; nowAt: number },
  ): Promise<boolean>;
  /** Gives a turn back as if it had not been begun. */
  release(run: ScheduleRun): Promise<boolean>;
  /** Dead turns nobody has been told of yet. */
  untold(schedules: readonly string[], nowAt: number): ScheduleRun[];
  /** Takes it upon this process to tell of a dead turn; false when another has. It may be told again at `againAt`. */
  beginTelling(turn: TurnName, nowAt: number, againAt: number): Promise<boolean>;
  told(turn: TurnName, nowAt: number): Promise<void>;
  /** The next instant at which something written here wants to be looked at; null when nothing does. */
  nextWakeAt(
    schedules: readonly string[],
    isMine: (turn: TurnName) => boolean,
    somebodyListens: boolean,
  ): number | null;
  /**
   * Forgets ended turns due before `beforeAt`, but never a dead one and never a subject's newest, from which the
   * next is counted. Answers how many.
   */
  prune(beforeAt: number): Promise<number>;
}

export function createRunLedger(store: Store): RunLedger {
  const { db, sqlite } = store;
  // Asked for each subject every second, so prepared once.
  const latest = sqlite.prepare<[string, string], { at: number | null }>(
    'SELECT MAX(due_at) AS at FROM schedule_runs WHERE schedule = ? AND subject = ?',
  );
  const firstSeen = sqlite.prepare<[string, string], { at: number }>(
    'SELECT first_seen_at AS at FROM schedule_subjects WHERE schedule = ? AND subject = ?',
  );

  const named = (turn: TurnName) =>
    db
      .updateTable('schedule_runs')
      .where('schedule', '=', turn.schedule)
      .where('subject', '=', turn.subject)
      .where('due_at', '=', turn.dueAt);

  /** Writes only while the turn is still held under this claim. */
  const write = (run: ScheduleRun, patch: Partial<RunRow>): Promise<boolean> =>
    ledgerTransaction(store, () => {
      const query = named(run).where('fence', '=', run.fence).where('state', '=', 'running').set(patch);
      return change(store, query.compile()) === 1;
    });

  function untold(schedules: readonly string[], nowAt: number): ScheduleRun[] {
    if (schedules.length === 0) return [];
    const query = db
      .selectFrom('schedule_runs')
      .selectAll()
      .where('state', '=', 'dead')
      .where('told_at', 'is', null)
      .where('schedule', 'in', [...schedules])
      .where((where) =>
        where.or([where('next_attempt_at', 'is', null), where('next_attempt_at', '<=', nowAt)]),
      );
    return allRows(store, query.compile()).map(toRun);
  }

  const candidates = (claimant: Claimant): ScheduleRun[] =>
    headTurns(store, claimant.schedules).filter((run) => mayClaim(run, claimant));

  return {
    latestDueAt: (schedule, subject) => latest.get(schedule, subject)?.at ?? null,
    firstSeenAt: (schedule, subject) => firstSeen.get(schedule, subject)?.at ?? null,
    meet: (schedule, subject, nowAt) =>
      ledgerTransaction(store, () => {
        const row = { schedule, subject, first_seen_at: nowAt };
        const query = db
          .insertInto('schedule_subjects')
          .values(row)
          .onConflict((known) => known.doNothing());
        change(store, query.compile());
      }),
    plan: (turns, overlap) =>
      ledgerTransaction(store, () => {
        for (const turn of turns) {
          const held = overlap === 'skip' && turn.state === 'due' && hasOlderLive(store, turn);
          const planned: PlannedTurn = held
            ? { ...turn, state: 'skipped', summary: 'The turn before it was still running.' }
            : turn;
          const query = db
            .insertInto('schedule_runs')
            .values(freshRow(planned))
            .onConflict((known) => known.doNothing());
          change(store, query.compile());
        }
      }),
    claimable: (claimant) => candidates(claimant).length,
    claim: (claimant) =>
      ledgerTransaction(store, () => {
        const [run] = candidates(claimant);
        if (run === undefined) return null;
        const claimed: Partial<RunRow> = {
          state: 'running',
          attempt: run.attempt + 1,
          fence: run.fence + 1,
          holder: claimant.holder,
          lease_until: claimant.leaseUntil,
          next_attempt_at: null,
          started_at: claimant.nowAt,
        };
        change(store, named(run).where('fence', '=', run.fence).set(claimed).compile());
        const row = firstRow(
          store,
          db
            .selectFrom('schedule_runs')
            .selectAll()
            .where('schedule', '=', run.schedule)
            .where('subject', '=', run.subject)
            .where('due_at', '=', run.dueAt)
            .compile(),
        );
        return row === null ? null : toRun(row);
      }),
    renew: (run, leaseUntil) => write(run, { lease_until: leaseUntil }),
    finish: (run, { summary, nowAt }) =>
      write(run, {
        ...released,
        state: 'done',
        summary,
        error: null,
        reference_id: null,
        finished_at: nowAt,
      }),
    fail: (run, { error, referenceId, nextAttemptAt, nowAt }) =>
      write(run, {
        ...released,
        state: nextAttemptAt === null ? 'dead' : 'waiting',
        failures: run.failures + 1,
        error,
        reference_id: referenceId,
        next_attempt_at: nextAttemptAt,
        finished_at: nextAttemptAt === null ? nowAt : null,
      }),
    release: (run) => write(run, { ...released, state: 'due', attempt: run.attempt - 1 }),
    untold,
    beginTelling: (turn, nowAt, againAt) =>
      ledgerTransaction(store, () => {
        const query = named(turn)
          .where('told_at', 'is', null)
          .where((where) =>
            where.or([where('next_attempt_at', 'is', null), where('next_attempt_at', '<=', nowAt)]),
          )
          .set({ next_attempt_at: againAt });
        return change(store, query.compile()) === 1;
      }),
    told: (turn, nowAt) =>
      ledgerTransaction(store, () => {
        change(store, named(turn).set({ told_at: nowAt, next_attempt_at: null }).compile());
      }),
    nextWakeAt(schedules, isMine, somebodyListens) {
      const instants = headTurns(store, schedules)
        .filter((run) => !isMine(run))
        .map((run) =>
          run.state === 'due' ? run.dueAt : run.state === 'waiting' ? run.nextAttemptAt : run.leaseUntil,
        );
      const dead = somebodyListens ? untold(schedules, Number.MAX_SAFE_INTEGER) : [];
      const telling = dead.map((run) => run.nextAttemptAt ?? run.finishedAt);
      const known = [...instants, ...telling].filter((at) => at !== null);
      return known.length === 0 ? null : Math.min(...known);
    },
    prune: (beforeAt) =>
      ledgerTransaction(store, () => {
        const query = db
          .deleteFrom('schedule_runs')
          .where('due_at', '<', beforeAt)
          .where('state', 'in', ['done', 'skipped'])
          .where(({ exists, selectFrom }) =>
            exists(
              selectFrom('schedule_runs as newer')
                .select(sql<number>`1`.as('one'))
                .whereRef('newer.schedule', '=', 'schedule_runs.schedule')
                .whereRef('newer.subject', '=', 'schedule_runs.subject')
                .whereRef('newer.due_at', '>', 'schedule_runs.due_at'),
            ),
          );
        return change(store, query.compile());
      }),
  };
}

const released: Partial<RunRow> = { holder: null, lease_until: null, next_attempt_at: null };

function mayClaim(run: ScheduleRun, { nowAt, isMine, isGone }: Claimant): boolean {
  if (isMine(run)) return false;
  if (run.state === 'due') return run.dueAt <= nowAt;
  if (run.state === 'waiting') return (run.nextAttemptAt ?? 0) <= nowAt;
  return (run.leaseUntil ?? 0) <= nowAt || run.holder === null || isGone(run.holder);
}
