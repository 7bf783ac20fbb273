import { divideHalfUp } from '../money/arithmetic.ts';
import { countOne, happenedUntil } from './customers.ts';
import type { MetricFacts, PaymentFact } from './facts.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ratioOf,
  sumAmounts,
} from './metric.ts';
import { DIMENSIONS, measureAmounts, withoutTax } from './revenue.ts';

const DAY_MS = 86_400_000;

const FLOW = {
  version: 1,
  unit: 'money',
  grain: 'one charge',
  kind: 'flow',
  additivity: 'sum',
  owner: 'finance',
  sources: ['stripe', 'psizero'],
  dimensions: DIMENSIONS,
  narrows: true,
  total: sumAmounts,
} as const satisfies Partial<Metric>;

async function attempts(facts: MetricFacts, { period, filter }: MetricScope): Promise<PaymentFact[]> {
  return facts.paymentsIn(period, filter);
}

const succeeded = ({ status }: PaymentFact) => status === 'succeeded';
const failed = ({ status }: PaymentFact) => status === 'failed';

export const collections: Metric = {
  ...FLOW,
  name: 'collections',
  title: 'Cash collected',
  words: 'Succeeded charges created in the period, tax included, less succeeded refunds created in it.',
  grain: 'one charge or refund',
  synonyms: [
    'collections',
    'cash collected',
    'collected',
    'cash in',
    'cash received',
    'money collected',
    'payments received',
    'did we collect',
    'cash collections',
    'cash came in',
    'how much cash',
    'cash receipts',
    'receipts',
    'cash inflow',
    'inflows',
    'money received',
    'payments collected',
    'customers actually pay us',
    'customers pay us',
    'did customers pay us',
    'did customers pay',
    'actually paid us',
    'actually collected',
    'cash banked',
    'money in the bank',
    'hit the bank',
    'money did we collect',
    'cash did we collect',
    'successful payments',
  ],
  measure: async (facts, scope) => {
    const came = await measureAmounts(facts, scope, (await attempts(facts, scope)).filter(succeeded));
    const went = await facts.refundsIn(scope.period, scope.filter);
    const back = await measureAmounts(facts, scope, went, { sign: -1 });
    return {
      contributions: [...came.contributions, ...back.contributions],
      rows: came.rows + back.rows,
      notes: [],
    };
  },
};

export const recoveredPayments: Metric = {
  ...FLOW,
  name: 'recovered_payments',
  title: 'Recovered payments',
  words: 'Succeeded charges created in the period for what an earlier charge had failed to collect.',
  synonyms: [
    'recovered payments',
    'payments recovered',
    'recovered revenue',
    'recovered amount',
    'dunning recovered',
    'did we recover',
    'recovered',
    'recovered money',
    'recovered cash',
    'money recovered',
    'amount recovered',
    'recover from failed payments',
    'dunning recoveries',
    'recoveries',
    'payments we recovered',
    'revenue recovered',
    'recovered from dunning',
    'won back from failed payments',
    'saved by dunning',
  ],
  measure: async (facts, scope) => {
    const rows = (await attempts(facts, scope)).filter((row) => succeeded(row) && row.failedBefore);
    return measureAmounts(facts, scope, rows);
  },
};

const SHARE = {
  ...FLOW,
  unit: 'ratio',
  additivity: 'ratio',
  sources: ['stripe'],
  total: ratioOf,
} as const satisfies Partial<Metric>;

export const paymentFailureRate: Metric = {
  ...SHARE,
  name: 'payment_failure_rate',
  title: 'Payment failure rate',
  words:
    'Failed charges over failed and succeeded ones, of those created in the period, every attempt counted.',
  synonyms: [
    'payment failure rate',
    'failed payment rate',
    'decline rate',
    'payment decline rate',
    'charge failure rate',
    'share of payments failed',
    'failure rate of payments',
    'share of failed payments',
    'percent of payments failed',
    'declined payment rate',
    'card decline rate',
    'share of declined payments',
    'share of charges declined',
    'percent of charges declined',
    'charges got declined',
    'payment fail rate',
    'decline percentage',
    'charge decline rate',
  ],
  measure: async (facts, scope) => {
    const rows = (await attempts(facts, scope)).filter((row) => succeeded(row) || failed(row));
    const contributions = rows.map((row) => ({
      ...countOne(row, row.plan),
      amount: failed(row) ? 1 : 0,
      base: 1,
    }));
    return { contributions, rows: rows.length, notes: [] };
  },
};

/** One row a debt whose collection failed: recovered when a later charge of the same stretch of time succeeded. */
function recoveries(rows: readonly PaymentFact[]): Contribution[] {
  const firstFailures = new Map<string, PaymentFact>();
  for (const row of rows.filter(failed)) {
    const known = firstFailures.get(row.debt);
    if (!known || row.at < known.at) firstFailures.set(row.debt, row);
  }
  const paid = new Map<string, number>();
  for (const row of rows.filter(succeeded)) paid.set(row.debt, Math.max(paid.get(row.debt) ?? 0, row.at));
  return [...firstFailures.values()].map((failure) => ({
    ...countOne(failure, failure.plan),
    amount: (paid.get(failure.debt) ?? 0) > failure.at ? 1 : 0,
    base: 1,
  }));
}

