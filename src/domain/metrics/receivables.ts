import { countOne } from './customers.ts';
import { CUSTOMER_TRAITS, type InvoiceFact, type MetricFacts } from './facts.ts';
import { type Measured, type Metric, type MetricScope, sumAmounts } from './metric.ts';
import { measureAmounts, withoutTax } from './revenue.ts';

const DIMENSIONS = ['customer', 'plan', ...CUSTOMER_TRAITS, 'currency'] as const;

export const receivablesOpen: Metric = {
  name: 'receivables_open',
  title: 'Receivables, open',
  words:
    'Amount due of invoices finalised by the instant and not paid, voided or written off by it, at the rates of that day.',
  version: 1,
  unit: 'money',
  grain: 'one open invoice',
  kind: 'snapshot',
  additivity: 'snapshot',
  owner: 'finance',
  sources: ['stripe', 'psizero'],
  dimensions: [...DIMENSIONS, 'age'],
  synonyms: [
    'open receivables',
    'receivables open',
    'receivables',
    'accounts receivable',
    'ar balance',
    'outstanding',
    'outstanding amount',
    'unpaid amount',
    'how much are we owed',
    'how much do customers owe',
    'owed',
    'ar',
    'total ar',
    'open ar',
    'outstanding receivables',
    'total outstanding',
    'total owed',
    'owed to us',
    'owed us',
    'do people owe us',
    'do customers owe us',
    'customers owe us',
    'everyone owe us',
    'money owed',
    'money outstanding',
    'unpaid total',
    'unpaid invoices total',
    'value of unpaid invoices',
    'sum of open invoices',
    'debtors',
    'open balance',
    'outstanding balance',
    'accounts receivable balance',
    'ar total',
    'unpaid balance',
    'are we owed',
    'ar aging',
    'ar ageing',
    'receivables aging',
    'receivables ageing',
    'aging report',
    'debt owed to us',
  ],
  narrows: true,
  measure: (facts, scope) => measureOwed(facts, scope, null),
  total: sumAmounts,
};

const DAY_MS = 86_400_000;

const dueOf = ({ dueAt, at }: InvoiceFact) => dueAt ?? at;

/** The upper end of each age of the report, in days overdue. */
const AGES = [30, 60, 90] as const;

/** Of so many milliseconds overdue: "not due", "1-30 days", "31-60 days", "61-90 days", "over 90 days". */
export function debtAge(late: number): string {
  if (late <= 0) return 'not due';
  const index = AGES.findIndex((days) => late <= days * DAY_MS);
  if (index < 0) return `over ${AGES.at(-1)} days`;
  return `${(AGES[index - 1] ?? 0) + 1}-${AGES[index]} days`;
}

/** Open invoices overdue by more than so many days; null takes them all. */
async function measureOwed(
  facts: MetricFacts,
  scope: MetricScope,
  moreThanDays: number | null,
): Promise<Measured> {
  const { at, filter } = scope;
  const open = await facts.invoicesOpenAt(at, filter);
  const rows =
    moreThanDays === null ? open : open.filter((invoice) => dueOf(invoice) < at - moreThanDays * DAY_MS);
  const measured = await measureAmounts(facts, scope, withoutTax(rows), { at });
  const contributions = measured.contributions.map((row, index) => {
    const invoice = rows[index];
    return invoice ? { ...row, age: debtAge(at - dueOf(invoice)) } : row;
  });
  return { ...measured, contributions };
}

export const receivablesOverdue: Metric = {
  ...receivablesOpen,
  name: 'receivables_overdue',
  title: 'Receivables, overdue',
  words:
    'Open receivables due before the instant; an invoice that is charged automatically is due when it is finalised.',
  grain: 'one overdue invoice',
  synonyms: [
    'overdue receivables',
    'receivables overdue',
    'overdue amount',
    'overdue',
    'past due amount',
    'late payments',
    'how much is overdue',
    'total overdue',
    'overdue total',
    'total past due',
    'past due total',
    'past due in total',
    'past due',
    'how much is past due',
    'overdue balance',
    'past due balance',
    'overdue money',
    'late money',
    'money overdue',
    'overdue ar',
    'past due ar',
    'overdue sum',
    'late receivables',
    'past due receivables',
    'delinquent amount',
    'delinquencies',
    'value of overdue invoices',
    'sum of overdue invoices',
    'arrears',
    'overdue debt',
  ],
  measure: (facts, scope) => measureOwed(facts, scope, 0),
};

function overdueBy(days: (typeof AGES)[number]): Metric {
  return {
    ...receivablesOverdue,
    name: `receivables_${days}`,
    title: `Receivables, ${days}+ days late`,
    words: `Open receivables due more than ${days} days before the instant.`,
    synonyms: [
      `receivables over ${days} days`,
      `overdue over ${days} days`,
      `overdue more than ${days} days`,
      `outstanding over ${days} days`,
      `outstanding more than ${days} days`,
      `owed over ${days} days`,
      `ar over ${days} days`,
      `ar older than ${days} days`,
      `receivables older than ${days} days`,
      `debt over ${days} days`,
      `over ${days} days late`,
      `over ${days} days overdue`,
      `more than ${days} days late`,
      `more than ${days} days overdue`,
      `${days} days overdue`,
      `${days} days past due`,
      `${days} days late`,
      `${days} plus days overdue`,
      `${days} plus days late`,
      `${days} day plus receivables`,
      `${days} day receivables`,
      `overdue ${days} plus`,
      `overdue by ${days} days`,
      `late over ${days} days`,
      `over ${days} days past due`,
      `past due over ${days} days`,
      `past due more than ${days} days`,
    ],
    measure: (facts, scope) => measureOwed(facts, scope, days),
  };
}

export const failedPayments: Metric = {
  name: 'failed_payments',
  title: 'Failed payments',
  words: 'Failed charges created in the period, every attempt counted.',
  version: 1,
  unit: 'count',
  grain: 'one charge',
  kind: 'flow',
  additivity: 'sum',
  owner: 'finance',
  sources: ['stripe'],
  dimensions: DIMENSIONS,
  synonyms: [
    'failed payments',
    'failed charges',
    'payments failed',
    'payment failures',
    'declined payments',
    'declines',
    'declined cards',
    'bounced payments',
    'payments bounced',
    'charges bounced',
    'charges failed',
    'charges declined',
    'cards declined',
    'payments declined',
    'payment declines',
    'unsuccessful payments',
    'rejected payments',
    'failed transactions',
    'failed card payments',
    'card failures',
    'card declines',
    'failing payments',
    'payments fail',
    'failed payment count',
  ],
  narrows: true,
  measure: async (facts, { period, filter }) => {
    const rows = await facts.failedPaymentsIn(period, filter);
    return { contributions: rows.map((row) => countOne(row, row.plan)), rows: rows.length, notes: [] };
  },
  total: sumAmounts,
};

export const RECEIVABLES_METRICS: readonly Metric[] = [
  receivablesOpen,
  receivablesOverdue,
  ...AGES.map(overdueBy),
  failedPayments,
];
