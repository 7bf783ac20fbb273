import type { z } from 'zod';
import { createInvoice } from '../../world/operations.ts';
import type { InvoiceLineRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest, parameterMissing } from '../errors.ts';
import { changeLines, updateInvoice } from '../operations/invoices.ts';
import { listObject } from '../pagination.ts';
import {
  clearableText,
  flag,
  instantRange,
  integer,
  metadata,
  oneOf,
  pageParameters,
  parameters,
  text,
} from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';
import type { InvoiceItemRecord } from '../shelves.ts';
import { renderInvoice, renderInvoiceLine } from './invoice-render.ts';
import { settlementRoutes } from './invoice-settlement.ts';
import { announce, finalized, invoiceNamed } from './invoice-steps.ts';

const DAY_MS = 86_400_000;
const statuses = ['draft', 'open', 'paid', 'uncollectible', 'void'] as const;
const collectionMethods = ['charge_automatically', 'send_invoice'] as const;

export function lineOfItem(item: InvoiceItemRecord): InvoiceLineRecord {
  return {
    id: item.id.replace(/^ii_/, 'il_'),
    description: item.description,
    priceId: item.priceId,
    quantity: item.quantity,
    unitAmount: item.unitAmount,
    amount: item.amount,
    taxAmount: 0,
    periodStartAt: item.periodStartAt,
    periodEndAt: item.periodEndAt,
  };
}

/** The customer's items that wait for an invoice in this currency; they are on `invoiceId` from now on. */
function pendingItems(books: Books, customerId: string, currency: string): InvoiceItemRecord[] {
  return books.index.invoiceItems
    .by('customer', customerId)
    .map((entry) => books.shelves.invoiceItems.get(entry.id))
    .filter((item) => item !== undefined)
    .filter((item) => item.invoiceId === null && item.currency === currency);
}

const listRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/invoices',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      due_date: instantRange.optional(),
      customer: text.optional(),
      subscription: text.optional(),
      status: oneOf(statuses).optional(),
      collection_method: oneOf(collectionMethods).optional(),
    }),
    run: ({ books, params }) => {
      const index = books.index.invoices;
      const customerId = books.customerId(params.customer);
      const entries =
        params.subscription !== undefined
          ? index.by('subscription', params.subscription)
          : index.by('customer', customerId);
      return listing({
        index,
        entries,
        url: '/v1/invoices',
        thing: 'invoice',
        page: params,
        read: (id) => {
          const invoice = books.world.get('invoices', id);
          if (!invoice || books.annotation(id).deletedAt !== undefined) return;
          if (customerId !== undefined && invoice.customerId !== customerId) return;
          if (params.status !== undefined && invoice.status !== params.status) return;
          if (params.collection_method !== undefined && invoice.collectionMethod !== params.collection_method)
            return;
          return within(invoice.dueAt, params.due_date) ? invoice : undefined;
        },
        render: (invoice) => renderInvoice(invoice, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/invoices/:id',
    params: parameters({}),
    run: ({ id, books }) => renderInvoice(invoiceNamed(books, id), books),
  }),
  route({
    method: 'GET',
    path: '/v1/invoices/:id/lines',
    params: parameters(pageParameters),
    run: ({ id, books, params }) => {
      const invoice = invoiceNamed(books, id);
      const after = invoice.lines.findIndex((line) => line.id === params.starting_after);
      const rest = invoice.lines.slice(after + 1);
      const limit = params.limit ?? 10;
      return listObject(
        `/v1/invoices/${id}/lines`,
        rest.slice(0, limit).map((line) => renderInvoiceLine(line, invoice, books)),
        rest.length > limit,
      );
    },
  }),
];

function within(at: number | null, range: z.infer<typeof instantRange> | undefined): boolean {
  if (range === undefined) return true;
  if (at === null) return false;
  const second = Math.floor(at / 1000);
  const { gt, gte, lt, lte } = { gt: undefined, lt: undefined, ...range };
  return (
    (gt === undefined || second > gt) &&
    (gte === undefined || second >= gte) &&
    (lt === undefined || second < lt) &&
    (lte === undefined || second <= lte)
  );
}

const draftRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/v1/invoices',
    params: parameters({
      customer: text,
      auto_advance: flag.optional(),
      collection_method: oneOf(collectionMethods).optional(),
      currency: text.optional(),
      days_until_due: integer.optional(),
      description: text.optional(),
      due_date: integer.optional(),
      metadata: metadata.optional(),
      pending_invoice_items_behavior: oneOf(['exclude', 'include']).optional(),
      subscription: text.optional(),
    }),
    run: (call) => {
      const { books, params } = call;
      const customer = books.customer(params.customer);
      if (params.subscription !== undefined)
        books.require('subscriptions', 'subscription', params.subscription, 'subscription');
      const collectionMethod = params.collection_method ?? 'charge_automatically';
      const due = params.days_until_due !== undefined || params.due_date !== undefined;
      if (collectionMethod === 'send_invoice' && !due) throw parameterMissing('days_until_due');
      const currency = (params.currency ?? customer.currency).toUpperCase();
      const items =
        params.pending_invoice_items_behavior === 'include' ? pendingItems(books, customer.id, currency) : [];
      const at = books.now();
      const draft = createInvoice(books.world, {
        customerId: customer.id,
        subscriptionId: params.subscription ?? null,
        currency,
        lines: [],
        daysUntilDue: collectionMethod === 'send_invoice' ? ((dueAt(params, at) ?? at) - at) / DAY_MS : null,
        metadata: mergedMetadata({}, params.metadata),
      });
      const invoice = items.length === 0 ? draft : changeLines(books.world, draft, items.map(lineOfItem));
      for (const item of items) books.shelves.invoiceItems.set(item.id, { ...item, invoiceId: invoice.id });
      books.annotate(invoice.id, {
        autoAdvance: params.auto_advance ?? false,
        description: params.description ?? null,
      });
      return announce(call, 'invoice.created', invoice, invoice.total);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/invoices/:id',
    params: parameters({
      auto_advance: flag.optional(),
      collection_method: oneOf(collectionMethods).optional(),
      days_until_due: integer.optional(),
      description: clearableText.optional(),
      due_date: integer.optional(),
      metadata: metadata.optional(),
    }),
    run: (call) => {
      const { books, params } = call;
      const before = invoiceNamed(books, call.id);
      const draftOnly = params.collection_method ?? params.days_until_due;
      if (before.status !== 'draft' && draftOnly !== undefined)
        throw invalidRequest(`Finalized invoices can't be updated in this way.`, {
          code: 'invoice_not_editable',
        });
      if (params.description !== undefined) books.annotate(call.id, { description: params.description });
      if (params.auto_advance !== undefined) books.annotate(call.id, { autoAdvance: params.auto_advance });
      const invoice = updateInvoice(
        books.world,
        before,
        {
          metadata: mergedMetadata(before.metadata, params.metadata),
          collectionMethod: params.collection_method ?? before.collectionMethod,
          dueAt: dueAt(params, before.createdAt) ?? before.dueAt,
        },
        { metadata: before.metadata },
      );
      return announce(call, 'invoice.updated', invoice, invoice.total);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/invoices/:id/finalize',
    params: parameters({ auto_advance: flag.optional() }),
    run: (call) => {
      const draft = invoiceNamed(call.books, call.id);
      if (draft.status !== 'draft')
        throw invalidRequest(
          "This invoice is already finalized, you can't re-finalize a non-draft invoice.",
          {
            code: 'invoice_already_finalized',
          },
        );
      if (call.params.auto_advance !== undefined)
        call.books.annotate(call.id, { autoAdvance: call.params.auto_advance });
      const invoice = finalized(call.books, draft);
      return announce(call, 'invoice.finalized', invoice, invoice.total);
    },
  }),
];

const deletion = route({
  method: 'DELETE',
  path: '/v1/invoices/:id',
  params: parameters({}),
  run: (call) => {
    const draft = invoiceNamed(call.books, call.id);
    if (draft.status !== 'draft' || draft.subscriptionId !== null)
      throw invalidRequest('You can only delete one-off invoices that are drafts.', {
        code: 'invoice_not_editable',
      });
    const { books } = call;
    announce(call, 'invoice.deleted', draft, draft.total);
    books.annotate(draft.id, { deletedAt: books.now() });
    books.world.emit({ at: books.now(), type: 'invoice.deleted', collection: 'invoices', id: draft.id });
    return { id: draft.id, object: 'invoice', deleted: true };
  },
});

function dueAt(
  params: { days_until_due?: number | undefined; due_date?: number | undefined },
  from: number,
): number | null {
  if (params.due_date !== undefined) return params.due_date * 1000;
  return params.days_until_due === undefined ? null : from + params.days_until_due * DAY_MS;
}

export const invoiceRoutes: Route[] = [...listRoutes, ...draftRoutes, deletion, ...settlementRoutes];
