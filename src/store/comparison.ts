import type Database from 'better-sqlite3';
import type { SweptTable } from '../domain/sweep.ts';
import type { Compared, SyncRows, SyncTable } from '../domain/sync.ts';
import { STRIPE_TABLES, TABLE_NAMES, TABLES } from './synced-columns.ts';

type Cell = string | number | null;
type Cells = Readonly<Record<string, Cell>>;

/** So many rows are held at a time, so that a large source never keeps the others waiting. */
export const HELD_AT_ONCE = 2_000;

/** Where a row falls in time, and what tells that it is too new to be called surplus. */
const PLACES: Partial<Record<SyncTable, { column: string; since: string; settledMs: number }>> = {
  customers: { column: 'updated_at', since: 'updated_at', settledMs: 0 },
  user_profiles: { column: 'updated_at', since: 'updated_at', settledMs: 0 },
  subscription_versions: { column: 'updated_at', since: 'updated_at', settledMs: 0 },
  tickets: { column: 'updated_at', since: 'updated_at', settledMs: 0 },
  incidents: { column: 'updated_at', since: 'updated_at', settledMs: 0 },
  subscriptions: { column: 'started_at', since: 'seen_at', settledMs: 0 },
  invoices: { column: 'created_at', since: 'seen_at', settledMs: 0 },
  payments: { column: 'created_at', since: 'seen_at', settledMs: 0 },
  refunds: { column: 'created_at', since: 'seen_at', settledMs: 0 },
  credit_notes: { column: 'created_at', since: 'seen_at', settledMs: 0 },
  balance_transactions: { column: 'created_at', since: 'created_at', settledMs: 3_600_000 },
  usage_daily: { column: 'bucket_start_at', since: 'bucket_start_at', settledMs: 48 * 3_600_000 },
  performance_hourly: { column: 'bucket_start_at', since: 'bucket_start_at', settledMs: 3 * 3_600_000 },
};

/** Fewer than this may always go; more only while they are a small share of what is there. */
const FEW_SURPLUS = 20;
const SURPLUS_SHARE = 0.2;

export interface Comparison {
  /** Holds rows of the source against the store and mends what differs. */
  hold(rows: SyncRows): void;
  /**
   * Removes what the source no longer has. `except` names tables of which some rows could not be read.
   * @returns a sentence without a full stop for each table of which too much seems gone to believe it.
   */
  finish(compared: Compared, except: ReadonlySet<SyncTable>): string[];
  tables(): SweptTable[];
}

/** One comparison that began at `startedAt`. `write` is the store's own way of writing rows. */
export function beginComparison(
  sqlite: Database.Database,
  write: (rows: SyncRows) => void,
  startedAt: number,
): Comparison {
  const tallies = new Map<SyncTable, SweptTable>();
  const seen = new Map<SyncTable, Set<string>>();
  const tallyOf = (table: SyncTable) => {
    const tally = tallies.get(table) ?? { table, compared: 0, missing: 0, stale: 0, surplus: 0 };
    tallies.set(table, tally);
    return tally;
  };

  const holdAll = sqlite.transaction((rows: SyncRows) => {
    for (const table of TABLE_NAMES) {
      const batch: readonly Cells[] | undefined = rows[table];
      if (batch === undefined || batch.length === 0 || table === 'invoice_payments') continue;
      const statements = preparedFor(sqlite, table);
      const tally = tallyOf(table);
      const keys = seen.get(table) ?? new Set();
      seen.set(table, keys);
      const fresh = batch.filter((row) => {
        const key = statements.keyOf(row).join('\u0000');
        return keys.has(key) ? false : keys.add(key);
      });
      const { missing, stale } = isStripe(table)
        ? mendStripe(statements, fresh, () => write({ ...rows, [table]: fresh }))
        : mend(statements, fresh, startedAt, (wrong) => write({ [table]: wrong }));
      tallies.set(table, {
        ...tally,
        compared: tally.compared + fresh.length,
        missing: tally.missing + missing,
        stale: tally.stale + stale,
      });
    }
  });

  function surplusOf(table: SyncTable, fromAt: number): { keys: Cell[][]; of: number } {
    const place = PLACES[table];
    if (place === undefined) return { keys: [], of: 0 };
    const { key } = TABLES[table];
    // A draft that was deleted at Stripe stays here as void, so that a late word of it cannot bring it back.
    const tombstones = table === 'invoices' ? "AND NOT (status = 'void' AND finalized_at IS NULL)" : '';
    const stored = sqlite
      .prepare<[number, number], Cell[]>(
        `SELECT ${key.join(', ')} FROM ${table} WHERE ${place.column} >= ? AND ${place.since} < ? ${tombstones}`,
      )
      .raw()
      .all(fromAt, startedAt - place.settledMs);
    const given = seen.get(table) ?? new Set();
    return { keys: stored.filter((cells) => !given.has(cells.join('\u0000'))), of: stored.length };
  }

  return {
    hold: (rows) => holdAll(rows),
    finish(compared, except) {
      const doubts: string[] = [];
      for (const { table, fromAt } of compared) {
        if (except.has(table)) continue;
        const surplus = surplusOf(table, fromAt);
        if (surplus.keys.length > Math.max(FEW_SURPLUS, SURPLUS_SHARE * surplus.of)) {
          doubts.push(
            `${surplus.keys.length} of ${surplus.of} ${table.replaceAll('_', ' ')} seem gone, too many to remove unasked`,
          );
          continue;
        }
        const where = TABLES[table].key.map((column) => `${column} = ?`).join(' AND ');
        const remove = sqlite.prepare<Cell[]>(`DELETE FROM ${table} WHERE ${where}`);
        sqlite.transaction(() => {
          for (const cells of surplus.keys) remove.run(...cells);
        })();
        tallies.set(table, { ...tallyOf(table), surplus: surplus.keys.length });
      }
      return doubts;
    },
    tables: () => [...tallies.values()],
  };
}

