import type { ChargeRecord, InvoiceLineRecord, InvoiceRecord, World } from '../../world/records.ts';
import { attemptPayment, createPaymentIntent } from './payments.ts';
import { changeSubscription } from './subscriptions.ts';

function change(
  world: World,
  invoice: InvoiceRecord,
  type: string,
  fields: Partial<InvoiceRecord>,
  previous?: Record<string, unknown>,
): InvoiceRecord {
  const changed = { ...invoice, ...fields };
  world.put('invoices', changed);
  world.emit({
    at: world.now(),
    type,
    collection: 'invoices',
    id: invoice.id,
    ...(previous === undefined ? {} : { previous }),
  });
  return changed;
}

export function createDraftInvoice(
  world: World,
  of: Pick<
    InvoiceRecord,
    'customerId' | 'subscriptionId' | 'currency' | 'collectionMethod' | 'dueAt' | 'metadata'
  > & {
    lines: InvoiceLineRecord[];
    discountAmount?: number;
  },
): InvoiceRecord {
  const at = world.now();
  const { lines, discountAmount = 0, ...fields } = of;
  const draft: InvoiceRecord = {
    ...fields,
    id: world.newId('in'),
    number: null,
    status: 'draft',
    lines: [],
    subtotal: 0,
    discountAmount,
    tax: 0,
    total: 0,
    amountDue: 0,
    amountPaid: 0,
    amountRemaining: 0,
    attemptCount: 0,
    paymentIntentId: null,
    createdAt: at,
    finalizedAt: null,
    paidAt: null,
    voidedAt: null,
    uncollectibleAt: null,
    nextAttemptAt: null,
    periodStartAt: lines[0]?.periodStartAt ?? at,
    periodEndAt: lines[0]?.periodEndAt ?? at,
  };
  const invoice = totalled(draft, lines);
  world.put('invoices', invoice);
  world.emit({ at, type: 'invoice.created', collection: 'invoices', id: invoice.id });
  return invoice;
}

/** The invoice with these lines and the sums that follow from them. */
export function totalled(invoice: InvoiceRecord, lines: InvoiceLineRecord[]): InvoiceRecord {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const tax = lines.reduce((sum, line) => sum + line.taxAmount, 0);
  const discountAmount = Math.min(invoice.discountAmount, Math.max(0, subtotal));
  const total = subtotal - discountAmount + tax;
  const amountDue = Math.max(0, total);
  return { ...invoice, lines, subtotal, tax, discountAmount, total, amountDue, amountRemaining: amountDue };
}

export function changeLines(world: World, invoice: InvoiceRecord, lines: InvoiceLineRecord[]): InvoiceRecord {
  return change(world, invoice, 'invoice.updated', totalled(invoice, lines), {
    amount_due: invoice.amountDue,
    subtotal: invoice.subtotal,
    total: invoice.total,
  });
}

/** Gives a draft its number and makes it payable; one with nothing due is paid at once. */
export function finalizeInvoice(world: World, draft: InvoiceRecord): InvoiceRecord {
  const at = world.now();
  const intent =
    draft.amountDue === 0
      ? null
      : createPaymentIntent(world, {
          customerId: draft.customerId,
          invoiceId: draft.id,
          amount: draft.amountDue,
          currency: draft.currency,
          metadata: {},
          confirmable: false,
        });
  const open = change(world, draft, 'invoice.finalized', {
    status: 'open',
    number: nextNumber(world, draft.customerId),
    finalizedAt: at,
    dueAt: draft.dueAt,
    paymentIntentId: intent?.id ?? null,
  });
  return open.amountDue === 0 ? markPaid(world, open) : open;
}

function nextNumber(world: World, customerId: string): string {
  const customer = world.get('customers', customerId);
  const numbered = world.of('invoices', customerId).filter((invoice) => invoice.number !== null).length;
  return `${(customer?.stripeId ?? customerId).slice(-8).toUpperCase()}-${String(numbered + 1).padStart(4, '0')}`;
}

