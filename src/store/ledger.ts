import { setImmediate } from 'node:timers/promises';
import type { CompiledQuery } from 'kysely';
import type { Store } from './open-store.ts';

/**
 * Runs `work` as one durable transaction that holds the write lock from its start. `work` is synchronous, so
 * nothing of this process comes between. Waits while another transaction is open on the connection: inside it,
 * a ledger row would vanish with the other's rollback.
 */
export async function ledgerTransaction<T>(store: Store, work: () => T): Promise<T> {
  while (store.sqlite.inTransaction) await setImmediate();
  return store.sqlite.transaction(work).immediate();
}

export function allRows<O>(store: Store, query: CompiledQuery<O>): O[] {
  return store.sqlite.prepare<unknown[], O>(query.sql).all(...query.parameters);
}

export function firstRow<O>(store: Store, query: CompiledQuery<O>): O | null {
  return store.sqlite.prepare<unknown[], O>(query.sql).get(...query.parameters) ?? null;
}

/** The number of rows changed. */
export function change(store: Store, query: CompiledQuery<unknown>): number {
  return store.sqlite.prepare(query.sql).run(...query.parameters).changes;
}
