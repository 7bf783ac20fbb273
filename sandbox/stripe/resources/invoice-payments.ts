import { z } from 'zod';
import type { InvoiceRecord, PaymentIntentRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { noSuch } from '../errors.ts';
import { type StripeObject, seconds, secondsOrNull } from '../json.ts';
import { listObject } from '../pagination.ts';
import { instantRange, oneOf, pageParameters, parameters, text } from '../parameters.ts';
import { listing, type Route, route } from '../route.ts';

/** Which payment settles which invoice; one stands for every payment intent of an invoice. */
export function renderInvoicePayment(intent: PaymentIntentRecord, invoice: InvoiceRecord): StripeObject {
  const paid = intent.status === 'succeeded';
  const canceled = intent.status === 'canceled';
  return {
    id: paymentIdOf(intent.id),
    object: 'invoice_payment',
    amount_paid: paid ? intent.amount : null,
    amount_requested: intent.amount,
    created: seconds(intent.createdAt),
    currency: intent.currency.toLowerCase(),
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: intent.id, type: 'payment_intent' },
    status: paid ? 'paid' : canceled ? 'canceled' : 'open',
    status_transitions: {
      canceled_at: canceled ? secondsOrNull(invoice.voidedAt) : null,
      paid_at: paid ? secondsOrNull(invoice.paidAt) : null,
    },
  };
}

export function paymentIdOf(intentId: string): string {
  return intentId.replace(/^pi_/, 'inpay_');
}

function intentIdOf(paymentId: string): string {
  return paymentId.replace(/^inpay_/, 'pi_');
}

interface Settled {
  intent: PaymentIntentRecord;
  invoice: InvoiceRecord;
}

function settled(books: Books, intentId: string): Settled | undefined {
  const intent = books.world.get('paymentIntents', intentId);
  const invoice = intent?.invoiceId ? books.world.get('invoices', intent.invoiceId) : undefined;
  return intent && invoice ? { intent, invoice } : undefined;
}

const render = ({ intent, invoice }: Settled) => renderInvoicePayment(intent, invoice);

/** The list that `expand: ['payments']` puts on an invoice. */
export function paymentsOfInvoice(invoiceId: string, books: Books): StripeObject {
  const payments = books.index.paymentIntents
    .by('invoice', invoiceId)
    .map((entry) => settled(books, entry.id))
    .filter((found) => found !== undefined)
    .map(render);
  return listObject(`/v1/invoice_payments?invoice=${invoiceId}`, payments, false);
}

export const invoicePaymentRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/invoice_payments',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      invoice: text.optional(),
      payment: z
        .strictObject({
          type: oneOf(['payment_intent', 'payment_record', 'charge']),
          payment_intent: text.optional(),
        })
        .optional(),
      status: oneOf(['open', 'paid', 'canceled']).optional(),
    }),
    run: ({ books, params }) => {
      const index = books.index.paymentIntents;
      const intentId = params.payment?.payment_intent;
      const entry = intentId === undefined ? undefined : index.entry(intentId);
      const all = index.by('invoice', params.invoice);
      const toIntent = (id: string | undefined) => (id === undefined ? undefined : intentIdOf(id));
      return listing({
        index,
        entries: intentId === undefined ? all : entry === undefined ? [] : [entry],
        url: '/v1/invoice_payments',
        thing: 'invoice_payment',
        page: {
          ...params,
          starting_after: toIntent(params.starting_after),
          ending_before: toIntent(params.ending_before),
        },
        read: (id) => {
          const found = settled(books, id);
          const wanted = params.status === undefined || (found && render(found).status === params.status);
          return wanted ? found : undefined;
        },
        render,
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/invoice_payments/:id',
    params: parameters({}),
    run: ({ id, books }) => {
      const found = settled(books, intentIdOf(id));
      if (!found) throw noSuch('invoice_payment', id);
      return render(found);
    },
  }),
];
