import type { z } from 'zod';
import type { Malformed, SyncRow } from '../../domain/sync.ts';
import { malformedRow } from '../drift.ts';
import { isoMinor } from './amounts.ts';
import {
  chargeSchema,
  creditNoteSchema,
  invoicePaymentSchema,
  invoiceSchema,
  refundSchema,
  type StripeCharge,
  type StripeCreditNote,
  type StripeInvoice,
  type StripeRefund,
  type StripeSubscription,
  subscriptionSchema,
} from './objects.ts';

/** Stripe's names for what Psi keeps, and how each becomes rows. */
export type StripeKind = 'subscription' | 'invoice' | 'charge' | 'refund' | 'credit_note' | 'invoice_payment';

export interface StripeRows {
  subscriptions: SyncRow['subscriptions'][];
  invoices: SyncRow['invoices'][];
  payments: SyncRow['payments'][];
  refunds: SyncRow['refunds'][];
  credit_notes: SyncRow['credit_notes'][];
  invoice_payments: SyncRow['invoice_payments'][];
}

export function emptyRows(): StripeRows {
  return {
    subscriptions: [],
    invoices: [],
    payments: [],
    refunds: [],
    credit_notes: [],
    invoice_payments: [],
  };
}

const ms = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? null : seconds * 1000;

/**
 * Adds one Stripe object to the rows, as it was at `seenAt` (epoch ms).
 * @returns what is wrong with it, when it cannot be read.
 */
export function addRow(
  rows: StripeRows,
  kind: StripeKind,
  object: unknown,
  seenAt: number,
): Malformed | null {
  switch (kind) {
    case 'subscription':
      return read(kind, subscriptionSchema, object, (it) =>
        rows.subscriptions.push(subscriptionRow(it, seenAt)),
      );
    case 'invoice':
      return read(kind, invoiceSchema, object, (it) => rows.invoices.push(invoiceRow(it, seenAt)));
    case 'charge':
      return read(kind, chargeSchema, object, (it) => rows.payments.push(paymentRow(it, seenAt)));
    case 'refund':
      return read(kind, refundSchema, object, (it) => rows.refunds.push(refundRow(it, seenAt)));
    case 'credit_note':
      return read(kind, creditNoteSchema, object, (it) => rows.credit_notes.push(creditNoteRow(it, seenAt)));
    case 'invoice_payment':
      return read(kind, invoicePaymentSchema, object, (it) => {
        const intent = it.payment.payment_intent;
        if (intent) rows.invoice_payments.push({ payment_intent_id: intent, invoice_id: it.invoice });
      });
  }
}

function read<T>(
  resource: string,
  schema: z.ZodType<T>,
  object: unknown,
  use: (value: T) => unknown,
): Malformed | null {
  const parsed = schema.safeParse(object);
  if (parsed.success) {
    use(parsed.data);
    return null;
  }
  return malformedRow(resource, object, parsed.error);
}

export function invoiceRow(invoice: StripeInvoice, seenAt: number): SyncRow['invoices'] {
  const iso = (amount: number) => isoMinor(amount, invoice.currency);
  const finalizedAt = ms(invoice.status_transitions.finalized_at);
  // An invoice that is charged automatically has no due date at Stripe: it is due when it is finalised.
  const automatic = invoice.collection_method === 'charge_automatically';
  return {
    id: invoice.id,
    number: invoice.number ?? null,
    customer_id: invoice.customer,
    subscription_id: invoice.parent?.subscription_details?.subscription ?? null,
    status: invoice.status ?? 'draft',
    currency: invoice.currency,
    subtotal_minor: iso(invoice.subtotal),
    tax_minor: iso(sumOf((invoice.total_taxes ?? []).map((tax) => tax.amount))),
    total_minor: iso(invoice.total),
    amount_due_minor: iso(invoice.amount_due),
    amount_paid_minor: iso(invoice.amount_paid),
    amount_remaining_minor: iso(invoice.amount_remaining),
    attempt_count: invoice.attempt_count,
    hosted_url: invoice.hosted_invoice_url ?? null,
    created_at: invoice.created * 1000,
    finalized_at: finalizedAt,
    due_at: ms(invoice.due_date) ?? (automatic ? finalizedAt : null),
    paid_at: ms(invoice.status_transitions.paid_at),
    voided_at: ms(invoice.status_transitions.voided_at),
    uncollectible_at: ms(invoice.status_transitions.marked_uncollectible_at),
    ...serviceOf(invoice),
    lines_total_minor: linesTotal(invoice),
    balance_used_minor: balanceUsed(invoice),
    seen_at: seenAt,
  };
}

/**
 * The total that an invoice's own parts give: lines less discounts plus the taxes that are added on top. Stripe puts
 * ten lines on the invoice; of a longer one its subtotal stands for them. Null where it tells no parts.
 */
function linesTotal(invoice: StripeInvoice): number | null {
  const amounts = invoice.lines?.data.map(({ amount }) => amount);
  if (amounts === undefined || amounts.length === 0) return null;
  const known = amounts.filter((amount) => amount !== null && amount !== undefined);
  const whole = known.length === amounts.length && invoice.lines?.has_more !== true;
  const lines = whole ? sumOf(known) : invoice.subtotal;
  const discounts = sumOf((invoice.total_discount_amounts ?? []).map(({ amount }) => amount));
  const added = (invoice.total_taxes ?? []).filter(({ tax_behavior }) => tax_behavior !== 'inclusive');
  const taxes = sumOf(added.map(({ amount }) => amount));
  return isoMinor(lines - discounts + taxes, invoice.currency);
}

