import { isLive } from '../mrr/plain.ts';
import { apartFromPlan, CUSTOMER_TRAITS, type CustomerFact, type SubscriptionFact } from './facts.ts';
import { type Contribution, type Metric, type MetricScope, ofCustomer, sumAmounts } from './metric.ts';
import { measureMrr } from './mrr.ts';
import { DIMENSIONS } from './revenue.ts';

/** Customers with more than nothing in the set, before conversion can round it away: a customer on two plans is one, and counts once under each. */
export function payingCustomers(contributions: readonly Contribution[]): number {
  const totals = new Map<string, number>();
  for (const row of contributions) {
    const id = row.customerId ?? '';
    totals.set(id, (totals.get(id) ?? 0) + (row.original?.minor ?? row.amount));
  }
  return [...totals.values()].filter((amount) => amount > 0).length;
}

/** One contribution of one for a customer, ticket or event. */
export function countOne(fact: CustomerFact, plan: string | null = null): Contribution {
  return { ...ofCustomer(fact, plan), amount: 1 };
}

interface Churned {
  fact: SubscriptionFact;
  at: number;
}

/**
 * The last fall from at least one live subscription to none within [fromAt, untilAt), for one customer's versions.
 * Versions that end and begin at the same instant replace each other: no fall.
 */
export function lastFall(
  versions: readonly SubscriptionFact[],
  fromAt: number,
  untilAt: number,
): Churned | null {
  const live = versions.filter(
    (fact) => isLive(fact) && (fact.validTo === null || fact.validTo > fact.validFrom),
  );
  const deltas = new Map<number, number>();
  const change = (at: number, by: number) => deltas.set(at, (deltas.get(at) ?? 0) + by);
  for (const fact of live) {
    change(fact.validFrom, 1);
    if (fact.validTo !== null) change(fact.validTo, -1);
  }
  let count = 0;
  let fallAt: number | null = null;
  for (const at of [...deltas.keys()].sort((a, b) => a - b)) {
    const before = count;
    count += deltas.get(at) ?? 0;
    if (before > 0 && count === 0 && at >= fromAt && at < untilAt) fallAt = at;
  }
  const fact = live.find((version) => version.validTo === fallAt);
  return fallAt === null || !fact ? null : { fact, at: fallAt };
}

function groupByCustomer(versions: readonly SubscriptionFact[]): Map<string, SubscriptionFact[]> {
  const groups = new Map<string, SubscriptionFact[]>();
  for (const version of versions) {
    const group = groups.get(version.customerId);
    if (group) group.push(version);
    else groups.set(version.customerId, [version]);
  }
  return groups;
}

/** The end of what can have happened: the period's end, or just after now. */
export function happenedUntil({ period, nowAt }: MetricScope): number {
  return Math.min(period.endAt, nowAt + 1);
}

export const activeCustomers: Metric = {
  name: 'active_customers',
  title: 'Active customers',
  words: 'Customers whose MRR is above zero at the instant.',
  version: 1,
  unit: 'count',
  grain: 'one subscription at the instant',
  kind: 'snapshot',
  additivity: 'distinct',
  owner: 'success',
  sources: ['supabase', 'psizero'],
  underMrrPolicy: true,
  dimensions: DIMENSIONS,
  synonyms: [
    'active customers',
    'paying customers',
    'customers',
    'how many customers',
    'customer count',
    'number of customers',
    'paying accounts',
    'active accounts',
    'logos',
    'how many logos',
    'companies pay us',
    'how many companies pay us',
    'customer base',
    'size of the customer base',
    'active clients',
    'paying clients',
    'how many clients',
    'number of clients',
    'number of accounts',
    'how many accounts',
    'total clients',
    'total customers',
    'subscribers',
    'active subscribers',
    'paying users',
    'active subscriptions',
    'customers on each plan',
    'live customers',
    'current customers',
    'customer total',
    'customer numbers',
    'accounts do we have',
  ],
  narrows: true,
  measure: measureMrr,
  total: payingCustomers,
};

export const signups: Metric = {
  name: 'signups',
  title: 'Signups',
  words: 'Customers created in the period.',
  version: 1,
  unit: 'count',
  grain: 'one customer',
  kind: 'flow',
  additivity: 'sum',
  owner: 'success',
  sources: ['psizero'],
  dimensions: ['customer', ...CUSTOMER_TRAITS, 'currency'],
  synonyms: [
    'signups',
    'sign ups',
    'new accounts',
    'signed up',
    'registrations',
    'joined',
    'registered',
    'people registered',
    'new signups',
    'new registrations',
    'new users',
    'accounts created',
    'signup numbers',
    'sign up',
    'signed on',
    'new sign ups',
    'did we sign up',
    'people signed up',
    'who registered',
    'customers sign up',
    'people joined',
  ],
  narrows: true,
  measure: async (facts, { period, filter }) => {
    const rows = await facts.signupsIn(period, filter);
    return { contributions: rows.map((row) => countOne(row)), rows: rows.length, notes: [] };
  },
  total: sumAmounts,
};

export const churnedCustomers: Metric = {
  name: 'churned_customers',
  title: 'Churned customers',
  words:
    'Customers whose active or past due subscriptions fell from at least one to none at some instant of the period.',
  version: 1,
  unit: 'count',
  grain: 'one customer',
  kind: 'flow',
  additivity: 'distinct',
  owner: 'success',
  sources: ['supabase'],
  policy: 'stripe',
  dimensions: DIMENSIONS,
  synonyms: [
    'churned customers',
    'churn',
    'churned',
    'customer churn',
    'lost customers',
    'customers lost',
    'customers did we lose',
    'cancelled customers',
    'cancellations',
    'canceled',
    'cancelled',
    'who left',
    'left us',
    'leave us',
    'customers left',
    'accounts lost',
    'lost accounts',
    'accounts did we lose',
    'lost clients',
    'lost logos',
    'logos lost',
    'customers churned',
    'customers cancelled',
    'customers canceled',
    'customers quit',
    'customers leave',
    'who cancelled',
    'who canceled',
    'who churned',
    'who quit',
    'did we lose',
    'churners',
    'departed customers',
    'cancelations',
    'churned accounts',
    'churned logos',
    'terminations',
    'customers left us',
    'churn count',
  ],
  narrows: true,
  measure: async (facts, scope) => {
    // The plan is that of the subscription that ended: changing plans is not leaving.
    const { rest, fits } = apartFromPlan(scope.filter);
    const versions = await facts.subscriptionsTouching(scope.period, rest);
    const contributions: Contribution[] = [];
    for (const group of groupByCustomer(versions).values()) {
      const fall = lastFall(group, scope.period.startAt, happenedUntil(scope));
      if (fall && fits(fall.fact.plan)) {
        contributions.push(countOne(fall.fact, fall.fact.plan));
      }
    }
    return { contributions, rows: versions.length, notes: [] };
  },
  total: sumAmounts,
};

export const CUSTOMER_METRICS: readonly Metric[] = [activeCustomers, signups, churnedCustomers];
