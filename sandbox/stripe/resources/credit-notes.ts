import type { z } from 'zod';
import { createRefund, issueCreditNote } from '../../world/operations.ts';
import type { CreditNoteRecord, InvoiceRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest } from '../errors.ts';
import { type StripeObject, seconds, secondsOrNull } from '../json.ts';
import { voidCreditNote } from '../operations/credit-notes.ts';
import { updateInvoice } from '../operations/invoices.ts';
import {
  instantRange,
  integer,
  metadata,
  oneOf,
  pageParameters,
  parameters,
  positiveInteger,
  text,
} from '../parameters.ts';
import { type Call, listing, mergedMetadata, type Route, route } from '../route.ts';
import {
  type CreditedLine,
  creditedLines,
  creditLinesParameter,
  renderCreditedLines,
  totalOf,
} from './credit-note-lines.ts';
import { renderRefund, spokenAmount } from './refunds.ts';

export function renderCreditNote(note: CreditNoteRecord, books: Books): StripeObject {
  const invoice = books.world.get('invoices', note.invoiceId);
  const kept = books.annotation(note.id);
  const post = isPostPayment(note, invoice);
  return {
    id: note.id,
    object: 'credit_note',
    amount: note.amount,
    amount_shipping: 0,
    created: seconds(note.createdAt),
    currency: note.currency.toLowerCase(),
    customer: books.stripeIdOf(note.customerId),
    customer_account: null,
    customer_balance_transaction: null,
    discount_amount: 0,
    discount_amounts: [],
    effective_at: seconds(note.createdAt),
    invoice: note.invoiceId,
    lines: linesOf(note, kept.memo ?? null),
    livemode: false,
    memo: kept.memo ?? null,
    metadata: kept.metadata ?? {},
    number: note.number,
    out_of_band_amount: kept.outOfBandAmount ?? null,
    ...(kept.creditedLines === undefined ? {} : renderCreditedLines(note, invoice, kept.creditedLines)),
    pdf: `https://pay.stripe.com/credit_notes/${note.id}/pdf`,
    post_payment_amount: post ? note.amount : 0,
    pre_payment_amount: post ? 0 : note.amount,
    pretax_credit_amounts: [],
    reason: note.reason,
    refunds: (kept.refunds ?? []).map(({ id, amount }) => ({
      amount_refunded: amount,
      refund: id,
      type: 'refund',
    })),
    shipping_cost: null,
    status: note.status,
    subtotal: note.amount,
    subtotal_excluding_tax: note.amount,
    total: note.amount,
    total_excluding_tax: note.amount,
    total_taxes: [],
    type: post ? 'post_payment' : 'pre_payment',
    voided_at: secondsOrNull(kept.voidedAt ?? null),
  };
}

/** A note that itself settles an open invoice was issued before payment. */
function isPostPayment(note: CreditNoteRecord, invoice: InvoiceRecord | undefined): boolean {
  if (invoice?.paidAt == null) return false;
  return note.createdAt > invoice.paidAt || (note.createdAt === invoice.paidAt && invoice.amountPaid > 0);
}

function linesOf(note: CreditNoteRecord, memo: string | null): StripeObject {
  const line = {
    id: note.id.replace(/^cn_/, 'cnli_'),
    object: 'credit_note_line_item',
    amount: note.amount,
    description: memo ?? 'Credit',
    discount_amount: 0,
    discount_amounts: [],
    livemode: false,
    metadata: {},
    pretax_credit_amounts: [],
    quantity: 1,
    tax_rates: [],
    taxes: [],
    type: 'custom_line_item',
    unit_amount: note.amount,
    unit_amount_decimal: String(note.amount),
  };
  return { object: 'list', data: [line], has_more: false, url: `/v1/credit_notes/${note.id}/lines` };
}

const createParameters = parameters({
  invoice: text,
  amount: positiveInteger.optional(),
  credit_amount: integer.optional(),
  lines: creditLinesParameter.optional(),
  memo: text.optional(),
  metadata: metadata.optional(),
  out_of_band_amount: integer.optional(),
  reason: oneOf(['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory']).optional(),
  refund_amount: integer.optional(),
});

interface Asked {
  invoice: string;
  amount?: number | undefined;
  lines?: z.infer<typeof creditLinesParameter> | undefined;
  credit_amount?: number | undefined;
  out_of_band_amount?: number | undefined;
  refund_amount?: number | undefined;
}

/** The invoice and the amount asked for; throws the StripeFault when the invoice does not have it to give. */
function checked(
  books: Books,
  params: Asked,
): {
  invoice: InvoiceRecord;
  amount: number;
  lines: CreditedLine[] | undefined;
} {
  const invoice = books.require('invoices', 'invoice', params.invoice, 'invoice');
  if (invoice.status !== 'open' && invoice.status !== 'paid')
    throw invalidRequest(
      `You can only create a credit note for an open or paid invoice, not one that is ${invoice.status}.`,
      {
        param: 'invoice',
      },
    );
  const given = (params.credit_amount ?? 0) + (params.refund_amount ?? 0) + (params.out_of_band_amount ?? 0);
  if (params.lines !== undefined && params.amount !== undefined)
    throw invalidRequest('You may only specify one of these parameters: amount, lines.', { param: 'lines' });
  const lines = params.lines && creditedLines(books, invoice, params.lines);
  const amount = lines === undefined ? (params.amount ?? given) : totalOf(lines);
  const credited = books.index.creditNotes.by('invoice', invoice.id).reduce((sum, entry) => {
    const note = books.world.get('creditNotes', entry.id);
    return sum + (note?.status === 'issued' ? note.amount : 0);
  }, 0);
  const left = invoice.status === 'open' ? invoice.amountRemaining : invoice.total - credited;
  if (amount < 1 || amount > left)
    throw invalidRequest(
      `The credit note amount (${spokenAmount(amount, invoice.currency)}) must be above zero and no greater than what is left to credit on the invoice (${spokenAmount(left, invoice.currency)}).`,
      { param: 'amount' },
    );
  if (invoice.status === 'paid' && given !== amount)
    throw invalidRequest(
      `The sum of credit amount, refund amount and out of band amount (${spokenAmount(given, invoice.currency)}) must equal the post payment amount (${spokenAmount(amount, invoice.currency)}).`,
    );
  return { invoice, amount, lines };
}

