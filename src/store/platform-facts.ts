import { type RawBuilder, sql } from 'kysely';
import {
  CUSTOMER_TRAITS,
  type CustomerUsageFact,
  type FactFilter,
  type IncidentFact,
  type MetricFacts,
  type UsageFact,
  type UsageGroup,
} from '../domain/metrics/facts.ts';
import type { Period } from '../domain/types.ts';
import { SystemError } from '../lib/errors.ts';
import {
  BY_CUSTOMER,
  type Condition,
  type CustomerRow,
  currentPlan,
  customerOf,
  matching,
  OF_CUSTOMER,
  TRAIT_COLUMNS,
  within,
} from './fact-filters.ts';
import type { Store } from './open-store.ts';

type Db = Store['db'];

type PlatformFacts = Pick<
  MetricFacts,
  'usageIn' | 'customerUsageIn' | 'latencyIn' | 'incidentsTouching' | 'incidentsDuring'
>;

/** What the platform did: counts are added up here, in the store. */
export function platformFacts(db: Db): PlatformFacts {
  return {
    usageIn: (period, filter, groupBy) => usage(db, period, filter, groupBy),
    customerUsageIn: (period, filter) => customerUsage(db, period, filter),
    latencyIn: (period) => latency(db, period),
    incidentsTouching: (period) => incidents(db, period, sql`severity IN ('major', 'critical')`),
    incidentsDuring: (period) => incidents(db, period, sql`1 = 1`),
  };
}

const USAGE_GROUPS: Readonly<Record<UsageGroup, RawBuilder<unknown>>> = {
  customer: sql`u.customer_id`,
  ...TRAIT_COLUMNS,
  category: sql`u.category`,
  day: sql`u.bucket_start_at`,
  plan: currentPlan,
};

/** Groups whose name stands with the customer rather than in the usage row. */
const GROUPED_BY_CUSTOMER: ReadonlySet<string> = new Set(['plan', ...CUSTOMER_TRAITS]);

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
    (groupBy !== null && GROUPED_BY_CUSTOMER.has(groupBy)) ||
    Object.entries(filter).some(([name, value]) => name !== 'customerId' && value !== undefined);
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

/** Summed by customer and category first, so that each customer is looked up once. */
async function customerUsage(db: Db, period: Period, filter: FactFilter): Promise<CustomerUsageFact[]> {
  const narrowed = matching(filter, { customer: 'u.customer_id', ...BY_CUSTOMER });
  const one = filter.customerId === undefined ? sql`1 = 1` : sql`customer_id = ${filter.customerId}`;
  const { rows } = await sql<
    CustomerRow & { plan: string | null; category: string; calls: number; n: number }
  >`
    SELECT u.customer_id, ${OF_CUSTOMER}, c.currency, ${currentPlan} AS plan, u.category, u.calls, u.n
    FROM (SELECT customer_id, category, SUM(calls) AS calls, COUNT(*) AS n FROM usage_daily
        WHERE ${within('bucket_start_at', period)} AND ${one} GROUP BY customer_id, category) u
      LEFT JOIN customers c ON c.id = u.customer_id
    WHERE ${narrowed}`.execute(db);
  return rows.map((row) => ({
    ...customerOf(row),
    plan: row.plan,
    category: row.category,
    calls: row.calls,
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

/** Ended at the very beginning counts as well: how long it took to end it belongs to the period. */
async function incidents(
  db: Db,
  { startAt, endAt }: Period,
  severities: RawBuilder<unknown>,
): Promise<IncidentFact[]> {
  const { rows } = await sql<{
    title: string;
    severity: string;
    started_at: number;
    ended_at: number | null;
  }>`
    SELECT title, severity, started_at, ended_at FROM incidents
    WHERE ${severities} AND started_at < ${endAt} AND (ended_at IS NULL OR ended_at >= ${startAt})`.execute(
    db,
  );
  return rows.map(({ started_at, ended_at, ...row }) => ({
    ...row,
    startedAt: started_at,
    endedAt: ended_at,
  }));
}
