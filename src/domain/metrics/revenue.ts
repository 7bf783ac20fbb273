import { convertAll } from './conversion.ts';
import { type AmountFact, CUSTOMER_TRAITS, type CustomerFact, type MetricFacts } from './facts.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ofCustomer,
  sumAmounts,
} from './metric.ts';

export function contribution(
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

/** What is owed or asked for includes the tax. */
export function withoutTax<T extends { taxMinor: number }>(rows: readonly T[]): (T & { taxMinor: 0 })[] {
  return rows.map((row) => ({ ...row, taxMinor: 0 }));
}

function merge(...parts: Measured[]): Measured {
  return {
    contributions: parts.flatMap((part) => part.contributions),
    rows: parts.reduce((sum, part) => sum + part.rows, 0),
    notes: parts.flatMap((part) => part.notes),
  };
}

export const DIMENSIONS = ['customer', 'plan', ...CUSTOMER_TRAITS, 'currency'] as const;
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
    'topline',
    'top line',
    'billings',
    'total revenue',
    'billed revenue',
    'invoiced revenue',
    'revenue before refunds',
    'total sales',
    'gross sales',
    'gross income',
    'how much did we bill',
    'how much did we invoice',
    'did we bill',
    'did we invoice',
    'how much did we sell',
    'did we sell',
    'how much have we made',
    'how much have we earned',
    'how much money have we made',
    'earnings',
    'takings',
    'proceeds',
    'amount billed',
    'amount invoiced',
    'invoiced amount',
    'did we take in',
    'how much did we take in',
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
    'refund volume',
    'refund amount',
    'money refunded',
    'total refunds',
    'total refunded',
    'refunded amount',
    'did we give back',
    'give back to customers',
    'paid back',
    'did we pay back',
    'refund sum',
    'value of refunds',
    'money returned',
    'returned to customers',
    'refund value',
    'refunded money',
    'how much was refunded',
    'how much got refunded',
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
  synonyms: [
    'net revenue',
    'revenue net',
    'revenue after refunds',
    'net sales',
    'net income',
    'revenue net of refunds',
    'revenue less refunds',
    'revenue minus refunds',
    'net of refunds',
    'revenue after credits',
    'sales after refunds',
    'sales net of refunds',
    'net takings',
    'net billings',
    'net turnover',
  ],
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

export const REVENUE_METRICS: readonly Metric[] = [revenueGross, revenueNet, refunds];
