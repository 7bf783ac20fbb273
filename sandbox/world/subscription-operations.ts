import { addMonths, DAY } from './calendar.ts';
import { WorldError } from './errors.ts';
import { createInvoice } from './invoice-operations.ts';
import { mustGet } from './lookup.ts';
import { planName } from './plans.ts';
import type {
  DiscountRecord,
  InvoiceRecord,
  SubscriptionRecord,
  SubscriptionVersionRecord,
  World,
} from './records.ts';

/** Whether it has come to its end for good. */
export function hasEnded(subscription: SubscriptionRecord): boolean {
  return subscription.status === 'canceled';
}

/** The end of the billing period that begins at `startAt`, counted from the anchor so that a 31st comes back. */
function periodEnd(
  subscription: { anchorAt: number; interval: string; intervalCount: number },
  startAt: number,
) {
  const months = subscription.intervalCount * (subscription.interval === 'year' ? 12 : 1);
  const passed = Math.round((startAt - subscription.anchorAt) / (30.436875 * DAY));
  return addMonths(subscription.anchorAt, passed + months);
}

/** Starts a subscription at the world's now: trialing when there are trial days, else active with its first invoice. */
export function startSubscription(
  world: World,
  wanted: {
    customerId: string;
    priceId: string;
    quantity?: number;
    trialDays?: number;
    discount?: DiscountRecord | null;
    taxPercent?: number;
    daysUntilDue?: number | null;
  },
): { subscription: SubscriptionRecord; invoice: InvoiceRecord | null } {
  const now = world.now();
  const price = mustGet(world, 'prices', wanted.priceId);
  const trialEndAt = wanted.trialDays ? now + wanted.trialDays * DAY : null;
  const anchorAt = trialEndAt ?? now;
  const terms = { interval: price.interval, intervalCount: price.intervalCount, anchorAt };
  const subscription: SubscriptionRecord = {
    id: world.newId('sub'),
    itemId: world.newId('si'),
    customerId: wanted.customerId,
    priceId: price.id,
    plan: price.plan,
    status: trialEndAt === null ? 'active' : 'trialing',
    currency: price.currency,
    unitAmount: price.unitAmount,
    quantity: wanted.quantity ?? 1,
    ...terms,
    discount: wanted.discount ?? null,
    startedAt: now,
    trialStartAt: trialEndAt === null ? null : now,
    trialEndAt,
    currentPeriodStartAt: now,
    currentPeriodEndAt: trialEndAt ?? periodEnd(terms, now),
    cancelAtPeriodEnd: false,
    cancelAt: null,
    canceledAt: null,
    endedAt: null,
  };
  world.put('subscriptions', subscription);
  keepVersion(world, subscription, now);
  announce(world, 'customer.subscription.created', subscription.id, now);
  const invoice = trialEndAt === null ? billPeriod(world, subscription, wanted) : null;
  return { subscription, invoice };
}

/** Begins the next paid period and drafts its invoice. */
export function renewSubscription(
  world: World,
  id: string,
  terms: { taxPercent?: number; daysUntilDue?: number | null },
): InvoiceRecord {
  const before = mustGet(world, 'subscriptions', id);
  if (hasEnded(before)) throw new WorldError('subscription_ended', `${id} has ended`);
  const startAt = before.currentPeriodEndAt;
  const subscription = update(world, before, {
    status: before.status === 'trialing' ? 'active' : before.status,
    currentPeriodStartAt: startAt,
    currentPeriodEndAt: periodEnd(before, startAt),
  });
  return billPeriod(world, subscription, terms);
}

/** Changes price, quantity, discount or the planned end; what is not given stays. Bills the new terms from the next period. */
export function changeSubscription(
  world: World,
  id: string,
  change: {
    priceId?: string;
    quantity?: number;
    discount?: DiscountRecord | null;
    cancelAtPeriodEnd?: boolean;
    cancelAt?: number | null;
  },
): SubscriptionRecord {
  const before = mustGet(world, 'subscriptions', id);
  if (hasEnded(before)) throw new WorldError('subscription_ended', `${id} has ended and cannot be changed`);
  const patch: Partial<SubscriptionRecord> = {};
  if (change.priceId !== undefined) {
    const price = mustGet(world, 'prices', change.priceId);
    if (price.currency !== before.currency) {
      throw new WorldError(
        'currency_mismatch',
        `${price.id} is in ${price.currency}, ${id} in ${before.currency}`,
      );
    }
    const { plan, unitAmount, interval, intervalCount } = price;
    Object.assign(patch, { priceId: price.id, plan, unitAmount, interval, intervalCount });
  }
  if (change.quantity !== undefined) {
    if (!Number.isSafeInteger(change.quantity) || change.quantity < 1) {
      throw new WorldError('parameter_invalid_integer', 'quantity must be a whole number of at least 1');
    }
    patch.quantity = change.quantity;
  }
  if (change.discount !== undefined) patch.discount = change.discount;
  if (change.cancelAt !== undefined) {
    patch.cancelAt = change.cancelAt;
    patch.canceledAt = change.cancelAt === null ? null : world.now();
  }
  if (change.cancelAtPeriodEnd !== undefined) {
    patch.cancelAtPeriodEnd = change.cancelAtPeriodEnd;
    patch.cancelAt = change.cancelAtPeriodEnd ? before.currentPeriodEndAt : null;
    patch.canceledAt = change.cancelAtPeriodEnd ? world.now() : null;
  }
  return update(world, before, patch);
}

