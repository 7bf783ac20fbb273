import { type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { type Attempt, REFUSALS, type Refusal } from '../../domain/recovery/attempt.ts';
import type { Decline } from '../../domain/recovery/classify-decline.ts';
import type { RecoveryDesk } from '../../domain/recovery/desk.ts';
import type { Clock } from '../../lib/clock.ts';
import { SystemError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';
import { allRows, change } from '../ledger.ts';
import type { Store } from '../open-store.ts';
import type { Schema } from '../schema.ts';
import { cardDetails, declineOfPayment } from './card-details.ts';

/** As long as Stripe remembers a key: a charge of that age stands in its own list. */
const HEARD_WITHIN_MS = 86_400_000;

type Ledger = Pick<
  RecoveryDesk,
  'attemptsOf' | 'beginAttempt' | 'endAttempt' | 'refuseAttempt' | 'refusedSince'
>;

const declineSchema = z.object({
  method: z.enum(['card', 'local']),
  network: z.string().nullable(),
  adviceCode: z.string().nullable(),
  networkAdviceCode: z.string().nullable(),
  networkDeclineCode: z.string().nullable(),
  declineCode: z.string().nullable(),
});

/** Every charge of a card, ours and those the provider tells of, each once. */
export function createAttempts({ store, clock }: { store: Store; clock: Clock }): Ledger {
  const { db } = store;
  return {
    attemptsOf: async (fingerprint) => {
      const own = allRows(
        store,
        db.selectFrom('payment_attempts').selectAll().where('fingerprint', '=', fingerprint).compile(),
      ).filter((row) => counts(row, clock.now()));
      const known = new Map(own.flatMap((row) => (row.charge_id === null ? [] : [[row.charge_id, row]])));
      const charges = allRows(
        store,
        db.selectFrom('payments').selectAll().where('card_fingerprint', '=', fingerprint).compile(),
      );
      return [...charges.filter(({ id }) => !known.has(id)).map(fromCharge), ...own.map(fromOwn)];
    },
    beginAttempt: async ({ amount, customerId, invoiceId, by, ...attempt }) => {
      const row = {
        ...attempt,
        at: clock.now(),
        currency: amount.currency,
        amount_minor: amount.minor,
        customer_id: customerId,
        invoice_id: invoiceId,
        made_by: by,
        outcome: 'pending',
        refused_because: null,
        charge_id: null,
        decline: null,
      };
      const query = db.insertInto('payment_attempts').values(row);
      change(store, query.onConflict((conflict) => conflict.column('id').doNothing()).compile());
    },
    endAttempt: async (id, { outcome, chargeId, decline }) => {
      const values = {
        outcome,
        charge_id: chargeId,
        decline: decline === null ? null : JSON.stringify(decline),
      };
      change(store, db.updateTable('payment_attempts').set(values).where('id', '=', id).compile());
    },
    refuseAttempt: async ({ amount, customerId, invoiceId, by, ...attempt }, reason) => {
      const row = {
        ...attempt,
        id: newId('att'),
        at: clock.now(),
        currency: amount.currency,
        amount_minor: amount.minor,
        customer_id: customerId,
        invoice_id: invoiceId,
        made_by: by,
        outcome: 'refused',
        refused_because: reason,
        charge_id: null,
        decline: null,
      };
      change(store, db.insertInto('payment_attempts').values(row).compile());
    },
    refusedSince: async (at) =>
      allRows(
        store,
        db
          .selectFrom('payment_attempts as a')
          .leftJoin('customers as c', 'c.id', 'a.customer_id')
          .select(['a.network', 'a.country', 'a.refused_because', 'c.country as home'])
          .where('a.outcome', '=', 'refused')
          .where('a.at', '>=', at)
          .orderBy(sql`a.at`)
          .compile(),
      ).map((row) => ({
        network: row.network,
        crossBorder: row.country !== null && row.country !== 'US',
        reason: refusalOf(row.refused_because),
      })),
  };
}

/** What reached nobody does not count; of what nobody heard of for a day, the provider's own charge tells. */
function counts({ outcome, at }: { outcome: string; at: number }, now: number): boolean {
  if (outcome === 'pending') return now - at < HEARD_WITHIN_MS;
  return outcome === 'succeeded' || outcome === 'declined';
}

function refusalOf(text: string | null): Refusal {
  const found = REFUSALS.find((reason) => reason === text);
  if (found === undefined) throw new SystemError('store_failed', 'a refused attempt has no reason');
  return found;
}

function fromCharge(row: Selectable<Schema['payments']>): Attempt {
  return {
    id: row.id,
    at: row.created_at,
    fingerprint: row.card_fingerprint ?? '',
    amountMinor: row.amount_minor,
    currency: row.currency,
    invoiceId: row.invoice_id,
    by: 'schedule',
    outcome: row.status === 'succeeded' ? 'succeeded' : row.status === 'pending' ? 'pending' : 'declined',
    decline: row.status === 'failed' ? declineOfPayment(row) : null,
    reachedNetwork: cardDetails(row) !== null,
  };
}

function fromOwn(row: Selectable<Schema['payment_attempts']>): Attempt {
  return {
    id: row.id,
    at: row.at,
    fingerprint: row.fingerprint,
    amountMinor: row.amount_minor,
    currency: row.currency,
    invoiceId: row.invoice_id,
    by: row.made_by === 'person' ? 'person' : 'schedule',
    outcome: row.outcome === 'succeeded' || row.outcome === 'declined' ? row.outcome : 'pending',
    decline: declineFrom(row.decline),
    reachedNetwork: true,
  };
}

function declineFrom(text: string | null): Decline | null {
  if (text === null) return null;
  const read = declineSchema.safeParse(JSON.parse(text));
  if (!read.success) throw new SystemError('store_failed', 'a decline cannot be read');
  return read.data;
}