interface Prepared {
  keyOf(row: Cells): Cell[];
  stored(row: Cells): Record<string, Cell> | undefined;
  remove(row: Cells): void;
  columns: readonly string[];
  newer: string | null;
}

function preparedFor(sqlite: Database.Database, table: SyncTable): Prepared {
  const shape = TABLES[table];
  const columns: readonly string[] = shape.columns;
  const key: readonly string[] = shape.key;
  const where = key.map((column) => `${column} = ?`).join(' AND ');
  const select = sqlite.prepare<Cell[], Record<string, Cell>>(
    `SELECT ${columns.join(', ')} FROM ${table} WHERE ${where}`,
  );
  const drop = sqlite.prepare<Cell[]>(`DELETE FROM ${table} WHERE ${where}`);
  const keyOf = (row: Cells) => key.map((column) => row[column] ?? null);
  return {
    keyOf,
    stored: (row) => select.get(...keyOf(row)),
    remove: (row) => {
      drop.run(...keyOf(row));
    },
    columns,
    newer: shape.newer,
  };
}

/** The source's word counts, unless the stored row is a change of this very moment. */
function mend(
  { stored, remove, columns, newer }: Prepared,
  rows: readonly Cells[],
  startedAt: number,
  write: (rows: readonly Cells[]) => void,
): { missing: number; stale: number } {
  let missing = 0;
  const wrong: Cells[] = [];
  for (const row of rows) {
    const known = stored(row);
    if (known === undefined) missing += 1;
    else if (columns.every((column) => known[column] === (row[column] ?? null))) continue;
    else {
      const changedAt = newer === null ? 0 : Number(known[newer]);
      if (newer !== null && changedAt >= startedAt && changedAt > Number(row[newer])) continue;
      remove(row);
    }
    wrong.push(row);
  }
  if (wrong.length > 0) write(wrong);
  return { missing, stale: wrong.length - missing };
}

/** What a row of Stripe becomes depends on the other tables: it is written, then held against what was there. */
function mendStripe(
  { stored }: Prepared,
  rows: readonly Cells[],
  write: () => void,
): { missing: number; stale: number } {
  const before = rows.map((row) => withoutSeen(stored(row)));
  write();
  let missing = 0;
  let stale = 0;
  rows.forEach((row, index) => {
    if (before[index] === null) missing += 1;
    else if (before[index] !== withoutSeen(stored(row))) stale += 1;
  });
  return { missing, stale };
}

function withoutSeen(row: Record<string, Cell> | undefined): string | null {
  if (row === undefined) return null;
  const { seen_at: _seenAt, ...rest } = row;
  return JSON.stringify(rest);
}

function isStripe(table: SyncTable): boolean {
  return STRIPE_TABLES.some((name) => name === table);
}
