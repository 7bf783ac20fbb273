import type { InvoiceLineRecord, InvoiceRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { type Json, type JsonObject, type StripeObject, seconds, secondsOrNull } from '../json.ts';
import { emptyAddress } from './customers.ts';

/** The invoice as of this API version: payments by `expand`, the subscription under `parent`. */
export function renderInvoice(invoice: InvoiceRecord, books: Books): StripeObject {
  const customer = books.world.get('customers', invoice.customerId);
  const finalized = invoice.finalizedAt !== null;
  const hosted = `https://invoice.stripe.com/i/test/${invoice.id}`;
  return {
    id: invoice.id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'PsiZero',
    account_tax_ids: null,
    amount_due: invoice.amountDue,
    amount_overpaid: 0,
    amount_paid: invoice.amountPaid,
    amount_remaining: invoice.amountRemaining,
    amount_shipping: 0,
    application: null,
    attempt_count: invoice.attemptCount,
    attempted: invoice.attemptCount > 0,
    auto_advance: books.annotation(invoice.id).autoAdvance ?? invoice.status === 'open',
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: billingReason(invoice, books),
    collection_method: invoice.collectionMethod,
    created: seconds(invoice.createdAt),
    currency: invoice.currency.toLowerCase(),
    custom_fields: null,
    customer: customer?.stripeId ?? invoice.customerId,
    customer_account: null,
    customer_address: emptyAddress(customer?.country ?? null),
    customer_email: customer?.email ?? null,
    customer_name: customer?.name ?? null,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: books.annotation(invoice.id).description ?? null,
    discounts: invoice.discountAmount > 0 ? [discountId(invoice)] : [],
    due_date: secondsOrNull(invoice.dueAt),
    effective_at: secondsOrNull(invoice.finalizedAt),
    ending_balance: finalized ? (books.annotation(invoice.id).endingBalance ?? 0) : null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: finalized ? hosted : null,
    invoice_pdf: finalized ? `${hosted}/pdf` : null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: linesOf(invoice, books),
    livemode: false,
    metadata: invoice.metadata,
    next_payment_attempt: secondsOrNull(invoice.nextAttemptAt),
    number: invoice.number,
    on_behalf_of: null,
    parent: parentOf(invoice),
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: seconds(invoice.periodEndAt),
    period_start: seconds(invoice.periodStartAt),
    ...creditNoteSums(invoice, books),
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: books.annotation(invoice.id).startingBalance ?? 0,
    statement_descriptor: null,
    status: invoice.status,
    status_transitions: {
      finalized_at: secondsOrNull(invoice.finalizedAt),
      marked_uncollectible_at: secondsOrNull(invoice.uncollectibleAt),
      paid_at: secondsOrNull(invoice.paidAt),
      voided_at: secondsOrNull(invoice.voidedAt),
    },
    subtotal: invoice.subtotal,
    subtotal_excluding_tax: invoice.subtotal,
    test_clock: null,
    total: invoice.total,
    total_discount_amounts:
      invoice.discountAmount > 0 ? [{ amount: invoice.discountAmount, discount: discountId(invoice) }] : [],
    total_excluding_tax: invoice.total - invoice.tax,
    total_pretax_credit_amounts: [],
    total_taxes: taxes(invoice.tax, invoice.total - invoice.tax),
    webhooks_delivered_at: seconds(invoice.createdAt),
  };
}

export function discountId(invoice: InvoiceRecord): string {
  return `di_${(invoice.subscriptionId ?? invoice.id).replace(/^[a-z]+_/, '')}`;
}

export function taxes(amount: number, taxable: number): Json[] {
  if (amount === 0) return [];
  return [
    {
      amount,
      tax_behavior: 'exclusive',
      tax_rate_details: { tax_rate: 'txr_sales_tax' },
      taxability_reason: 'standard_rated',
      taxable_amount: taxable,
      type: 'tax_rate_details',
    },
  ];
}

function billingReason(invoice: InvoiceRecord, books: Books): string {
  if (invoice.subscriptionId === null) return 'manual';
  const started = books.world.get('subscriptions', invoice.subscriptionId)?.startedAt;
  return started !== undefined && invoice.createdAt - started < 3_600_000
    ? 'subscription_create'
    : 'subscription_cycle';
}

function parentOf(invoice: InvoiceRecord): JsonObject | null {
  if (invoice.subscriptionId === null) return null;
  return {
    quote_details: null,
    subscription_details: { metadata: {}, subscription: invoice.subscriptionId },
    type: 'subscription_details',
  };
}

/** Issued before it was paid they lower what is due; afterwards they are owed back. */
function creditNoteSums(invoice: InvoiceRecord, books: Books): JsonObject {
  const sums = { pre: 0, post: 0 };
  for (const { id } of books.index.creditNotes.by('invoice', invoice.id)) {
    const note = books.world.get('creditNotes', id);
    if (note?.status !== 'issued') continue;
    sums[invoice.paidAt !== null && note.createdAt >= invoice.paidAt ? 'post' : 'pre'] += note.amount;
  }
  return { post_payment_credit_notes_amount: sums.post, pre_payment_credit_notes_amount: sums.pre };
}

/** Stripe puts the first ten lines on the invoice; the rest are at its `lines` URL. */
const LINES_SHOWN = 10;

function linesOf(invoice: InvoiceRecord, books: Books): StripeObject {
  return {
    object: 'list',
    data: invoice.lines.slice(0, LINES_SHOWN).map((line) => renderInvoiceLine(line, invoice, books)),
    has_more: invoice.lines.length > LINES_SHOWN,
    total_count: invoice.lines.length,
    url: `/v1/invoices/${invoice.id}/lines`,
  };
}

export function renderInvoiceLine(
  line: InvoiceLineRecord,
  invoice: InvoiceRecord,
  books: Books,
): StripeObject {
  const discount = discountOfLine(invoice, line);
  return {
    id: line.id,
    object: 'line_item',
    amount: line.amount,
    currency: invoice.currency.toLowerCase(),
    description: line.description,
    discount_amounts: discount === 0 ? [] : [{ amount: discount, discount: discountId(invoice) }],
    discountable: true,
    discounts: [],
    invoice: invoice.id,
    livemode: false,
    metadata: {},
    parent: lineParent(line, invoice, books),
    period: { end: seconds(line.periodEndAt), start: seconds(line.periodStartAt) },
    pretax_credit_amounts: [],
    pricing: pricing(line.priceId, line.unitAmount, books),
    quantity: line.quantity,
    quantity_decimal: String(line.quantity),
    subscription: invoice.subscriptionId,
    subtotal: line.amount,
    taxes: taxes(line.taxAmount, line.amount - discount),
  };
}

/** The invoice's discount shared out by amount; the last line takes what rounding left. */
export function discountOfLine(invoice: InvoiceRecord, line: InvoiceLineRecord): number {
  if (invoice.discountAmount === 0 || invoice.subtotal === 0) return 0;
  const shareOf = (one: InvoiceLineRecord) =>
    Math.floor((invoice.discountAmount * one.amount) / invoice.subtotal);
  if (line.id !== invoice.lines.at(-1)?.id) return shareOf(line);
  return invoice.lines.slice(0, -1).reduce((left, one) => left - shareOf(one), invoice.discountAmount);
}

export function pricing(priceId: string | null, unitAmount: number, books: Books): JsonObject {
  const price = priceId === null ? undefined : books.world.get('prices', priceId);
  return {
    ...(price ? { price_details: { price: price.id, product: price.productId } } : {}),
    type: 'price_details',
    unit_amount_decimal: String(unitAmount),
  };
}

function lineParent(line: InvoiceLineRecord, invoice: InvoiceRecord, books: Books): JsonObject {
  const subscription =
    invoice.subscriptionId === null ? undefined : books.world.get('subscriptions', invoice.subscriptionId);
  if (!subscription)
    return {
      invoice_item_details: {
        invoice_item: line.id.replace(/^il_/, 'ii_'),
        proration: false,
        proration_details: null,
        subscription: null,
      },
      subscription_item_details: null,
      type: 'invoice_item_details',
    };
  return {
    invoice_item_details: null,
    subscription_item_details: {
      invoice_item: null,
      proration: false,
      proration_details: null,
      subscription: subscription.id,
      subscription_item: subscription.itemId,
    },
    type: 'subscription_item_details',
  };
}