function refundOf(call: Call<Asked>, invoice: InvoiceRecord): { id: string; amount: number }[] {
  const amount = call.params.refund_amount ?? 0;
  if (amount === 0) return [];
  const { books } = call;
  const charge = books.index.charges
    .by('invoice', invoice.id)
    .map((entry) => books.world.get('charges', entry.id))
    .find(
      (candidate) =>
        candidate?.status === 'succeeded' && candidate.amount - candidate.amountRefunded >= amount,
    );
  if (!charge)
    throw invalidRequest('The invoice has no payment with that much left to refund.', {
      param: 'refund_amount',
    });
  const refund = createRefund(books.world, { chargeId: charge.id, amount });
  call.effect({
    kind: 'refund.created',
    customer: refund.customerId,
    amountMinor: amount,
    currency: refund.currency,
    payload: renderRefund(refund, books),
  });
  return [{ id: refund.id, amount }];
}

/** Credit goes to the customer's balance, which Stripe keeps negative when money is owed to them. */
function creditBalance(books: Books, invoice: InvoiceRecord, amount: number): void {
  const stripeId = books.stripeIdOf(invoice.customerId);
  if (amount > 0) books.annotate(stripeId, { balance: (books.annotation(stripeId).balance ?? 0) - amount });
}

export const creditNoteRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/credit_notes',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      customer: text.optional(),
      invoice: text.optional(),
    }),
    run: ({ books, params }) => {
      const index = books.index.creditNotes;
      const customerId = books.customerId(params.customer);
      const entries =
        params.invoice !== undefined ? index.by('invoice', params.invoice) : index.by('customer', customerId);
      return listing({
        index,
        entries,
        url: '/v1/credit_notes',
        thing: 'credit_note',
        page: params,
        read: (id) => books.world.get('creditNotes', id),
        render: (note) => renderCreditNote(note, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/credit_notes/preview',
    params: createParameters,
    run: ({ books, params }) => {
      const { invoice, amount, lines } = checked(books, params);
      const note: CreditNoteRecord = {
        id: 'cn_preview',
        number: `${invoice.number ?? invoice.id}-CN-PREVIEW`,
        invoiceId: invoice.id,
        customerId: invoice.customerId,
        amount,
        currency: invoice.currency,
        status: 'issued',
        reason: params.reason ?? null,
        createdAt: books.now(),
      };
      return {
        ...renderCreditNote(note, books),
        ...(lines === undefined ? {} : renderCreditedLines(note, invoice, lines)),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/credit_notes/:id',
    params: parameters({}),
    run: ({ id, books }) => renderCreditNote(books.require('creditNotes', 'credit_note', id), books),
  }),
  route({
    method: 'POST',
    path: '/v1/credit_notes',
    params: createParameters,
    run: (call) => {
      const { books, params } = call;
      const { invoice, amount, lines } = checked(books, params);
      const refunds = invoice.status === 'paid' ? refundOf(call, invoice) : [];
      creditBalance(books, invoice, params.credit_amount ?? 0);
      const note = issueCreditNote(books.world, {
        invoiceId: invoice.id,
        amount,
        reason: params.reason ?? null,
      });
      books.annotate(note.id, {
        memo: params.memo ?? null,
        ...(lines === undefined ? {} : { creditedLines: lines }),
        ...(params.out_of_band_amount ? { outOfBandAmount: params.out_of_band_amount } : {}),
        ...(refunds.length === 0 ? {} : { refunds }),
        metadata: mergedMetadata({}, params.metadata),
      });
      const rendered = renderCreditNote(note, books);
      call.effect({
        kind: 'credit_note.created',
        customer: note.customerId,
        amountMinor: note.amount,
        currency: note.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
  route({
    method: 'POST',
    path: '/v1/credit_notes/:id/void',
    params: parameters({}),
    run: ({ id, books, effect }) => {
      const before = books.require('creditNotes', 'credit_note', id);
      if (before.status === 'void')
        throw invalidRequest('This credit note is already void.', { param: 'id' });
      const invoice = books.world.get('invoices', before.invoiceId);
      if (invoice?.status === 'open')
        updateInvoice(
          books.world,
          invoice,
          {
            amountDue: invoice.amountDue + before.amount,
            amountRemaining: invoice.amountRemaining + before.amount,
          },
          { amount_due: invoice.amountDue, amount_remaining: invoice.amountRemaining },
        );
      books.annotate(id, { voidedAt: books.now() });
      const note = voidCreditNote(books.world, before);
      const rendered = renderCreditNote(note, books);
      effect({
        kind: 'credit_note.voided',
        customer: note.customerId,
        amountMinor: note.amount,
        currency: note.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
];
