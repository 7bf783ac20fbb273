import { writtenOut } from '../domain/billing/scaled.ts';
import type { StoredUsageEvent } from '../domain/billing/usage-store.ts';
import type { Store } from './open-store.ts';
import { type EventRow, hourOf } from './usage-events.ts';
import type { UsageNames } from './usage-names.ts';

interface RawQuestion {
  meterNo: number;
  customerNo: number | null;
  groupNo: number | null;
  fromAt: number;
  toAt: number;
  countingOnly: boolean;
}

/** The stored events themselves, in order of time. */
export function createRawEvents({ sqlite }: Pick<Store, 'sqlite'>, names: UsageNames) {
  const nextHour = sqlite.prepare<[number], { hour: number | null }>(
    'SELECT MIN(hour) AS hour FROM usage_events WHERE hour >= ?',
  );
  // Rollups stand for every hour that has events, also where all of them were replaced.
  const used = sqlite.prepare<[number, number, number]>(
    'SELECT 1 FROM usage_rollups WHERE hour = ? AND customer_no = ? AND meter_no = ? LIMIT 1',
  );
  const rows = sqlite.prepare<{ hour: number } & Omit<RawQuestion, 'countingOnly'>, EventRow>(
    `SELECT * FROM usage_events WHERE hour = @hour AND meter_no = @meterNo AND at >= @fromAt AND at < @toAt
       AND (@customerNo IS NULL OR customer_no = @customerNo) AND (@groupNo IS NULL OR group_no = @groupNo)
     ORDER BY at, source_no, id`,
  );

  function* hours({ customerNo, meterNo, fromAt, toAt }: RawQuestion): Generator<number> {
    const [from, to] = [hourOf(fromAt), hourOf(toAt - 1) + 1];
    for (let at = from; ; ) {
      const hour = nextHour.get(at)?.hour ?? null;
      if (hour === null || hour >= to) return;
      if (customerNo === null || used.get(hour, customerNo, meterNo) !== undefined) yield hour;
      at = hour + 1;
    }
  }

  /** Hour by hour, so that the store is free between them. */
  return function* read(question: RawQuestion): Generator<StoredUsageEvent> {
    const { countingOnly, ...bound } = question;
    for (const hour of hours(question)) {
      for (const row of rows.all({ ...bound, hour })) {
        if (!countingOnly || row.replaced_by === null) yield eventOf(row, names);
      }
    }
  };
}

function eventOf(row: EventRow, names: UsageNames): StoredUsageEvent {
  return {
    source: names.name(row.source_no),
    id: row.id,
    meter: names.name(row.meter_no),
    customerId: names.name(row.customer_no),
    at: row.at,
    value: writtenOut(row),
    properties: row.properties === '' ? {} : JSON.parse(row.properties),
    corrects: row.corrects,
    receivedAt: row.received_at,
    replacedBy: row.replaced_by,
  };
}
