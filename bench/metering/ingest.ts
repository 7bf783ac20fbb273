import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DEFAULT_CONVENTIONS } from '../../src/domain/billing/conventions.ts';
import type { UsageEvent } from '../../src/domain/billing/usage-event.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createUsageStore } from '../../src/store/usage-store.ts';
import { customerId, eventsOf, HOUR_MS } from './events.ts';

const BATCH = 5_000;
const START_AT = Date.parse('2026-11-01T00:00:00Z');
const RECEIVED_AT = START_AT + 24 * HOUR_MS;

/** Events a second, all measured in turns within one run, so that whatever else the machine does meets all alike. */
export interface IngestSpeed {
  events: number;
  /** The whole way in: checked, held against what is known, written, rolled up. */
  ingest: number;
  /** The same rows into the same table by better-sqlite3, and nothing else. */
  sameTable: number;
  /** The same events into a table with the key (source, id). */
  keyed: number;
  /** The same events into a table without any key: a duplicate would not be noticed. */
  bare: number;
  /** All of them once more: every one a duplicate. */
  again: number;
}

const EVENT_TABLE = `CREATE TABLE events (source TEXT NOT NULL, id TEXT NOT NULL, meter TEXT NOT NULL,
  customer_id TEXT NOT NULL, at INTEGER NOT NULL, value INTEGER NOT NULL, properties TEXT NOT NULL, corrects TEXT,
  received_at INTEGER NOT NULL`;

/** @throws Error when anything but each event once was counted. */
export function measureIngest(count: number, customers: number): IngestSpeed {
  const folder = mkdtempSync(join(tmpdir(), 'psi-metering-'));
  const events = eventsOf({ count, customers, startAt: START_AT, hours: 24 });
  const usage = openUsage(join(folder, 'usage.db'), customers);
  const bare = openRaw(join(folder, 'bare.db'), `${EVENT_TABLE})`);
  const keyed = openRaw(join(folder, 'keyed.db'), `${EVENT_TABLE}, PRIMARY KEY (source, id))`);
  const same = openRaw(join(folder, 'same.db'), usage.tableSql);
  const spent = { ingest: 0, sameTable: 0, keyed: 0, bare: 0, again: 0 };
  const timed = (what: keyof typeof spent, work: () => void) => {
    const startedAt = performance.now();
    work();
    spent[what] += performance.now() - startedAt;
  };
  try {
    for (let from = 0; from < count; from += BATCH) {
      const batch = events.slice(from, from + BATCH);
      const plain = batch.map(plainRow);
      timed('bare', () => bare.write(plain));
      timed('keyed', () => keyed.write(plain));
      timed('ingest', () => usage.ingest(batch, 'stored'));
      const stored = usage.rows(batch);
      timed('sameTable', () => same.write(stored));
      timed('again', () => usage.ingest(batch, 'duplicates'));
    }
    const rate = (what: keyof typeof spent) => (count / spent[what]) * 1_000;
    return {
      events: count,
      ingest: rate('ingest'),
      sameTable: rate('sameTable'),
      keyed: rate('keyed'),
      bare: rate('bare'),
      again: rate('again'),
    };
  } finally {
    for (const each of [usage, bare, keyed, same]) each.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Values = (string | number | null)[];

function plainRow(event: UsageEvent): Values {
  const { source, id, meter, customerId: customer, at, value, properties, corrects } = event;
  return [source, id, meter, customer, at, Number(value), JSON.stringify(properties), corrects, RECEIVED_AT];
}

function openRaw(path: string, table: string) {
  const sqlite = new Database(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.exec(table);
  const name = /CREATE TABLE (\w+)/.exec(table)?.[1] ?? '';
  const columns = sqlite.prepare(`SELECT * FROM ${name}`).columns().length;
  const insert = sqlite.prepare(`INSERT INTO ${name} VALUES (${Array(columns).fill('?').join(', ')})`);
  const write = sqlite.transaction((rows: Values[]) => {
    for (const row of rows) insert.run(...row);
  });
  return { write: (rows: Values[]) => write.immediate(rows), close: () => sqlite.close() };
}

function openUsage(path: string, customers: number) {
  const { sqlite } = openStore(path);
  const add = sqlite.prepare(
    `INSERT INTO customers (id, name, domain, email, country, region, currency, segment, channel, signed_up_at, updated_at)
     VALUES (?, '', '', '', '', '', 'USD', '', '', 0, 0)`,
  );
  sqlite.transaction(() => {
    for (let n = 0; n < customers; n += 1) add.run(customerId(n));
  })();
  const usage = createUsageStore({ sqlite });
  const find = sqlite
    .prepare<[number, string], Values>(
      'SELECT * FROM usage_events WHERE hour = ? AND source_no = 1 AND id = ?',
    )
    .raw();
  const table = sqlite
    .prepare<[], { sql: string }>("SELECT sql FROM sqlite_master WHERE name = 'usage_events'")
    .get();
  return {
    tableSql: table?.sql ?? '',
    ingest(batch: UsageEvent[], expected: 'stored' | 'duplicates') {
      const report = usage.ingest(batch, DEFAULT_CONVENTIONS, RECEIVED_AT);
      if (report[expected] !== batch.length)
        throw new Error(`not all ${expected}: ${JSON.stringify(report)}`);
    },
    rows: (batch: UsageEvent[]) => batch.map(({ at, id }) => find.get(Math.floor(at / HOUR_MS), id) ?? []),
    close: () => sqlite.close(),
  };
}
