import type { ApprovalRow } from './approvals.ts';
import { allRows, change, firstRow } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export type BatchRow = Schema['batches'];

/** Called inside a ledger transaction, like everything here that writes. */
export function insertBatch(store: Store, row: BatchRow): void {
  change(store, store.db.insertInto('batches').values(row).compile());
}

export function readBatch(store: Store, id: string): BatchRow | null {
  return firstRow(store, store.db.selectFrom('batches').selectAll().where('id', '=', id).compile());
}

export function batchWithKey(store: Store, teamId: string, key: string): BatchRow | null {
  return firstRow(
    store,
    store.db
      .selectFrom('batches')
      .selectAll()
      .where('team_id', '=', teamId)
      .where('batch_key', '=', key)
      .compile(),
  );
}

export function updateBatch(
  store: Store,
  id: string,
  patch: Partial<Pick<BatchRow, 'refused' | 'proposed_at'>>,
): void {
  change(store, store.db.updateTable('batches').set(patch).where('id', '=', id).compile());
}

export function deleteBatch(store: Store, id: string): void {
  change(store, store.db.deleteFrom('batches').where('id', '=', id).compile());
}

/** Batches whose rows are still being proposed, or were when a process ended. */
export function unfinishedBatches(store: Store): BatchRow[] {
  return allRows(
    store,
    store.db
      .selectFrom('batches')
      .selectAll()
      .where('proposed_at', 'is', null)
      .orderBy('created_at')
      .compile(),
  );
}

/** Every approval that has stood in this batch, those that were replaced included. */
export function approvalsOfBatch(store: Store, batchId: string): ApprovalRow[] {
  return allRows(
    store,
    store.db
      .selectFrom('approvals')
      .selectAll()
      .where('batch_id', '=', batchId)
      .orderBy('batch_row')
      .orderBy('created_at')
      .orderBy('id')
      .compile(),
  );
}
