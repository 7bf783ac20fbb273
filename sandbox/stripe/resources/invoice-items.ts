import { z } from 'zod';
import type { InvoiceRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest, noSuch, parameterMissing } from '../errors.ts';
import { type StripeObject, seconds } from '../json.ts';
import { changeLines } from '../operations/invoices.ts';
import { integer, metadata, pageParameters, parameters, positiveInteger, text } from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';
import type { InvoiceItemRecord } from '../shelves.ts';
import { pricing } from './invoice-render.ts';
import { lineOfItem } from './invoices.ts';

export function renderInvoiceItem(item: InvoiceItemRecord, books: Books): StripeObject {
  return {
    id: item.id,
    object: 'invoiceitem',
    amount: item.amount,
    currency: item.currency.toLowerCase(),
    customer: books.stripeIdOf(item.customerId),
    customer_account: null,
    date: seconds(item.createdAt),
    description: item.description,
    discountable: true,
    discounts: [],
    invoice: item.invoiceId,
    livemode: false,
    metadata: item.metadata,
    net_amount: item.amount,
    parent: null,
    period: { end: seconds(item.periodEndAt), start: seconds(item.periodStartAt) },
    pricing: pricing(item.priceId, item.unitAmount, books),
    proration: false,
    quantity: item.quantity,
    quantity_decimal: String(item.quantity),
    tax_rates: [],
    test_clock: null,
  };
}

interface ItemParameters {
  amount?: number | undefined;
  currency?: string | undefined;
  pricing?: { price: string } | undefined;
  quantity?: number | undefined;
  description?: string | undefined;
  period?: { start: number; end: number } | undefined;
  metadata?: Record<string, string> | null | undefined;
}

/** Either an amount or a price times a quantity. */
function priced(books: Books, params: ItemParameters) {
  const quantity = params.quantity ?? 1;
  if (params.pricing !== undefined) {
    const price = books.require('prices', 'price', params.pricing.price, 'pricing[price]');
    const { id: priceId, unitAmount, currency, nickname } = price;
    return { priceId, unitAmount, quantity, amount: unitAmount * quantity, currency, nickname };
  }
  if (params.amount === undefined) throw parameterMissing('amount');
  const amount = params.amount;
  return {
    priceId: null,
    unitAmount: amount,
    quantity: 1,
    amount,
    currency: params.currency,
    nickname: 'Item',
  };
}

function targetInvoice(books: Books, id: string | undefined): InvoiceRecord | null {
  if (id === undefined) return null;
  const invoice = books.require('invoices', 'invoice', id, 'invoice');
  if (invoice.status !== 'draft')
    throw invalidRequest(`Invoice ${id} is no longer editable`, {
      code: 'invoice_not_editable',
      param: 'invoice',
    });
  return invoice;
}

export const invoiceItemRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/invoiceitems',
    params: parameters({ ...pageParameters, customer: text.optional(), invoice: text.optional() }),
    run: ({ books, params }) => {
      const index = books.index.invoiceItems;
      return listing({
        index,
        entries: index.by('customer', books.customerId(params.customer)),
        url: '/v1/invoiceitems',
        thing: 'invoiceitem',
        page: params,
        read: (id) => {
          const item = books.shelves.invoiceItems.get(id);
          return params.invoice === undefined || item?.invoiceId === params.invoice ? item : undefined;
        },
        render: (item) => renderInvoiceItem(item, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/invoiceitems/:id',
    params: parameters({}),
    run: ({ id, books }) => {
      const item = books.shelves.invoiceItems.get(id);
      if (!item) throw noSuch('invoiceitem', id);
      return renderInvoiceItem(item, books);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/invoiceitems',
    params: parameters({
      customer: text,
      amount: integer.optional(),
      currency: text.optional(),
      description: text.optional(),
      invoice: text.optional(),
      metadata: metadata.optional(),
      period: z.strictObject({ start: integer, end: integer }).optional(),
      pricing: z.strictObject({ price: text }).optional(),
      quantity: positiveInteger.optional(),
    }),
    run: ({ books, params, effect }) => {
      const customer = books.customer(params.customer);
      const invoice = targetInvoice(books, params.invoice);
      const { nickname, currency, ...amounts } = priced(books, params);
      const at = books.now();
      const item: InvoiceItemRecord = {
        ...amounts,
        id: books.world.newId('ii'),
        customerId: customer.id,
        invoiceId: invoice?.id ?? null,
        subscriptionId: null,
        description: params.description ?? nickname,
        currency: (currency ?? customer.currency).toUpperCase(),
        createdAt: at,
        periodStartAt: params.period ? params.period.start * 1000 : at,
        periodEndAt: params.period ? params.period.end * 1000 : at,
        metadata: mergedMetadata({}, params.metadata),
      };
      if (invoice && invoice.currency !== item.currency)
        throw invalidRequest('The currency of the invoice item must match the currency of the invoice.', {
          param: 'currency',
        });
      books.shelves.invoiceItems.set(item.id, item);
      if (invoice) changeLines(books.world, invoice, [...invoice.lines, lineOfItem(item)]);
      const rendered = renderInvoiceItem(item, books);
      effect({
        kind: 'invoice_item.created',
        customer: customer.id,
        amountMinor: item.amount,
        currency: item.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
];
