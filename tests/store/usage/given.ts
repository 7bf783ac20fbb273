import { BillingConventions, DEFAULT_CONVENTIONS } from '../../../src/domain/billing/conventions.ts';
import { METERS } from '../../../src/domain/billing/meters.ts';
import { Meter, type UsageEvent } from '../../../src/domain/billing/usage-event.ts';
import type { UsageSettings } from '../../../src/domain/billing/usage-intake.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { createUsageStore } from '../../../src/store/usage-store.ts';

export const NOW = Date.parse('2026-11-20T12:00:00Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const SEATS = Meter.parse({
  id: 'seats',
  name: 'Seats',
  unit: 'seats',
  aggregation: 'last',
});
export const ALL_METERS = [...METERS, SEATS];

/** A store with these customers, and usage in it. */
export function givenUsage(
  options: { customers?: readonly string[]; settings?: Partial<UsageSettings>; path?: string } = {},
) {
  const store = openStore(options.path ?? ':memory:');
  const add = store.sqlite.prepare(
    `INSERT OR IGNORE INTO customers (id, name, domain, email, country, region, currency, segment, channel, signed_up_at, updated_at)
     VALUES (?, ?, '', '', 'US', '', 'USD', '', '', 0, 0)`,
  );
  const join = (id: string) => add.run(id, id);
  for (const id of options.customers ?? ['acme', 'globex']) join(id);
  const open = () =>
    createUsageStore(store, { meters: ALL_METERS, ...(options.settings && { settings: options.settings }) });
  const usage = open();
  const ingest = (events: readonly unknown[], conventions = DEFAULT_CONVENTIONS, nowAt = NOW) =>
    usage.ingest(events, conventions, nowAt);
  return { store, usage, ingest, join, reopened: open };
}

let last = 0;

/** Twelve calls of acme a while ago, unless told. */
export function event(over: Partial<UsageEvent> = {}): UsageEvent {
  last += 1;
  return {
    source: 'psizero',
    id: `e${last}`,
    meter: 'api_calls',
    customerId: 'acme',
    at: NOW - 3 * HOUR,
    value: '12',
    properties: { category: 'search' },
    corrects: null,
    ...over,
  };
}

export const late = (over: Partial<BillingConventions['lateUsage']>) =>
  BillingConventions.parse({ lateUsage: over });

export const november = {
  startAt: Date.parse('2026-11-01T00:00:00Z'),
  endAt: Date.parse('2026-12-01T00:00:00Z'),
};
