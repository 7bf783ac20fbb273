import { ALLOWANCES } from '../../sandbox/world/allowances.ts';
import type { InvoiceRecord, World } from '../../sandbox/world/records.ts';
import { knownAt } from '../../sandbox/world/ticket-ratings.ts';
import type { Store } from '../../src/store/open-store.ts';

const second = (at: number | null) => (at === null ? null : Math.floor(at / 1000) * 1000);
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** What an invoice's lines pay for; null where none of them lasts. */
function serviceOf({ lines }: InvoiceRecord): (number | null)[] {
  const spans = lines
    .map(({ periodStartAt, periodEndAt }) => [second(periodStartAt) ?? 0, second(periodEndAt) ?? 0] as const)
    .filter(([from, to]) => to > from);
  if (spans.length === 0) return [null, null];
  return [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
}

/** The company's records as the store should have them, table by table, as sorted lines. Stripe counts in seconds. */
export function expectedRows(world: World): Record<string, string[]> {
  const lines = <T>(rows: readonly T[], line: (row: T) => unknown[]) =>
    rows.map((row) => JSON.stringify(line(row))).sort(byText);
  return {
    customers: lines(world.all('customers'), (c) => [
      c.id,
      c.name,
      c.stripeId,
      c.currency,
      c.country,
      c.createdAt,
    ]),
    subscription_versions: lines(world.all('subscriptionVersions'), (v) => [
      v.subscriptionId,
      v.version,
      v.customerId,
      v.plan,
      v.status,
      v.unitAmount,
      v.quantity,
      v.discountPercent === null ? null : String(v.discountPercent),
      v.discountAmount,
      v.discountDuration,
      v.validFrom,
      v.validTo,
    ]),
    subscriptions: lines(world.all('subscriptions'), (s) => [
      s.id,
      s.customerId,
      s.status,
      s.currency,
      s.unitAmount,
      s.quantity,
      second(s.currentPeriodEndAt),
      second(s.trialEndAt),
      s.cancelAtPeriodEnd ? 1 : 0,
      second(s.endedAt),
    ]),
    invoices: lines(world.all('invoices'), (i) => [
      i.id,
      i.number,
      i.customerId,
      i.subscriptionId,
      i.status,
      i.currency,
      i.total,
      i.tax,
      i.amountDue,
      i.amountPaid,
      i.amountRemaining,
      i.attemptCount,
      second(i.createdAt),
      second(i.finalizedAt),
      second(i.paidAt),
      second(i.voidedAt),
      second(i.uncollectibleAt),
      ...serviceOf(i),
    ]),
    payments: lines(world.all('charges'), (c) => [
      c.id,
      c.customerId,
      c.invoiceId,
      c.status,
      c.currency,
      c.amount,
      c.amountRefunded,
      c.declineCode,
      c.disputed ? 1 : 0,
      second(c.createdAt),
    ]),
    refunds: lines(world.all('refunds'), (r) => [
      r.id,
      r.chargeId,
      r.customerId,
      r.status,
      r.amount,
      second(r.createdAt),
    ]),
    credit_notes: lines(world.all('creditNotes'), (n) => [
      n.id,
      n.invoiceId,
      n.customerId,
      n.status,
      n.amount,
    ]),
    plans: lines(ALLOWANCES, (p) => [p.plan, p.includedCalls, JSON.stringify(p.overagePrices)]),
    tickets: lines(rated(world), (t) => [
      t.id,
      t.customerId,
      t.subject,
      t.body,
      t.status,
      t.openedAt,
      t.firstResponseAt,
      t.closedAt,
      t.csatScore,
      t.ratedAt,
    ]),
    user_profiles: lines(world.all('userProfiles'), (u) => [u.id, u.customerId, u.email, u.fullName, u.role]),
    incidents: lines(world.all('incidents'), (i) => [i.id, i.severity, i.startedAt, i.endedAt]),
    usage: [JSON.stringify(usageOf(world))],
    performance: [JSON.stringify(performanceOf(world))],
  };
}

/** Tickets with the ratings that are known by now. */
const rated = (world: World) => world.all('tickets').map((ticket) => knownAt(ticket, world.now()));

function usageOf(world: World): unknown[] {
  const rows = world.usage({ fromAt: 0, toAt: world.now() + 1 });
  const sum = (pick: (row: (typeof rows)[number]) => number) =>
    rows.reduce((total, row) => total + pick(row), 0);
  return [rows.length, sum((row) => row.calls), sum((row) => row.errors4xx), sum((row) => row.errors5xx)];
}

function performanceOf(world: World): unknown[] {
  const rows = world.performance({ fromAt: 0, toAt: world.now() + 1 });
  return [rows.length, rows.reduce((total, row) => total + row.calls, 0)];
}

const QUERIES: Record<string, string> = {
  customers: 'SELECT id, name, stripe_customer_id, currency, country, signed_up_at FROM customers',
  subscription_versions: `SELECT subscription_id, version, customer_id, plan, status, unit_amount_minor, quantity,
    discount_percent, discount_amount_minor, discount_duration, valid_from, valid_to FROM subscription_versions`,
  subscriptions: `SELECT id, customer_id, status, currency, unit_amount_minor, quantity, current_period_end_at,
    trial_end_at, cancel_at_period_end, ended_at FROM subscriptions`,
  invoices: `SELECT id, number, customer_id, subscription_id, status, currency, total_minor, tax_minor, amount_due_minor,
    amount_paid_minor, amount_remaining_minor, attempt_count, created_at, finalized_at, paid_at, voided_at,
    uncollectible_at, service_start_at, service_end_at FROM invoices`,
  payments: `SELECT id, customer_id, invoice_id, status, currency, amount_minor, amount_refunded_minor, decline_code,
    disputed, created_at FROM payments`,
  refunds: 'SELECT id, payment_id, customer_id, status, amount_minor, created_at FROM refunds',
  credit_notes: 'SELECT id, invoice_id, customer_id, status, amount_minor FROM credit_notes',
  plans: 'SELECT id, included_calls, overage_prices FROM plans',
  tickets: `SELECT id, customer_id, subject, body, status, opened_at, first_response_at, closed_at, csat_score,
    csat_rated_at FROM tickets`,
  user_profiles: 'SELECT id, customer_id, email, full_name, role FROM user_profiles',
  incidents: 'SELECT id, severity, started_at, ended_at FROM incidents',
  usage: 'SELECT COUNT(*), SUM(calls), SUM(errors_4xx), SUM(errors_5xx) FROM usage_daily',
  performance: 'SELECT COUNT(*), SUM(calls) FROM performance_hourly',
};

export function storedRows(store: Store): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(QUERIES).map(([table, query]) => [
      table,
      store.sqlite
        .prepare<[], unknown[]>(query)
        .raw()
        .all()
        .map((row) => JSON.stringify(row))
        .sort(byText),
    ]),
  );
}

/** Every row of every synced table, to the letter, but for when it was last seen. */
export function everything(store: Store): string {
  const tables = Object.keys(QUERIES).map((table) =>
    table === 'usage' ? 'usage_daily' : table === 'performance' ? 'performance_hourly' : table,
  );
  return JSON.stringify(
    [...tables, 'invoice_payments', 'fx_rates'].map((table) =>
      store.sqlite
        .prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`)
        .all()
        .map(({ seen_at: _seen, ...row }) => JSON.stringify(row))
        .sort(byText),
    ),
  );
}
