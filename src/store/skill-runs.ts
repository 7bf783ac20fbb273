import type { SkillRunState } from '../domain/ports.ts';
import { allRows, change, firstRow } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export type SkillRunRow = Schema['skill_runs'];
export type SkillRunPatch = Partial<Omit<SkillRunRow, 'id' | 'run_key' | 'fence' | 'state'>> & {
  state?: SkillRunState;
};

export function insertSkillRun(store: Store, row: SkillRunRow): void {
  change(store, store.db.insertInto('skill_runs').values(row).compile());
}

export function readSkillRun(store: Store, id: string): SkillRunRow | null {
  return firstRow(store, store.db.selectFrom('skill_runs').selectAll().where('id', '=', id).compile());
}

export function readSkillRunByKey(store: Store, key: string): SkillRunRow | null {
  return firstRow(store, store.db.selectFrom('skill_runs').selectAll().where('run_key', '=', key).compile());
}

/** Oldest first. */
export function skillRunsIn(store: Store, states: readonly SkillRunState[]): SkillRunRow[] {
  const query = store.db
    .selectFrom('skill_runs')
    .selectAll()
    .where('state', 'in', [...states]);
  return allRows(store, query.orderBy('started_at').orderBy('id').compile());
}

/** Ended, to be told of in their place, and not told of yet. */
export function untoldSkillRuns(store: Store): SkillRunRow[] {
  const query = store.db
    .selectFrom('skill_runs')
    .selectAll()
    .where('ended_at', 'is not', null)
    .where('tells', '=', 1)
    .where('told_at', 'is', null);
  return allRows(store, query.orderBy('ended_at').compile());
}

/** Newest first. */
export function newestSkillRuns(
  store: Store,
  filter: { state?: SkillRunState; limit: number },
): SkillRunRow[] {
  const all = store.db.selectFrom('skill_runs').selectAll();
  const some = filter.state === undefined ? all : all.where('state', '=', filter.state);
  return allRows(store, some.orderBy('started_at', 'desc').orderBy('id').limit(filter.limit).compile());
}

/** Writes as the holder of `fence`: false when another has taken the run over since. */
export function updateSkillRun(store: Store, id: string, fence: number, patch: SkillRunPatch): boolean {
  const query = store.db.updateTable('skill_runs').set(patch).where('id', '=', id).where('fence', '=', fence);
  return change(store, query.compile()) === 1;
}

/** Takes the run over from whoever held `fence`: the next fence is the taker's. */
export function takeSkillRun(
  store: Store,
  id: string,
  fence: number,
  patch: SkillRunPatch,
): SkillRunRow | null {
  const query = store.db
    .updateTable('skill_runs')
    .set({ ...patch, fence: fence + 1 })
    .where('id', '=', id)
    .where('fence', '=', fence);
  return change(store, query.compile()) === 1 ? readSkillRun(store, id) : null;
}
