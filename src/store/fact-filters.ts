import { type RawBuilder, sql } from 'kysely';
import {
  CUSTOMER_TRAITS,
  type CustomerFact,
  type CustomerTrait,
  type FactFilter,
} from '../domain/metrics/facts.ts';
import type { Period } from '../domain/types.ts';

/** How facts of every kind are narrowed and whose they are. Plain SQL that every engine understands. */

export type Condition = RawBuilder<unknown>;

export function within(column: string, { startAt, endAt }: Period): Condition {
  return sql`${sql.ref(column)} >= ${startAt} AND ${sql.ref(column)} < ${endAt}`;
}

/** The plan of a subscription by the company's own name for it, where its history is known; Stripe's name else. */
export function planOf(subscription: 's' | 'p'): RawBuilder<unknown> {
  const id = sql.ref(`${subscription}.id`);
  return sql`COALESCE((SELECT known.plan FROM subscription_versions known WHERE known.subscription_id = ${id}
    ORDER BY known.version DESC LIMIT 1), ${sql.ref(`${subscription}.plan`)})`;
}

/** The plan a customer is on: of the latest subscription, running ones first. */
export const currentPlan = sql`(SELECT ${planOf('p')} FROM subscriptions p WHERE p.customer_id = c.id
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
  for (const trait of CUSTOMER_TRAITS) {
    const wanted = filter[trait];
    if (wanted !== undefined) conditions.push(sql`lower(${TRAIT_COLUMNS[trait]}) = ${wanted.toLowerCase()}`);
  }
  if (filter.plan !== undefined) conditions.push(sql`lower(${columns.plan}) = ${filter.plan.toLowerCase()}`);
  if (filter.currency !== undefined) {
    conditions.push(sql`upper(${sql.ref(columns.currency)}) = ${filter.currency.toUpperCase()}`);
  }
  const column = {
    ...TRAIT_COLUMNS,
    customer: sql.ref(columns.customer),
    plan: columns.plan,
    currency: sql.ref(columns.currency),
  };
  for (const trait of LISTED) {
    const [any, none] = [filter.any?.[trait], filter.none?.[trait]];
    if (any)
      conditions.push(any.length === 0 ? sql`1 = 0` : sql`lower(${column[trait]}) IN (${lowered(any)})`);
    if (none && none.length > 0) {
      conditions.push(sql`(${column[trait]} IS NULL OR lower(${column[trait]}) NOT IN (${lowered(none)}))`);
    }
  }
  return sql.join(conditions, sql` AND `);
}

const LISTED = [...CUSTOMER_TRAITS, 'customer', 'plan', 'currency'] as const;

function lowered(values: readonly string[]): Condition {
  return sql.join(values.map((value) => sql`${value.toLowerCase()}`));
}

export const BY_CUSTOMER = { currency: 'c.currency', plan: currentPlan } as const;

/** Where a trait stands in `c` (customers). */
export const TRAIT_COLUMNS: Readonly<Record<CustomerTrait, Condition>> = {
  country: sql`c.country`,
  region: sql`c.region`,
  segment: sql`c.segment`,
  channel: sql`c.channel`,
  owner: sql`c.owner_email`,
};

/** The columns of `c` that `customerOf` reads, besides the currency. */
export const OF_CUSTOMER = sql`c.name AS customer_name, c.country, c.region, c.segment, c.channel, c.owner_email`;

export interface CustomerRow {
  customer_id: string;
  customer_name: string | null;
  country: string | null;
  region: string | null;
  segment: string | null;
  channel: string | null;
  owner_email: string | null;
  currency: string | null;
}

/** A row whose customer has not arrived yet goes by its id. */
export function customerOf(row: CustomerRow): CustomerFact {
  return {
    customerId: row.customer_id,
    customerName: row.customer_name ?? row.customer_id,
    country: row.country ?? '',
    region: row.region ?? '',
    segment: row.segment ?? '',
    channel: row.channel ?? '',
    owner: row.owner_email ?? '',
    currency: (row.currency ?? '').toUpperCase(),
  };
}
