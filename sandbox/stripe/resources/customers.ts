import { z } from 'zod';
import { cancelSubscription } from '../../world/operations.ts';
import type { CustomerRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { noSuch } from '../errors.ts';
import { type StripeObject, seconds } from '../json.ts';
import { listObject } from '../pagination.ts';
import {
  clearableText,
  instantRange,
  integer,
  metadata,
  pageParameters,
  parameters,
  text,
} from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';
import { searchQuery } from '../search-query.ts';

export function renderCustomer(customer: CustomerRecord, books: Books): StripeObject {
  const note = books.annotation(customer.stripeId);
  if (note.deletedAt !== undefined) return { id: customer.stripeId, object: 'customer', deleted: true };
  return {
    id: customer.stripeId,
    object: 'customer',
    address: emptyAddress(customer.country),
    balance: note.balance ?? 0,
    created: seconds(customer.createdAt),
    currency: customer.currency.toLowerCase(),
    customer_account: null,
    default_source: null,
    delinquent: books.world
      .of('invoices', customer.id)
      .some((invoice) => invoice.status === 'open' && invoice.attemptCount > 0),
    description: note.description ?? null,
    discount: null,
    email: customer.email,
    invoice_prefix: customer.stripeId.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: customer.paymentMethodId,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: { psizero_id: customer.id, ...note.metadata },
    name: customer.name,
    phone: note.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}

export function emptyAddress(country: string | null): StripeObject['address'] {
  return { city: null, country, line1: null, line2: null, postal_code: null, state: null };
}

const fields = {
  name: text.optional(),
  email: text.optional(),
  description: clearableText.optional(),
  phone: clearableText.optional(),
  balance: integer.optional(),
  metadata: metadata.optional(),
};

interface Change {
  name?: string | undefined;
  email?: string | undefined;
  description?: string | null | undefined;
  phone?: string | null | undefined;
  balance?: number | undefined;
  metadata?: Record<string, string> | null | undefined;
}

function annotateCustomer(customer: CustomerRecord, change: Change, books: Books): void {
  const note = books.annotation(customer.stripeId);
  books.annotate(customer.stripeId, {
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.phone === undefined ? {} : { phone: change.phone }),
    ...(change.balance === undefined ? {} : { balance: change.balance }),
    metadata: mergedMetadata(note.metadata ?? {}, change.metadata),
  });
}

function readLive(books: Books) {
  return (id: string) => {
    const customer = books.world.get('customers', id);
    return customer && books.annotation(customer.stripeId).deletedAt === undefined ? customer : undefined;
  };
}

/** Cursors and paths name customers by Stripe's id, the books by the PsiZero id. */
function listCustomers(
  books: Books,
  params: { email?: string | undefined } & Record<string, unknown>,
  page: Parameters<typeof listing>[0]['page'],
): StripeObject {
  const index = books.index.customers;
  const toBooks = (id: string | undefined) =>
    id === undefined ? undefined : (books.findCustomer(id)?.id ?? id);
  return listing({
    index,
    entries: index.by('email', params.email),
    url: '/v1/customers',
    thing: 'customer',
    page: {
      ...page,
      starting_after: toBooks(page.starting_after),
      ending_before: toBooks(page.ending_before),
    },
    read: readLive(books),
    render: (customer) => renderCustomer(customer, books),
  });
}

function liveCustomer(books: Books, stripeId: string): CustomerRecord {
  const customer = books.customer(stripeId, 'id');
  if (books.annotation(stripeId).deletedAt !== undefined) throw noSuch('customer', stripeId);
  return customer;
}

export const customerRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/customers',
    params: parameters({ ...pageParameters, created: instantRange.optional(), email: text.optional() }),
    run: ({ books, params }) => listCustomers(books, { email: params.email }, params),
  }),
  route({
    method: 'GET',
    path: '/v1/customers/search',
    params: parameters({ query: text, limit: integer.optional(), page: text.optional() }),
    run: ({ books, params }) => {
      const matches = searchQuery(params.query);
      const found = books.index.customers
        .all()
        .map((entry) => readLive(books)(entry.id))
        .filter((customer) => customer !== undefined)
        .map((customer) => renderCustomer(customer, books))
        .filter(matches)
        .reverse();
      const limit = params.limit ?? 10;
      const start = Number(params.page ?? 0) || 0;
      const list = listObject(
        '/v1/customers/search',
        found.slice(start, start + limit),
        found.length > start + limit,
      );
      return { ...list, object: 'search_result', next_page: list.has_more ? String(start + limit) : null };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/customers/:id',
    params: parameters({}),
    run: ({ id, books }) => renderCustomer(books.customer(id, 'id'), books),
  }),
  route({
    method: 'POST',
    path: '/v1/customers',
    params: parameters(fields),
    run: ({ books, params, effect }) => {
      const at = books.now();
      const customer: CustomerRecord = {
        id: params.metadata?.psizero_id ?? books.world.newId('psz'),
        stripeId: books.world.newId('cus'),
        name: params.name ?? params.email ?? 'Unnamed customer',
        domain: params.email?.split('@')[1] ?? '',
        email: params.email ?? '',
        country: 'US',
        region: '',
        currency: 'USD',
        segment: 'unknown',
        channel: 'api',
        ownerEmail: null,
        createdAt: at,
        updatedAt: at,
        paymentMethodId: null,
      };
      books.world.put('customers', customer);
      annotateCustomer(customer, params, books);
      books.world.emit({ at, type: 'customer.created', collection: 'customers', id: customer.id });
      const rendered = renderCustomer(customer, books);
      effect({ kind: 'customer.created', customer: customer.id, payload: rendered });
      return rendered;
    },
  }),
  route({
    method: 'POST',
    path: '/v1/customers/:id',
    params: parameters({
      ...fields,
      invoice_settings: z.strictObject({ default_payment_method: text.optional() }).optional(),
    }),
    run: ({ id, books, params, effect }) => {
      const before = liveCustomer(books, id);
      const method = params.invoice_settings?.default_payment_method;
      if (method !== undefined)
        books.require('paymentMethods', 'PaymentMethod', method, 'invoice_settings[default_payment_method]');
      const at = books.now();
      const customer: CustomerRecord = {
        ...before,
        name: params.name ?? before.name,
        email: params.email ?? before.email,
        paymentMethodId: method ?? before.paymentMethodId,
        updatedAt: at,
      };
      const shown = renderCustomer(before, books);
      books.world.put('customers', customer);
      annotateCustomer(customer, params, books);
      const rendered = renderCustomer(customer, books);
      const previous = Object.fromEntries(
        Object.entries(shown).filter(
          ([key, value]) => JSON.stringify(value) !== JSON.stringify(rendered[key]),
        ),
      );
      books.world.emit({ at, type: 'customer.updated', collection: 'customers', id: customer.id, previous });
      effect({ kind: 'customer.updated', customer: customer.id, payload: rendered });
      return rendered;
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/customers/:id',
    params: parameters({}),
    run: ({ id, books, effect }) => {
      const customer = liveCustomer(books, id);
      for (const subscription of books.world.of('subscriptions', customer.id))
        if (subscription.endedAt === null) cancelSubscription(books.world, subscription.id);
      const at = books.now();
      books.world.emit({ at, type: 'customer.deleted', collection: 'customers', id: customer.id });
      books.annotate(id, { deletedAt: at });
      const rendered = renderCustomer(customer, books);
      effect({ kind: 'customer.deleted', customer: customer.id, payload: rendered });
      return rendered;
    },
  }),
];
