import { z } from 'zod';
import type { PriceRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { type StripeObject, seconds } from '../json.ts';
import {
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

export function renderPrice(price: PriceRecord, books: Books): StripeObject {
  const note = books.annotation(price.id);
  return {
    id: price.id,
    object: 'price',
    active: note.active ?? true,
    billing_scheme: 'per_unit',
    created: seconds(price.createdAt),
    currency: price.currency.toLowerCase(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: note.metadata ?? {},
    nickname: price.nickname,
    product: price.productId,
    recurring: {
      interval: price.interval,
      interval_count: price.intervalCount,
      meter: null,
      trial_period_days: null,
      usage_type: 'licensed',
    },
    tax_behavior: 'exclusive',
    tiers_mode: null,
    transform_quantity: null,
    type: 'recurring',
    unit_amount: price.unitAmount,
    unit_amount_decimal: String(price.unitAmount),
  };
}

/** The older shape of a price, still on every subscription item. */
export function renderPlan(price: PriceRecord): StripeObject {
  return {
    id: price.id,
    object: 'plan',
    active: true,
    amount: price.unitAmount,
    amount_decimal: String(price.unitAmount),
    billing_scheme: 'per_unit',
    created: seconds(price.createdAt),
    currency: price.currency.toLowerCase(),
    interval: price.interval,
    interval_count: price.intervalCount,
    livemode: false,
    metadata: {},
    meter: null,
    nickname: price.nickname,
    product: price.productId,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: 'licensed',
  };
}

export const priceRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/prices',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      active: flag.optional(),
      currency: text.optional(),
      product: text.optional(),
    }),
    run: ({ books, params }) => {
      const index = books.index.prices;
      return listing({
        index,
        entries: index.by('product', params.product),
        url: '/v1/prices',
        thing: 'price',
        page: params,
        read: (id) => {
          const price = books.world.get('prices', id);
          if (params.active !== undefined && (books.annotation(id).active ?? true) !== params.active) return;
          if (params.currency !== undefined && price?.currency.toLowerCase() !== params.currency) return;
          return price;
        },
        render: (price) => renderPrice(price, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/prices/:id',
    params: parameters({}),
    run: ({ id, books }) => renderPrice(books.require('prices', 'price', id), books),
  }),
  route({
    method: 'POST',
    path: '/v1/prices',
    params: parameters({
      currency: text,
      product: text,
      unit_amount: integer,
      recurring: z.strictObject({
        interval: oneOf(['month', 'year']),
        interval_count: integer.optional(),
      }),
      nickname: text.optional(),
      active: flag.optional(),
      metadata: metadata.optional(),
    }),
    run: ({ books, params, effect }) => {
      const product = books.require('products', 'product', params.product, 'product');
      const price: PriceRecord = {
        id: books.world.newId('price'),
        productId: product.id,
        plan: product.name.toLowerCase(),
        nickname: params.nickname ?? product.name,
        currency: params.currency.toUpperCase(),
        unitAmount: params.unit_amount,
        interval: params.recurring.interval,
        intervalCount: params.recurring.interval_count ?? 1,
        createdAt: books.now(),
      };
      books.annotate(price.id, {
        active: params.active ?? true,
        metadata: mergedMetadata({}, params.metadata),
      });
      books.world.put('prices', price);
      books.world.emit({ at: price.createdAt, type: 'price.created', collection: 'prices', id: price.id });
      const rendered = renderPrice(price, books);
      effect({ kind: 'price.created', customer: null, payload: rendered });
      return rendered;
    },
  }),
];
