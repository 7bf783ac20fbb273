import { add, type Exact, ZERO } from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { ServicePeriod } from '../invoice.ts';
import type { Price } from '../price.ts';
import { ratePrice } from './rate-price.ts';

/** Usage of a period by how long after it happened it came. */
export interface Arrival {
  quantity: Exact;
  daysLate: number;
}

/** One price over one past period of one customer, with what it was rated of. */
export interface PastPeriod {
  customerId: string;
  period: ServicePeriod;
  price: Price;
  quantity: Exact;
  /** Of a percentage price: the single amounts. */
  events?: readonly Exact[];
  /** What the quantity is the sum of, with what came too late to count; only to ask about lateness. */
  arrivals?: readonly Arrival[];
  /** Of the whole period, where it was cut short. */
  share?: Exact;
  conventions: BillingConventions;
}

/** What would have been different. What is not given stays as it was. */
export interface ReratingChange {
  /** The price it changes; null: every one. */
  priceId: string | null;
  terms?: Partial<Pick<Price, 'pricing' | 'included' | 'limits'>>;
  conventions?: BillingConventions;
  /** Usage that came later than this many days would not have counted. Needs `arrivals`. */
  acceptedDays?: number;
}

export interface ReratedPeriod {
  period: ServicePeriod;
  priceId: string;
  beforeMinor: bigint;
  afterMinor: bigint;
}

/** A customer's sum in one currency, in minor units, before discounts and tax. */
export interface ReratedCustomer {
  customerId: string;
  currency: string;
  beforeMinor: bigint;
  afterMinor: bigint;
  /** after - before. */
  differenceMinor: bigint;
  periods: readonly ReratedPeriod[];
}

/** Who would have been billed differently: every customer and currency, the greatest difference first. */
export function calculateRerating(periods: readonly PastPeriod[], change: ReratingChange): ReratedCustomer[] {
  const groups = new Map<string, PastPeriod[]>();
  for (const past of periods) {
    const key = JSON.stringify([past.customerId, past.price.currency]);
    const group = groups.get(key);
    if (group) group.push(past);
    else groups.set(key, [past]);
  }
  return [...groups.values()].flatMap((group) => rerateCustomer(group, change)).sort(byDifference);
}

function rerateCustomer(group: readonly PastPeriod[], change: ReratingChange): ReratedCustomer[] {
  const [first] = group;
  if (!first) return [];
  const rerated = group.map((past) => ({
    period: past.period,
    priceId: past.price.id,
    beforeMinor: totalOf(past),
    afterMinor: totalOf(changed(past, change)),
  }));
  const beforeMinor = rerated.reduce((sum, each) => sum + each.beforeMinor, 0n);
  const afterMinor = rerated.reduce((sum, each) => sum + each.afterMinor, 0n);
  const { customerId, price } = first;
  const differenceMinor = afterMinor - beforeMinor;
  return [
    { customerId, currency: price.currency, beforeMinor, afterMinor, differenceMinor, periods: rerated },
  ];
}

function totalOf({ price, quantity, conventions, events, share }: PastPeriod): bigint {
  return ratePrice(price, quantity, conventions, { events, share }).totalMinor;
}

function changed(past: PastPeriod, change: ReratingChange): PastPeriod {
  if (change.priceId !== null && change.priceId !== past.price.id) return past;
  return {
    ...past,
    price: { ...past.price, ...change.terms },
    conventions: change.conventions ?? past.conventions,
    quantity: quantityUnder(past, change.acceptedDays),
  };
}

function quantityUnder({ quantity, arrivals }: PastPeriod, acceptedDays: number | undefined): Exact {
  if (acceptedDays === undefined || arrivals === undefined) return quantity;
  return arrivals.reduce(
    (sum, each) => (each.daysLate <= acceptedDays ? add(sum, each.quantity) : sum),
    ZERO,
  );
}

function byDifference(one: ReratedCustomer, other: ReratedCustomer): number {
  const [a, b] = [magnitude(one.differenceMinor), magnitude(other.differenceMinor)];
  if (a !== b) return a > b ? -1 : 1;
  return one.customerId < other.customerId ? -1 : one.customerId > other.customerId ? 1 : 0;
}

function magnitude(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}
