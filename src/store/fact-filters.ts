import { type RawBuilder, sql } from 'kysely';
import type { CustomerFact, FactFilter } from '../domain/metrics/facts.ts';
import type { Period } from '../domain/types.ts';

/** How facts of every kind are narrowed and whose they are. Plain SQL that every engine understands. */

export type Condition = RawBuilder<unknown>;

export function within(column: string, { startAt, endAt }: Period): Condition {
  return sql`${sql.ref(column)} >= ${startAt} AND ${sql.ref(column)} < ${endAt}`;
}

/** The plan a customer is on: of the latest subscription, running ones first. */
export const currentPlan = sql`(SELECT p.plan FROM subscriptions p WHERE p.customer_id = c.id
  ORDER BY CASE WHEN p.ended_at IS NULL THEN 0 ELSE 1 END, p.started_at DESC, p.id LIMIT 1)`;

/** The filter as conditions over `c` (customers) and the row's own columns. */
export function matching(
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

export const BY_CUSTOMER = { currency: 'c.currency', plan: currentPlan } as const;

export interface CustomerRow {
  customer_id: string;
  customer_name: string | null;
  country: string | null;
  currency: string | null;
}

/** A row whose customer has not arrived yet goes by its id. */
export function customerOf(row: CustomerRow): CustomerFact {
  return {
    customerId: row.customer_id,
    customerName: row.customer_name ?? row.customer_id,
    country: row.country ?? '',
    currency: (row.currency ?? '').toUpperCase(),
  };
}
