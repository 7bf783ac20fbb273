import { DAY } from './calendar.ts';
import { WorldError } from './errors.ts';
import { mustGet } from './lookup.ts';
import { percentOf } from './money.ts';
import type {
  DiscountRecord,
  InvoiceLineRecord,
  InvoiceRecord,
  PaymentIntentRecord,
  World,
} from './records.ts';

export interface NewInvoice {
  customerId: string;
  subscriptionId?: string | null;
  currency: string;
  lines: { description: string; priceId?: string | null; quantity: number; unitAmount: number }[];
  discount?: DiscountRecord | null;
  taxPercent?: number;
  /** Given: sent, and due so many days after it is finalised. Null: charged automatically. */
  daysUntilDue?: number | null;
  periodStartAt?: number;
  periodEndAt?: number;
  metadata?: Record<string, string>;
}

/** Drafts an invoice at the world's now. Tax and discount are worked out once, on the subtotal, half up. */
export function createInvoice(world: World, wanted: NewInvoice): InvoiceRecord {
  const now = world.now();
  mustGet(world, 'customers', wanted.customerId);
  const periodStartAt = wanted.periodStartAt ?? now;
  const periodEndAt = wanted.periodEndAt ?? now;
  const subtotal = wanted.lines.reduce((sum, line) => sum + line.quantity * line.unitAmount, 0);
  const discountAmount = discountOn(subtotal, wanted.discount ?? null);
  const tax = percentOf(subtotal - discountAmount, wanted.taxPercent ?? 0);
  const total = subtotal - discountAmount + tax;
  const invoice: InvoiceRecord = {
    id: world.newId('in'),
    number: null,
    customerId: wanted.customerId,
    subscriptionId: wanted.subscriptionId ?? null,
    status: 'draft',
    currency: wanted.currency,
    lines: linesOf(world, wanted, { subtotal, tax, periodStartAt, periodEndAt }),
    subtotal,
    discountAmount,
    tax,
    total,
    amountDue: total,
    amountPaid: 0,
    amountRemaining: total,
    attemptCount: 0,
    collectionMethod: wanted.daysUntilDue == null ? 'charge_automatically' : 'send_invoice',
    paymentIntentId: null,
    createdAt: now,
    finalizedAt: null,
    dueAt: wanted.daysUntilDue == null ? null : now + wanted.daysUntilDue * DAY,
    paidAt: null,
    voidedAt: null,
    uncollectibleAt: null,
    nextAttemptAt: null,
    periodStartAt,
    periodEndAt,
    metadata: wanted.metadata ?? {},
  };
  world.put('invoices', invoice);
  tell(world, 'invoice.created', invoice.id);
  return invoice;
}

function discountOn(subtotal: number, discount: DiscountRecord | null): number {
  if (!discount) return 0;
  const off =
    discount.percentOff !== null ? percentOf(subtotal, discount.percentOff) : (discount.amountOff ?? 0);
  return Math.min(subtotal, off);
}

/** The lines with the tax shared out by amount; the last takes what rounding left, so that they add up. */
function linesOf(
  world: World,
  wanted: NewInvoice,
  sums: { subtotal: number; tax: number; periodStartAt: number; periodEndAt: number },
): InvoiceLineRecord[] {
  let taxLeft = sums.tax;
  return wanted.lines.map((line, index) => {
    const amount = line.quantity * line.unitAmount;
    const last = index === wanted.lines.length - 1;
    const taxAmount = last || sums.subtotal === 0 ? taxLeft : Math.floor((sums.tax * amount) / sums.subtotal);
    taxLeft -= taxAmount;
    return {
      id: world.newId('il'),
      description: line.description,
      priceId: line.priceId ?? null,
      quantity: line.quantity,
      unitAmount: line.unitAmount,
      amount,
      taxAmount,
      periodStartAt: sums.periodStartAt,
      periodEndAt: sums.periodEndAt,
    };
  });
}

