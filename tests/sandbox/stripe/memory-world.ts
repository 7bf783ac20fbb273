import type { CollectionName, Collections, World, WorldChange } from '../../../sandbox/world/records.ts';
import { RecordShelves } from '../../../sandbox/world/shelves.ts';

export const NOW = Date.UTC(2026, 10, 22, 12);
export const DAY = 86_400_000;

export interface MemoryWorld extends World {
  moveTo(at: number): void;
}

/** A world of a few records in which time stands still until it is moved. */
export function memoryWorld(): MemoryWorld {
  const shelves = new RecordShelves();
  const listeners: ((change: WorldChange) => void)[] = [];
  let now = NOW;
  let made = 0;
  const world: MemoryWorld = {
    anchor: { seed: 7, now: NOW, scale: 1 },
    now: () => now,
    moveTo: (at) => {
      now = at;
    },
    get: (collection, id) => shelves.get(collection, id),
    all: (collection) => shelves.all(collection),
    of: (collection, customerId) => shelves.of(collection, customerId),
    put: <C extends CollectionName>(collection: C, record: Collections[C]) => shelves.put(collection, record),
    emit: (change) => {
      for (const listener of listeners) listener(change);
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
    newId: (prefix) => {
      made += 1;
      return `${prefix}_new${String(made).padStart(6, '0')}`;
    },
    advanceTo: (at) => {
      now = at;
    },
    usage: () => [],
    usagePieces: () => [],
    performance: () => [],
    fxRate: () => '1.000000',
  };
  furnish(world);
  return world;
}

function furnish(world: World): void {
  world.put('products', { id: 'prod_api', name: 'API', createdAt: NOW - 400 * DAY });
  for (const [id, plan, unitAmount] of [
    ['price_starter', 'starter', 4_900],
    ['price_growth', 'growth', 19_900],
  ] as const)
    world.put('prices', {
      id,
      productId: 'prod_api',
      plan,
      nickname: plan,
      currency: 'USD',
      unitAmount,
      interval: 'month',
      intervalCount: 1,
      createdAt: NOW - 400 * DAY,
    });
  addCustomer(world, { key: 'acme', declineCode: null });
  addCustomer(world, { key: 'broke', declineCode: 'insufficient_funds' });
  for (let index = 0; index < 25; index += 1) addPaidInvoice(world, index);
}

function addCustomer(world: World, of: { key: string; declineCode: string | null }): void {
  const { key, declineCode } = of;
  const createdAt = NOW - 300 * DAY;
  world.put('customers', {
    id: `psz_${key}`,
    stripeId: `cus_${key}`,
    name: `${key} Inc`,
    domain: `${key}.example`,
    email: `ops@${key}.example`,
    country: 'US',
    region: 'CA',
    currency: 'USD',
    segment: 'smb',
    channel: 'organic',
    ownerEmail: null,
    createdAt,
    updatedAt: createdAt,
    paymentMethodId: `pm_${key}`,
  });
  world.put('paymentMethods', {
    id: `pm_${key}`,
    customerId: `psz_${key}`,
    brand: 'visa',
    last4: '4242',
    expMonth: 4,
    expYear: 2029,
    declineCode,
    createdAt,
  });
  world.put('subscriptions', {
    id: `sub_${key}`,
    itemId: `si_${key}`,
    customerId: `psz_${key}`,
    priceId: 'price_starter',
    plan: 'starter',
    status: 'active',
    currency: 'USD',
    unitAmount: 4_900,
    quantity: 2,
    interval: 'month',
    intervalCount: 1,
    discount: null,
    startedAt: createdAt,
    trialStartAt: null,
    trialEndAt: null,
    currentPeriodStartAt: NOW - 10 * DAY,
    currentPeriodEndAt: NOW + 20 * DAY,
    anchorAt: createdAt,
    cancelAtPeriodEnd: false,
    cancelAt: null,
    canceledAt: null,
    endedAt: null,
  });
}

/** One a day, newest yesterday; each paid by card within the minute. */
function addPaidInvoice(world: World, index: number): void {
  const createdAt = NOW - (25 - index) * DAY;
  const suffix = String(index).padStart(3, '0');
  const base = { customerId: 'psz_acme', currency: 'USD', metadata: {} };
  world.put('invoices', {
    ...base,
    id: `in_${suffix}`,
    number: `ACME-${suffix}`,
    subscriptionId: 'sub_acme',
    status: 'paid',
    lines: [
      {
        id: `il_${suffix}`,
        description: '2 × starter',
        priceId: 'price_starter',
        quantity: 2,
        unitAmount: 4_900,
        amount: 9_800,
        taxAmount: 800,
        periodStartAt: createdAt,
        periodEndAt: createdAt + 30 * DAY,
      },
    ],
    subtotal: 9_800,
    discountAmount: 0,
    tax: 800,
    total: 10_600,
    amountDue: 10_600,
    amountPaid: 10_600,
    amountRemaining: 0,
    attemptCount: 1,
    collectionMethod: 'charge_automatically',
    paymentIntentId: `pi_${suffix}`,
    createdAt,
    finalizedAt: createdAt,
    dueAt: null,
    paidAt: createdAt + 60_000,
    voidedAt: null,
    uncollectibleAt: null,
    nextAttemptAt: null,
    periodStartAt: createdAt,
    periodEndAt: createdAt + 30 * DAY,
  });
  world.put('paymentIntents', {
    ...base,
    id: `pi_${suffix}`,
    invoiceId: `in_${suffix}`,
    amount: 10_600,
    status: 'succeeded',
    latestChargeId: `ch_${suffix}`,
    createdAt,
  });
  world.put('charges', {
    ...base,
    id: `ch_${suffix}`,
    invoiceId: `in_${suffix}`,
    paymentIntentId: `pi_${suffix}`,
    paymentMethodId: 'pm_acme',
    status: 'succeeded',
    amount: 10_600,
    amountRefunded: 0,
    declineCode: null,
    failureMessage: null,
    disputed: false,
    createdAt: createdAt + 60_000,
  });
}
