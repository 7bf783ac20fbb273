import { markUncollectible, voidInvoice } from '../../world/operations.ts';
import type { InvoiceRecord } from '../../world/records.ts';
import { cardDeclined, invalidRequest } from '../errors.ts';
import type { StripeObject } from '../json.ts';
import { chargeInvoice, settleOutside } from '../operations/invoices.ts';
import { flag, parameters, text } from '../parameters.ts';
import { type Call, type Route, route } from '../route.ts';
import { returnBalance } from './applied-balance.ts';
import { announce, finalized, invoiceNamed } from './invoice-steps.ts';
import { renderPaymentIntent, saidOf } from './payment-intents.ts';

function expectStatus(
  invoice: InvoiceRecord,
  allowed: readonly InvoiceRecord['status'][],
  doing: string,
): void {
  if (allowed.includes(invoice.status)) return;
  throw invalidRequest(
    `This invoice is ${invoice.status}, so you can't ${doing}. It must be ${allowed.join(' or ')}.`,
    {
      code: invoice.status === 'draft' ? 'invoice_not_finalized' : 'status_transition_invalid',
      param: 'invoice',
    },
  );
}

/** What ends an invoice: paid, voided, written off; and sending it, so that it may be. */
export const settlementRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/v1/invoices/:id/pay',
    params: parameters({
      off_session: flag.optional(),
      paid_out_of_band: flag.optional(),
      payment_method: text.optional(),
    }),
    run: (call) => pay(call),
  }),
  route({
    method: 'POST',
    path: '/v1/invoices/:id/void',
    params: parameters({}),
    run: (call) => {
      const before = invoiceNamed(call.books, call.id);
      expectStatus(before, ['open', 'uncollectible'], 'void it');
      const voided = voidInvoice(call.books.world, before.id);
      returnBalance(call.books, before);
      return announce(call, 'invoice.voided', voided, before.amountRemaining);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/invoices/:id/mark_uncollectible',
    params: parameters({}),
    run: (call) => {
      const before = invoiceNamed(call.books, call.id);
      expectStatus(before, ['open'], 'mark it uncollectible');
      const invoice = markUncollectible(call.books.world, before.id);
      return announce(call, 'invoice.marked_uncollectible', invoice, before.amountRemaining);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/invoices/:id/send',
    params: parameters({}),
    run: (call) => {
      const { books } = call;
      const before = invoiceNamed(books, call.id);
      expectStatus(before, ['draft', 'open', 'paid'], 'send it');
      const invoice = before.status === 'draft' ? finalized(books, before) : before;
      books.world.emit({ at: books.now(), type: 'invoice.sent', collection: 'invoices', id: invoice.id });
      return announce(call, 'invoice.sent', invoice, invoice.amountRemaining);
    },
  }),
];

interface PayParameters {
  paid_out_of_band?: boolean | undefined;
  payment_method?: string | undefined;
}

/** A first attempt that succeeds is `invoice.paid`; one after a failure is `payment.retried`, whatever comes of it. */
function pay(call: Call<PayParameters>): StripeObject {
  const { books, params } = call;
  const before = invoiceNamed(books, call.id);
  if (before.status === 'paid')
    throw invalidRequest('Invoice is already paid', { code: 'invoice_already_paid' });
  expectStatus(before, ['open', 'uncollectible', 'draft'], 'pay it');
  if (params.payment_method !== undefined)
    books.require('paymentMethods', 'PaymentMethod', params.payment_method, 'payment_method');
  const open = before.status === 'draft' ? finalized(books, before) : before;
  if (params.paid_out_of_band || open.status === 'paid') {
    const paid = open.status === 'paid' ? open : settleOutside(books.world, open);
    return announce(call, 'invoice.paid', paid, open.amountRemaining);
  }
  const customer = books.world.get('customers', open.customerId);
  const methodId = params.payment_method ?? customer?.paymentMethodId ?? null;
  if (methodId === null)
    throw invalidRequest(
      'There is no `default_payment_method` set on this Customer or Invoice. Please set a default payment method.',
      { code: 'resource_missing' },
    );
  const { invoice, charge } = chargeInvoice(books.world, open.id, methodId);
  const succeeded = charge.status === 'succeeded';
  const kind = succeeded && before.attemptCount === 0 ? 'invoice.paid' : 'payment.retried';
  const rendered = announce(call, kind, invoice, charge.amount);
  if (succeeded) return rendered;
  const intent =
    charge.paymentIntentId === null ? undefined : books.world.get('paymentIntents', charge.paymentIntentId);
  throw cardDeclined(charge.declineCode ?? 'generic_decline', {
    ...saidOf(charge, books),
    charge: charge.id,
    payment_intent: intent ? renderPaymentIntent(intent, books) : undefined,
  });
}
