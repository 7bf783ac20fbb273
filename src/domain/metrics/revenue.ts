import { monthlyAmount, type RecurringPrice } from '../mrr/normalise.ts';
import { convertAll, convertAtRates } from './conversion.ts';
import { factorsOf } from './factors.ts';
import {
  type AmountFact,
  CUSTOMER_TRAITS,
  type CustomerFact,
  type MetricFacts,
  type SubscriptionFact,
} from './facts.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ofCustomer,
  sumAmounts,
} from './metric.ts';

const LIVE = new Set(['active', 'past_due']);

/** Stripe's rule: a version counts while active or past due; only discounts that last forever lower it. */
export function isLive(fact: Pick<SubscriptionFact, 'status'>): boolean {
  return LIVE.has(fact.status);
}

/** The subscriptions that make up MRR at the scope's instant, each with its monthly amount in company currency. */
export async function measureMrr(facts: MetricFacts, scope: MetricScope): Promise<Measured> {
  const versions = await facts.subscriptionsAt(scope.at, scope.filter);
  const live = versions.filter(isLive);
  const amounts = live.map((fact) => ({
    money: { minor: monthlyAmount(priceOf(fact)), currency: fact.currency },
    at: scope.at,
  }));
  const converted = await convertAtRates(facts, scope.company, amounts);
  const contributions = live.map((fact, index) => ({
    ...contribution(fact, converted[index]?.money.minor ?? 0, amounts[index]),
    factors: factorsOf(fact, priceOf(fact), converted[index]?.rate ?? '1'),
  }));
  return { contributions, rows: live.length, notes: [] };
}

function priceOf(fact: SubscriptionFact): RecurringPrice {
  const forever = fact.discountDuration === 'forever';
  return {
    unitAmountMinor: fact.unitAmountMinor,
    quantity: fact.quantity,
    interval: fact.interval,
    intervalCount: fact.intervalCount,
    discount: forever ? { percent: fact.discountPercent, amountMinor: fact.discountAmountMinor } : null,
  };
}

function contribution(
  fact: CustomerFact & { plan: string | null },
  amount: number,
  original: { money: Contribution['original'] } | undefined,
): Contribution {
  return { ...ofCustomer(fact, fact.plan), amount, original: original?.money ?? null };
}

/** Rows of money, each converted at its own day; `sign` -1 takes them off. */
export async function measureAmounts(
  facts: MetricFacts,
  scope: MetricScope,
  rows: readonly (AmountFact & { taxMinor?: number })[],
  options: { sign?: 1 | -1; at?: number } = {},
): Promise<Measured> {
  const sign = options.sign ?? 1;
  const amounts = rows.map((row) => ({
    money: { minor: row.amountMinor - (row.taxMinor ?? 0), currency: row.currency },
    at: options.at ?? row.at,
  }));
  const converted = await convertAll(facts, scope.company, amounts);
  const contributions = rows.map((row, index) => {
    const money = amounts[index]?.money;
    const original = money ? { money: { ...money, minor: sign * money.minor } } : undefined;
    return contribution(row, sign * (converted[index]?.minor ?? 0), original);
  });
  return { contributions, rows: rows.length, notes: [] };
}

function merge(...parts: Measured[]): Measured {
  return {
    contributions: parts.flatMap((part) => part.contributions),
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    notes: parts.flatMap((part) => part.notes),
  };
}

const DIMENSIONS = ['customer', 'plan', ...CUSTOMER_TRAITS, 'currency'] as const;
const POLICY =
  'stripe: active and past due count, discounts only when forever, no trials, tax or metered usage';

export const mrr: Metric = {
  name: 'mrr',
  title: 'MRR',
  words:
    'Monthly recurring revenue: unit amount x quantity of every active or past due subscription, less discounts that last forever, spread over its months; no trials, no tax, no metered usage.',
  version: 1,
  unit: 'money',
  grain: 'one subscription at the instant',
  kind: 'snapshot',
  additivity: 'snapshot',
  owner: 'finance',
  sources: ['supabase', 'psizero'],
  policy: POLICY,
  dimensions: DIMENSIONS,
  synonyms: [
    'mrr',
    'monthly recurring revenue',
    'recurring revenue',
    'monthly revenue run rate',
    'pay us a month',
    'pays us a month',
    'paying us a month',
    'pay a month',
  ],
  narrows: true,
  measure: measureMrr,
  total: sumAmounts,
};

export const arr: Metric = {
  ...mrr,
  name: 'arr',
  title: 'ARR',
  words: 'Annual recurring revenue: twelve times MRR at the instant.',
  synonyms: ['arr', 'annual recurring revenue', 'annual run rate', 'run rate', 'yearly recurring revenue'],
  measure: async (facts, scope) => {
    const measured = await measureMrr(facts, scope);
    const contributions = measured.contributions.map((row) => ({
      ...row,
      amount: row.amount * 12,
      original: row.original ? { ...row.original, minor: row.original.minor * 12 } : null,
      ...(row.factors ? { factors: { ...row.factors, times: 12 } } : {}),
    }));
    return { ...measured, contributions };
  },
};

const flow = {
  version: 1,
  unit: 'money',
  kind: 'flow',
  additivity: 'sum',
  owner: 'finance',
  dimensions: DIMENSIONS,
  narrows: true,
} as const;

async function gross(facts: MetricFacts, scope: MetricScope): Promise<Measured> {
  return measureAmounts(facts, scope, await facts.invoicesPaidIn(scope.period, scope.filter));
}

export const revenueGross: Metric = {
  ...flow,
  name: 'revenue_gross',
  title: 'Revenue, gross',
  words: 'Invoices paid in the period: total less tax, before refunds and credit notes.',
  grain: 'one paid invoice',
  sources: ['stripe', 'psizero'],
  synonyms: [
    'gross revenue',
    'revenue gross',
    'revenue',
    'sales',
    'income',
    'turnover',
    'how much did we make',
    'how much money did we make',
    'how much did we earn',
    'how much came in',
    'money came in',
    'money come in',
    'did we earn',
    'cash collected',
  ],
  measure: gross,
  total: sumAmounts,
};

export const refunds: Metric = {
  ...flow,
  name: 'refunds',
  title: 'Refunds',
  words: 'Succeeded refunds created in the period.',
  grain: 'one refund',
  sources: ['stripe', 'psizero'],
  synonyms: [
    'refunds',
    'refunded',
    'amount refunded',
    'how much did we refund',
    'did we refund',
    'refund total',
    'money back',
  ],
  measure: async (facts, scope) =>
    measureAmounts(facts, scope, await facts.refundsIn(scope.period, scope.filter)),
  total: sumAmounts,
};

export const revenueNet: Metric = {
  ...flow,
  name: 'revenue_net',
  title: 'Revenue, net',
  words:
    'Invoices paid in the period less tax, less succeeded refunds and issued credit notes created in it.',
  grain: 'one paid invoice, refund or credit note',
  sources: ['stripe', 'psizero'],
  synonyms: ['net revenue', 'revenue net', 'revenue after refunds', 'net sales', 'net income'],
  measure: async (facts, scope) => {
    const { period, filter } = scope;
    const refunded = await facts.refundsIn(period, filter);
    const credited = await facts.creditNotesIn(period, filter);
    return merge(
      await gross(facts, scope),
      await measureAmounts(facts, scope, refunded, { sign: -1 }),
      await measureAmounts(facts, scope, credited, { sign: -1 }),
    );
  },
  total: sumAmounts,
};

export const REVENUE_METRICS: readonly Metric[] = [mrr, arr, revenueGross, revenueNet, refunds];
