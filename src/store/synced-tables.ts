import type Database from 'better-sqlite3';
import type { SyncRow, SyncRows, SyncTable } from '../domain/sync.ts';

interface TableShape<T extends SyncTable> {
  key: readonly (keyof SyncRow[T] & string)[];
  columns: readonly (keyof SyncRow[T] & string)[];
  /** The column that tells which of two versions of a row is newer; pages without one arrive in order. */
  newer: (keyof SyncRow[T] & string) | null;
}

/** Order matters: customers first, so that rows after them in one page find their PsiZero ids. */
const TABLES: { [T in SyncTable]: TableShape<T> } = {
  customers: {
    key: ['id'],
    newer: 'updated_at',
    columns: [
      'id',
      'name',
      'domain',
      'email',
      'country',
      'region',
      'currency',
      'segment',
      'channel',
      'owner_email',
      'stripe_customer_id',
      'signed_up_at',
      'updated_at',
    ],
  },
  user_profiles: {
    key: ['id'],
    newer: 'updated_at',
    columns: ['id', 'customer_id', 'email', 'full_name', 'role', 'created_at', 'last_seen_at', 'updated_at'],
  },
  subscription_versions: {
    key: ['subscription_id', 'version'],
    newer: 'updated_at',
    columns: [
      'subscription_id',
      'version',
      'customer_id',
      'plan',
      'status',
      'currency',
      'unit_amount_minor',
      'quantity',
      'interval',
      'interval_count',
      'discount_percent',
      'discount_amount_minor',
      'discount_duration',
      'cancel_at',
      'valid_from',
      'valid_to',
      'updated_at',
    ],
  },
  subscriptions: {
    key: ['id'],
    newer: 'seen_at',
    columns: [
      'id',
      'customer_id',
      'plan',
      'status',
      'currency',
      'unit_amount_minor',
      'quantity',
      'interval',
      'interval_count',
      'started_at',
      'current_period_start_at',
      'current_period_end_at',
      'trial_end_at',
      'cancel_at_period_end',
      'cancel_at',
      'canceled_at',
      'ended_at',
      'seen_at',
    ],
  },
  invoices: {
    key: ['id'],
    newer: 'seen_at',
    columns: [
      'id',
      'number',
      'customer_id',
      'subscription_id',
      'status',
      'currency',
      'subtotal_minor',
      'tax_minor',
      'total_minor',
      'amount_due_minor',
      'amount_paid_minor',
      'amount_remaining_minor',
      'attempt_count',
      'hosted_url',
      'created_at',
      'finalized_at',
      'due_at',
      'paid_at',
      'voided_at',
      'uncollectible_at',
      'seen_at',
    ],
  },
  invoice_payments: {
    key: ['payment_intent_id'],
    newer: null,
    columns: ['payment_intent_id', 'invoice_id'],
  },
  payments: {
    key: ['id'],
    newer: 'seen_at',
    columns: [
      'id',
      'payment_intent_id',
      'invoice_id',
      'customer_id',
      'status',
      'currency',
      'amount_minor',
      'amount_refunded_minor',
      'decline_code',
      'method',
      'disputed',
      'created_at',
      'seen_at',
    ],
  },
  refunds: {
    key: ['id'],
    newer: 'seen_at',
    columns: [
      'id',
      'payment_id',
      'customer_id',
      'status',
      'currency',
      'amount_minor',
      'reason',
      'created_at',
      'seen_at',
    ],
  },
  credit_notes: {
    key: ['id'],
    newer: 'seen_at',
    columns: [
      'id',
      'invoice_id',
      'customer_id',
      'status',
      'currency',
      'amount_minor',
      'created_at',
      'seen_at',
    ],
  },
  tickets: {
    key: ['id'],
    newer: 'updated_at',
    columns: [
      'id',
      'customer_id',
      'subject',
      'body',
      'status',
      'priority',
      'opened_at',
      'first_response_at',
      'closed_at',
      'updated_at',
    ],
  },
  usage_daily: {
    key: ['bucket_start_at', 'customer_id', 'category'],
    newer: null,
    columns: ['customer_id', 'bucket_start_at', 'category', 'calls', 'errors_4xx', 'errors_5xx'],
  },
  performance_hourly: {
    key: ['bucket_start_at'],
    newer: null,
    columns: ['bucket_start_at', 'calls', 'errors_4xx', 'errors_5xx', 'latency_counts'],
  },
  incidents: {
    key: ['id'],
    newer: 'updated_at',
    columns: ['id', 'title', 'severity', 'started_at', 'ended_at', 'updated_at'],
  },
  fx_rates: { key: ['day', 'currency'], newer: null, columns: ['day', 'currency', 'rate'] },
};

