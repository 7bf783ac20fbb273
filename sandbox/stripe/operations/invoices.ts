import { failInvoicePayment, payInvoice, setSubscriptionStatus } from '../../world/operations.ts';
import type { ChargeRecord, InvoiceLineRecord, InvoiceRecord, World } from '../../world/records.ts';

/** Stores the changed invoice and announces it as `invoice.updated`. */
export function updateInvoice(
  world: World,
  invoice: InvoiceRecord,
  fields: Partial<InvoiceRecord>,
  previous: Record<string, unknown>,
): InvoiceRecord {
  const changed = { ...invoice, ...fields };
  world.put('invoices', changed);
  world.emit({ at: world.now(), type: 'invoice.updated', collection: 'invoices', id: invoice.id, previous });
  return changed;
}

/** A draft's lines, and the sums that follow from them. */
export function changeLines(world: World, invoice: InvoiceRecord, lines: InvoiceLineRecord[]): InvoiceRecord {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const tax = lines.reduce((sum, line) => sum + line.taxAmount, 0);
  const discountAmount = Math.min(invoice.discountAmount, Math.max(0, subtotal));
  const total = subtotal - discountAmount + tax;
  const amountDue = Math.max(0, total);
  return updateInvoice(
    world,
    invoice,
    { lines, subtotal, tax, discountAmount, total, amountDue, amountRemaining: amountDue },
    { amount_due: invoice.amountDue, subtotal: invoice.subtotal, total: invoice.total },
  );
}

/** Tries this card once: paid, or a declined attempt that the books follow up. */
export function chargeInvoice(
  world: World,
  invoiceId: string,
  paymentMethodId: string,
): { invoice: InvoiceRecord; charge: ChargeRecord } {
  const declineCode = world.get('paymentMethods', paymentMethodId)?.declineCode ?? null;
  return declineCode === null
    ? payInvoice(world, invoiceId)
    : failInvoicePayment(world, invoiceId, declineCode);
}

/** Paid by other means than Stripe: no charge, and the subscription is no longer past due once nothing else is. */
export function settleOutside(world: World, invoice: InvoiceRecord): InvoiceRecord {
  const paid: InvoiceRecord = {
    ...invoice,
    status: 'paid',
    amountPaid: invoice.amountPaid + invoice.amountRemaining,
    amountRemaining: 0,
    paidAt: world.now(),
    nextAttemptAt: null,
  };
  world.put('invoices', paid);
  world.emit({
    at: world.now(),
    type: 'invoice.paid',
    collection: 'invoices',
    id: invoice.id,
    previous: {
      status: invoice.status,
      amount_paid: invoice.amountPaid,
      amount_remaining: invoice.amountRemaining,
    },
  });
  const { subscriptionId } = invoice;
  if (subscriptionId === null || world.get('subscriptions', subscriptionId)?.status !== 'past_due')
    return paid;
  const owes = world
    .of('invoices', invoice.customerId)
    .some(
      (other) => other.subscriptionId === subscriptionId && other.status === 'open' && other.attemptCount > 0,
    );
  if (!owes) setSubscriptionStatus(world, subscriptionId, 'active');
  return paid;
}
