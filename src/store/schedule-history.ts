import type { RunState, ScheduleRun } from '../domain/schedule/run.ts';
import { allRows } from './ledger.ts';
import type { Store } from './open-store.ts';
import { toRun } from './schedule-run-rows.ts';

/** Turns of the ledger, the newest due first. */
export function readTurns(
  store: Store,
  filter: { schedule?: string; states?: readonly RunState[]; dueSinceAt?: number; limit: number },
): ScheduleRun[] {
  let query = store.db
    .selectFrom('schedule_runs')
    .selectAll()
    .orderBy('due_at', 'desc')
    .orderBy('subject')
    .limit(filter.limit);
  if (filter.schedule !== undefined) query = query.where('schedule', '=', filter.schedule);
  if (filter.states !== undefined) query = query.where('state', 'in', [...filter.states]);
  if (filter.dueSinceAt !== undefined) query = query.where('due_at', '>=', filter.dueSinceAt);
  return allRows(store, query.compile()).map(toRun);
}