const TABLE_NAMES: readonly SyncTable[] = [
  'customers',
  'user_profiles',
  'subscription_versions',
  'subscriptions',
  'invoices',
  'invoice_payments',
  'payments',
  'refunds',
  'credit_notes',
  'tickets',
  'usage_daily',
  'performance_hourly',
  'incidents',
  'fx_rates',
];

const STRIPE_TABLES = ['subscriptions', 'invoices', 'payments', 'refunds', 'credit_notes'] as const;

type Write = (rows: SyncRows) => void;
type Cell = string | number | null;
type Cells = Readonly<Record<string, Cell>>;

/**
 * Prepares one upsert a table, and the joins between sources: Stripe's customer ids become PsiZero ids, and
 * payments find their invoice, in whichever order the two sides arrive. The returned function must run inside
 * the caller's transaction.
 */
export function prepareWriter(sqlite: Database.Database): Write {
  const upserts = new Map<SyncTable, (rows: readonly Cells[], psizeroId: (id: string) => string) => void>();
  for (const table of TABLE_NAMES) upserts.set(table, prepareUpsert(sqlite, table));
  const psizeroIds = prepareCustomerLinks(sqlite);
  const relink = STRIPE_TABLES.map((table) =>
    sqlite.prepare(
      `UPDATE ${table} SET customer_id = (SELECT id FROM customers WHERE stripe_customer_id = ${table}.customer_id)
       WHERE customer_id IN (SELECT stripe_customer_id FROM customers)`,
    ),
  );
  const linkPayments = sqlite.prepare<[string]>(
    `UPDATE payments SET invoice_id = (SELECT invoice_id FROM invoice_payments l WHERE l.payment_intent_id = payments.payment_intent_id)
     WHERE invoice_id IS NULL AND payment_intent_id IN (SELECT value FROM json_each(?))`,
  );
  const nameRefunds = sqlite.prepare(
    `UPDATE refunds SET customer_id = (SELECT customer_id FROM payments WHERE id = refunds.payment_id)
     WHERE customer_id = payment_id AND payment_id IN (SELECT id FROM payments)`,
  );
  return (rows) => {
    for (const table of TABLE_NAMES) {
      const batch = rows[table];
      if (batch === undefined || batch.length === 0) continue;
      upserts.get(table)?.(batch, psizeroIds.of);
      if (table === 'customers') {
        psizeroIds.reload();
        for (const statement of relink) statement.run();
      }
    }
    const intents = [
      ...(rows.invoice_payments ?? []).map((row) => row.payment_intent_id),
      ...(rows.payments ?? []).flatMap((row) => row.payment_intent_id ?? []),
    ];
    if (intents.length > 0) linkPayments.run(JSON.stringify(intents));
    if (rows.payments || rows.refunds) nameRefunds.run();
  };
}

function prepareUpsert<T extends SyncTable>(sqlite: Database.Database, table: T) {
  const { key, columns, newer } = TABLES[table];
  const keys: readonly string[] = key;
  const updates = columns
    .filter((column) => !keys.includes(column))
    // A link that was found once is not lost because the charge alone does not carry it.
    .map((column) =>
      column === 'invoice_id' && table === 'payments'
        ? 'invoice_id = COALESCE(excluded.invoice_id, payments.invoice_id)'
        : `${column} = excluded.${column}`,
    );
  const statement = sqlite.prepare<[Cell[]]>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${updates.join(', ')}
     ${newer === null ? '' : `WHERE excluded.${newer} >= ${table}.${newer}`}`,
  );
  const names: readonly string[] = columns;
  const customerAt = isStripeTable(table) ? names.indexOf('customer_id') : -1;
  // One buffer for all rows: bulk loads of 80,000 rows spend their time here.
  const values: Cell[] = new Array(names.length).fill(null);
  return (rows: readonly Cells[], psizeroId: (id: string) => string): void => {
    for (const row of rows) {
      for (let index = 0; index < names.length; index += 1) values[index] = row[names[index] ?? ''] ?? null;
      if (customerAt >= 0) values[customerAt] = psizeroId(String(values[customerAt]));
      statement.run(values);
    }
  };
}

function isStripeTable(table: SyncTable): boolean {
  return STRIPE_TABLES.some((name) => name === table);
}

function prepareCustomerLinks(sqlite: Database.Database) {
  const statement = sqlite.prepare<[], { id: string; stripe_customer_id: string }>(
    'SELECT id, stripe_customer_id FROM customers WHERE stripe_customer_id IS NOT NULL',
  );
  let links: Map<string, string> | null = null;
  return {
    of(stripeId: string): string {
      links ??= new Map(statement.all().map((row) => [row.stripe_customer_id, row.id]));
      return links.get(stripeId) ?? stripeId;
    },
    reload(): void {
      links = null;
    },
  };
}
