import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import type { AccountFacts, AccountUsage, CompanyDays } from '../domain/health/facts.ts';
import { leftWhen } from '../domain/health/stakes.ts';
import { dateAt, startOfDayAt } from '../domain/periods/calendar.ts';
import type { Store } from './open-store.ts';

/** What health is told from, read from the store. */
export interface HealthFacts {
  /** The company days that end by `toAt`, as many as `days`. */
  companyDays(toAt: number, days: number): Promise<CompanyDays>;
  /** When each customer's last live subscription ended by `at`; null while one lives. Who never had one is left out. */
  leftAt(at: number): Promise<Map<string, number | null>>;
  /** Accounts by id, in portions, so that nobody waits while all of them are read. */
  accounts(ids: readonly string[] | null, company: CompanyDays): AsyncGenerator<AccountFacts[]>;
}

/** Accounts read at a time. */
const PORTION = 100;
/** Records of money and support older than this say nothing of now. */
const RECORDS_DAYS = 200;
const DAY_MS = 86_400_000;

export function createHealthFacts(store: Pick<Store, 'db'>, tz: string): HealthFacts {
  const { db } = store;
  return {
    async companyDays(toAt, days) {
      const today = dateAt(toAt, tz);
      const bounds = Array.from({ length: days + 1 }, (_, index) =>
        startOfDayAt(today.subtract({ days: days - index }), tz),
      );
      const incidents = await db
        .selectFrom('incidents')
        .select(['started_at as startedAt', 'ended_at as endedAt'])
        .where('severity', 'in', ['major', 'critical'])
        .where((is) => is.or([is('ended_at', 'is', null), is('ended_at', '>', bounds[0] ?? 0)]))
        .execute();
      const categories = await db
        .selectFrom('usage_daily')
        .select('category')
        .distinct()
        .where('bucket_start_at', '>=', bounds.at(-29) ?? bounds[0] ?? 0)
        .where('bucket_start_at', '<', bounds.at(-1) ?? 0)
        .orderBy('category')
        .execute();
      const plans = await db.selectFrom('plans').select(['id', 'included_calls']).execute();
      return {
        bounds,
        incidents,
        categories: categories.map(({ category }) => category),
        allowances: new Map(plans.map(({ id, included_calls }) => [id, included_calls])),
      };
    },
    async leftAt(at) {
      const rows = await db
        .selectFrom('subscription_versions')
        .select(['customer_id as customerId', 'status', 'valid_from as validFrom', 'valid_to as validTo'])
        .execute();
      return new Map([...byCustomer(rows, (row) => row)].map(([id, states]) => [id, leftWhen(states, at)]));
    },
    async *accounts(ids, company) {
      const rows = await db
        .selectFrom('customers')
        .select(['id', 'name', 'segment', 'signed_up_at as signedUpAt'])
        .$if(ids !== null, (query) => query.where('id', 'in', [...(ids ?? [])]))
        .orderBy('id')
        .execute();
      for (let from = 0; from < rows.length; from += PORTION) {
        yield await portion(db, rows.slice(from, from + PORTION), company);
        await setImmediate();
      }
    },
  };
}

type Head = Pick<AccountFacts, 'id' | 'name' | 'segment' | 'signedUpAt'>;

async function portion(
  db: Store['db'],
  heads: readonly Head[],
  company: CompanyDays,
): Promise<AccountFacts[]> {
  const ids = heads.map(({ id }) => id);
  // Of days before the first one only as much as its windows reach back to.
  const sinceAt = (company.bounds[0] ?? 0) - RECORDS_DAYS * DAY_MS;
  const usage = await usageOf(db, ids, company);
  const [subscriptions, tickets, invoices, failed, people] = await Promise.all([
    subscriptionsOf(db, ids),
    ticketsOf(db, ids, sinceAt),
    invoicesOf(db, ids, sinceAt),
    failedOf(db, ids, sinceAt),
    peopleOf(db, ids),
  ]);
  return heads.map((head) => ({
    ...head,
    usage: usage.get(head.id) ?? emptyUsage(company),
    subscriptions: subscriptions.get(head.id) ?? [],
    tickets: tickets.get(head.id) ?? [],
    invoices: invoices.get(head.id) ?? [],
    failedPayments: failed.get(head.id) ?? [],
    people: people.get(head.id) ?? [],
  }));
}

function emptyUsage({ bounds }: CompanyDays): AccountUsage {
  const days = Math.max(0, bounds.length - 1);
  return {
    calls: new Float64Array(days),
    errors5xx: new Float64Array(days),
    reach: new Uint32Array(days),
  };
}

