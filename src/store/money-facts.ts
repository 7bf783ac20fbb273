import { sql } from 'kysely';
import type {
  AmountFact,
  FactFilter,
  InvoiceFact,
  MetricFacts,
  PaymentFact,
  SubscriptionFact,
} from '../domain/metrics/facts.ts';
import type { Period } from '../domain/types.ts';
import {
  type Condition,
  type CustomerRow,
  customerOf,
  matching,
  OF_CUSTOMER,
  planOf,
  within,
} from './fact-filters.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

type Db = Store['db'];

type MoneyFacts = Pick<
  MetricFacts,
  | 'subscriptionsAt'
  | 'subscriptionsTouching'
  | 'invoicesPaidIn'
  | 'invoicesFinalizedIn'
  | 'prepaidAt'
  | 'firstInvoicesPaid'
  | 'paymentsIn'
  | 'invoicesOpenAt'
  | 'refundsIn'
  | 'creditNotesIn'
  | 'failedPaymentsIn'
>;

/** Money comes as rows, because each is converted at the rate of its own day. */
export function moneyFacts(db: Db): MoneyFacts {
  return {
    subscriptionsAt: (at, filter) =>
      versions(db, filter, sql`v.valid_from <= ${at} AND (v.valid_to IS NULL OR v.valid_to > ${at})`),
    // A version that ends as the period begins still tells what was lost at that instant.
    subscriptionsTouching: ({ startAt, endAt }, filter) =>
      versions(db, filter, sql`v.valid_from < ${endAt} AND (v.valid_to IS NULL OR v.valid_to >= ${startAt})`),
    invoicesPaidIn: (period, filter) =>
      invoices(db, filter, within('i.paid_at', period), { amount: 'i.total_minor', at: 'i.paid_at' }),
    invoicesFinalizedIn: async (period, filter) => {
      const rows = await invoiceRows(db, filter, within('i.finalized_at', period), BILLED);
      return rows.map((row) => ({ ...invoiceOf(row), paidAt: row.paid_at, voidedAt: row.voided_at }));
    },
    prepaidAt: async (at, filter) => {
      const chosen = sql`i.service_end_at > ${at} AND i.paid_at <= ${at}`;
      const rows = await invoiceRows(db, filter, chosen, { amount: 'i.total_minor', at: 'i.paid_at' });
      return rows.map((row) => ({
        ...invoiceOf(row),
        serviceStartAt: row.service_start_at ?? row.at,
        serviceEndAt: row.service_end_at ?? row.at,
      }));
    },
    firstInvoicesPaid: async () => {
      const { rows } = await sql<{ subscriptionId: string; paidAt: number }>`
        SELECT subscription_id AS "subscriptionId", MIN(paid_at) AS "paidAt" FROM invoices
        WHERE subscription_id IS NOT NULL AND paid_at IS NOT NULL GROUP BY subscription_id`.execute(db);
      return rows;
    },
    paymentsIn: (period, filter) => payments(db, period, filter),
    invoicesOpenAt: (at, filter) => invoices(db, filter, openAt(at), BILLED),
    refundsIn: (period, filter) => amounts(db, REFUNDS, period, filter),
    creditNotesIn: (period, filter) => amounts(db, CREDIT_NOTES, period, filter),
    failedPaymentsIn: (period, filter) => amounts(db, FAILED_PAYMENTS, period, filter),
  };
}

function openAt(at: number): Condition {
  const notYet = (column: string) => sql`(${sql.ref(column)} IS NULL OR ${sql.ref(column)} > ${at})`;
  return sql`i.finalized_at <= ${at} AND ${notYet('i.paid_at')} AND ${notYet('i.voided_at')}
    AND ${notYet('i.uncollectible_at')}`;
}

async function versions(db: Db, filter: FactFilter, valid: Condition): Promise<SubscriptionFact[]> {
  const narrowed = matching(filter, {
    customer: 'v.customer_id',
    currency: 'v.currency',
    plan: sql`v.plan`,
  });
  const { rows } = await sql<Schema['subscription_versions'] & CustomerRow>`
    SELECT v.*, ${OF_CUSTOMER}
    FROM subscription_versions v LEFT JOIN customers c ON c.id = v.customer_id
    WHERE ${valid} AND ${narrowed}`.execute(db);
  return rows.map((row) => ({
    ...customerOf(row),
    subscriptionId: row.subscription_id,
    plan: row.plan,
    status: row.status,
    unitAmountMinor: row.unit_amount_minor,
    quantity: row.quantity,
    interval: row.interval,
    intervalCount: row.interval_count,
    discountPercent: row.discount_percent,
    discountAmountMinor: row.discount_amount_minor,
    discountDuration: row.discount_duration,
    cancelAt: row.cancel_at,
    validFrom: row.valid_from,
    validTo: row.valid_to,
  }));
}

