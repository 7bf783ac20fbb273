import { sql } from 'kysely';
import type { RunState, ScheduleRun, TurnName } from '../domain/schedule/run.ts';
import { allRows, firstRow } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export type RunRow = Schema['schedule_runs'];

/** A turn that has fallen due: to be run, or skipped for the reason in `summary`. */
export interface PlannedTurn extends TurnName {
  state: 'due' | 'skipped';
  summary: string | null;
}

const LIVE: readonly RunState[] = ['due', 'running', 'waiting'];

/** Live turns that no older live turn of the same subject holds up, oldest first. */
export function headTurns(store: Store, schedules: readonly string[]): ScheduleRun[] {
  if (schedules.length === 0) return [];
  const query = store.db
    .selectFrom('schedule_runs as run')
    .selectAll()
    .where('run.state', 'in', [...LIVE])
    .where('run.schedule', 'in', [...schedules])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('schedule_runs as older')
            .select(sql<number>`1`.as('one'))
            .whereRef('older.schedule', '=', 'run.schedule')
            .whereRef('older.subject', '=', 'run.subject')
            .whereRef('older.due_at', '<', 'run.due_at')
            .where('older.state', 'in', [...LIVE]),
        ),
      ),
    )
    .orderBy('run.due_at')
    .orderBy('run.schedule')
    .orderBy('run.subject');
  return allRows(store, query.compile()).map(toRun);
}

/** Whether an older turn of the same subject has not ended. */
export function hasOlderLive(store: Store, turn: TurnName): boolean {
  const query = store.db
    .selectFrom('schedule_runs')
    .select('due_at')
    .where('schedule', '=', turn.schedule)
    .where('subject', '=', turn.subject)
    .where('due_at', '<', turn.dueAt)
    .where('state', 'in', [...LIVE])
    .limit(1);
  return firstRow(store, query.compile()) !== null;
}

/** A turn as it is first written down. */
export function freshRow(turn: PlannedTurn): RunRow {
  return {
    schedule: turn.schedule,
    subject: turn.subject,
    due_at: turn.dueAt,
    state: turn.state,
    attempt: 0,
    failures: 0,
    holder: null,
    lease_until: null,
    fence: 0,
    next_attempt_at: null,
    started_at: null,
    finished_at: null,
    summary: turn.summary,
    error: null,
    reference_id: null,
    told_at: null,
  };
}

const STATES: readonly string[] = [...LIVE, 'done', 'dead', 'skipped'];
const isState = (text: string): text is RunState => STATES.includes(text);

export function toRun(row: RunRow): ScheduleRun {
  if (!isState(row.state)) throw new Error(`schedule_runs has a state "${row.state}"`);
  return {
    schedule: row.schedule,
    subject: row.subject,
    dueAt: row.due_at,
    state: row.state,
    attempt: row.attempt,
    failures: row.failures,
    holder: row.holder,
    leaseUntil: row.lease_until,
    fence: row.fence,
    nextAttemptAt: row.next_attempt_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    summary: row.summary,
    error: row.error,
    referenceId: row.reference_id,
  };
}
