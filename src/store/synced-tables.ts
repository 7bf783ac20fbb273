import type Database from 'better-sqlite3';
import type { SyncRows, SyncTable } from '../domain/sync.ts';
import { STRIPE_TABLES, TABLE_NAMES, TABLES } from './synced-columns.ts';

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
