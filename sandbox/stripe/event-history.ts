import type {
  ChargeRecord,
  InvoiceRecord,
  SubscriptionRecord,
  SubscriptionVersionRecord,
} from '../world/records.ts';
import type { Books } from './books.ts';
import type { StripeObject } from './json.ts';
import { renderCharge } from './resources/charges.ts';
import { renderCreditNote } from './resources/credit-notes.ts';
import { renderCustomer } from './resources/customers.ts';
import { renderDispute } from './resources/disputes.ts';
import { renderInvoicePayment } from './resources/invoice-payments.ts';
import { renderInvoice } from './resources/invoice-render.ts';
import { renderPaymentIntent } from './resources/payment-intents.ts';
import { renderRefund } from './resources/refunds.ts';
import { renderSubscription } from './resources/subscription-render.ts';

export interface PastEvent {
  at: number;
  type: string;
  subject: string;
  snapshot: () => StripeObject;
}

/**
 * The events of the history the world was made with, from `since` to just before its anchor, oldest first. They follow from
 * the records' own instants; each snapshot is the record with what came later taken back.
 */
export function historyOf(books: Books, since: number): PastEvent[] {
  const until = books.world.anchor.now;
  const events: PastEvent[] = [];
  const add = (at: number | null, type: string, subject: string, snapshot: () => StripeObject) => {
    if (at !== null && at >= since && at < until) events.push({ at, type, subject, snapshot });
  };
  for (const customer of books.world.all('customers'))
    add(customer.createdAt, 'customer.created', customer.id, () => renderCustomer(customer, books));
  for (const version of books.world.all('subscriptionVersions')) {
    const subscription = books.world.get('subscriptions', version.subscriptionId);
    if (!subscription) continue;
    add(version.validFrom, subscriptionType(version), version.id, () =>
      renderSubscription(subscriptionAsOf(subscription, version), books),
    );
  }
  for (const invoice of books.world.all('invoices')) {
    addInvoice(invoice, add, books);
    addPayment(invoice, add, books);
  }
  for (const charge of books.world.all('charges')) addCharge(charge, add, books);
  for (const refund of books.world.all('refunds'))
    add(refund.createdAt, 'refund.created', refund.id, () => renderRefund(refund, books));
  for (const note of books.world.all('creditNotes'))
    add(note.createdAt, 'credit_note.created', note.id, () =>
      renderCreditNote({ ...note, status: 'issued' }, books),
    );
  for (const dispute of books.world.all('disputes'))
    add(dispute.createdAt, 'charge.dispute.created', dispute.id, () =>
      renderDispute({ ...dispute, status: 'needs_response' }, books),
    );
  return events.sort((a, b) => a.at - b.at);
}

type Add = (at: number | null, type: string, subject: string, snapshot: () => StripeObject) => void;

function addInvoice(invoice: InvoiceRecord, add: Add, books: Books): void {
  const moments = [
    [invoice.createdAt, 'invoice.created'],
    [invoice.finalizedAt, 'invoice.finalized'],
    [invoice.paidAt, 'invoice.paid'],
    [invoice.uncollectibleAt, 'invoice.marked_uncollectible'],
    [invoice.voidedAt, 'invoice.voided'],
  ] as const;
  moments.forEach(([at, type], stage) => {
    add(at, type, invoice.id, () => renderInvoice(invoiceAsOf(invoice, at ?? 0, stage), books));
  });
}

/** Money that came through Stripe is told twice more: of the invoice, and of the payment. */
function addPayment(invoice: InvoiceRecord, add: Add, books: Books): void {
  const intent =
    invoice.paymentIntentId === null ? undefined : books.world.get('paymentIntents', invoice.paymentIntentId);
  if (intent?.status !== 'succeeded') return;
  const at = invoice.paidAt;
  add(at, 'invoice.payment_succeeded', invoice.id, () =>
    renderInvoice(invoiceAsOf(invoice, at ?? 0, 2), books),
  );
  add(at, 'invoice_payment.paid', invoice.id, () => renderInvoicePayment(intent, invoice));
}