/** Paid, by whatever means: by card, by bank transfer outside Stripe, or because nothing was due. */
export function markPaid(world: World, invoice: InvoiceRecord): InvoiceRecord {
  const paid = change(
    world,
    invoice,
    'invoice.paid',
    {
      status: 'paid',
      amountPaid: invoice.amountPaid + invoice.amountRemaining,
      amountRemaining: 0,
      paidAt: world.now(),
      nextAttemptAt: null,
    },
    { status: invoice.status, amount_paid: invoice.amountPaid, amount_remaining: invoice.amountRemaining },
  );
  reviveSubscription(world, paid);
  return paid;
}

function reviveSubscription(world: World, invoice: InvoiceRecord): void {
  if (invoice.subscriptionId === null) return;
  const subscription = world.get('subscriptions', invoice.subscriptionId);
  if (subscription?.status !== 'past_due') return;
  const stillOwing = world
    .of('invoices', invoice.customerId)
    .some(
      (other) =>
        other.subscriptionId === subscription.id && other.status === 'open' && other.attemptCount > 0,
    );
  if (!stillOwing) changeSubscription(world, subscription, { status: 'active' }, { status: 'past_due' });
}

/** One attempt with the card: `invoice.paid` and `invoice.payment_succeeded`, or `invoice.payment_failed`. */
export function payInvoice(
  world: World,
  open: InvoiceRecord,
  paymentMethodId: string | null,
): { invoice: InvoiceRecord; charge: ChargeRecord } {
  const known = open.paymentIntentId === null ? undefined : world.get('paymentIntents', open.paymentIntentId);
  const intent =
    known ??
    createPaymentIntent(world, {
      customerId: open.customerId,
      invoiceId: open.id,
      amount: open.amountRemaining,
      currency: open.currency,
      metadata: {},
      confirmable: true,
    });
  const charge = attemptPayment(world, { ...intent, amount: open.amountRemaining }, paymentMethodId);
  const attempted = { ...open, paymentIntentId: intent.id, attemptCount: open.attemptCount + 1 };
  if (charge.status !== 'succeeded') {
    const failed = change(
      world,
      attempted,
      'invoice.payment_failed',
      {},
      { attempt_count: open.attemptCount },
    );
    return { invoice: failed, charge };
  }
  const paid = markPaid(world, attempted);
  world.emit({ at: world.now(), type: 'invoice.payment_succeeded', collection: 'invoices', id: paid.id });
  return { invoice: paid, charge };
}

export function voidInvoice(world: World, invoice: InvoiceRecord): InvoiceRecord {
  cancelIntent(world, invoice);
  return change(
    world,
    invoice,
    'invoice.voided',
    { status: 'void', voidedAt: world.now(), nextAttemptAt: null },
    { status: invoice.status },
  );
}

function cancelIntent(world: World, invoice: InvoiceRecord): void {
  const intent =
    invoice.paymentIntentId === null ? undefined : world.get('paymentIntents', invoice.paymentIntentId);
  if (!intent || intent.status === 'succeeded' || intent.status === 'canceled') return;
  world.put('paymentIntents', { ...intent, status: 'canceled' });
  world.emit({
    at: world.now(),
    type: 'payment_intent.canceled',
    collection: 'paymentIntents',
    id: intent.id,
  });
}

export function markUncollectible(world: World, invoice: InvoiceRecord): InvoiceRecord {
  return change(
    world,
    invoice,
    'invoice.marked_uncollectible',
    { status: 'uncollectible', uncollectibleAt: world.now(), nextAttemptAt: null },
    { status: invoice.status },
  );
}

export function updateInvoice(
  world: World,
  invoice: InvoiceRecord,
  fields: Partial<InvoiceRecord>,
  previous: Record<string, unknown>,
): InvoiceRecord {
  return change(world, invoice, 'invoice.updated', fields, previous);
}
