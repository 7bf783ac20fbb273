import { addMonths, DAY } from './calendar.ts';
import { placeOf } from './geography.ts';
import { finalizeInvoice } from './invoice-operations.ts';
import { transferOf } from './life.ts';
import { mustGet } from './lookup.ts';
import { domainOf, mailbox, personName } from './names.ts';
import { type Plan, priceId } from './plans.ts';
import { chance } from './random.ts';
import type { CustomerRecord, DiscountRecord, PaymentMethodRecord, World } from './records.ts';
import type { SimulatedWorld, Temper } from './simulated-world.ts';
import { startSubscription } from './subscription-operations.ts';

export interface Signup {
  name: string;
  country: string;
  plan: Plan;
  interval?: 'month' | 'year';
  quantity?: number;
  trialDays?: number;
  channel?: string;
  discount?: {
    percentOff?: number;
    amountOff?: number;
    duration: DiscountRecord['duration'];
    months?: number;
  } | null;
  /** A trial may begin without a card. */
  card?: boolean;
  temper?: Temper;
}

const SEGMENTS: Record<Plan, string> = {
  starter: 'solo',
  growth: 'startup',
  scale: 'midmarket',
  enterprise: 'enterprise',
};

const SALES = ['maria.lopez@psizero.dev', 'tom.becker@psizero.dev', 'aiko.tanaka@psizero.dev'] as const;

/** A new customer with its people, card and subscription, all at the world's now. */
export function signUp(world: SimulatedWorld, wanted: Signup): CustomerRecord {
  const now = world.now();
  const place = placeOf(wanted.country);
  const id = world.newId('psz');
  const draw = chance(world.anchor.seed, 'signup', id);
  const domain = domainOf(wanted.name, place.tld);
  const owner = personName(world.anchor.seed, id);
  const customer: CustomerRecord = {
    id,
    stripeId: world.newId('cus'),
    name: wanted.name,
    domain,
    email: `billing@${domain}`,
    country: place.country,
    region: place.region,
    currency: place.currency,
    segment: SEGMENTS[wanted.plan],
    channel: wanted.channel ?? draw.pick(['organic', 'ads', 'referral', 'partner', 'outbound']),
    ownerEmail: wanted.plan === 'scale' || wanted.plan === 'enterprise' ? draw.pick(SALES) : null,
    createdAt: now,
    updatedAt: now,
    paymentMethodId: null,
  };
  if (wanted.temper) world.setTemper(id, wanted.temper);
  world.put('customers', customer);
  world.emit({ at: now, type: 'customer.created', collection: 'customers', id });
  world.emit({ at: now, type: 'psizero.customer.created', collection: 'customers', id });
  putPeople(world, customer, owner);
  if (wanted.card ?? true) replaceCard(world, id);
  const { invoice } = startSubscription(world, {
    customerId: id,
    priceId: priceId(wanted.plan, place.currency, wanted.interval ?? 'month'),
    quantity: wanted.quantity ?? 1,
    trialDays: wanted.trialDays ?? 0,
    discount: couponOf(wanted, now),
    taxPercent: place.taxPercent,
    daysUntilDue: transferOf(world, customer) ? 30 : null,
  });
  if (invoice) finalizeInvoice(world, invoice.id);
  return mustGet(world, 'customers', id);
}

function couponOf({ discount, trialDays }: Signup, startAt: number): DiscountRecord | null {
  if (!discount) return null;
  const months = discount.duration === 'repeating' ? (discount.months ?? 3) : null;
  const amount =
    discount.percentOff !== undefined ? `${discount.percentOff}` : `amount_${discount.amountOff ?? 0}`;
  const endAt =
    months !== null
      ? addMonths(startAt, months)
      : discount.duration === 'once'
        ? startAt + (1 + (trialDays ?? 0)) * DAY
        : null;
  return {
    couponId: `coupon_${amount}_${discount.duration}`,
    percentOff: discount.percentOff ?? null,
    amountOff: discount.amountOff ?? null,
    duration: discount.duration,
    months,
    startAt,
    endAt,
  };
}

function putPeople(world: World, customer: CustomerRecord, owner: string): void {
  const draw = chance(world.anchor.seed, 'people', customer.id);
  const roles = ['owner', 'billing', 'developer'] as const;
  const count = customer.segment === 'solo' ? 1 : customer.segment === 'startup' ? 2 : 3;
  for (const [index, role] of roles.slice(0, count).entries()) {
    const fullName = index === 0 ? owner : personName(world.anchor.seed, `${customer.id}/${role}`);
    world.put('userProfiles', {
      id: world.newId('usr'),
      customerId: customer.id,
      email: role === 'billing' ? customer.email : mailbox(fullName, customer.domain),
      fullName,
      role,
      createdAt: customer.createdAt,
      lastSeenAt: role === 'owner' || draw.happens(0.6) ? customer.createdAt : null,
      updatedAt: customer.createdAt,
    });
  }
}

/** Gives the customer another card, which works unless a decline code is given, and makes it the one that is charged. */
export function replaceCard(
  world: World,
  customerId: string,
  declineCode: string | null = null,
): PaymentMethodRecord {
  const now = world.now();
  const customer = mustGet(world, 'customers', customerId);
  const id = world.newId('pm');
  const draw = chance(world.anchor.seed, 'card', id);
  const card: PaymentMethodRecord = {
    id,
    customerId,
    brand: draw.pick(['visa', 'visa', 'mastercard', 'mastercard', 'amex']),
    last4: String(draw.int(10_000)).padStart(4, '0'),
    expMonth: 1 + draw.int(12),
    expYear: new Date(now).getUTCFullYear() + 1 + draw.int(4),
    declineCode,
    createdAt: now,
  };
  world.put('paymentMethods', card);
  world.put('customers', { ...customer, paymentMethodId: id, updatedAt: now });
  world.emit({ at: now, type: 'payment_method.attached', collection: 'paymentMethods', id });
  world.emit({ at: now, type: 'customer.updated', collection: 'customers', id: customerId });
  return card;
}
