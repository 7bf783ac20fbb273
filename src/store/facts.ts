import { type Kysely, type RawBuilder, sql } from 'kysely';
import type {
  AmountFact,
  CustomerFact,
  FactFilter,
  InvoiceFact,
  MetricFacts,
  SubscriptionFact,
  UsageFact,
  UsageGroup,
} from '../domain/metrics/facts.ts';
import type { Period } from '../domain/types.ts';
import { SystemError } from '../lib/errors.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

type Db = Kysely<Schema>;
type Condition = RawBuilder<unknown>;

/**
 * Reads what the metric engine asks for. Counts of usage are added up here; money comes as rows, because each
 * is converted at the rate of its own day. Plain SQL that every engine understands.
 */
export function createMetricFacts(store: Pick<Store, 'db'>): MetricFacts {
  const { db } = store;
  return {
    subscriptionsAt: (at, filter) =>
      versions(db, filter, sql`v.valid_from <= ${at} AND (v.valid_to IS NULL OR v.valid_to > ${at})`),
    // A version that ends as the period begins still tells what was lost at that instant.
    subscriptionsTouching: ({ startAt, endAt }, filter) =>
      versions(db, filter, sql`v.valid_from < ${endAt} AND (v.valid_to IS NULL OR v.valid_to >= ${startAt})`),
    invoicesPaidIn: (period, filter) =>
      invoices(db, filter, within('i.paid_at', period), { amount: 'i.total_minor', at: 'i.paid_at' }),
    invoicesOpenAt: (at, filter) =>
      invoices(db, filter, openAt(at), { amount: 'i.amount_due_minor', at: 'i.finalized_at' }),
    refundsIn: (period, filter) => refunds(db, period, filter),
    creditNotesIn: (period, filter) => creditNotes(db, period, filter),
    failedPaymentsIn: (period, filter) => failedPayments(db, period, filter),
    signupsIn: (period, filter) => signups(db, period, filter),
    ticketsOpenAt: (at, filter) => openTickets(db, at, filter),
    usageIn: (period, filter, groupBy) => usage(db, period, filter, groupBy),
    latencyIn: (period) => latency(db, period),
    incidentsTouching: (period) => incidents(db, period),
    fxRates: async ({ fromDay, toDay }) => {
      const { rows } = await sql<{ day: string; currency: string; rate: string }>`
        SELECT day, upper(currency) AS currency, rate FROM fx_rates
        WHERE day >= ${fromDay} AND day <= ${toDay}`.execute(db);
      return rows;
    },
  };
}

function within(column: string, { startAt, endAt }: Period): Condition {
  return sql`${sql.ref(column)} >= ${startAt} AND ${sql.ref(column)} < ${endAt}`;
}

function openAt(at: number): Condition {
  const notYet = (column: string) => sql`(${sql.ref(column)} IS NULL OR ${sql.ref(column)} > ${at})`;
  return sql`i.finalized_at <= ${at} AND ${notYet('i.paid_at')} AND ${notYet('i.voided_at')}
    AND ${notYet('i.uncollectible_at')}`;
}

/** The plan a customer is on: of the latest subscription, running ones first. */
const currentPlan = sql`(SELECT p.plan FROM subscriptions p WHERE p.customer_id = c.id
  ORDER BY CASE WHEN p.ended_at IS NULL THEN 0 ELSE 1 END, p.started_at DESC, p.id LIMIT 1)`;

/** The filter as conditions over `c` (customers) and the row's own columns. */
function matching(
  filter: FactFilter,
  columns: { customer: string; currency: string; plan: RawBuilder<unknown> },
): Condition {
  const conditions: Condition[] = [sql`1 = 1`];
  if (filter.customerId !== undefined) {
    conditions.push(sql`${sql.ref(columns.customer)} = ${filter.customerId}`);
  }
  if (filter.country !== undefined) conditions.push(sql`upper(c.country) = ${filter.country.toUpperCase()}`);
  if (filter.plan !== undefined) conditions.push(sql`lower(${columns.plan}) = ${filter.plan.toLowerCase()}`);
  if (filter.currency !== undefined) {
    conditions.push(sql`upper(${sql.ref(columns.currency)}) = ${filter.currency.toUpperCase()}`);
  }
  return sql.join(conditions, sql` AND `);
}

interface CustomerRow {
  customer_id: string;
  customer_name: string | null;
  country: string | null;
  currency: string | null;
}

/** A row whose customer has not arrived yet goes by its id. */
function customerOf(row: CustomerRow): CustomerFact {
  return {
    customerId: row.customer_id,
    customerName: row.customer_name ?? row.customer_id,
    country: row.country ?? '',
    currency: (row.currency ?? '').toUpperCase(),
  };
}

