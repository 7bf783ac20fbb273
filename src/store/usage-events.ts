import type { ReadEvent } from '../domain/billing/usage-intake.ts';
import { createIdFilter, type IdFilter } from '../lib/id-filter.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

export const HOUR_MS = 3_600_000;

/** A row of usage_events. */
export type EventRow = Schema['usage_events'];

/** The raw events: who is there already, and writing new ones. To be used within one transaction a batch. */
export interface UsageEventRows {
  /** Before anything is looked for: takes note of what other processes have stored. */
  begin(): void;
  /**
   * The event of that name, wherever in time it stands; null when there is none. `at` is where it is looked for
   * first, `fromAt` how far back otherwise.
   */
  find(sourceNo: number, id: string, at: number, fromAt: number): EventRow | null;
  /** Like `find`, for an event that will be inserted if it is not there. */
  meet(sourceNo: number, id: string, at: number, fromAt: number): EventRow | null;
  insert(rows: readonly EventRow[]): void;
  replace(row: Pick<EventRow, 'hour' | 'source_no' | 'id'>, byId: string): void;
  /** After the transaction: so many rows are there for good. */
  committed(rows: number): void;
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS);
}

export function rowOf(
  event: ReadEvent,
  numbers: { source: number; customer: number; meter: number; group: number },
  receivedAt: number,
): EventRow {
  return {
    hour: hourOf(event.at),
    source_no: numbers.source,
    id: event.id,
    customer_no: numbers.customer,
    meter_no: numbers.meter,
    group_no: numbers.group,
    at: event.at,
    units: event.units,
    scale: event.scale,
    properties: event.properties,
    corrects: event.corrects,
    replaced_by: null,
    received_at: receivedAt,
  };
}

const COLUMNS = [
  'hour',
  'source_no',
  'id',
  'customer_no',
  'meter_no',
  'group_no',
  'at',
  'units',
  'scale',
  'properties',
  'corrects',
  'replaced_by',
  'received_at',
] as const;

export function createUsageEventRows({ sqlite }: Pick<Store, 'sqlite'>): UsageEventRows {
  const add = sqlite.prepare(
    `INSERT INTO usage_events (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`,
  );
  const there = sqlite.prepare<[number, number, string], EventRow>(
    'SELECT * FROM usage_events WHERE hour = ? AND source_no = ? AND id = ?',
  );
  // From hour to hour that has events, one step of the B-tree each.
  const anywhere = sqlite.prepare<[number, number, string], EventRow>(
    `WITH RECURSIVE hours (hour) AS (
       SELECT MIN(hour) FROM usage_events WHERE hour >= ?
       UNION ALL
       SELECT (SELECT MIN(hour) FROM usage_events WHERE hour > hours.hour) FROM hours WHERE hours.hour IS NOT NULL)
     SELECT e.* FROM hours CROSS JOIN usage_events e ON e.hour = hours.hour AND e.source_no = ? AND e.id = ? LIMIT 1`,
  );
  const replaced = sqlite.prepare<[string, number, number, string]>(
    'UPDATE usage_events SET replaced_by = ? WHERE hour = ? AND source_no = ? AND id = ?',
  );
  const stored = sqlite.prepare<[], { stored: number }>('SELECT stored FROM usage_state');
  const count = sqlite.prepare<[number]>('UPDATE usage_state SET stored = stored + ?');
  const names = sqlite.prepare<[], [number, string]>('SELECT source_no, id FROM usage_events').raw();
  let filter: { ids: IdFilter; stored: number } | null = null;

  function readAll(expected: number): IdFilter {
    const ids = createIdFilter(expected);
    for (const [sourceNo, id] of names.iterate()) ids.add(sourceNo, id);
    return ids;
  }

  const lookUp = (sourceNo: number, id: string, at: number, fromAt: number): EventRow | null =>
    there.get(hourOf(at), sourceNo, id) ?? anywhere.get(hourOf(fromAt), sourceNo, id) ?? null;

  return {
    begin() {
      const now = stored.get()?.stored ?? 0;
      // What a transaction that was rolled back had noted stays noted: it only costs a look.
      if (filter?.stored !== now) filter = { ids: readAll(now), stored: now };
    },
    find: (sourceNo, id, at, fromAt) =>
      filter?.ids.mayHave(sourceNo, id) === false ? null : lookUp(sourceNo, id, at, fromAt),
    meet: (sourceNo, id, at, fromAt) =>
      filter?.ids.meets(sourceNo, id) === false ? null : lookUp(sourceNo, id, at, fromAt),
    insert(rows) {
      for (const row of rows) {
        add.run(
          row.hour,
          row.source_no,
          row.id,
          row.customer_no,
          row.meter_no,
          row.group_no,
          row.at,
          row.units,
          row.scale,
          row.properties,
          row.corrects,
          row.replaced_by,
          row.received_at,
        );
      }
      count.run(rows.length);
    },
    replace({ hour, source_no, id }, byId) {
      replaced.run(byId, hour, source_no, id);
    },
    committed(rows) {
      if (filter !== null) filter.stored += rows;
    },
  };
}