/** Ends it now, or plans its end with the period. */
export function cancelSubscription(
  world: World,
  id: string,
  options: { atPeriodEnd?: boolean } = {},
): SubscriptionRecord {
  if (options.atPeriodEnd) return changeSubscription(world, id, { cancelAtPeriodEnd: true });
  const before = mustGet(world, 'subscriptions', id);
  if (hasEnded(before)) throw new WorldError('subscription_ended', `${id} has ended already`);
  const now = world.now();
  const ended: SubscriptionRecord = {
    ...before,
    status: 'canceled',
    canceledAt: before.canceledAt ?? now,
    endedAt: now,
  };
  world.put('subscriptions', ended);
  keepVersion(world, ended, now);
  announce(world, 'customer.subscription.deleted', id, now);
  return ended;
}

/** Sets the status payment brings about (`past_due`, `active` again, `paused` ...). */
export function setSubscriptionStatus(
  world: World,
  id: string,
  status: SubscriptionRecord['status'],
): SubscriptionRecord {
  const before = mustGet(world, 'subscriptions', id);
  return before.status === status || hasEnded(before) ? before : update(world, before, { status });
}

function update(
  world: World,
  before: SubscriptionRecord,
  patch: Partial<SubscriptionRecord>,
): SubscriptionRecord {
  const now = world.now();
  const after = { ...before, ...patch };
  world.put('subscriptions', after);
  keepVersion(world, after, now);
  const previous = Object.fromEntries(
    Object.entries(before).filter(([key, value]) => key in patch && Reflect.get(after, key) !== value),
  );
  world.emit({
    at: now,
    type: 'customer.subscription.updated',
    collection: 'subscriptions',
    id: after.id,
    previous,
  });
  return after;
}

function announce(world: World, type: string, id: string, at: number): void {
  world.emit({ at, type, collection: 'subscriptions', id });
}

function billPeriod(
  world: World,
  subscription: SubscriptionRecord,
  terms: { taxPercent?: number; daysUntilDue?: number | null },
): InvoiceRecord {
  const { discount } = subscription;
  const applies = discount && (discount.endAt === null || discount.endAt > world.now());
  return createInvoice(world, {
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    currency: subscription.currency,
    lines: [
      {
        description: `${subscription.quantity} × PsiZero ${planName(subscription.plan)}`,
        priceId: subscription.priceId,
        quantity: subscription.quantity,
        unitAmount: subscription.unitAmount,
      },
    ],
    discount: applies ? discount : null,
    taxPercent: terms.taxPercent ?? 0,
    daysUntilDue: terms.daysUntilDue ?? null,
    periodStartAt: subscription.currentPeriodStartAt,
    periodEndAt: subscription.currentPeriodEndAt,
  });
}

/** Closes the state it was in and opens the one it is in now, where the two differ. */
function keepVersion(world: World, subscription: SubscriptionRecord, now: number): void {
  const last = world
    .of('subscriptionVersions', subscription.customerId)
    .findLast((version) => version.subscriptionId === subscription.id);
  const state = {
    plan: subscription.plan,
    status: subscription.status,
    currency: subscription.currency,
    unitAmount: subscription.unitAmount,
    quantity: subscription.quantity,
    interval: subscription.interval,
    intervalCount: subscription.intervalCount,
    discountPercent: subscription.discount?.percentOff ?? null,
    discountAmount: subscription.discount?.amountOff ?? null,
    discountDuration: subscription.discount?.duration ?? null,
    cancelAt: subscription.cancelAt,
  };
  if (last && Object.entries(state).every(([key, value]) => Reflect.get(last, key) === value)) return;
  if (last) world.put('subscriptionVersions', { ...last, validTo: now, updatedAt: now });
  const version: SubscriptionVersionRecord = {
    id: world.newId('subv'),
    subscriptionId: subscription.id,
    version: (last?.version ?? 0) + 1,
    customerId: subscription.customerId,
    ...state,
    validFrom: now,
    validTo: null,
    updatedAt: now,
  };
  world.put('subscriptionVersions', version);
}
