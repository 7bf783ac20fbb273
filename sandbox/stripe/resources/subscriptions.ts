import { z } from 'zod';
import {
  cancelSubscription,
  changeSubscription,
  finalizeInvoice,
  startSubscription,
} from '../../world/operations.ts';
import type { DiscountRecord, InvoiceRecord, SubscriptionRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest, noSuch } from '../errors.ts';
import type { StripeObject } from '../json.ts';
import { chargeInvoice } from '../operations/invoices.ts';
import {
  clearableText,
  flag,
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
import { findCoupon } from './coupons.ts';
import { billProration, prorationAt, prorationLines } from './proration.ts';
import { renderSubscription } from './subscription-render.ts';

const discountsParameter = z
  .union([z.literal('').transform(() => []), z.array(z.strictObject({ coupon: text })).max(1)])
  .optional();

function discountFrom(couponId: string, books: Books): DiscountRecord {
  const coupon = findCoupon(couponId, books);
  if (!coupon) throw noSuch('coupon', couponId, 'discounts[0][coupon]');
  const at = books.now();
  return {
    couponId,
    percentOff: coupon.percentOff,
    amountOff: coupon.amountOff,
    duration: coupon.duration,
    months: coupon.months,
    startAt: at,
    endAt: coupon.duration === 'repeating' && coupon.months !== null ? addMonths(at, coupon.months) : null,
  };
}

function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, last));
}

const readRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/subscriptions',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      customer: text.optional(),
      price: text.optional(),
      status: oneOf([
        'active',
        'all',
        'canceled',
        'ended',
        'incomplete',
        'past_due',
        'paused',
        'trialing',
        'unpaid',
      ]).optional(),
    }),
    run: ({ books, params }) => {
      const index = books.index.subscriptions;
      return listing({
        index,
        entries: index.by('customer', books.customerId(params.customer)),
        url: '/v1/subscriptions',
        thing: 'subscription',
        page: params,
        read: (id) => {
          const subscription = books.world.get('subscriptions', id);
          if (!subscription || !hasStatus(subscription, params.status)) return;
          return params.price === undefined || subscription.priceId === params.price
            ? subscription
            : undefined;
        },
        render: (subscription) => renderSubscription(subscription, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/subscriptions/:id',
    params: parameters({}),
    run: ({ id, books }) => renderSubscription(books.require('subscriptions', 'subscription', id), books),
  }),
];

/** Asked for nothing in particular, Stripe leaves out the ended ones. */
function hasStatus(subscription: SubscriptionRecord, wanted: string | undefined): boolean {
  if (wanted === 'all') return true;
  if (wanted === undefined) return subscription.status !== 'canceled';
  if (wanted === 'ended') return subscription.endedAt !== null;
  return subscription.status === wanted;
}

const items = z.array(z.strictObject({ price: text, quantity: positiveInteger.optional() })).length(1);

const createRoute = route({
  method: 'POST',
  path: '/v1/subscriptions',
  params: parameters({
    customer: text,
    items,
    discounts: discountsParameter,
    description: text.optional(),
    metadata: metadata.optional(),
    off_session: flag.optional(),
    payment_behavior: oneOf(['allow_incomplete', 'error_if_incomplete', 'default_incomplete']).optional(),
    proration_behavior: oneOf(['none', 'create_prorations', 'always_invoice']).optional(),
    trial_period_days: integer.optional(),
  }),
  run: ({ books, params, effect }) => {
    const customer = books.customer(params.customer);
    const item = params.items[0];
    if (!item)
      throw invalidRequest('Missing required param: items.', { code: 'parameter_missing', param: 'items' });
    const price = books.require('prices', 'price', item.price, 'items[0][price]');
    const coupon = params.discounts?.[0]?.coupon;
    const { subscription, invoice } = startSubscription(books.world, {
      customerId: customer.id,
      priceId: price.id,
      quantity: item.quantity ?? 1,
      trialDays: params.trial_period_days ?? 0,
      discount: coupon === undefined ? null : discountFrom(coupon, books),
    });
    books.annotate(subscription.id, {
      metadata: mergedMetadata({}, params.metadata),
      description: params.description ?? null,
    });
    if (invoice) collectFirst(books, invoice);
    const rendered = renderSubscription(
      books.require('subscriptions', 'subscription', subscription.id),
      books,
    );
    effect({
      kind: 'subscription.created',
      customer: customer.id,
      amountMinor: price.unitAmount * subscription.quantity,
      currency: price.currency,
      payload: rendered,
    });
    return rendered;
  },
});

/** The first invoice is charged at once; a card that says no leaves the subscription past due. */
function collectFirst(books: Books, draft: InvoiceRecord): void {
  const open = finalizeInvoice(books.world, draft.id);
  const methodId = books.world.get('customers', draft.customerId)?.paymentMethodId ?? null;
  if (open.status === 'open' && methodId !== null) chargeInvoice(books.world, open.id, methodId);
}

const updateParameters = parameters({
  cancel_at: z.union([z.literal('').transform(() => null), integer]).optional(),
  cancel_at_period_end: flag.optional(),
  description: clearableText.optional(),
  discounts: discountsParameter,
  items: z
    .array(
      z.strictObject({ id: text.optional(), price: text.optional(), quantity: positiveInteger.optional() }),
    )
    .length(1)
    .optional(),
  metadata: metadata.optional(),
  off_session: flag.optional(),
  payment_behavior: oneOf(['allow_incomplete', 'error_if_incomplete', 'pending_if_incomplete']).optional(),
  proration_behavior: oneOf(['none', 'create_prorations', 'always_invoice']).optional(),
  proration_date: integer.optional(),
});

type Update = z.infer<typeof updateParameters>;

export type Change = Parameters<typeof changeSubscription>[2];

/** What an update asks for; throws the StripeFault for what does not exist. */
export function changeAsked(
  books: Books,
  before: SubscriptionRecord,
  params: Pick<Update, 'items' | 'discounts' | 'cancel_at' | 'cancel_at_period_end'>,
): Change {
  const change: Change = {};
  const item = params.items?.[0];
  if (item?.id !== undefined && item.id !== before.itemId)
    throw noSuch('subscription item', item.id, 'items[0][id]');
  if (item?.quantity !== undefined) change.quantity = item.quantity;
  if (item?.price !== undefined) change.priceId = priceAsked(books, before, item.price);
  if (params.discounts !== undefined) {
    const coupon = params.discounts[0]?.coupon;
    change.discount = coupon === undefined ? null : discountFrom(coupon, books);
  }
  if (params.cancel_at_period_end !== undefined) change.cancelAtPeriodEnd = params.cancel_at_period_end;
  if (params.cancel_at !== undefined)
    change.cancelAt = params.cancel_at === null ? null : params.cancel_at * 1000;
  return change;
}

function priceAsked(books: Books, before: SubscriptionRecord, priceId: string): string {
  const price = books.require('prices', 'price', priceId, 'items[0][price]');
  if (price.currency !== before.currency)
    throw invalidRequest(
      `You cannot combine currencies on a single customer. This subscription is in ${before.currency.toLowerCase()}, the price in ${price.currency.toLowerCase()}.`,
      { param: 'items[0][price]' },
    );
  return price.id;
}

function update(call: Call<Update>): StripeObject {
  const { books, params } = call;
  const before = books.require('subscriptions', 'subscription', call.id);
  if (before.endedAt !== null)
    throw invalidRequest('A canceled subscription can only update its cancellation_details and metadata.', {
      code: 'invalid_canceled_subscription_fields',
    });
  const change = changeAsked(books, before, params);
  const note = books.annotation(call.id);
  books.annotate(call.id, {
    metadata: mergedMetadata(note.metadata ?? {}, params.metadata),
    ...(params.description === undefined ? {} : { description: params.description }),
  });
  const prorated =
    params.proration_behavior === 'always_invoice'
      ? prorationLines(books, before, change, prorationAt(books, before, params.proration_date))
      : [];
  const after = changeSubscription(books.world, before.id, change);
  if (prorated.length > 0) billProration(books, after, prorated);
  const rendered = renderSubscription(after, books);
  call.effect({
    kind: kindOf(params),
    customer: after.customerId,
    amountMinor: after.unitAmount * after.quantity,
    currency: after.currency,
    payload: rendered,
  });
  return rendered;
}

/** One request is one change: a coupon alone is `coupon.applied`, everything else `subscription.changed`. */
function kindOf(params: Update): string {
  const otherwise = params.items ?? params.cancel_at ?? params.cancel_at_period_end;
  return params.discounts?.length && otherwise === undefined ? 'coupon.applied' : 'subscription.changed';
}

const changeRoutes: Route[] = [
  route({ method: 'POST', path: '/v1/subscriptions/:id', params: updateParameters, run: update }),
  route({
    method: 'DELETE',
    path: '/v1/subscriptions/:id',
    params: parameters({
      cancellation_details: z
        .strictObject({ comment: clearableText.optional(), feedback: clearableText.optional() })
        .optional(),
      invoice_now: flag.optional(),
      prorate: flag.optional(),
    }),
    run: ({ id, books, effect }) => {
      const before = books.require('subscriptions', 'subscription', id);
      if (before.endedAt !== null) throw noSuch('subscription', id);
      const after = cancelSubscription(books.world, before.id);
      const rendered = renderSubscription(after, books);
      effect({
        kind: 'subscription.canceled',
        customer: after.customerId,
        amountMinor: after.unitAmount * after.quantity,
        currency: after.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
];

export const subscriptionRoutes: Route[] = [...readRoutes, createRoute, ...changeRoutes];
