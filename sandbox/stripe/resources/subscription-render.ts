import type { PriceRecord, SubscriptionRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { type StripeObject, seconds, secondsOrNull } from '../json.ts';
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
