import { DAY } from './calendar.ts';
import { WorldError } from './errors.ts';
import { mustGet } from './lookup.ts';
import type { ChargeRecord, InvoiceRecord, World } from './records.ts';
import { setSubscriptionStatus } from './subscription-operations.ts';

/** What a card's bank says, in Stripe's words. */
export const DECLINES: Record<string, string> = {
  insufficient_funds: 'Your card has insufficient funds.',
  expired_card: 'Your card has expired.',
  do_not_honor: 'Your card was declined.',
  lost_card: 'Your card was declined.',
  stolen_card: 'Your card was declined.',
  generic_decline: 'Your card was declined.',
  card_velocity_exceeded: 'Your card was declined for making repeated attempts too frequently.',
  incorrect_cvc: "Your card's security code is incorrect.",
  processing_error: 'An error occurred while processing your card. Try again in a little bit.',
  authentication_required: 'Your card was declined. This transaction requires authentication.',
};

/** Days from each failed attempt to the next; after the last there is none. */
const RETRY_AFTER_DAYS = [3, 5, 7] as const;

function mustBePayable(invoice: InvoiceRecord): void {
  if (invoice.status === 'paid')
    throw new WorldError('invoice_already_paid', `Invoice is already paid: ${invoice.id}`);
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw new WorldError(
      'invoice_not_open',
      `${invoice.id} is ${invoice.status}; only an open invoice can be paid`,
    );
  }
}

/** Takes the money: charge, payment intent, invoice paid, and the subscription active again once nothing else is owed. */
export function payInvoice(
  world: World,
  id: string,
  options: { byTransfer?: boolean } = {},
): { invoice: InvoiceRecord; charge: ChargeRecord } {
  const invoice = mustGet(world, 'invoices', id);
  mustBePayable(invoice);
  const now = world.now();
  const charge = newCharge(world, invoice, null, options.byTransfer ?? false);
  settleIntent(world, invoice, charge.id, true);
  world.emit({ at: now, type: 'charge.succeeded', collection: 'charges', id: charge.id });
  const paid: InvoiceRecord = {
    ...invoice,
    status: 'paid',
    amountPaid: invoice.amountDue,
    amountRemaining: 0,
    attemptCount: invoice.attemptCount + 1,
    paidAt: now,
    nextAttemptAt: null,
  };
  world.put('invoices', paid);
  world.emit({ at: now, type: 'invoice.paid', collection: 'invoices', id });
  restore(world, paid);
  return { invoice: paid, charge };
}

/** Records a declined attempt; plans the next one, and the subscription is past due. */
export function failInvoicePayment(
  world: World,
  id: string,
  declineCode: string,
): { invoice: InvoiceRecord; charge: ChargeRecord } {
  const invoice = mustGet(world, 'invoices', id);
  mustBePayable(invoice);
  const now = world.now();
  const charge = newCharge(world, invoice, declineCode, false);
  settleIntent(world, invoice, charge.id, false);
  world.emit({ at: now, type: 'charge.failed', collection: 'charges', id: charge.id });
  const wait = invoice.status === 'open' ? RETRY_AFTER_DAYS[invoice.attemptCount] : undefined;
  const failed: InvoiceRecord = {
    ...invoice,
    attemptCount: invoice.attemptCount + 1,
    nextAttemptAt: wait === undefined ? null : now + wait * DAY,
  };
  world.put('invoices', failed);
  world.emit({ at: now, type: 'invoice.payment_failed', collection: 'invoices', id });
  const subscription = failed.subscriptionId ? world.get('subscriptions', failed.subscriptionId) : undefined;
  if (subscription?.status === 'active') setSubscriptionStatus(world, subscription.id, 'past_due');
  return { invoice: failed, charge };
}

/** Tries the customer's card: pays, or fails with the card's decline code. `decline` overrides what the bank says. */
export function attemptInvoicePayment(world: World, id: string, decline?: string | null) {
  const invoice = mustGet(world, 'invoices', id);
  const customer = mustGet(world, 'customers', invoice.customerId);
  const card = customer.paymentMethodId ? world.get('paymentMethods', customer.paymentMethodId) : undefined;
  if (!card) throw new WorldError('resource_missing', `${customer.id} has no payment method to charge`);
  const code = card.declineCode ?? decline ?? null;
  return code === null ? payInvoice(world, id) : failInvoicePayment(world, id, code);
}

function newCharge(
  world: World,
  invoice: InvoiceRecord,
  declineCode: string | null,
  byTransfer: boolean,
): ChargeRecord {
  const customer = mustGet(world, 'customers', invoice.customerId);
  const charge: ChargeRecord = {
    id: world.newId('ch'),
    customerId: invoice.customerId,
    invoiceId: invoice.id,
    paymentIntentId: invoice.paymentIntentId,
    paymentMethodId: byTransfer ? null : customer.paymentMethodId,
    status: declineCode === null ? 'succeeded' : 'failed',
    amount: invoice.amountRemaining,
    amountRefunded: 0,
    currency: invoice.currency,
    declineCode,
    failureMessage: declineCode === null ? null : (DECLINES[declineCode] ?? 'Your card was declined.'),
    disputed: false,
    createdAt: world.now(),
    metadata: {},
  };
  world.put('charges', charge);
  return charge;
}

function settleIntent(world: World, invoice: InvoiceRecord, chargeId: string, succeeded: boolean): void {
  const intent = invoice.paymentIntentId ? world.get('paymentIntents', invoice.paymentIntentId) : undefined;
  if (!intent) return;
  world.put('paymentIntents', {
    ...intent,
    amount: invoice.amountRemaining,
    status: succeeded ? 'succeeded' : 'requires_payment_method',
    latestChargeId: chargeId,
  });
  const type = succeeded ? 'payment_intent.succeeded' : 'payment_intent.payment_failed';
  world.emit({ at: world.now(), type, collection: 'paymentIntents', id: intent.id });
}

function restore(world: World, paid: InvoiceRecord): void {
  const { subscriptionId } = paid;
  if (!subscriptionId || world.get('subscriptions', subscriptionId)?.status !== 'past_due') return;
  const owes = world
    .of('invoices', paid.customerId)
    .some(
      (other) => other.subscriptionId === subscriptionId && other.status === 'open' && other.attemptCount > 0,
    );
  if (!owes) setSubscriptionStatus(world, subscriptionId, 'active');
}