interface AmountRow extends CustomerRow {
  id: string;
  at: number;
  amount: number;
  plan: string | null;
}

function amountOf(row: AmountRow): AmountFact {
  return { ...customerOf(row), id: row.id, at: row.at, amountMinor: row.amount, plan: row.plan };
}

const BILLED = { amount: 'i.amount_due_minor', at: 'i.finalized_at' };

type InvoiceRow = AmountRow &
  Pick<
    Schema['invoices'],
    'tax_minor' | 'due_at' | 'paid_at' | 'voided_at' | 'service_start_at' | 'service_end_at'
  >;

function invoiceOf(row: InvoiceRow): InvoiceFact {
  return { ...amountOf(row), taxMinor: row.tax_minor, dueAt: row.due_at };
}

async function invoices(...asked: Parameters<typeof invoiceRows>): Promise<InvoiceFact[]> {
  return (await invoiceRows(...asked)).map(invoiceOf);
}

async function invoiceRows(
  db: Db,
  filter: FactFilter,
  chosen: Condition,
  columns: { amount: string; at: string },
): Promise<InvoiceRow[]> {
  const narrowed = matching(filter, {
    customer: 'i.customer_id',
    currency: 'i.currency',
    plan: planOf('s'),
  });
  const { rows } = await sql<InvoiceRow>`
    SELECT i.id, i.customer_id, i.currency, i.tax_minor, i.due_at, i.paid_at, i.voided_at,
      i.service_start_at, i.service_end_at, ${sql.ref(columns.amount)} AS amount,
      ${sql.ref(columns.at)} AS at, ${OF_CUSTOMER}, ${planOf('s')} AS plan
    FROM invoices i LEFT JOIN customers c ON c.id = i.customer_id
      LEFT JOIN subscriptions s ON s.id = i.subscription_id
    WHERE ${chosen} AND ${narrowed}`.execute(db);
  return rows;
}

async function payments(db: Db, period: Period, filter: FactFilter): Promise<PaymentFact[]> {
  const narrowed = matching(filter, {
    customer: 'x.customer_id',
    currency: 'x.currency',
    plan: sql`s.plan`,
  });
  const { rows } = await sql<AmountRow & { status: string; debt: string; failed_before: number }>`
    SELECT x.id, x.customer_id, x.currency, x.amount_minor AS amount, x.created_at AS at, x.status,
      COALESCE(x.invoice_id, x.payment_intent_id, x.id) AS debt,
      CASE WHEN EXISTS (SELECT 1 FROM payments f WHERE f.invoice_id = x.invoice_id
          AND f.status = 'failed' AND f.created_at < x.created_at)
        OR EXISTS (SELECT 1 FROM payments f WHERE f.payment_intent_id = x.payment_intent_id
          AND f.status = 'failed' AND f.created_at < x.created_at) THEN 1 ELSE 0 END AS failed_before,
      ${OF_CUSTOMER}, s.plan
    FROM payments x LEFT JOIN invoices i ON i.id = x.invoice_id
      LEFT JOIN customers c ON c.id = x.customer_id
      LEFT JOIN subscriptions s ON s.id = i.subscription_id
    WHERE ${within('x.created_at', period)} AND ${narrowed}`.execute(db);
  return rows.map((row) => ({
    ...amountOf(row),
    status: row.status,
    debt: row.debt,
    failedBefore: row.failed_before === 1,
  }));
}

/** Amounts that came about in a period. `from` names the rows `x` and the invoice `i` whose plan they belong to. */
async function amounts(
  db: Db,
  from: { rows: Condition; status: string },
  period: Period,
  filter: FactFilter,
): Promise<AmountFact[]> {
  const narrowed = matching(filter, {
    customer: 'x.customer_id',
    currency: 'x.currency',
    plan: planOf('s'),
  });
  const { rows } = await sql<AmountRow>`
    SELECT x.id, x.customer_id, x.currency, x.amount_minor AS amount, x.created_at AS at,
      ${OF_CUSTOMER}, ${planOf('s')} AS plan
    FROM ${from.rows} LEFT JOIN customers c ON c.id = x.customer_id
      LEFT JOIN subscriptions s ON s.id = i.subscription_id
    WHERE x.status = ${from.status} AND ${within('x.created_at', period)} AND ${narrowed}`.execute(db);
  return rows.map(amountOf);
}

const REFUNDS = {
  rows: sql`refunds x LEFT JOIN payments p ON p.id = x.payment_id LEFT JOIN invoices i ON i.id = p.invoice_id`,
  status: 'succeeded',
};
const CREDIT_NOTES = {
  rows: sql`credit_notes x LEFT JOIN invoices i ON i.id = x.invoice_id`,
  status: 'issued',
};
const FAILED_PAYMENTS = {
  rows: sql`payments x LEFT JOIN invoices i ON i.id = x.invoice_id`,
  status: 'failed',
};
