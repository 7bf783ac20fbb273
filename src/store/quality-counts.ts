import type Database from 'better-sqlite3';
import { EVENTS_WITHIN_MS } from '../domain/billing/usage-store.ts';
import type { QualityRuleId } from '../domain/quality/rules.ts';

/** Sources change one after the other: rows younger than this are not held against others yet. */
const SETTLED_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;
const USAGE_DAYS = 14;
/** Usage and performance may be counted a moment apart. */
const TOLERANCE = 0.01;

/** Null: what it takes to tell has not been read. */
type Counted = Record<QualityRuleId, (nowAt: number) => { bad: number; of: number } | null>;

const KNOWN = 'SELECT id FROM customers';

/** Everything made before this instant is in the balance as it was read. */
const MOVED = 'MIN(@settled, (SELECT MAX(seen_at) FROM balances))';
const IF_BALANCE_READ = 'CASE WHEN EXISTS (SELECT 1 FROM balances) THEN COUNT(*) END';

/** Records of a kind that left no movement of this category in the balance, or one of another amount. */
function unmoved(table: 'payments' | 'refunds', category: 'charge' | 'refund', sign: '' | '-'): string {
  return `SELECT ${IF_BALANCE_READ} AS "of",
      SUM(m.amount IS NULL OR (m.converted = 0 AND m.amount <> ${sign}r.amount_minor)) AS bad
    FROM ${table} r LEFT JOIN (SELECT source_id, SUM(amount_minor) AS amount, MAX(converted) AS converted
      FROM balance_transactions WHERE category = '${category}' GROUP BY source_id) m ON m.source_id = r.id
    WHERE r.status = 'succeeded' AND r.amount_minor > 0 AND r.created_at < ${MOVED}`;
}