/** A balance in the customer's favour is below 0 at Stripe. A draft has not used any yet. */
function balanceUsed({ starting_balance, ending_balance, total, currency }: StripeInvoice): number | null {
  if (starting_balance == null || ending_balance == null) return null;
  // A total below 0 goes onto the balance; that is the invoice itself, not a use of credit.
  return total < 0 ? 0 : isoMinor(ending_balance - starting_balance, currency);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** From the first day any line pays for to the last; a charge for nothing that lasts has none. */
function serviceOf({
  lines,
}: StripeInvoice): Pick<SyncRow['invoices'], 'service_start_at' | 'service_end_at'> {
  const periods = (lines?.data ?? []).flatMap(({ period }) =>
    period && period.end > period.start ? [period] : [],
  );
  if (periods.length === 0) return { service_start_at: null, service_end_at: null };
  return {
    service_start_at: Math.min(...periods.map((period) => period.start)) * 1000,
    service_end_at: Math.max(...periods.map((period) => period.end)) * 1000,
  };
}

export function paymentRow(charge: StripeCharge, seenAt: number): SyncRow['payments'] {
  return {
    id: charge.id,
    payment_intent_id: charge.payment_intent ?? null,
    invoice_id: null,
    customer_id: charge.customer,
    status: charge.status,
    currency: charge.currency,
    amount_minor: isoMinor(charge.amount, charge.currency),
    amount_refunded_minor: isoMinor(charge.amount_refunded, charge.currency),
    // The bank's reason where there is one; Stripe's own code is a mere "card_declined".
    decline_code: charge.status === 'failed' ? (charge.outcome?.reason ?? charge.failure_code ?? null) : null,
    method: methodOf(charge),
    ...cardOf(charge),
    disputed: charge.disputed ? 1 : 0,
    created_at: charge.created * 1000,
    seen_at: seenAt,
  };
}

/** The card, by which attempts are counted, and what the network said of a decline. */
function cardOf(charge: StripeCharge): Pick<SyncRow['payments'], 'card_fingerprint' | 'card_details'> {
  const card = charge.payment_method_details?.card;
  if (!card?.fingerprint) return { card_fingerprint: null, card_details: null };
  const said = charge.status === 'failed' ? charge.outcome : null;
  const details = {
    network: card.brand ?? 'other',
    country: card.country ?? null,
    adviceCode: said?.advice_code ?? null,
    networkAdviceCode: said?.network_advice_code ?? null,
    networkDeclineCode: said?.network_decline_code ?? null,
  };
  return { card_fingerprint: card.fingerprint, card_details: JSON.stringify(details) };
}

function methodOf(charge: StripeCharge): string | null {
  const details = charge.payment_method_details;
  if (!details) return null;
  const card = details.card;
  return card?.brand && card.last4 ? `${card.brand} ${card.last4}` : details.type;
}

/** A refund need not name its customer; the charge does. Until that is known the charge's id stands in. */
function refundRow(refund: StripeRefund, seenAt: number): SyncRow['refunds'] {
  return {
    id: refund.id,
    payment_id: refund.charge,
    customer_id: refund.customer ?? refund.charge,
    status: refund.status,
    currency: refund.currency,
    amount_minor: isoMinor(refund.amount, refund.currency),
    reason: refund.reason ?? null,
    created_at: refund.created * 1000,
    seen_at: seenAt,
  };
}

function creditNoteRow(note: StripeCreditNote, seenAt: number): SyncRow['credit_notes'] {
  return {
    id: note.id,
    invoice_id: note.invoice,
    customer_id: note.customer,
    status: note.status,
    currency: note.currency,
    amount_minor: isoMinor(note.total, note.currency),
    created_at: note.created * 1000,
    seen_at: seenAt,
  };
}

function subscriptionRow(subscription: StripeSubscription, seenAt: number): SyncRow['subscriptions'] {
  const [first, ...others] = subscription.items.data;
  if (first === undefined) throw new RangeError('a parsed subscription has at least one item');
  const quantity = first.quantity ?? 1;
  const unitAmount = (item: typeof first) => isoMinor(item.price.unit_amount ?? 0, subscription.currency);
  // Several items become one line of their sum, so that unit amount x quantity is what is charged.
  const several = others.length > 0;
  const sum = subscription.items.data.reduce(
    (total, item) => total + unitAmount(item) * (item.quantity ?? 1),
    0,
  );
  const price = first.price;
  return {
    id: subscription.id,
    customer_id: subscription.customer,
    plan:
      subscription.metadata?.plan ?? price.metadata?.plan ?? price.lookup_key ?? price.nickname ?? price.id,
    status: subscription.status,
    currency: subscription.currency,
    unit_amount_minor: several ? sum : unitAmount(first),
    quantity: several ? 1 : quantity,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    started_at: subscription.start_date * 1000,
    current_period_start_at: first.current_period_start * 1000,
    current_period_end_at: first.current_period_end * 1000,
    trial_end_at: ms(subscription.trial_end),
    cancel_at_period_end: subscription.cancel_at_period_end ? 1 : 0,
    cancel_at: ms(subscription.cancel_at),
    canceled_at: ms(subscription.canceled_at),
    ended_at: ms(subscription.ended_at),
    seen_at: seenAt,
  };
}
