import { z } from 'zod';
import type {
  BookedBankPayment,
  BookedGrant,
  BookedInvoice,
  BookedMovement,
  BookedNote,
  BookedSurplus,
} from '../domain/books/book-records.ts';
import type { Store } from './open-store.ts';

/** So many are read at a time, so that nothing else waits long. */
const PAGE = 300;

interface InvoiceRow {
  id: string;
  customer_id: string;
  currency: string;
  total_minor: number;
  tax_minor: number;
  balance_used_minor: number | null;
  amount_paid_minor: number;
  finalized_at: number;
  paid_at: number | null;
  voided_at: number | null;
  uncollectible_at: number | null;
  service_start_at: number | null;
  service_end_at: number | null;
}

interface MatchRow {
  line_id: string;
  invoice_id: string;
  customer_id: string;
  at: number;
  allocated_minor: number;
  currency: string;
  received_minor: number;
  received_currency: string;
}

interface MovementRow {
  id: string;
  source_id: string | null;
  category: string;
  currency: string;
  amount_minor: number;
  fee_minor: number;
  net_minor: number;
  created_at: number;
  charge_customer: string | null;
  charge_invoice: string | null;
  charge_minor: number | null;
  charge_currency: string | null;
  refund_customer: string | null;
}

/** The records that the journal is made of, page by page in the order of their ids. */
export interface BookRecords {
  /** Finalised ones after an id; `notes` are all credit notes there are. */
  invoicesAfter(id: string, notes: ReadonlyMap<string, readonly BookedNote[]>): BookedInvoice[];
  /** Movements after an id that no entry of the journal speaks of yet. */
  unpostedMovementsAfter(id: string): BookedMovement[];
  grants(): BookedGrant[];
  surpluses(): BookedSurplus[];
  customerOfPayment(paymentId: string): string | null;
}

export function createBookRecords({ sqlite }: Pick<Store, 'sqlite'>): BookRecords {
  // An invoice of the month-close carries its tax as a line at Stripe; what it is stands with the run.
  const invoices = sqlite.prepare<[string], InvoiceRow>(
    `SELECT i.id, i.customer_id, i.currency, i.total_minor, i.tax_minor + COALESCE(r.tax_minor, 0) AS tax_minor,
       i.balance_used_minor, i.amount_paid_minor, i.finalized_at, i.paid_at, i.voided_at, i.uncollectible_at,
       i.service_start_at, i.service_end_at
     FROM invoices i LEFT JOIN run_invoices r ON r.stripe_invoice_id = i.id
     WHERE i.finalized_at IS NOT NULL AND i.id > ? ORDER BY i.id LIMIT ${PAGE}`,
  );
  const charges = sqlite.prepare<[string], { invoice_id: string; created_at: number; amount_minor: number }>(
    `SELECT invoice_id, created_at, amount_minor FROM payments
     WHERE status = 'succeeded' AND invoice_id IN (SELECT value FROM json_each(?))`,
  );
  const matches = sqlite.prepare<[string], MatchRow>(
    `SELECT m.*, l.at FROM payment_matches m JOIN bank_lines l ON l.id = m.line_id
     WHERE m.invoice_id IN (SELECT value FROM json_each(?)) ORDER BY m.line_id`,
  );
  const movements = sqlite.prepare<[string], MovementRow>(
    `SELECT b.*, p.customer_id AS charge_customer, p.invoice_id AS charge_invoice, p.amount_minor AS charge_minor,
       p.currency AS charge_currency, f.customer_id AS refund_customer
     FROM balance_transactions b
     LEFT JOIN payments p ON b.category = 'charge' AND p.id = b.source_id
     LEFT JOIN refunds f ON b.category = 'refund' AND f.id = b.source_id
     WHERE b.id > ? AND NOT EXISTS (SELECT 1 FROM journal_entries e WHERE e.balance_transaction_id = b.id)
     ORDER BY b.id LIMIT ${PAGE}`,
  );
  const grants = sqlite.prepare<
    [],
    { key: string; amount_minor: number; currency: string; confirmed_at: number; request: string }
  >(
    `SELECT key, amount_minor, currency, confirmed_at, request FROM effects
     WHERE kind = 'credit.applied' AND state = 'confirmed' AND amount_minor IS NOT NULL ORDER BY confirmed_at, key`,
  );
  const customerOfStripe = sqlite.prepare<[string], { id: string }>(
    'SELECT id FROM customers WHERE stripe_customer_id = ?',
  );
  const surpluses = sqlite.prepare<
    [],
    { line_id: string; customer_id: string; at: number; surplus_minor: number; currency: string }
  >(
    `SELECT m.line_id, m.customer_id, l.at, m.surplus_minor, l.currency
     FROM payment_matches m JOIN bank_lines l ON l.id = m.line_id WHERE m.surplus_minor > 0 ORDER BY m.line_id`,
  );
  const customerOfPayment = sqlite.prepare<[string], { customer_id: string }>(
    'SELECT customer_id FROM payments WHERE id = ?',
  );
  return {
    invoicesAfter(id, notes) {
      const rows = invoices.all(id);
      const ids = JSON.stringify(rows.map((row) => row.id));
      const charged = grouped(charges.all(ids), (row) => row.invoice_id);
      const matched = grouped(matches.all(ids), (row) => row.invoice_id);
      return rows.map((row) => ({
        ...invoiceOf(row),
        charges: (charged.get(row.id) ?? []).map((one) => ({
          at: one.created_at,
          amountMinor: BigInt(one.amount_minor),
        })),
        notes: notes.get(row.id) ?? [],
        bankPayments: (matched.get(row.id) ?? []).map(bankPaymentOf),
      }));
    },
    unpostedMovementsAfter: (id) => movements.all(id).map(movementOf),
    grants: () =>
      grants.all().map((row) => {
        const stripeId = requestSchema.safeParse(JSON.parse(row.request)).data?.customer;
        return {
          id: row.key,
          at: row.confirmed_at,
          currency: row.currency,
          amountMinor: BigInt(row.amount_minor),
          customerId: stripeId === undefined ? null : (customerOfStripe.get(stripeId)?.id ?? null),
        };
      }),
    surpluses: () =>
      surpluses.all().map((row) => ({
        lineId: row.line_id,
        customerId: row.customer_id,
        at: row.at,
        amountMinor: BigInt(row.surplus_minor),
        currency: row.currency,
      })),
    customerOfPayment: (paymentId) => customerOfPayment.get(paymentId)?.customer_id ?? null,
  };
}