/** Bad rows and all rows by rule, no number of rows where it cannot be told. `@settled` is the instant before which rows should have found each other. */
const COUNTS: Record<Exclude<QualityRuleId, 'usage_not_as_served'>, string> = {
  invoices_without_dates: `SELECT COUNT(*) AS "of", SUM(
      (status IN ('open', 'paid', 'uncollectible') AND (finalized_at IS NULL OR number IS NULL OR number = ''))
      OR (status = 'paid' AND paid_at IS NULL)
      OR (status = 'void' AND finalized_at IS NOT NULL AND voided_at IS NULL)) AS bad FROM invoices`,
  subscriptions_without_end: `SELECT COUNT(*) AS "of", SUM(status = 'canceled' AND ended_at IS NULL) AS bad FROM subscriptions`,
  failures_without_reason: `SELECT COUNT(*) AS "of", SUM(decline_code IS NULL OR decline_code = '') AS bad
    FROM payments WHERE status = 'failed'`,
  invoice_numbers_twice: `SELECT (SELECT COUNT(*) FROM invoices) AS "of", COALESCE(SUM(n), 0) AS bad FROM
    (SELECT COUNT(*) AS n FROM invoices WHERE number IS NOT NULL GROUP BY number HAVING COUNT(*) > 1)`,
  invoices_paid_twice: `SELECT COUNT(*) AS "of", SUM(paid > amount_paid_minor AND times > 1) AS bad FROM
    (SELECT i.amount_paid_minor, SUM(p.amount_minor) AS paid, COUNT(*) AS times FROM payments p
     JOIN invoices i ON i.id = p.invoice_id WHERE p.status = 'succeeded' AND p.created_at < @settled
     GROUP BY p.invoice_id)`,
  payments_of_nobody: `SELECT COUNT(*) AS "of", SUM(customer_id NOT IN (${KNOWN})) AS bad FROM payments WHERE created_at < @settled`,
  invoices_of_nobody: `SELECT COUNT(*) AS "of", SUM(customer_id NOT IN (${KNOWN})) AS bad FROM invoices WHERE created_at < @settled`,
  subscriptions_of_nobody: `SELECT COUNT(*) AS "of", SUM(customer_id NOT IN (${KNOWN})) AS bad FROM subscriptions WHERE started_at < @settled`,
  payments_of_no_invoice: `SELECT COUNT(*) AS "of", SUM(invoice_id NOT IN (SELECT id FROM invoices)) AS bad
    FROM payments WHERE invoice_id IS NOT NULL AND created_at < @settled`,
  refunds_of_nothing: `SELECT COUNT(*) AS "of", SUM(payment_id NOT IN (SELECT id FROM payments)) AS bad
    FROM refunds WHERE created_at < @settled`,
  credit_notes_of_nothing: `SELECT COUNT(*) AS "of", SUM(invoice_id NOT IN (SELECT id FROM invoices)) AS bad
    FROM credit_notes WHERE created_at < @settled`,
  invoices_not_as_paid: `SELECT COUNT(*) AS "of", SUM(p.paid IS NOT NULL AND p.paid <> i.amount_paid_minor AND NOT (p.times > 1 AND p.paid > i.amount_paid_minor)) AS bad
    FROM invoices i LEFT JOIN (SELECT invoice_id, SUM(amount_minor) AS paid, COUNT(*) AS times FROM payments
      WHERE status = 'succeeded' GROUP BY invoice_id) p ON p.invoice_id = i.id
    WHERE i.status = 'paid' AND i.amount_paid_minor > 0 AND i.paid_at < @settled`,
  invoices_not_as_lines: `SELECT CASE WHEN COUNT(lines_total_minor) > 0 OR COUNT(*) = 0 THEN COUNT(lines_total_minor) END AS "of",
      SUM(lines_total_minor <> total_minor) AS bad FROM invoices`,
  payments_not_in_balance: unmoved('payments', 'charge', ''),
  refunds_not_in_balance: unmoved('refunds', 'refund', '-'),
  movements_of_nothing: `SELECT ${IF_BALANCE_READ} AS "of", SUM(source_id NOT IN (SELECT id FROM payments UNION ALL SELECT id FROM refunds)) AS bad
    FROM balance_transactions WHERE category IN ('charge', 'refund') AND created_at < @settled`,
  movements_not_net: `SELECT ${IF_BALANCE_READ} AS "of", SUM(net_minor <> amount_minor - fee_minor) AS bad FROM balance_transactions`,
  balances_not_as_moved: `SELECT CASE WHEN COUNT(b.amount_minor) > 0 THEN COUNT(b.amount_minor) END AS "of",
      SUM(b.amount_minor <> COALESCE(m.net, 0)) AS bad
    FROM balances b LEFT JOIN (SELECT currency, SUM(net_minor) AS net FROM balance_transactions GROUP BY currency) m
      ON m.currency = b.currency`,
  closed_tickets_without_date: `SELECT COUNT(*) AS "of", SUM((status = 'closed') <> (closed_at IS NOT NULL)) AS bad FROM tickets`,
  ratings_without_date: `SELECT COUNT(*) AS "of", SUM(csat_score IS NULL OR csat_rated_at IS NULL) AS bad
    FROM tickets WHERE csat_score IS NOT NULL OR csat_rated_at IS NOT NULL`,
  profiles_without_address: `SELECT COUNT(*) AS "of", SUM(email = '' OR email NOT LIKE '%@%') AS bad FROM user_profiles`,
  profiles_twice: `SELECT (SELECT COUNT(*) FROM user_profiles) AS "of", COALESCE(SUM(n), 0) AS bad FROM
    (SELECT COUNT(*) AS n FROM user_profiles GROUP BY customer_id, email, role HAVING COUNT(*) > 1)`,
  tickets_twice: `SELECT (SELECT COUNT(*) FROM tickets) AS "of", COALESCE(SUM(n), 0) AS bad FROM
    (SELECT COUNT(*) AS n FROM tickets GROUP BY customer_id, subject, opened_at HAVING COUNT(*) > 1)`,
  versions_at_once: `SELECT (SELECT COUNT(DISTINCT subscription_id) FROM subscription_versions) AS "of", COUNT(*) AS bad FROM
    (SELECT subscription_id FROM subscription_versions WHERE valid_to IS NULL GROUP BY subscription_id HAVING COUNT(*) > 1)`,
  tickets_of_nobody: `SELECT COUNT(*) AS "of", SUM(customer_id NOT IN (${KNOWN})) AS bad FROM tickets WHERE opened_at < @settled`,
  profiles_of_nobody: `SELECT COUNT(*) AS "of", SUM(customer_id NOT IN (${KNOWN})) AS bad FROM user_profiles WHERE created_at < @settled`,
  versions_of_nobody: `SELECT COUNT(*) AS "of", SUM(customer_id NOT IN (${KNOWN})) AS bad FROM subscription_versions WHERE valid_from < @settled`,
  versions_not_as_stripe: `SELECT COUNT(*) AS "of", SUM(v.subscription_id IS NULL OR v.status <> s.status OR v.currency <> s.currency
      OR v.unit_amount_minor <> s.unit_amount_minor OR v.quantity <> s.quantity) AS bad
    FROM subscriptions s LEFT JOIN subscription_versions v ON v.subscription_id = s.id AND v.valid_to IS NULL
    WHERE s.started_at < @settled AND COALESCE(v.updated_at, 0) < @settled`,
  customers_without_name: `SELECT COUNT(*) AS "of", SUM(name = '' OR email = '' OR currency = '') AS bad FROM customers`,
  customers_twice: `SELECT (SELECT COUNT(*) FROM customers) AS "of", COALESCE(SUM(n), 0) AS bad FROM
    (SELECT COUNT(*) AS n FROM customers WHERE domain <> '' GROUP BY name, domain HAVING COUNT(*) > 1)`,
  incidents_twice: `SELECT (SELECT COUNT(*) FROM incidents) AS "of", COALESCE(SUM(n), 0) AS bad FROM
    (SELECT COUNT(*) AS n FROM incidents GROUP BY title, started_at HAVING COUNT(*) > 1)`,
  usage_of_nobody: `SELECT COUNT(*) AS "of", SUM(customer_id NOT IN (${KNOWN})) AS bad FROM
    (SELECT DISTINCT customer_id FROM usage_daily WHERE bucket_start_at >= @settled - ${USAGE_DAYS * DAY_MS} AND bucket_start_at < @settled)`,
  // Among the unknown customers of the last minutes are those who have just joined.
  usage_events_refused: `SELECT (SELECT stored FROM usage_state) + COUNT(*) AS "of", SUM(received_at < @settled) AS bad
    FROM usage_dead_letters WHERE state = 'open'`,
  usage_events_not_as_daily: `SELECT COUNT(*) AS "of", SUM(calls <> metered) AS bad FROM
    (SELECT SUM(d.calls) AS calls, COALESCE((SELECT SUM(r.sum_units) FROM usage_rollups r
       WHERE r.hour >= d.bucket_start_at / 3600000 AND r.hour < COALESCE(
         (SELECT MIN(n.bucket_start_at) FROM usage_daily n WHERE n.bucket_start_at > d.bucket_start_at), 0) / 3600000
       AND r.meter_no = (SELECT no FROM usage_names WHERE name = 'api_calls')), 0) AS metered
     FROM usage_daily d WHERE d.bucket_start_at >= @settled - ${USAGE_DAYS * DAY_MS} AND d.bucket_start_at <
       (SELECT MIN(through_at) - ${EVENTS_WITHIN_MS} FROM usage_feeds WHERE source = 'psizero')
     GROUP BY d.bucket_start_at)`,
};

