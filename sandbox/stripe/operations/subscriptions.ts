import type { SubscriptionRecord, SubscriptionVersionRecord, World } from '../../world/records.ts';

/** Stores the new state, closes the old version where the state that MRR depends on changed, and announces it. */
export function changeSubscription(
  world: World,
  before: SubscriptionRecord,
  fields: Partial<SubscriptionRecord>,
  previous: Record<string, unknown>,
  type = 'customer.subscription.updated',
): SubscriptionRecord {
  const after = { ...before, ...fields };
  world.put('subscriptions', after);
  recordVersion(world, after);
  world.emit({ at: world.now(), type, collection: 'subscriptions', id: after.id, previous });
  return after;
}

/** Ends it now. */
export function cancelSubscription(world: World, before: SubscriptionRecord): SubscriptionRecord {
  const at = world.now();
  return changeSubscription(
    world,
    before,
    {
      status: 'canceled',
      canceledAt: before.canceledAt ?? at,
      endedAt: at,
      cancelAt: null,
      cancelAtPeriodEnd: false,
    },
    { status: before.status, canceled_at: null, ended_at: null },
    'customer.subscription.deleted',
  );
}

export function createSubscription(world: World, subscription: SubscriptionRecord): void {
  world.put('subscriptions', subscription);
  recordVersion(world, subscription);
  world.emit({
    at: world.now(),
    type: 'customer.subscription.created',
    collection: 'subscriptions',
    id: subscription.id,
  });
}

/** Appends a version when the subscription differs from its last one. */
function recordVersion(world: World, subscription: SubscriptionRecord): void {
  const at = world.now();
  const versions = world
    .of('subscriptionVersions', subscription.customerId)
    .filter((version) => version.subscriptionId === subscription.id);
  const last = versions.reduce<SubscriptionVersionRecord | undefined>(
    (latest, version) => (latest === undefined || version.version > latest.version ? version : latest),
    undefined,
  );
  const state = stateOf(subscription);
  if (last && JSON.stringify(stateOfVersion(last)) === JSON.stringify(state)) return;
  if (last) world.put('subscriptionVersions', { ...last, validTo: at, updatedAt: at });
  world.put('subscriptionVersions', {
    ...state,
    id: `${subscription.id}_v${(last?.version ?? 0) + 1}`,
    subscriptionId: subscription.id,
    version: (last?.version ?? 0) + 1,
    customerId: subscription.customerId,
    validFrom: at,
    validTo: null,
    updatedAt: at,
  });
}

function stateOf(subscription: SubscriptionRecord) {
  return {
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
}

function stateOfVersion(version: SubscriptionVersionRecord): ReturnType<typeof stateOf> {
  return {
    plan: version.plan,
    status: version.status,
    currency: version.currency,
    unitAmount: version.unitAmount,
    quantity: version.quantity,
    interval: version.interval,
    intervalCount: version.intervalCount,
    discountPercent: version.discountPercent,
    discountAmount: version.discountAmount,
    discountDuration: version.discountDuration,
    cancelAt: version.cancelAt,
  };
}
