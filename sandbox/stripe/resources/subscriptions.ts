import { z } from 'zod';
import {
  cancelSubscription,
  changeSubscription,
  finalizeInvoice,
  startSubscription,
} from '../../world/operations.ts';
import type { DiscountRecord, InvoiceRecord, PriceRecord, SubscriptionRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest, noSuch } from '../errors.ts';
import { type StripeObject, seconds, secondsOrNull } from '../json.ts';
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
import { renderPlan, renderPrice } from './prices.ts';

export function renderSubscription(subscription: SubscriptionRecord, books: Books): StripeObject {
  const note = books.annotation(subscription.id);
  const invoices = books.index.invoices.by('subscription', subscription.id);
  return {
    id: subscription.id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: seconds(subscription.anchorAt),
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: null, type: 'classic' },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: secondsOrNull(
      subscription.cancelAt ?? (subscription.cancelAtPeriodEnd ? subscription.currentPeriodEndAt : null),
    ),
    cancel_at_period_end: subscription.cancelAtPeriodEnd,
    canceled_at: secondsOrNull(subscription.canceledAt),
    cancellation_details: {
      comment: null,
      feedback: null,
      reason: subscription.canceledAt === null ? null : (note.cancellationReason ?? 'cancellation_requested'),
    },
    collection_method: 'charge_automatically',
    created: seconds(subscription.startedAt),
    currency: subscription.currency.toLowerCase(),
    customer: books.stripeIdOf(subscription.customerId),
    customer_account: null,
    days_until_due: null,
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: note.description ?? null,
    discounts: subscription.discount ? [discountIdOf(subscription)] : [],
    ended_at: secondsOrNull(subscription.endedAt),
    invoice_settings: { account_tax_ids: null, issuer: { type: 'self' } },
    items: {
      object: 'list',
      data: [renderItem(subscription, books)],
      has_more: false,
      total_count: 1,
      url: `/v1/subscription_items?subscription=${subscription.id}`,
    },
    latest_invoice: invoices[invoices.length - 1]?.id ?? null,
    livemode: false,
    managed_payments: null,
    metadata: note.metadata ?? {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: seconds(subscription.startedAt),
    status: subscription.status,
    test_clock: null,
    transfer_data: null,
    trial_end: secondsOrNull(subscription.trialEndAt),
    trial_settings: { end_behavior: { missing_payment_method: 'create_invoice' } },
    trial_start: secondsOrNull(subscription.trialStartAt),
  };
}

/** The billing period stands on the item in this API version. */
function renderItem(subscription: SubscriptionRecord, books: Books): StripeObject {
  const price = priceOf(subscription, books);
  return {
    id: subscription.itemId,
    object: 'subscription_item',
    billing_thresholds: null,
    created: seconds(subscription.startedAt),
    current_period_end: seconds(subscription.currentPeriodEndAt),
    current_period_start: seconds(subscription.currentPeriodStartAt),
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: renderPlan(price),
    price: renderPrice(price, books),
    quantity: subscription.quantity,
    subscription: subscription.id,
    tax_rates: [],
  };
}

/** The price as the customer has it: an older amount may still be charged. */
function priceOf(subscription: SubscriptionRecord, books: Books): PriceRecord {
  const price = books.world.get('prices', subscription.priceId);
  return {
    id: subscription.priceId,
    productId: price?.productId ?? 'prod_unknown',
    plan: subscription.plan,
    nickname: price?.nickname ?? subscription.plan,
    currency: subscription.currency,
    unitAmount: subscription.unitAmount,
    interval: subscription.interval,
    intervalCount: subscription.intervalCount,
    createdAt: price?.createdAt ?? subscription.startedAt,
  };
}

export function discountIdOf(subscription: { id: string }): string {
  return `di_${subscription.id.replace(/^sub_/, '')}`;
}

/** What `expand: ['discounts']` puts in place of the id. */
export function renderDiscount(discountId: string, books: Books): StripeObject | undefined {
  const subscription = books.world.get('subscriptions', discountId.replace(/^di_/, 'sub_'));
  const discount = subscription?.discount;
  if (!subscription || !discount) return undefined;
  return {
    id: discountId,
    object: 'discount',
    checkout_session: null,
    customer: books.stripeIdOf(subscription.customerId),
    customer_account: null,
    end: secondsOrNull(discount.endAt),
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    source: { coupon: discount.couponId, type: 'coupon' },
    start: seconds(discount.startAt),
    subscription: subscription.id,
    subscription_item: null,
  };
}

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
        entries:
          params.customer === undefined
            ? index.all()
            : index.by('customer', books.customer(params.customer).id),
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
  proration_behavior: oneOf(['none', 'create_prorations']).optional(),
});

type Update = z.infer<typeof updateParameters>;

type Change = Parameters<typeof changeSubscription>[2];

function changeAsked(books: Books, before: SubscriptionRecord, params: Update): Change {
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
  const after = changeSubscription(books.world, before.id, change);
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
