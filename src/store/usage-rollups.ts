import type { Store } from './open-store.ts';
import { type EventRow, HOUR_MS } from './usage-events.ts';

/** Hours, as they are added to and made anew. To be used within the transaction that writes the events. */
export interface UsageRollups {
  /** Adds events that were not there before. */
  add(rows: readonly EventRow[], isWeighted: (meterNo: number) => boolean): void;
  /** Takes an event off that counts no more; it is marked so already. */
  remove(row: EventRow, weighted: boolean): void;
}

interface Sum {
  row: EventRow;
  count: number;
  sum: number;
  max: number;
  last: EventRow;
  tail: bigint;
}

type Key = Pick<EventRow, 'hour' | 'customer_no' | 'meter_no' | 'group_no' | 'scale'>;

interface Ends {
  max: number | null;
  lastAt: number | null;
  lastId: string | null;
  lastUnits: number | null;
}

const KEY = 'hour, customer_no, meter_no, group_no, scale';
const COLUMNS = `${KEY}, count, sum_units, max_units, last_at, last_id, last_units, tail`;
/** The later event; of two at one instant that with the greater id, so that the order of arrival does not matter. */
const LATER = `(excluded.last_at, excluded.last_id, excluded.last_units) >
  (COALESCE(last_at, -1), COALESCE(last_id, ''), COALESCE(last_units, 0))`;

export function createUsageRollups({ sqlite }: Pick<Store, 'sqlite'>): UsageRollups {
  const upsert = sqlite.prepare(
    `INSERT INTO usage_rollups (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (${KEY}) DO UPDATE SET
       count = count + excluded.count,
       sum_units = sum_units + excluded.sum_units,
       max_units = MAX(COALESCE(max_units, excluded.max_units), excluded.max_units),
       last_at = CASE WHEN ${LATER} THEN excluded.last_at ELSE last_at END,
       last_id = CASE WHEN ${LATER} THEN excluded.last_id ELSE last_id END,
       last_units = CASE WHEN ${LATER} THEN excluded.last_units ELSE last_units END,
       tail = tail + excluded.tail`,
  );
  const ofHour = `hour = @hour AND customer_no = @customer_no AND meter_no = @meter_no AND group_no = @group_no AND scale = @scale`;
  const takeOff = sqlite.prepare<[Key & { units: number; tail: bigint }]>(
    `UPDATE usage_rollups SET count = count - 1, sum_units = sum_units - @units, tail = tail - @tail WHERE ${ofHour}`,
  );
  const find = sqlite.prepare<[Key], { count: number; max_units: number; last_id: string; last_at: number }>(
    `SELECT count, max_units, last_at, last_id FROM usage_rollups WHERE ${ofHour}`,
  );
  const setEnds = sqlite.prepare<[Key & Ends]>(
    `UPDATE usage_rollups SET max_units = @max, last_at = @lastAt, last_id = @lastId, last_units = @lastUnits WHERE ${ofHour}`,
  );
  const live = sqlite.prepare<[Key], EventRow>(
    `SELECT * FROM usage_events WHERE ${ofHour} AND replaced_by IS NULL`,
  );

  const write = ({ row, count, sum, max, last, tail }: Sum) =>
    upsert.run(
      row.hour,
      row.customer_no,
      row.meter_no,
      row.group_no,
      row.scale,
      count,
      sum,
      max,
      last.at,
      last.id,
      last.units,
      tail,
    );

  function add(rows: readonly EventRow[], isWeighted: (meterNo: number) => boolean): void {
    const sums = new Map<number, Sum[]>();
    for (const row of rows) {
      if (row.replaced_by !== null) continue;
      const sum = sumOf(sums, row);
      if (!Number.isSafeInteger(sum.sum + row.units)) {
        // The engine adds in 64 bits: what no longer fits here is handed over and begun anew.
        write(sum);
        Object.assign(sum, { count: 0, sum: 0, max: row.units, last: row, tail: 0n });
      }
      sum.count += 1;
      sum.sum += row.units;
      if (row.units > sum.max) sum.max = row.units;
      if (isLater(row, sum.last)) sum.last = row;
      if (isWeighted(row.meter_no)) sum.tail += tailOf(row);
    }
    for (const list of sums.values()) for (const sum of list) write(sum);
  }

  return {
    add,
    remove(row, weighted) {
      const { hour, customer_no, meter_no, group_no, scale, units } = row;
      const key = { hour, customer_no, meter_no, group_no, scale };
      takeOff.run({ ...key, units, tail: weighted ? tailOf(row) : 0n });
      const left = find.get(key);
      if (left === undefined) return;
      // Only where it was the largest or the last must the events of the hour be looked at again.
      if (left.count > 0 && units < left.max_units && row.id !== left.last_id) return;
      setEnds.run({ ...key, ...endsOf(left.count > 0 ? live.all(key) : []) });
    },
  };
}

function tailOf(row: EventRow): bigint {
  return BigInt(row.units) * BigInt((row.hour + 1) * HOUR_MS - row.at);
}

function endsOf(rows: readonly EventRow[]): Ends {
  let [max, last]: [number | null, EventRow | null] = [null, null];
  for (const row of rows) {
    if (max === null || row.units > max) max = row.units;
    if (last === null || isLater(row, last)) last = row;
  }
  return { max, lastAt: last?.at ?? null, lastId: last?.id ?? null, lastUnits: last?.units ?? null };
}

/** An hour of a customer has few meters and groups: a short list is quicker than a key made of text. */
function sumOf(sums: Map<number, Sum[]>, row: EventRow): Sum {
  const key = row.hour * 2 ** 30 + row.customer_no;
  let list = sums.get(key);
  if (list === undefined) {
    list = [];
    sums.set(key, list);
  }
  for (const sum of list) {
    const { row: first } = sum;
    if (first.group_no === row.group_no && first.meter_no === row.meter_no && first.scale === row.scale)
      return sum;
  }
  const begun = { row, count: 0, sum: 0, max: row.units, last: row, tail: 0n };
  list.push(begun);
  return begun;
}

function isLater(row: EventRow, than: EventRow): boolean {
  if (row.at !== than.at) return row.at > than.at;
  if (row.id !== than.id) return row.id > than.id;
  return row.units > than.units;
}
