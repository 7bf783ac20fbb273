import type { SyncPage, SyncResource, SyncTable } from '../domain/sync.ts';
import type { SourceName } from '../domain/types.ts';
import type { Store } from './open-store.ts';
import { replayable } from './replayable.ts';
import { prepareWriter } from './synced-tables.ts';

/** What the store knows of one resource: how far it was read, and what went wrong last. */
export interface SyncState {
  cursor: string | null;
  syncedAt: number | null;
  dataThroughAt: number | null;
  error: { at: number; message: string } | null;
}

/** The store's side of a sync: pages and cursors in one transaction each. */
export interface SyncStore {
  state(source: SourceName, resource: string): SyncState;
  /** Stores a page and how far it brings the resource, at once or not at all. */
  apply(source: SourceName, resource: string, page: SyncPage): void;
  /** Stores rows that came by themselves (a webhook), without moving any cursor. */
  applyRows(page: Pick<SyncPage, 'rows'>): void;
  succeeded(resource: SyncResource, at: number, problem: string | null): void;
  failed(source: SourceName, resource: string, at: number, message: string): void;
  counts(tables: readonly SyncTable[]): Record<string, number>;
}

interface CursorRow {
  cursor: string | null;
  synced_at: number | null;
  data_through_at: number | null;
  error: string | null;
  error_at: number | null;
}

/** Prepares every statement once; all calls are synchronous, so pages never interleave. */
export function createSyncStore(store: Pick<Store, 'sqlite'>): SyncStore {
  const { sqlite } = store;
  const write = prepareWriter(sqlite);
  const select = sqlite.prepare<[string, string], CursorRow>(
    'SELECT cursor, synced_at, data_through_at, error, error_at FROM sync_cursors WHERE source = ? AND resource = ?',
  );
  const move = sqlite.prepare<[string, string, string | null, number | null]>(
    `INSERT INTO sync_cursors (source, resource, cursor, data_through_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (source, resource) DO UPDATE SET cursor = excluded.cursor,
       data_through_at = COALESCE(excluded.data_through_at, sync_cursors.data_through_at)`,
  );
  const succeed = sqlite.prepare<[string, string, number, string | null, number | null]>(
    `INSERT INTO sync_cursors (source, resource, synced_at, error, error_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (source, resource) DO UPDATE SET synced_at = excluded.synced_at,
       error = excluded.error, error_at = excluded.error_at`,
  );
  const fail = sqlite.prepare<[string, string, string, number]>(
    `INSERT INTO sync_cursors (source, resource, error, error_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (source, resource) DO UPDATE SET error = excluded.error, error_at = excluded.error_at`,
  );
  const count = (table: SyncTable) =>
    sqlite.prepare<[], { n: number }>(`SELECT COUNT(*) AS n FROM ${table}`).get()?.n ?? 0;
  const counts = (tables: readonly SyncTable[]) =>
    Object.fromEntries(tables.map((table) => [table, count(table)]));

  const applyPage = sqlite.transaction((source: SourceName, resource: string, page: SyncPage) => {
    write(page.rows);
    move.run(source, resource, page.cursor, page.dataThroughAt);
  });
  const applyRows = sqlite.transaction((page: Pick<SyncPage, 'rows'>) => write(page.rows));
  return {
    state(source, resource) {
      const row = select.get(source, resource);
      return {
        cursor: row?.cursor ?? null,
        syncedAt: row?.synced_at ?? null,
        dataThroughAt: row?.data_through_at ?? null,
        error: row?.error == null || row.error_at === null ? null : { at: row.error_at, message: row.error },
      };
    },
    apply: (source, resource, page) => replayable(sqlite, () => applyPage(source, resource, page)),
    applyRows: (page) => replayable(sqlite, () => applyRows(page)),
    succeeded(resource, at, problem) {
      succeed.run(resource.source, resource.name, at, problem, problem === null ? null : at);
    },
    failed: (source, resource, at, message) => {
      fail.run(source, resource, message, at);
    },
    counts,
  };
}