async function usageOf(
  db: Store['db'],
  ids: readonly string[],
  company: CompanyDays,
): Promise<Map<string, AccountUsage>> {
  const { bounds, categories } = company;
  const dayOf = new Map(bounds.map((bound, index) => [bound, index]));
  const bitOf = new Map(categories.map((name, index) => [name, index < 32 ? (1 << index) >>> 0 : 0]));
  const { rows } = await sql<{
    customer_id: string;
    at: number;
    category: string;
    calls: number;
    e5: number;
  }>`
    SELECT customer_id, bucket_start_at AS at, category, calls, errors_5xx AS e5 FROM usage_daily
    WHERE customer_id IN (${sql.join(ids)})
      AND bucket_start_at >= ${bounds[0] ?? 0} AND bucket_start_at < ${bounds.at(-1) ?? 0}`.execute(db);
  const usage = new Map<string, AccountUsage>();
  for (const row of rows) {
    const day = dayOf.get(row.at);
    if (day === undefined) continue;
    const own = usage.get(row.customer_id) ?? emptyUsage(company);
    usage.set(row.customer_id, own);
    own.calls[day] = (own.calls[day] ?? 0) + row.calls;
    own.errors5xx[day] = (own.errors5xx[day] ?? 0) + row.e5;
    if (row.calls > 0) own.reach[day] = (own.reach[day] ?? 0) | (bitOf.get(row.category) ?? 0);
  }
  return usage;
}

function byCustomer<R extends { customerId: string }, T>(
  rows: readonly R[],
  make: (row: R) => T,
): Map<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const row of rows) {
    const list = lists.get(row.customerId);
    if (list) list.push(make(row));
    else lists.set(row.customerId, [make(row)]);
  }
  return lists;
}

async function subscriptionsOf(db: Store['db'], ids: readonly string[]) {
  const rows = await db
    .selectFrom('subscription_versions')
    .selectAll()
    .where('customer_id', 'in', [...ids])
    .orderBy('subscription_id')
    .orderBy('version')
    .execute();
  return byCustomer(
    rows.map((row) => ({ ...row, customerId: row.customer_id })),
    (row): AccountFacts['subscriptions'][number] => ({
      customerId: row.customer_id,
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
    }),
  );
}

async function ticketsOf(db: Store['db'], ids: readonly string[], sinceAt: number) {
  const rows = await db
    .selectFrom('tickets')
    .selectAll()
    .where('customer_id', 'in', [...ids])
    .where('opened_at', '>=', sinceAt)
    .orderBy('opened_at')
    .orderBy('id')
    .execute();
  return byCustomer(
    rows.map((row) => ({ ...row, customerId: row.customer_id })),
    (row): AccountFacts['tickets'][number] => ({
      id: row.id,
      openedAt: row.opened_at,
      firstResponseAt: row.first_response_at,
      closedAt: row.closed_at,
      priority: row.priority,
      text: `${row.subject}. ${row.body}`,
      score: row.csat_score,
      ratedAt: row.csat_rated_at,
    }),
  );
}

async function invoicesOf(db: Store['db'], ids: readonly string[], sinceAt: number) {
  const rows = await db
    .selectFrom('invoices')
    .select(['id', 'customer_id as customerId', 'finalized_at', 'due_at', 'paid_at', 'voided_at'])
    .where('customer_id', 'in', [...ids])
    .where('finalized_at', '>=', sinceAt)
    .orderBy('finalized_at')
    .orderBy('id')
    .execute();
  return byCustomer(rows, (row): AccountFacts['invoices'][number] => ({
    id: row.id,
    finalizedAt: row.finalized_at ?? sinceAt,
    dueAt: row.due_at,
    paidAt: row.paid_at,
    voidedAt: row.voided_at,
  }));
}

async function failedOf(db: Store['db'], ids: readonly string[], sinceAt: number) {
  const { rows } = await sql<{ customerId: string; at: number; invoiceId: string | null }>`
    SELECT p.customer_id AS "customerId", p.created_at AS at, COALESCE(p.invoice_id, l.invoice_id) AS "invoiceId"
    FROM payments p LEFT JOIN invoice_payments l ON l.payment_intent_id = p.payment_intent_id
    WHERE p.customer_id IN (${sql.join(ids)}) AND p.status = 'failed' AND p.created_at >= ${sinceAt}
    ORDER BY p.created_at, p.id`.execute(db);
  return byCustomer(rows, ({ at, invoiceId }) => ({ at, invoiceId }));
}

async function peopleOf(db: Store['db'], ids: readonly string[]) {
  const rows = await db
    .selectFrom('user_profiles')
    .select(['customer_id as customerId', 'role', 'created_at as createdAt', 'last_seen_at as lastSeenAt'])
    .where('customer_id', 'in', [...ids])
    .orderBy('id')
    .execute();
  return byCustomer(rows, ({ role, createdAt, lastSeenAt }) => ({ role, createdAt, lastSeenAt }));
}
