import { countOne } from './customers.ts';
import { CUSTOMER_TRAITS } from './facts.ts';
import { type Metric, sumAmounts } from './metric.ts';
import { measureAmounts } from './revenue.ts';

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
  dimensions: DIMENSIONS,
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
  ],
  narrows: true,
  measure: async (facts, scope) =>
    measureAmounts(facts, scope, withoutTax(await facts.invoicesOpenAt(scope.at, scope.filter)), {
      at: scope.at,
    }),
  total: sumAmounts,
};

/** What is owed includes the tax. */
function withoutTax<T extends { taxMinor: number }>(rows: readonly T[]): (T & { taxMinor: 0 })[] {
  return rows.map((row) => ({ ...row, taxMinor: 0 }));
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
  ],
  measure: async (facts, scope) => {
    const open = await facts.invoicesOpenAt(scope.at, scope.filter);
    const overdue = open.filter((invoice) => (invoice.dueAt ?? invoice.at) < scope.at);
    return measureAmounts(facts, scope, withoutTax(overdue), { at: scope.at });
  },
};

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
  ],
  narrows: true,
  measure: async (facts, { period, filter }) => {
    const rows = await facts.failedPaymentsIn(period, filter);
    return { contributions: rows.map((row) => countOne(row, row.plan)), rows: rows.length, notes: [] };
  },
  total: sumAmounts,
};

export const RECEIVABLES_METRICS: readonly Metric[] = [receivablesOpen, receivablesOverdue, failedPayments];
