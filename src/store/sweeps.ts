import { setImmediate as breathe } from 'node:timers/promises';
import { mendedIn, type SweepReport, type SweptTable } from '../domain/sweep.ts';
import type { Compared, ComparedPage, Malformed, SyncResource, SyncRows, SyncTable } from '../domain/sync.ts';
import { SOURCES, type SourceName } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { beginComparison, type Comparison, HELD_AT_ONCE } from './comparison.ts';
import type { DriftStore } from './drift.ts';
import type { Store } from './open-store.ts';
import { TABLE_NAMES } from './synced-columns.ts';
import { prepareWriter } from './synced-tables.ts';

const DAY_MS = 24 * 3_600_000;
/** What is older than this hardly changes any more; the connectors ask for what may. */
const WINDOW_DAYS = 35;
/** A resource of so few rows is compared whole. */
const SMALL = 5_000;
const KEPT_MS = 90 * DAY_MS;

export interface Sweeps {
  /** Compares one source's resources; never throws. The store should have been brought up to date just before. */
  sweep(source: SourceName, resources: readonly SyncResource[]): Promise<SweepReport>;
  last(): SweepReport[];
}

interface SweepRow {
  source: SourceName;
  started_at: number;
  ended_at: number;
  from_at: number;
  tables: string;
  error: string | null;
}

export function createSweeps(parts: {
  store: Pick<Store, 'sqlite'>;
  drift: DriftStore;
  counts(tables: readonly SyncTable[]): Record<string, number>;
  clock: Clock;
  logger: Logger;
}): Sweeps {
  const { store, drift, clock, logger } = parts;
  const { sqlite } = store;
  const write = prepareWriter(sqlite);
  const insert = sqlite.prepare<[string, string, number, number, number, string, string | null]>(
    `INSERT INTO source_sweeps (id, source, started_at, ended_at, from_at, tables, error)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const prune = sqlite.prepare<[number]>('DELETE FROM source_sweeps WHERE started_at < ?');
  const latest = sqlite.prepare<[string], SweepRow>(
    'SELECT * FROM source_sweeps WHERE source = ? ORDER BY started_at DESC, rowid DESC LIMIT 1',
  );

  function fromAtOf(resource: SyncResource, startedAt: number): number {
    const rows = Object.values(parts.counts(resource.tables)).reduce((sum, count) => sum + count, 0);
    return rows <= SMALL ? 0 : startedAt - WINDOW_DAYS * DAY_MS;
  }

  async function compareAll(
    resources: readonly SyncResource[],
    comparison: Comparison,
    startedAt: number,
  ): Promise<{ doubts: string[]; malformed: Malformed[] }> {
    const doubts: string[] = [];
    const malformed: Malformed[] = [];
    for (const resource of resources) {
      const unread: Malformed[] = [];
      const hold = async (page: ComparedPage) => {
        unread.push(...page.malformed);
        drift.noteFields(resource.source, page.fields, clock.now());
        for (const rows of portions(page.rows)) {
          comparison.hold(rows);
          await breathe();
        }
      };
      const compared: Compared = await resource.compare(fromAtOf(resource, startedAt), hold);
      doubts.push(...comparison.finish(compared, tablesOf(resource, unread)));
      malformed.push(...unread);
    }
    return { doubts, malformed };
  }

  return {
    async sweep(source, resources) {
      const startedAt = clock.now();
      const comparison = beginComparison(sqlite, write, startedAt);
      let error: string | null = null;
      try {
        const { doubts, malformed } = await compareAll(resources, comparison, startedAt);
        drift.settle(source, malformed, startedAt);
        error = doubts.length === 0 ? null : doubts.join('; ');
      } catch (failure) {
        error = failure instanceof SystemError ? failure.message : 'the comparison failed';
        logger.warn({ source, error: String(failure) }, 'sweep failed');
      }
      const report: SweepReport = {
        source,
        startedAt,
        endedAt: clock.now(),
        fromAt: startedAt - WINDOW_DAYS * DAY_MS,
        tables: comparison.tables(),
        error,
      };
      const { endedAt, fromAt, tables } = report;
      insert.run(newId('sweep'), source, startedAt, endedAt, fromAt, JSON.stringify(tables), error);
      prune.run(startedAt - KEPT_MS);
      logger.info({ source, mended: mendedIn(report), tables, error }, 'sweep done');
      return report;
    },
    last: () => SOURCES.flatMap((source) => reportOf(latest.get(source))),
  };
}

/** Which tables the rows that could not be read belong to: there, an absent row proves nothing. */
function tablesOf(resource: SyncResource, unread: readonly Malformed[]): Set<SyncTable> {
  const named: Readonly<Record<string, SyncTable>> = {
    subscription: 'subscriptions',
    invoice: 'invoices',
    charge: 'payments',
    refund: 'refunds',
    credit_note: 'credit_notes',
  };
  return new Set(
    unread.flatMap((row) => {
      const table = named[row.resource];
      return table === undefined ? [...resource.tables] : [table];
    }),
  );
}

/** A large page piece by piece; small ones whole, so that rows that belong together stay together. */
function portions(rows: SyncRows): SyncRows[] {
  const large = TABLE_NAMES.filter((table) => (rows[table]?.length ?? 0) > HELD_AT_ONCE);
  if (large.length === 0) return [rows];
  return large.flatMap((table) => {
    const all = rows[table] ?? [];
    return Array.from({ length: Math.ceil(all.length / HELD_AT_ONCE) }, (_, index) => ({
      [table]: all.slice(index * HELD_AT_ONCE, (index + 1) * HELD_AT_ONCE),
    }));
  });
}

function reportOf(row: SweepRow | undefined): SweepReport[] {
  if (row === undefined) return [];
  // Written by this file alone.
  const tables: SweptTable[] = JSON.parse(row.tables);
  const { source, started_at, ended_at, from_at, error } = row;
  return [{ source, startedAt: started_at, endedAt: ended_at, fromAt: from_at, tables, error }];
}