/** Numbers a draft and opens it, with a payment intent; nothing to pay makes it paid at once. */
export function finalizeInvoice(world: World, id: string): InvoiceRecord {
  const draft = mustGet(world, 'invoices', id);
  if (draft.status !== 'draft') {
    throw new WorldError('invoice_not_editable', `${id} is ${draft.status}; only a draft can be finalized`);
  }
  const now = world.now();
  const days = draft.dueAt === null ? null : Math.max(0, draft.dueAt - draft.createdAt);
  const intent = draft.amountDue > 0 ? newIntent(world, draft) : null;
  const open: InvoiceRecord = {
    ...draft,
    status: 'open',
    number: nextNumber(world, draft.customerId),
    paymentIntentId: intent?.id ?? null,
    finalizedAt: now,
    dueAt: days === null ? null : now + days,
    nextAttemptAt: intent && draft.collectionMethod === 'charge_automatically' ? now : null,
  };
  world.put('invoices', open);
  tell(world, 'invoice.finalized', id);
  if (intent) return open;
  const paid: InvoiceRecord = { ...open, status: 'paid', paidAt: now };
  world.put('invoices', paid);
  tell(world, 'invoice.paid', id);
  return paid;
}

function newIntent(world: World, invoice: InvoiceRecord): PaymentIntentRecord {
  const intent: PaymentIntentRecord = {
    id: world.newId('pi'),
    customerId: invoice.customerId,
    invoiceId: invoice.id,
    amount: invoice.amountDue,
    currency: invoice.currency,
    status: 'requires_payment_method',
    latestChargeId: null,
    createdAt: world.now(),
    metadata: {},
  };
  world.put('paymentIntents', intent);
  world.emit({
    at: intent.createdAt,
    type: 'payment_intent.created',
    collection: 'paymentIntents',
    id: intent.id,
  });
  return intent;
}

/** Stripe's way: a prefix of the customer's own, then a count without gaps. */
function nextNumber(world: World, customerId: string): string {
  const numbered = world.of('invoices', customerId).filter(({ number }) => number !== null).length;
  return `${customerId.slice(-8).toUpperCase()}-${String(numbered + 1).padStart(4, '0')}`;
}

/** Voids an open (or written off) invoice: nothing is due any more. */
export function voidInvoice(world: World, id: string): InvoiceRecord {
  const invoice = mustGet(world, 'invoices', id);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw new WorldError(
      'invoice_not_open',
      `${id} is ${invoice.status}; only an open or uncollectible invoice can be voided`,
    );
  }
  cancelIntent(world, invoice);
  const after: InvoiceRecord = { ...invoice, status: 'void', voidedAt: world.now(), nextAttemptAt: null };
  world.put('invoices', after);
  tell(world, 'invoice.voided', id);
  return after;
}

/** Writes an open invoice off. */
export function markUncollectible(world: World, id: string): InvoiceRecord {
  const invoice = mustGet(world, 'invoices', id);
  if (invoice.status !== 'open') {
    throw new WorldError(
      'invoice_not_open',
      `${id} is ${invoice.status}; only an open invoice can be marked uncollectible`,
    );
  }
  const after: InvoiceRecord = {
    ...invoice,
    status: 'uncollectible',
    uncollectibleAt: world.now(),
    nextAttemptAt: null,
  };
  world.put('invoices', after);
  tell(world, 'invoice.marked_uncollectible', id);
  return after;
}

function cancelIntent(world: World, invoice: InvoiceRecord): void {
  const intent = invoice.paymentIntentId ? world.get('paymentIntents', invoice.paymentIntentId) : undefined;
  if (!intent || intent.status === 'succeeded' || intent.status === 'canceled') return;
  world.put('paymentIntents', { ...intent, status: 'canceled' });
  world.emit({
    at: world.now(),
    type: 'payment_intent.canceled',
    collection: 'paymentIntents',
    id: intent.id,
  });
}

function tell(world: World, type: string, id: string): void {
  world.emit({ at: world.now(), type, collection: 'invoices', id });
}
