import { allRows, change, firstRow } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export type EffectRow = Schema['effects'];

/**
 * `intent`: written down, nothing begun. `sent`: begun; the outside may have done it. `confirmed`: the outside
 * answered. `refused`: the outside said no, nothing was done. `unknown`: nobody can tell.
 */
export type EffectState = 'intent' | 'sent' | 'confirmed' | 'refused' | 'unknown';

export function insertEffect(store: Store, row: EffectRow): void {
  change(store, store.db.insertInto('effects').values(row).compile());
}

export function readEffect(store: Store, key: string): EffectRow | null {
  return firstRow(store, store.db.selectFrom('effects').selectAll().where('key', '=', key).compile());
}

export function effectsOf(store: Store, approvalId: string): EffectRow[] {
  return allRows(
    store,
    store.db
      .selectFrom('effects')
      .selectAll()
      .where('approval_id', '=', approvalId)
      .orderBy('created_at')
      .orderBy('key')
      .compile(),
  );
}

/** Whether nobody can tell of one of its steps. */
export function hasUnknownStep(store: Store, approvalId: string): boolean {
  return effectsOf(store, approvalId).some(({ state }) => state === 'unknown');
}

/** Compare and set on the state; true when it moved. */
export function moveEffect(
  store: Store,
  key: string,
  from: readonly EffectState[],
  to: EffectState,
  patch: Partial<Omit<EffectRow, 'key' | 'state'>> = {},
): boolean {
  return (
    change(
      store,
      store.db
        .updateTable('effects')
        .set({ ...patch, state: to })
        .where('key', '=', key)
        .where('state', 'in', [...from])
        .compile(),
    ) === 1
  );
}