async function versions(db: Db, filter: FactFilter, valid: Condition): Promise<SubscriptionFact[]> {
  const narrowed = matching(filter, {
    customer: 'v.customer_id',
    currency: 'v.currency',
    plan: sql`v.plan`,
  });
  const { rows } = await sql<Schema['subscription_versions'] & CustomerRow>`
    SELECT v.*, c.name AS customer_name, c.country
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

async function invoices(
  db: Db,
  filter: FactFilter,
  chosen: Condition,
  columns: { amount: string; at: string },
): Promise<InvoiceFact[]> {
  const narrowed = matching(filter, {
    customer: 'i.customer_id',
    currency: 'i.currency',
    plan: sql`s.plan`,
  });
  const { rows } = await sql<AmountRow & { tax_minor: number; due_at: number | null }>`
    SELECT i.id, i.customer_id, i.currency, i.tax_minor, i.due_at, ${sql.ref(columns.amount)} AS amount,
      ${sql.ref(columns.at)} AS at, c.name AS customer_name, c.country, s.plan
    FROM invoices i LEFT JOIN customers c ON c.id = i.customer_id
      LEFT JOIN subscriptions s ON s.id = i.subscription_id
    WHERE ${chosen} AND ${narrowed}`.execute(db);
  return rows.map((row) => ({ ...amountOf(row), taxMinor: row.tax_minor, dueAt: row.due_at }));
}

async function refunds(db: Db, period: Period, filter: FactFilter): Promise<AmountFact[]> {
  const narrowed = matching(filter, {
    customer: 'r.customer_id',
    currency: 'r.currency',
    plan: sql`s.plan`,
  });
  const { rows } = await sql<AmountRow>`
    SELECT r.id, r.customer_id, r.currency, r.amount_minor AS amount, r.created_at AS at,
      c.name AS customer_name, c.country, s.plan
    FROM refunds r LEFT JOIN customers c ON c.id = r.customer_id
      LEFT JOIN payments p ON p.id = r.payment_id
      LEFT JOIN invoices i ON i.id = p.invoice_id LEFT JOIN subscriptions s ON s.id = i.subscription_id
    WHERE r.status = 'succeeded' AND ${within('r.created_at', period)} AND ${narrowed}`.execute(db);
  return rows.map(amountOf);
}

async function creditNotes(db: Db, period: Period, filter: FactFilter): Promise<AmountFact[]> {
  const narrowed = matching(filter, {
    customer: 'n.customer_id',
    currency: 'n.currency',
    plan: sql`s.plan`,
  });
  const { rows } = await sql<AmountRow>`
    SELECT n.id, n.customer_id, n.currency, n.amount_minor AS amount, n.created_at AS at,
      c.name AS customer_name, c.country, s.plan
    FROM credit_notes n LEFT JOIN customers c ON c.id = n.customer_id
      LEFT JOIN invoices i ON i.id = n.invoice_id LEFT JOIN subscriptions s ON s.id = i.subscription_id
    WHERE n.status = 'issued' AND ${within('n.created_at', period)} AND ${narrowed}`.execute(db);
  return rows.map(amountOf);
}

async function failedPayments(db: Db, period: Period, filter: FactFilter): Promise<AmountFact[]> {
  const narrowed = matching(filter, {
    customer: 'p.customer_id',
    currency: 'p.currency',
    plan: sql`s.plan`,
  });
  const { rows } = await sql<AmountRow>`
    SELECT p.id, p.customer_id, p.currency, p.amount_minor AS amount, p.created_at AS at,
      c.name AS customer_name, c.country, s.plan
    FROM payments p LEFT JOIN customers c ON c.id = p.customer_id
      LEFT JOIN invoices i ON i.id = p.invoice_id LEFT JOIN subscriptions s ON s.id = i.subscription_id
    WHERE p.status = 'failed' AND ${within('p.created_at', period)} AND ${narrowed}`.execute(db);
  return rows.map(amountOf);
}

const BY_CUSTOMER = { currency: 'c.currency', plan: currentPlan } as const;

async function signups(db: Db, period: Period, filter: FactFilter): Promise<CustomerFact[]> {
  const narrowed = matching(filter, { customer: 'c.id', ...BY_CUSTOMER });
  const { rows } = await sql<CustomerRow>`
    SELECT c.id AS customer_id, c.name AS customer_name, c.country, c.currency FROM customers c
    WHERE ${within('c.signed_up_at', period)} AND ${narrowed}`.execute(db);
  return rows.map(customerOf);
}

async function openTickets(db: Db, at: number, filter: FactFilter): Promise<CustomerFact[]> {
  const narrowed = matching(filter, { customer: 't.customer_id', ...BY_CUSTOMER });
  const { rows } = await sql<CustomerRow>`
    SELECT t.customer_id, c.name AS customer_name, c.country, c.currency
    FROM tickets t LEFT JOIN customers c ON c.id = t.customer_id
    WHERE t.opened_at <= ${at} AND (t.closed_at IS NULL OR t.closed_at > ${at}) AND ${narrowed}`.execute(db);
  return rows.map(customerOf);
}

const USAGE_GROUPS: Readonly<Record<UsageGroup, RawBuilder<unknown>>> = {
  customer: sql`u.customer_id`,
  country: sql`c.country`,
  category: sql`u.category`,
  day: sql`u.bucket_start_at`,
  plan: currentPlan,
};

interface UsageRow {
  name: string | number | null;
  calls: number;
  e4: number;
  e5: number;
  n: number;
}

/** Usage summed by customer first: a customer's plan is looked up once, not once a row. */
function perCustomer(chosen: Condition): Condition {
  return sql`(SELECT u.customer_id, SUM(u.calls) AS calls, SUM(u.errors_4xx) AS errors_4xx,
      SUM(u.errors_5xx) AS errors_5xx, COUNT(*) AS n
    FROM usage_daily u ${chosen} GROUP BY u.customer_id) u
    LEFT JOIN customers c ON c.id = u.customer_id`;
}

async function usage(
  db: Db,
  period: Period,
  filter: FactFilter,
  groupBy: UsageGroup | null,
): Promise<UsageFact[]> {
  const needsCustomer =
    groupBy === 'country' ||
    groupBy === 'plan' ||
    [filter.country, filter.currency, filter.plan].some((value) => value !== undefined);
  const joined = needsCustomer ? sql`LEFT JOIN customers c ON c.id = u.customer_id` : sql``;
  const narrowed = matching(filter, { customer: 'u.customer_id', ...BY_CUSTOMER });
  const chosen = sql`${joined} WHERE ${within('u.bucket_start_at', period)} AND ${narrowed}`;
  const counted = groupBy === 'plan' ? sql`SUM(u.n)` : sql`COUNT(*)`;
  const { rows } = await sql<UsageRow>`
    SELECT ${groupBy ? USAGE_GROUPS[groupBy] : sql`NULL`} AS name, COALESCE(SUM(u.calls), 0) AS calls,
      COALESCE(SUM(u.errors_4xx), 0) AS e4, COALESCE(SUM(u.errors_5xx), 0) AS e5, ${counted} AS n
    FROM ${groupBy === 'plan' ? perCustomer(chosen) : sql`usage_daily u ${chosen}`}
    ${groupBy ? sql`GROUP BY 1` : sql``}`.execute(db);
  return rows.map((row) => ({
    group: row.name === null ? null : String(row.name),
    calls: row.calls,
    errors4xx: row.e4,
    errors5xx: row.e5,
    rows: row.n,
  }));
}

async function latency(db: Db, period: Period): Promise<{ counts: number[]; hours: number }> {
  const { rows } = await sql<{ bucket_start_at: number; latency_counts: string }>`
    SELECT bucket_start_at, latency_counts FROM performance_hourly
    WHERE ${within('bucket_start_at', period)}`.execute(db);
  const counts: number[] = [];
  for (const row of rows) {
    for (const [index, count] of latencyCounts(row).entries()) counts[index] = (counts[index] ?? 0) + count;
  }
  return { counts, hours: rows.length };
}

function latencyCounts(row: { bucket_start_at: number; latency_counts: string }): number[] {
  const malformed = () =>
    new SystemError(
      'source_malformed',
      `The latency counts of ${new Date(row.bucket_start_at).toISOString()} are not a list of whole numbers.`,
    );
  let counts: unknown;
  try {
    counts = JSON.parse(row.latency_counts);
  } catch {
    throw malformed();
  }
  if (!Array.isArray(counts) || !counts.every(isCount)) throw malformed();
  return counts;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Major and critical incidents only: minor ones do not lower uptime. */
async function incidents(
  db: Db,
  { startAt, endAt }: Period,
): Promise<{ startedAt: number; endedAt: number | null }[]> {
  const { rows } = await sql<{ started_at: number; ended_at: number | null }>`
    SELECT started_at, ended_at FROM incidents
    WHERE severity IN ('major', 'critical') AND started_at < ${endAt}
      AND (ended_at IS NULL OR ended_at > ${startAt})`.execute(db);
  return rows.map((row) => ({ startedAt: row.started_at, endedAt: row.ended_at }));
}
