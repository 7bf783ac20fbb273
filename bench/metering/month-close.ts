import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { DEFAULT_CONVENTIONS } from '../../src/domain/billing/conventions.ts';
import type { UsageEvent } from '../../src/domain/billing/usage-event.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createUsageStore } from '../../src/store/usage-store.ts';
import { customerId, HOUR_MS } from './events.ts';

const START_AT = Date.parse('2026-11-01T00:00:00Z');
const HOURS = 720;
/** Of each customer: hours with usage in each of two categories, and calls of ten events in each of them. */
const USED_HOURS = 50;
const EVENTS_AN_HOUR = 10;
const GROUPS = ['search', 'batch'];

export interface MonthClose {
  customers: number;
  /** What the rollups stand for. */
  events: number;
  rollups: number;
  /** All customers' usage of a month that begins and ends on the hour. */
  closeMs: number;
  /** The plain SQL that sums the same rollups, its rows fetched and nothing made of them. */
  sqlMs: number;
  /** The most memory the process held, in bytes. */
  memory: number;
  /** One customer's month. */
  oneMs: number;
}

/**
 * Rollups of a month are written by SQL, as ingest writes them: taking ten million events in takes minutes. A few
 * customers' events are taken in for real, and their hours must come out the same as those written.
 * @throws Error when a sum is not what was written.
 */
export function measureMonthClose(customers: number): MonthClose {
  const folder = mkdtempSync(join(tmpdir(), 'psi-month-'));
  try {
    const { sqlite } = openStore(join(folder, 'usage.db'));
    sqlite.pragma('synchronous = OFF');
    const usage = createUsageStore({ sqlite }, { settings: { unknownCustomers: 'accept' } });
    const sample = sampleOf(3);
    for (let from = 0; from < sample.length; from += 5_000)
      usage.ingest(sample.slice(from, from + 5_000), DEFAULT_CONVENTIONS, START_AT + HOURS * HOUR_MS);
    writeRollups(sqlite, customers);
    const period = { startAt: START_AT, endAt: START_AT + HOURS * HOUR_MS };
    const plain = sqlite.prepare<[number, number], { sum: number }>(
      `SELECT customer_no, group_no, SUM(count) AS count, SUM(sum_units) AS sum FROM usage_rollups
       WHERE hour >= ? AND hour < ? AND meter_no = (SELECT no FROM usage_names WHERE name = 'api_calls')
       GROUP BY customer_no, group_no`,
    );
    const hour = START_AT / HOUR_MS;
    const sql = () => plain.all(hour, hour + HOURS);
    const close = () => usage.getUsage({ meter: 'api_calls', customerId: null, period });
    const [sqlMs, closeMs] = fastest(sql, close);
    const memory = process.memoryUsage().rss;
    verify(close(), sql(), customers);
    const startedAt = performance.now();
    usage.getUsage({ meter: 'api_calls', customerId: customerId(7), period });
    const oneMs = performance.now() - startedAt;
    const rollups =
      sqlite.prepare<[], { n: number }>('SELECT COUNT(*) AS n FROM usage_rollups').get()?.n ?? 0;
    sqlite.close();
    return { customers, events: rollups * EVENTS_AN_HOUR, rollups, closeMs, sqlMs, memory, oneMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The best of three each, in turns. */
function fastest(one: () => unknown, other: () => unknown): [number, number] {
  const best: [number, number] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 3; round += 1) {
    for (const [index, work] of [one, other].entries()) {
      const startedAt = performance.now();
      work();
      best[index === 0 ? 0 : 1] = Math.min(best[index === 0 ? 0 : 1], performance.now() - startedAt);
    }
  }
  return best;
}

/** The hour of a customer's nth use: spread over the month, another for every customer. */
const hourOfUse = (customer: number, nth: number) => (customer * 7 + nth * 14) % HOURS;

function sampleOf(customers: number): UsageEvent[] {
  const events: UsageEvent[] = [];
  for (let customer = 0; customer < customers; customer += 1) {
    for (let nth = 0; nth < USED_HOURS; nth += 1) {
      for (const category of GROUPS) {
        for (let n = 0; n < EVENTS_AN_HOUR; n += 1) {
          events.push({
            source: 'psizero',
            id: `evt_${customer}_${nth}_${category}_${n}`,
            meter: 'api_calls',
            customerId: customerId(customer),
            at: START_AT + hourOfUse(customer, nth) * HOUR_MS + n * 60_000,
            value: String(n + 1),
            properties: { category },
            corrects: null,
          });
        }
      }
    }
  }
  return events;
}

function writeRollups(sqlite: Database.Database, customers: number): void {
  const name = sqlite.prepare('INSERT OR IGNORE INTO usage_names (name) VALUES (?)');
  sqlite.transaction(() => {
    for (let n = 0; n < customers; n += 1) name.run(customerId(n));
  })();
  const hour = START_AT / HOUR_MS;
  sqlite.exec(`
    INSERT OR IGNORE INTO usage_rollups
    WITH RECURSIVE nth (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM nth WHERE n < ${USED_HOURS - 1})
    SELECT ${hour} + (CAST(substr(c.name, 5) AS INTEGER) * 7 + nth.n * 14) % ${HOURS} AS hour, c.no,
      (SELECT no FROM usage_names WHERE name = 'api_calls'), g.no, 0,
      ${EVENTS_AN_HOUR}, 55, 10, 0, 'evt', 10, 0
    FROM usage_names c, usage_names g, nth WHERE c.name GLOB 'cus_*' AND g.name IN ('search', 'batch')
    ORDER BY 1, 2, 4`);
}

function verify(totals: readonly { count: number }[], rows: readonly unknown[], customers: number): void {
  const wrong = totals.filter(({ count }) => count !== USED_HOURS * EVENTS_AN_HOUR);
  if (wrong.length > 0 || totals.length !== customers * GROUPS.length || rows.length !== totals.length)
    throw new Error(`${wrong.length} of ${totals.length} totals are not what was written`);
}