/** `stage` tells moments of one instant apart: drafted, finalised, then settled. */
function invoiceAsOf(invoice: InvoiceRecord, at: number, stage: number): InvoiceRecord {
  const until = (instant: number | null, reached: boolean) =>
    instant !== null && (instant < at || (instant === at && reached)) ? instant : null;
  const finalizedAt = until(invoice.finalizedAt, stage >= 1);
  const paidAt = until(invoice.paidAt, stage === 2);
  const uncollectibleAt = until(invoice.uncollectibleAt, stage === 3);
  const voidedAt = until(invoice.voidedAt, stage === 4);
  const status = voidedAt
    ? 'void'
    : paidAt
      ? 'paid'
      : uncollectibleAt
        ? 'uncollectible'
        : finalizedAt
          ? 'open'
          : 'draft';
  const paid = paidAt !== null;
  return {
    ...invoice,
    status,
    number: finalizedAt === null ? null : invoice.number,
    finalizedAt,
    paidAt,
    uncollectibleAt,
    voidedAt,
    amountPaid: paid ? invoice.amountPaid : 0,
    amountRemaining: paid ? 0 : invoice.amountDue,
    nextAttemptAt: paid ? null : invoice.nextAttemptAt,
    paymentIntentId: finalizedAt === null ? null : invoice.paymentIntentId,
  };
}

function addCharge(charge: ChargeRecord, add: Add, books: Books): void {
  if (charge.status === 'pending') return;
  const at = charge.createdAt;
  const refundsBy = (instant: number) =>
    books.index.refunds.by('charge', charge.id).reduce((sum, entry) => {
      const refund = entry.at <= instant ? books.world.get('refunds', entry.id) : undefined;
      return sum + (refund?.status === 'succeeded' ? refund.amount : 0);
    }, 0);
  add(at, `charge.${charge.status}`, charge.id, () =>
    renderCharge({ ...charge, amountRefunded: 0, disputed: false }, books),
  );
  const intent =
    charge.paymentIntentId === null ? undefined : books.world.get('paymentIntents', charge.paymentIntentId);
  const succeeded = charge.status === 'succeeded';
  if (intent)
    add(at, succeeded ? 'payment_intent.succeeded' : 'payment_intent.payment_failed', charge.id, () =>
      renderPaymentIntent(
        { ...intent, latestChargeId: charge.id, status: succeeded ? 'succeeded' : 'requires_payment_method' },
        books,
      ),
    );
  const invoice = charge.invoiceId === null ? undefined : books.world.get('invoices', charge.invoiceId);
  if (invoice && !succeeded)
    add(at, 'invoice.payment_failed', charge.id, () => renderInvoice(invoiceAsOf(invoice, at, 1), books));
  for (const entry of books.index.refunds.by('charge', charge.id))
    add(entry.at, 'charge.refunded', entry.id, () =>
      renderCharge({ ...charge, amountRefunded: refundsBy(entry.at) }, books),
    );
}

function subscriptionType(version: SubscriptionVersionRecord): string {
  if (version.version === 1) return 'customer.subscription.created';
  return version.status === 'canceled' ? 'customer.subscription.deleted' : 'customer.subscription.updated';
}

function subscriptionAsOf(
  subscription: SubscriptionRecord,
  version: SubscriptionVersionRecord,
): SubscriptionRecord {
  const ended = version.status === 'canceled';
  const { plan, status, unitAmount, quantity, interval, intervalCount, cancelAt } = version;
  return {
    ...subscription,
    plan,
    status,
    unitAmount,
    quantity,
    interval,
    intervalCount,
    cancelAt,
    cancelAtPeriodEnd: cancelAt !== null && subscription.cancelAtPeriodEnd,
    canceledAt: ended || cancelAt !== null ? subscription.canceledAt : null,
    endedAt: ended ? version.validFrom : null,
    discount: version.discountDuration === null ? null : subscription.discount,
  };
}
