import { allRows, change, firstRow } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export type ApprovalRow = Schema['approvals'];
export type ApprovalPatch = Partial<
  Omit<ApprovalRow, 'id' | 'revision' | 'tool' | 'subject_key' | 'created_at'>
>;

/** Called inside a ledger transaction, like everything here that writes. */
export function insertApproval(store: Store, row: ApprovalRow): void {
  change(store, store.db.insertInto('approvals').values(row).compile());
}

export function readApproval(store: Store, id: string): ApprovalRow | null {
  return firstRow(store, store.db.selectFrom('approvals').selectAll().where('id', '=', id).compile());
}

/** Compare and set: changes the row only if it is still at this revision; true when it did. */
export function updateApproval(store: Store, id: string, revision: number, patch: ApprovalPatch): boolean {
  return (
    change(
      store,
      store.db
        .updateTable('approvals')
        .set({ ...patch, revision: revision + 1 })
        .where('id', '=', id)
        .where('revision', '=', revision)
        .compile(),
    ) === 1
  );
}

export function approvalsIn(store: Store, states: readonly string[]): ApprovalRow[] {
  return allRows(
    store,
    store.db
      .selectFrom('approvals')
      .selectAll()
      .where('state', 'in', [...states])
      .orderBy('created_at')
      .orderBy('id')
      .compile(),
  );
}

export function approvalsAbout(
  store: Store,
  tool: string,
  subjectKey: string,
  states: readonly string[],
): ApprovalRow[] {
  return allRows(store, ofTool(store, tool, states).where('subject_key', '=', subjectKey).compile());
}

/** What was asked for with this tool since an instant. */
export function approvalsSince(
  store: Store,
  tool: string,
  sinceAt: number,
  states: readonly string[],
): ApprovalRow[] {
  return allRows(store, ofTool(store, tool, states).where('created_at', '>=', sinceAt).compile());
}

function ofTool(store: Store, tool: string, states: readonly string[]) {
  return store.db
    .selectFrom('approvals')
    .selectAll()
    .where('tool', '=', tool)
    .where('state', 'in', [...states]);
}

/** Newest first. */
export function newestApprovals(store: Store, state: string | null, limit: number): ApprovalRow[] {
  const base = store.db.selectFrom('approvals');
  const matching = state === null ? base : base.where('state', '=', state);
  return allRows(
    store,
    matching.selectAll().orderBy('created_at', 'desc').orderBy('id').limit(limit).compile(),
  );
}

/** Rows whose card shows an older revision: what a crash kept from being re-rendered. */
export function approvalsWithStaleCards(store: Store): ApprovalRow[] {
  return allRows(
    store,
    store.db
      .selectFrom('approvals')
      .selectAll()
      .where('id', 'in', (query) =>
        query
          .selectFrom('approval_cards')
          .whereRef('approval_cards.rendered_revision', '<', 'approvals.revision')
          .select('approval_cards.approval_id'),
      )
      .compile(),
  );
}
