import type { Selectable } from 'kysely';
import { z } from 'zod';
import { DELIVERY_STATES, type Delivery, type Suppression } from '../domain/billing/delivery/ports.ts';
import { DELIVERY_CHANNELS } from '../domain/billing/delivery/settings.ts';
import { LANGUAGES } from '../domain/billing/document/invoice-document.ts';
import { SystemError } from '../lib/errors.ts';
import { newId } from '../lib/ids.ts';
import { allRows, change, firstRow, ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

/** Invoices on their way, as they are kept. */
export interface DeliveryBook {
  /** The same key gives what was added first. */
  add(delivery: NewDelivery, nowAt: number): Promise<Delivery>;
  get(id: string): Delivery | null;
  byKey(key: string): Delivery | null;
  /** The one whose last attempt mail of this key was. */
  byEffectKey(effectKey: string): Delivery | null;
  /** Newest first; by Stripe's id, printed number, or Psi's own id. */
  ofInvoice(reference: string): Delivery[];
  /** Those that were queued by a step of this approval. */
  ofApproval(approvalId: string): Delivery[];
  /** What is to go out now, and what a crash left on its way; the oldest first. */
  due(nowAt: number): Taken[];
  nextDueAt(): number | null;
  /** Begins an attempt: from here on the ledger's step says how it stands. */
  begin(id: string, effectKey: string): Promise<void>;
  /** Back into the queue until then: the attempt came to its end and nothing left. */
  requeue(id: string, dueAt: number, reason: string | null): Promise<void>;
  /** The same attempt again, under the same key: it was not begun, or nobody knows that it was. */
  hold(id: string, dueAt: number): Promise<void>;
  settle(
    id: string,
    to: SettledState,
    more: { at: number; reason?: string; outsideId?: string },
  ): Promise<void>;
  suppression(address: string): Suppression | null;
  suppress(suppression: Suppression): Promise<void>;
  lift(address: string): Promise<void>;
}

export type NewDelivery = Pick<
  Delivery,
  | 'key'
  | 'invoiceId'
  | 'stripeInvoiceId'
  | 'number'
  | 'customerId'
  | 'channel'
  | 'address'
  | 'name'
  | 'language'
  | 'dueAt'
>;

export type SettledState = Exclude<Delivery['state'], 'queued' | 'sending' | 'unknown'>;

/** A delivery with the ledger step of an attempt that was begun. */
export interface Taken {
  delivery: Delivery;
  effectKey: string | null;
}

type Row = Selectable<Schema['invoice_deliveries']> & {
  effect_state: string | null;
  confirmed_at: number | null;
};

export function createDeliveryBook(store: Store): DeliveryBook {
  const { db } = store;
  const rows = () =>
    db
      .selectFrom('invoice_deliveries as d')
      .leftJoin('effects as e', 'e.key', 'd.effect_key')
      .selectAll('d')
      .select(['e.state as effect_state', 'e.confirmed_at']);
  const one = (column: 'd.id' | 'd.key' | 'd.effect_key', value: string) => {
    const row = firstRow<Row>(store, rows().where(column, '=', value).compile());
    return row && deliveryOf(row);
  };
  const patch = async (id: string, values: Partial<Schema['invoice_deliveries']>) => {
    const query = db.updateTable('invoice_deliveries').set(values).where('id', '=', id).compile();
    await ledgerTransaction(store, () => change(store, query));
  };

  return {
    add: (delivery, nowAt) =>
      ledgerTransaction(store, () => {
        const values = { id: newId('dlv'), ...columnsOf(delivery), created_at: nowAt };
        const insert = db.insertInto('invoice_deliveries').values(values);
        change(store, insert.onConflict((conflict) => conflict.column('key').doNothing()).compile());
        const kept = one('d.key', delivery.key);
        if (kept === null) throw new SystemError('store_failed', `delivery ${delivery.key} is gone`);
        return kept;
      }),
    get: (id) => one('d.id', id),
    byKey: (key) => one('d.key', key),
    byEffectKey: (key) => one('d.effect_key', key),
    ofInvoice: (reference) =>
      allRows<Row>(
        store,
        rows()
          .where((where) =>
            where.or([
              where('d.stripe_invoice_id', '=', reference),
              where('d.number', '=', reference),
              where('d.invoice_id', '=', reference),
            ]),
          )
          .orderBy('d.created_at', 'desc')
          .orderBy('d.id', 'desc')
          .compile(),
      ).map(deliveryOf),
    ofApproval: (approvalId) =>
      allRows<Row>(
        store,
        rows().innerJoin('effects as q', 'q.key', 'd.key').where('q.approval_id', '=', approvalId).compile(),
      ).map(deliveryOf),
    due: (nowAt) =>
      allRows<Row>(
        store,
        rows()
          .where((where) =>
            where.or([
              where.and([where('d.state', '=', 'queued'), where('d.due_at', '<=', nowAt)]),
              where.and([
                where('d.state', '=', 'sending'),
                where.or([where('e.state', 'is', null), where('e.state', 'in', ['intent', 'sent'])]),
              ]),
            ]),
          )
          .orderBy('d.due_at')
          .orderBy('d.id')
          .compile(),
      ).map((row) => ({
        delivery: deliveryOf(row),
        effectKey: row.state === 'sending' ? row.effect_key : null,
      })),
    nextDueAt() {
      const query = db
        .selectFrom('invoice_deliveries')
        .select((select) => select.fn.min('due_at').as('at'))
        .where('state', '=', 'queued');
      return firstRow<{ at: number | null }>(store, query.compile())?.at ?? null;
    },
    async begin(id, effectKey) {
      const query = db
        .updateTable('invoice_deliveries')
        .set((set) => ({ state: 'sending', effect_key: effectKey, attempts: set('attempts', '+', 1) }))
        .where('id', '=', id);
      await ledgerTransaction(store, () => change(store, query.compile()));
    },
    requeue: (id, dueAt, reason) => patch(id, { state: 'queued', due_at: dueAt, reason }),
    async hold(id, dueAt) {
      const query = db
        .updateTable('invoice_deliveries')
        .set((set) => ({ state: 'queued', due_at: dueAt, attempts: set('attempts', '-', 1) }))
        .where('id', '=', id)
        .where('state', '=', 'sending');
      await ledgerTransaction(store, () => change(store, query.compile()));
    },
    settle: (id, to, { at, reason, outsideId }) =>
      patch(id, {
        state: to,
        settled_at: at,
        reason: reason ?? null,
        ...(to === 'sent' ? { sent_at: at } : {}),
        ...(outsideId === undefined ? {} : { outside_id: outsideId }),
      }),
    suppression(address) {
      const query = db.selectFrom('mail_suppressions').selectAll();
      return firstRow(store, query.where('address', '=', address.toLowerCase()).compile());
    },
    async suppress(given) {
      const row = { ...given, address: given.address.toLowerCase() };
      const query = db.insertInto('mail_suppressions').values(row);
      const again = query.onConflict((conflict) => conflict.column('address').doUpdateSet(row)).compile();
      await ledgerTransaction(store, () => change(store, again));
    },
    async lift(address) {
      const query = db.deleteFrom('mail_suppressions').where('address', '=', address.toLowerCase());
      await ledgerTransaction(store, () => change(store, query.compile()));
    },
  };
}

function columnsOf(delivery: NewDelivery) {
  return {
    key: delivery.key,
    invoice_id: delivery.invoiceId,
    stripe_invoice_id: delivery.stripeInvoiceId,
    number: delivery.number,
    customer_id: delivery.customerId,
    channel: delivery.channel,
    address: delivery.address,
    name: delivery.name,
    language: delivery.language,
    due_at: delivery.dueAt,
    state: 'queued',
    attempts: 0,
    effect_key: null,
    outside_id: null,
    sent_at: null,
    settled_at: null,
    reason: null,
  };
}

const rowSchema = z.object({
  channel: z.enum(DELIVERY_CHANNELS),
  language: z.enum(LANGUAGES),
  state: z.enum(DELIVERY_STATES),
});

/** While an attempt is under way the ledger is what is believed: it also has what a person found out. */
const AS_THE_LEDGER: Readonly<Record<string, Delivery['state']>> = {
  confirmed: 'sent',
  unknown: 'unknown',
  refused: 'failed',
};

function deliveryOf(row: Row): Delivery {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success) throw new SystemError('store_failed', `delivery ${row.id} cannot be read`);
  const { channel, language, state } = parsed.data;
  const told = state === 'sending' ? AS_THE_LEDGER[row.effect_state ?? ''] : undefined;
  return {
    id: row.id,
    key: row.key,
    invoiceId: row.invoice_id,
    stripeInvoiceId: row.stripe_invoice_id,
    number: row.number,
    customerId: row.customer_id,
    channel,
    address: row.address,
    name: row.name,
    language,
    dueAt: row.due_at,
    state: told ?? state,
    attempts: row.attempts,
    sentAt: row.sent_at ?? (told === 'sent' ? row.confirmed_at : null),
    settledAt: row.settled_at,
    reason: row.reason,
  };
}
