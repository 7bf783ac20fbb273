import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface IssuedInvoice {
  customer: string;
  currency: string;
  subtotalMinor: number;
  totalMinor: number;
  state: string;
  /** Of the month, UTC epoch milliseconds. */
  startAt: number;
  endAt: number;
  sequence: number | null;
  stripeInvoiceId: string | null;
  /** Units of USD for one of the currency, on the last day of the month; null for dollars. */
  rate: string | null;
}

/** What the bot has written down of its closes, read beside it. */
export function invoicesOf(dataDir: string): IssuedInvoice[] {
  const db = new Database(join(dataDir, 'psi.db'), { readonly: true });
  try {
    return db
      .prepare<[], IssuedInvoice>(
        `SELECT i.customer_id AS customer, i.currency, i.subtotal_minor AS subtotalMinor, i.total_minor AS totalMinor,
           i.state, r.start_at AS startAt, r.end_at AS endAt, n.sequence, i.stripe_invoice_id AS stripeInvoiceId,
           (SELECT f.rate FROM fx_rates f WHERE f.currency = i.currency
              AND f.day <= strftime('%Y-%m-%d', (r.end_at - 86400000) / 1000, 'unixepoch')
              ORDER BY f.day DESC LIMIT 1) AS rate
         FROM run_invoices i JOIN billing_runs r ON r.id = i.run_id
         LEFT JOIN invoice_numbers n ON n.run_invoice_id = i.id ORDER BY r.start_at, n.sequence`,
      )
      .all();
  } finally {
    db.close();
  }
}