export function grouped<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

const requestSchema = z.object({ customer: z.string() });

function invoiceOf(row: InvoiceRow): Omit<BookedInvoice, 'charges' | 'notes' | 'bankPayments'> {
  const { service_start_at: startAt, service_end_at: endAt } = row;
  return {
    id: row.id,
    customerId: row.customer_id,
    currency: row.currency,
    netMinor: BigInt(row.total_minor - row.tax_minor),
    taxMinor: BigInt(row.tax_minor),
    balanceUsedMinor: BigInt(row.balance_used_minor ?? 0),
    amountPaidMinor: BigInt(row.amount_paid_minor),
    finalizedAt: row.finalized_at,
    paidAt: row.paid_at,
    voidedAt: row.voided_at,
    uncollectibleAt: row.uncollectible_at,
    service: startAt === null || endAt === null ? null : { startAt, endAt },
  };
}

function bankPaymentOf(row: MatchRow): BookedBankPayment {
  return {
    lineId: row.line_id,
    invoiceId: row.invoice_id,
    customerId: row.customer_id,
    at: row.at,
    allocated: { minor: BigInt(row.allocated_minor), currency: row.currency },
    received: { minor: BigInt(row.received_minor), currency: row.received_currency },
  };
}

function movementOf(row: MovementRow): BookedMovement {
  const { charge_customer, charge_minor, charge_currency } = row;
  const charged = charge_customer !== null && charge_minor !== null && charge_currency !== null;
  return {
    id: row.id,
    sourceId: row.source_id,
    type: row.category,
    at: row.created_at,
    currency: row.currency,
    amountMinor: BigInt(row.amount_minor),
    feeMinor: BigInt(row.fee_minor),
    netMinor: BigInt(row.net_minor),
    customerId: charge_customer ?? row.refund_customer,
    charge: charged
      ? {
          customerId: charge_customer,
          invoiceId: row.charge_invoice,
          amountMinor: BigInt(charge_minor),
          currency: charge_currency,
        }
      : null,
  };
}
