import { allRows, change } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export type NudgeRow = Schema['approval_nudges'];

/** What has been said about these subjects (ids of approvals or batches) already. */
export function nudgesAbout(store: Store, subjects: readonly string[]): NudgeRow[] {
  if (subjects.length === 0) return [];
  return allRows(
    store,
    store.db
      .selectFrom('approval_nudges')
      .selectAll()
      .where('subject', 'in', [...subjects])
      .compile(),
  );
}

/** Inside a ledger transaction. False when this person has had this word before. */
export function markNudge(store: Store, row: NudgeRow): boolean {
  return (
    change(
      store,
      store.db
        .insertInto('approval_nudges')
        .values(row)
        .onConflict((conflict) => conflict.columns(['subject', 'kind', 'user_id']).doNothing())
        .compile(),
    ) === 1
  );
}