/** Prepares every count once. */
export function prepareQualityCounts(sqlite: Database.Database): Counted {
  const entries = Object.entries(COUNTS).map(([id, sql]) => {
    const statement = sqlite.prepare<[{ settled: number }], { bad: number | null; of: number | null }>(sql);
    const count = (nowAt: number) => {
      const row = statement.get({ settled: nowAt - SETTLED_MS });
      return row?.of == null ? null : { bad: row.bad ?? 0, of: row.of };
    };
    return [id, count] as const;
  });
  // Every key of COUNTS is a rule's id.
  const counted = Object.fromEntries(entries) as Omit<Counted, 'usage_not_as_served'>;
  return { ...counted, usage_not_as_served: prepareServedDays(sqlite) };
}

/** Complete company days of usage whose calls are not those of the platform's hours. */
function prepareServedDays(sqlite: Database.Database): Counted['usage_not_as_served'] {
  const days = sqlite.prepare<[number, number], { startAt: number; calls: number }>(
    `SELECT bucket_start_at AS startAt, SUM(calls) AS calls FROM usage_daily
     WHERE bucket_start_at >= ? AND bucket_start_at < ? GROUP BY bucket_start_at ORDER BY bucket_start_at`,
  );
  const served = sqlite.prepare<[number, number], { calls: number | null }>(
    'SELECT SUM(calls) AS calls FROM performance_hourly WHERE bucket_start_at >= ? AND bucket_start_at < ?',
  );
  return (nowAt) => {
    const all = days.all(nowAt - (USAGE_DAYS + 1) * DAY_MS, nowAt);
    let bad = 0;
    let of = 0;
    all.forEach((day, index) => {
      const next = all[index + 1];
      // The newest day is not over; a day after a gap has no known end.
      if (next === undefined || next.startAt - day.startAt > 1.1 * DAY_MS) return;
      of += 1;
      const calls = served.get(day.startAt, next.startAt)?.calls ?? 0;
      if (Math.abs(calls - day.calls) > TOLERANCE * Math.max(calls, day.calls)) bad += 1;
    });
    return { bad, of };
  };
}
