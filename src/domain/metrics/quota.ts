import { UserError } from '../../lib/errors.ts';
import { dateAt, startOfDayAt, startOfUnit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Period } from '../types.ts';
import {
  apartFromPlan,
  type CustomerFact,
  type FactFilter,
  type MetricFacts,
  type PlanFact,
  type SubscriptionFact,
} from './facts.ts';
import type { MetricScope } from './metric.ts';

/** What one customer may call in one company month, and what it has called. */
export interface CustomerMonth {
  customer: CustomerFact;
  /** Of the subscription that includes most. */
  plan: string;
  included: number;
  /** Calls of the month before the period, and within it. */
  before: number;
  calls: number;
  /** Minor units of the customer's currency for a thousand calls more; null where the catalogue names none. */
  price: number | null;
  /** The month's last millisecond, or now: the day whose rate converts it. */
  at: number;
}

const ALLOWED: ReadonlySet<string> = new Set(['trialing', 'active', 'past_due']);

interface Month extends Period {
  /** The part of it the question is about. */
  part: Period;
}

/** The company's months a period touches up to now, each with the part of it that is asked about. */
export function monthsOf({ period, nowAt, company: { tz } }: MetricScope): Month[] {
  const untilAt = Math.min(period.endAt, nowAt + 1);
  const months: Month[] = [];
  let start = startOfUnit(dateAt(period.startAt, tz), 'month');
  for (let startAt = startOfDayAt(start, tz); startAt < untilAt; ) {
    start = start.add({ months: 1 });
    const endAt = startOfDayAt(start, tz);
    const part = makePeriod(Math.max(period.startAt, startAt), Math.min(untilAt, endAt), tz);
    months.push({ ...makePeriod(startAt, endAt, tz), part });
    startAt = endAt;
  }
  return months;
}

interface Allowance {
  customer: CustomerFact;
  plan: string;
  included: number;
  prices: PlanFact['overagePrices'];
}

/**
 * What each customer may call in a month: of every subscription that was in trial, active or past due at some instant
 * of it, the most it included then. A customer with a plan without a known limit has no allowance to be measured by.
 */
export function allowancesOf(
  versions: readonly SubscriptionFact[],
  catalogue: readonly PlanFact[],
  month: Pick<Period, 'startAt' | 'endAt'>,
): Map<string, Allowance> {
  const plans = new Map(catalogue.map((plan) => [plan.plan.toLowerCase(), plan]));
  const largest = new Map<string, Allowance>();
  const unlimited = new Set<string>();
  for (const version of versions) {
    const { validFrom, validTo, status, subscriptionId, plan, quantity, customerId } = version;
    const touches = validFrom < month.endAt && (validTo === null || validTo > month.startAt);
    if (!touches || validTo === validFrom || !ALLOWED.has(status)) continue;
    const known = plans.get(plan.toLowerCase());
    if (known === undefined || known.includedCalls === null) {
      unlimited.add(customerId);
      continue;
    }
    const included = known.includedCalls * quantity;
    if (included <= (largest.get(subscriptionId)?.included ?? -1)) continue;
    largest.set(subscriptionId, { customer: version, plan, included, prices: known.overagePrices });
  }
  return byCustomer([...largest.values()].filter(({ customer }) => !unlimited.has(customer.customerId)));
}

function byCustomer(allowances: readonly Allowance[]): Map<string, Allowance> {
  const sums = new Map<string, Allowance>();
  for (const one of [...allowances].sort((a, b) => b.included - a.included || (a.plan < b.plan ? -1 : 1))) {
    const sum = sums.get(one.customer.customerId);
    sums.set(one.customer.customerId, sum ? { ...sum, included: sum.included + one.included } : one);
  }
  return sums;
}

/**
 * Every customer's months in the scope, as far as there is an allowance; narrowed to a plan by the plan of that month.
 * Throws `not_ready` where there is no plan catalogue.
 */
export async function customerMonths(facts: MetricFacts, scope: MetricScope): Promise<CustomerMonth[]> {
  const { rest: filter, fits } = apartFromPlan(scope.filter);
  const catalogue = await facts.planCatalogue();
  if (catalogue.length === 0) {
    throw new UserError(
      'not_ready',
      'What the plans include is not known, so there is no quota to measure by.',
      'It comes with the plan catalogue of the PsiZero API.',
    );
  }
  const found: CustomerMonth[] = [];
  for (const month of monthsOf(scope)) {
    const seenUntilAt = Math.min(month.endAt, scope.nowAt + 1);
    const versions = await facts.subscriptionsTouching({ ...month, endAt: seenUntilAt }, filter);
    const before = await callsOf(facts, { ...month, endAt: month.part.startAt }, filter);
    const calls = await callsOf(facts, month.part, filter);
    for (const [id, allowance] of allowancesOf(versions, catalogue, { ...month, endAt: seenUntilAt })) {
      if (!fits(allowance.plan)) continue;
      const { customer, included, prices } = allowance;
      found.push({
        customer,
        plan: allowance.plan,
        included,
        before: before.get(id) ?? 0,
        calls: calls.get(id) ?? 0,
        price: prices[customer.currency] ?? null,
        at: seenUntilAt - 1,
      });
    }
  }
  return found;
}

async function callsOf(
  facts: MetricFacts,
  period: Period,
  filter: FactFilter,
): Promise<ReadonlyMap<string | null, number>> {
  if (period.endAt <= period.startAt) return new Map();
  const rows = await facts.usageIn(period, filter, 'customer');
  return new Map(rows.map(({ group, calls }) => [group, calls]));
}

/** Calls above what is included, of a count that runs from the month's beginning. */
export function above(counted: number, included: number): number {
  return Math.max(0, counted - included);
}

/** What so many calls more cost, rounded half up to the minor unit. */
export function overageMinor(calls: number, price: number): number {
  return Number((BigInt(calls) * BigInt(price) * 2n + 1_000n) / 2_000n);
}
