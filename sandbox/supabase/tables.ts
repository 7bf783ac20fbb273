import type { SubscriptionVersionRecord, TicketRecord, UserProfileRecord, World } from '../world/records.ts';
import { knownAt } from '../world/ticket-ratings.ts';

export type Cell = string | number | null;
export type ColumnType = 'text' | 'number' | 'timestamptz';

export interface Table {
  name: string;
  columns: Record<string, ColumnType>;
  rows(world: World): Record<string, Cell>[];
}

const iso = (at: number) => new Date(at).toISOString();
const isoOrNull = (at: number | null) => (at === null ? null : iso(at));

const profile = (row: UserProfileRecord): Record<string, Cell> => ({
  id: row.id,
  customer_id: row.customerId,
  email: row.email,
  full_name: row.fullName,
  role: row.role,
  created_at: iso(row.createdAt),
  last_seen_at: isoOrNull(row.lastSeenAt),
  updated_at: iso(row.updatedAt),
});

const version = (row: SubscriptionVersionRecord): Record<string, Cell> => ({
  id: row.id,
  subscription_id: row.subscriptionId,
  version: row.version,
  customer_id: row.customerId,
  plan: row.plan,
  status: row.status,
  currency: row.currency,
  unit_amount: row.unitAmount,
  quantity: row.quantity,
  interval: row.interval,
  interval_count: row.intervalCount,
  discount_percent: row.discountPercent,
  discount_amount: row.discountAmount,
  discount_duration: row.discountDuration,
  cancel_at: isoOrNull(row.cancelAt),
  valid_from: iso(row.validFrom),
  valid_to: isoOrNull(row.validTo),
  updated_at: iso(row.updatedAt),
});

const ticket = (row: TicketRecord): Record<string, Cell> => ({
  id: row.id,
  customer_id: row.customerId,
  requester_email: row.requesterEmail,
  subject: row.subject,
  body: row.body,
  status: row.status,
  priority: row.priority,
  opened_at: iso(row.openedAt),
  first_response_at: isoOrNull(row.firstResponseAt),
  closed_at: isoOrNull(row.closedAt),
  csat_score: row.csatScore,
  csat_rated_at: isoOrNull(row.ratedAt),
  updated_at: iso(row.updatedAt),
});

const text = (...names: string[]) => typed('text', names);
const number = (...names: string[]) => typed('number', names);
const timestamp = (...names: string[]) => typed('timestamptz', names);
const typed = (type: ColumnType, names: string[]): Record<string, ColumnType> =>
  Object.fromEntries(names.map((name) => [name, type]));

const USER_PROFILES: Table = {
  name: 'user_profiles',
  columns: {
    ...text('id', 'customer_id', 'email', 'full_name', 'role'),
    ...timestamp('created_at', 'last_seen_at', 'updated_at'),
  },
  rows: (world) => world.all('userProfiles').map(profile),
};

const SUBSCRIPTION_DATA: Table = {
  name: 'subscription_data',
  columns: {
    ...text(
      'id',
      'subscription_id',
      'customer_id',
      'plan',
      'status',
      'currency',
      'interval',
      'discount_duration',
    ),
    ...number('version', 'unit_amount', 'quantity', 'interval_count', 'discount_percent', 'discount_amount'),
    ...timestamp('cancel_at', 'valid_from', 'valid_to', 'updated_at'),
  },
  rows: (world) => world.all('subscriptionVersions').map(version),
};

const SUPPORT_TICKETS: Table = {
  name: 'support_tickets',
  columns: {
    ...text('id', 'customer_id', 'requester_email', 'subject', 'body', 'status', 'priority'),
    ...number('csat_score'),
    ...timestamp('opened_at', 'first_response_at', 'closed_at', 'csat_rated_at', 'updated_at'),
  },
  rows: (world) => world.all('tickets').map((row) => ticket(knownAt(row, world.now()))),
};

/** The tables by name; null where there is none. */
export function tableNamed(name: string): Table | null {
  return [USER_PROFILES, SUBSCRIPTION_DATA, SUPPORT_TICKETS].find((table) => table.name === name) ?? null;
}
