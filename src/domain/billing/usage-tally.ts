import { add, compare, type Exact, exact, multiply, ZERO } from '../money/exact.ts';
import type { ServicePeriod } from './invoice.ts';
import type { Meter } from './usage-event.ts';
import type { StoredUsageEvent, UsageTotal } from './usage-store.ts';

interface Running extends UsageTotal {
  lastId: string;
}

/**
 * Adds events up one by one, in whatever order: what hours say must be what this says. Events before the period count
 * for the opening level of a meter that carries over; replaced ones count for nothing.
 */
export function tallyEvents(
  events: Iterable<StoredUsageEvent>,
  meter: Meter,
  period: ServicePeriod,
): UsageTotal[] {
  const totals = new Map<string, Running>();
  for (const event of events) {
    if (event.meter !== meter.id || event.replacedBy !== null || event.at >= period.endAt) continue;
    const before = event.at < period.startAt;
    if (before && !meter.carriesOver) continue;
    const total = totalOf(totals, event, meter);
    const value = exact(event.value);
    if (meter.aggregation === 'weighted_sum') {
      const lasts = BigInt(period.endAt - Math.max(event.at, period.startAt));
      total.weightedMs = add(total.weightedMs, multiply(value, exact(lasts)));
    }
    if (before) total.opening = add(total.opening, value);
    else take(total, event, value, meter);
  }
  return inOrder([...totals.values()].map(({ lastId: _, ...total }) => total));
}

/** By customer, then group. */
export function inOrder(totals: UsageTotal[]): UsageTotal[] {
  return totals.sort((a, b) => compareText(a.customerId, b.customerId) || compareText(a.group, b.group));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function totalOf(totals: Map<string, Running>, event: StoredUsageEvent, meter: Meter): Running {
  const group = meter.groupBy === null ? '' : (event.properties[meter.groupBy] ?? '');
  const key = JSON.stringify([event.customerId, group]);
  const known = totals.get(key);
  if (known) return known;
  const begun: Running = {
    customerId: event.customerId,
    meter: meter.id,
    group,
    count: 0,
    sum: ZERO,
    max: null,
    last: null,
    lastId: '',
    weightedMs: ZERO,
    opening: ZERO,
  };
  totals.set(key, begun);
  return begun;
}

function take(total: Running, event: StoredUsageEvent, value: Exact, meter: Meter): void {
  total.count += 1;
  total.sum = add(total.sum, value);
  if (total.max === null || compare(value, total.max) > 0) total.max = value;
  if (meter.aggregation !== 'last') return;
  const { last } = total;
  const later = last === null || event.at > last.at || (event.at === last.at && event.id > total.lastId);
  if (!later) return;
  total.last = { at: event.at, value };
  total.lastId = event.id;
}