export const recoveryRate: Metric = {
  ...SHARE,
  name: 'recovery_rate',
  title: 'Recovery rate',
  words: 'Of the invoices with a failed charge in the period, the share that a later charge in it collected.',
  grain: 'one invoice with a failed charge',
  synonyms: [
    'recovery rate',
    'payment recovery rate',
    'dunning recovery rate',
    'share of failed payments recovered',
    'failed payments recovered',
    'recovery percentage',
    'dunning success',
    'dunning success rate',
    'payment recovery',
    'share recovered',
    'rate of recovery',
    'percent recovered',
    'retry success rate',
    'failed payment recovery',
    'failed payment recovery rate',
    'dunning rate',
  ],
  measure: async (facts, scope) => {
    const contributions = recoveries(await attempts(facts, scope));
    return { contributions, rows: contributions.length, notes: [] };
  },
};

export const collectionRate: Metric = {
  ...SHARE,
  name: 'collection_rate',
  title: 'Collection rate',
  words:
    'Of what invoices finalised in the period ask for, those voided by its end left out, the share paid by its end, each at the rate of its own day.',
  grain: 'one invoice',
  sources: ['stripe', 'psizero'],
  synonyms: [
    'collection rate',
    'collections rate',
    'share collected',
    'share of invoices paid',
    'paid rate',
    'collected rate',
    'collection percentage',
    'share of billed collected',
    'share of invoices collected',
    'collection ratio',
    'collections ratio',
    'collection efficiency',
    'percent collected',
    'invoices collected',
  ],
  measure: async (facts, scope) => {
    const untilAt = happenedUntil(scope);
    const billed = await facts.invoicesFinalizedIn(scope.period, scope.filter);
    const rows = billed.filter(({ voidedAt }) => voidedAt === null || voidedAt >= untilAt);
    const { contributions } = await measureAmounts(facts, scope, withoutTax(rows));
    return {
      contributions: contributions.map((row, index) => {
        const paidAt = rows[index]?.paidAt ?? null;
        const paid = paidAt !== null && paidAt < untilAt;
        return { ...row, amount: paid ? row.amount : 0, base: row.amount, original: null };
      }),
      rows: rows.length,
      notes: [],
    };
  },
};

const DSO_DAYS = 90;

export const dso: Metric = {
  ...FLOW,
  name: 'dso',
  title: 'DSO',
  words: `Days sales outstanding: open receivables at the instant over what was invoiced in the ${DSO_DAYS} days before it, x ${DSO_DAYS}; invoices voided by then left out.`,
  unit: 'days',
  kind: 'snapshot',
  additivity: 'ratio',
  grain: 'one invoice',
  synonyms: [
    'dso',
    'days sales outstanding',
    'days to pay',
    'how long do customers take to pay',
    'debtor days',
    'average days to pay',
    'time to pay',
    'average payment time',
    'days to get paid',
    'how long until we get paid',
    'how long does it take to get paid',
    'wait for our money',
    'wait for payment',
    'how late do customers pay',
    'how quickly do customers pay',
    'how fast do customers pay',
    'average collection period',
    'collection period',
  ],
  measure: async (facts, scope) => {
    const { at, filter } = scope;
    const owed = await measureAmounts(facts, scope, withoutTax(await facts.invoicesOpenAt(at, filter)), {
      at,
    });
    const period = { ...scope.period, startAt: at - DSO_DAYS * DAY_MS + 1, endAt: at + 1 };
    const invoiced = (await facts.invoicesFinalizedIn(period, filter)).filter(
      ({ voidedAt }) => voidedAt === null || voidedAt > at,
    );
    const billed = await measureAmounts(facts, scope, withoutTax(invoiced));
    const contributions = [
      ...owed.contributions.map((row) => ({ ...row, original: null })),
      ...billed.contributions.map((row) => ({ ...row, amount: 0, base: row.amount, original: null })),
    ];
    return { contributions, rows: owed.rows + billed.rows, notes: [] };
  },
  total: (rows) => {
    const share = ratioOf(rows);
    return share === null ? null : share * DSO_DAYS;
  },
};

/** What is left of a paid amount for service that is still to come, half up in its own minor units. */
function unearned(minor: number, fromAt: number, toAt: number, at: number): number {
  const length = BigInt(toAt - fromAt);
  const left = BigInt(toAt - Math.max(at, fromAt));
  return length <= 0n || left <= 0n ? 0 : Number(divideHalfUp(BigInt(minor) * left, length));
}

export const deferredRevenue: Metric = {
  ...FLOW,
  name: 'deferred_revenue',
  title: 'Deferred revenue',
  words:
    'Of every invoice paid by the instant, its total less tax spread evenly over the time it pays for: the part that is still to come, at the rates of that day. Refunds and credit notes do not lower it.',
  kind: 'snapshot',
  additivity: 'snapshot',
  grain: 'one paid invoice',
  synonyms: [
    'deferred revenue',
    'deferred',
    'unearned revenue',
    'prepaid revenue',
    'revenue not yet earned',
    'contract liabilities',
    'deferred rev',
    'deferred income',
    'unearned income',
    'revenue deferred',
    'deferred balance',
    'deferred revenue balance',
    'prepayments',
    'revenue to be recognised',
    'unrecognised revenue',
    'unrecognized revenue',
    'unearned',
  ],
  measure: async (facts, scope): Promise<Measured> => {
    const { at, filter } = scope;
    const rows = (await facts.prepaidAt(at, filter)).map((row) => ({
      ...row,
      taxMinor: 0,
      amountMinor: unearned(row.amountMinor - row.taxMinor, row.serviceStartAt, row.serviceEndAt, at),
    }));
    return measureAmounts(facts, scope, rows, { at });
  },
};

export const COLLECTION_METRICS: readonly Metric[] = [
  collections,
  collectionRate,
  dso,
  paymentFailureRate,
  recoveredPayments,
  recoveryRate,
  deferredRevenue,
];
