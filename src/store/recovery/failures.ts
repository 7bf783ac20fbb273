import { sql } from 'kysely';
import type { FailedInvoice, FailingCustomer, RecoveryDesk } from '../../domain/recovery/desk.ts';
import { allRows } from '../ledger.ts';
import type { Store } from '../open-store.ts';
import { declineOfPayment } from './card-details.ts';

type Facts = Pick<RecoveryDesk, 'failing' | 'outcomesSince' | 'failuresSince' | 'incidentsSince'>;

interface FailedRow {
  id: string;
  number: string | null;
  customer_id: string;
  customer_name: string | null;
  currency: string;
  amount_remaining_minor: number;
  attempt_count: number;
  hosted_url: string | null;
  due_at: number | null;
  first_failed_at: number;
  last_payment: string;
  disputed: number;
}

/** A dispute is over long before; Stripe leaves its mark on the payment for ever. */
const DISPUTE_MS = 120 * 86_400_000;

/** Who owes after a failed payment, and how payments went, by what the sources say. */
export function createFailureFacts(store: Store, clock: { now(): number }): Facts {
  const { db } = store;
  return {
    failing: async (customerId) => {
      const since = clock.now() - DISPUTE_MS;
      const only = customerId === undefined ? sql`` : sql`AND i.customer_id = ${customerId}`;
      const query = sql<FailedRow>`
        SELECT i.id, i.number, i.customer_id, c.name AS customer_name, i.currency, i.amount_remaining_minor,
          i.attempt_count, i.hosted_url, i.due_at, MIN(p.created_at) AS first_failed_at,
          (SELECT l.id FROM payments l WHERE l.invoice_id = i.id AND l.status = 'failed'
            ORDER BY l.created_at DESC, l.id DESC LIMIT 1) AS last_payment,
          EXISTS (SELECT 1 FROM payments d WHERE d.customer_id = i.customer_id AND d.disputed = 1
            AND d.created_at >= ${since}) AS disputed
        FROM invoices i JOIN payments p ON p.invoice_id = i.id AND p.status = 'failed'
        LEFT JOIN customers c ON c.id = i.customer_id
        WHERE i.status = 'open' AND i.amount_remaining_minor > 0 ${only}
        GROUP BY i.id ORDER BY first_failed_at, i.id`;
      const found = new Map<string, FailingCustomer>();
      for (const row of allRows(store, query.compile(db))) {
        const customer = found.get(row.customer_id) ?? {
          customerId: row.customer_id,
          customerName: row.customer_name ?? row.customer_id,
          invoices: [],
          disputed: row.disputed === 1,
        };
        customer.invoices.push(failedInvoice(store, row));
        found.set(row.customer_id, customer);
      }
      return [...found.values()];
    },
    outcomesSince: async (at) =>
      allRows(
        store,
        db
          .selectFrom('payments')
          .select(['customer_id', 'created_at', 'status'])
          .where('created_at', '>=', at)
          .where('status', '!=', 'pending')
          .orderBy('created_at')
          .compile(),
      ).map((row) => ({
        customerId: row.customer_id,
        at: row.created_at,
        succeeded: row.status === 'succeeded',
      })),
    failuresSince: async (at) => {
      const query = sql<{
        invoice_id: string;
        customer_id: string;
        currency: string;
        amount_minor: number;
        failed_at: number;
        paid_at: number | null;
      }>`
        SELECT i.id AS invoice_id, i.customer_id, i.currency, i.paid_at, f.failed_at, f.amount_minor
        FROM invoices i JOIN (
          SELECT invoice_id, MIN(created_at) AS failed_at, MAX(amount_minor) AS amount_minor
          FROM payments WHERE status = 'failed' AND invoice_id IS NOT NULL GROUP BY invoice_id
        ) f ON f.invoice_id = i.id
        WHERE f.failed_at >= ${at} AND i.status != 'void' ORDER BY f.failed_at, i.id`;
      return allRows(store, query.compile(db)).map((row) => ({
        invoiceId: row.invoice_id,
        customerId: row.customer_id,
        failedAt: row.failed_at,
        owed: { minor: row.amount_minor, currency: row.currency },
        recoveredAt: row.paid_at,
      }));
    },
    incidentsSince: async (at) =>
      allRows(
        store,
        db
          .selectFrom('incidents')
          .select(['started_at', 'ended_at'])
          .where((where) => where.or([where('ended_at', 'is', null), where('ended_at', '>=', at)]))
          .compile(),
      ).map((row) => ({ startAt: row.started_at, endAt: row.ended_at })),
  };
}

function failedInvoice(store: Store, row: FailedRow): FailedInvoice {
  const last = allRows(
    store,
    store.db
      .selectFrom('payments')
      .select(['decline_code', 'card_details'])
      .where('id', '=', row.last_payment)
      .compile(),
  )[0];
  return {
    id: row.id,
    number: row.number,
    remaining: { minor: row.amount_remaining_minor, currency: row.currency },
    attemptCount: row.attempt_count,
    hostedUrl: row.hosted_url,
    dueAt: row.due_at,
    firstFailedAt: row.first_failed_at,
    lastDecline: last === undefined ? null : declineOfPayment(last),
  };
}
