import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { changeLines } from '../../domain/billing/changes/change-preview.ts';
import type { OfferedPrice, OutsideSubscription, SubscriptionChange } from '../../domain/billing/gateways.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { dateAt, startOfDayAt } from '../../domain/periods/calendar.ts';
import type { Customer, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { dayWords } from '../day-words.ts';
import type { ToolContext } from '../define-tool.ts';

/** What `apply` needs of a change that was approved. */
export const changeFacts = z.object({
  subscriptionId: z.string(),
  itemId: z.string(),
  priceId: z.string().nullable(),
  quantity: z.number().int().positive(),
  proration: z.enum(['now', 'none']),
  prorateAt: z.number().int(),
  after: z.string(),
});
export type ChangeFacts = z.output<typeof changeFacts>;

export interface PlannedChange {
  request: SubscriptionChange;
  price: OfferedPrice;
  /** Billed at once; below 0 goes to their balance. */
  lines: readonly Money[];
  /** For one period, before and after. */
  before: Money;
  after: Money;
  beforeName: string;
  /** What the policy judges: the larger of what is billed at once and of the change for a period. */
  amount: Money;
}

/**
 * The change by our own sums, held against Stripe's preview line by line. A change now counts from the beginning of
 * the company's day, so that what was proposed in the morning is what is billed in the afternoon.
 */
export async function plannedChange(
  subscription: OutsideSubscription,
  wanted: {
    plan?: string | undefined;
    quantity?: number | undefined;
    when?: 'now' | 'next_period' | undefined;
  },
  ctx: Pick<ToolContext, 'credits' | 'clock' | 'company'>,
): Promise<PlannedChange> {
  const offered = await ctx.credits.listPrices();
  const own = ownPrice(subscription, offered);
  const price = wanted.plan === undefined ? own : priceNamed(wanted.plan, subscription, offered);
  const quantity = wanted.quantity ?? subscription.quantity;
  if (price.id === own.id && quantity === subscription.quantity)
    throw new UserError('conflict', `They are on ${words(own, quantity)} already.`);
  const { tz } = ctx.company;
  const dayStart = startOfDayAt(dateAt(ctx.clock.now(), tz), tz);
  const request: SubscriptionChange = {
    stripeSubscriptionId: subscription.id,
    itemId: subscription.itemId,
    priceId: price.id === own.id ? null : price.id,
    quantity,
    proration: wanted.when === 'now' ? 'now' : 'none',
    prorateAt: Math.max(subscription.period.startAt, dayStart),
  };
  const lines = request.proration === 'now' ? await comparedLines(subscription, price, request, ctx) : [];
  const before = times(own.unitAmount, subscription.quantity);
  const after = times(price.unitAmount, quantity);
  const billed = lines.reduce((sum, line) => sum + line.minor, 0);
  const minor = Math.max(Math.abs(billed), Math.abs(after.minor - before.minor));
  return {
    ...{ request, price, lines, before, after, amount: { ...after, minor } },
    beforeName: words(own, subscription.quantity),
  };
}

async function comparedLines(
  subscription: OutsideSubscription,
  price: OfferedPrice,
  request: SubscriptionChange,
  ctx: Pick<ToolContext, 'credits'>,
): Promise<Money[]> {
  const carried = await couponsOf(subscription, ctx);
  const ours = changeLines(subscription, { price, quantity: request.quantity }, request.prorateAt, carried);
  const theirs = (await ctx.credits.previewChange(request)).map((line) => line.amount);
  const list = (lines: readonly Money[]) =>
    lines
      .map((line) => line.minor)
      .sort((one, other) => one - other)
      .join(' ');
  if (list(ours) === list(theirs)) return ours;
  const say = (lines: readonly Money[]) => lines.map(formatMoney).join(' and ') || 'nothing';
  throw new UserError(
    'conflict',
    `By our sums this change bills ${say(ours)}, by Stripe's ${say(theirs)}.`,
    'Look at the subscription at Stripe before it is changed.',
  );
}

/** The percentage coupons take off; amounts are not prorated. */
async function couponsOf(
  { couponIds }: OutsideSubscription,
  ctx: Pick<ToolContext, 'credits'>,
): Promise<string> {
  if (couponIds.length === 0) return '0';
  const carried = (await ctx.credits.listCoupons()).filter(({ id }) => couponIds.includes(id));
  return carried.find(({ percentOff }) => percentOff !== null)?.percentOff ?? '0';
}

/** As they have it: an older amount than the list's may still be theirs. */
function ownPrice(subscription: OutsideSubscription, offered: readonly OfferedPrice[]): OfferedPrice {
  const listed = offered.find(({ id }) => id === subscription.priceId);
  const { priceId: id, unitAmount, interval, intervalCount } = subscription;
  return { id, name: listed?.name ?? id, unitAmount, interval, intervalCount };
}

function priceNamed(
  plan: string,
  subscription: OutsideSubscription,
  offered: readonly OfferedPrice[],
): OfferedPrice {
  const wanted = plan.toLowerCase();
  const alike = offered.filter(
    (price) =>
      price.unitAmount.currency === subscription.unitAmount.currency &&
      price.interval === subscription.interval &&
      price.intervalCount === subscription.intervalCount,
  );
  const fitting = alike.filter((price) => price.id === plan || price.name.toLowerCase().includes(wanted));
  const exact = fitting.filter((price) => price.id === plan || price.name.toLowerCase() === wanted);
  const [price, another] = exact.length > 0 ? exact : fitting;
  if (price !== undefined && another === undefined) return price;
  const names = (price === undefined ? alike : fitting).map(({ name }) => name).join(', ');
  throw new UserError(
    price === undefined ? 'not_found' : 'ambiguous',
    price === undefined
      ? `There is no plan ${plan} in ${subscription.unitAmount.currency} by the ${subscription.interval}.`
      : `Several plans fit ${plan}.`,
    `There are ${names}.`,
  );
}

const times = (unit: Money, quantity: number): Money => ({ ...unit, minor: unit.minor * quantity });
const words = (price: OfferedPrice, quantity: number): string =>
  quantity === 1 ? price.name : `${quantity} × ${price.name}`;

export function changePlanOf(found: {
  customer: Customer;
  subscription: OutsideSubscription;
  change: PlannedChange;
  policyAmount: Money;
  tz: string;
}): Plan {
  const { customer, subscription, change, tz } = found;
  const { request } = change;
  const after = words(change.price, request.quantity);
  const renews = dayWords(subscription.period.endAt, tz);
  const billed = { ...change.after, minor: change.lines.reduce((sum, line) => sum + line.minor, 0) };
  const now = request.proration === 'now';
  return {
    title: `Change ${customer.name} to ${after}${now ? ' now' : `, billed from ${renews}`}`,
    subject: { kind: 'subscription', id: subscription.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'Plan', before: change.beforeName, after },
      {
        what: `Price a ${subscription.interval}, before discounts and tax`,
        before: formatMoney(change.before),
        after: formatMoney(change.after),
      },
      ...(now
        ? [
            {
              what: `Billed at once, from ${dayWords(request.prorateAt, tz)} to ${renews}`,
              before: change.lines.map(formatMoney).join(' and ') || formatMoney(billed),
              after: `${formatMoney(billed)}, by our sums and by Stripe's`,
            },
          ]
        : []),
    ],
    touches: [
      now
        ? billed.minor < 0
          ? 'What they paid too much goes to their balance and lowers the next invoices'
          : 'Stripe invoices the difference at once and charges their card'
        : `The plan holds at once; nothing is billed before ${renews}`,
    ],
    amount: change.amount,
    policyAmount: found.policyAmount,
    reversible: { possible: false, how: 'It can be changed back; what was billed stays.' },
    warnings:
      subscription.endsAt === null ? [] : [`The subscription ends on ${dayWords(subscription.endsAt, tz)}.`],
    facts: {
      subscriptionId: subscription.id,
      itemId: request.itemId,
      priceId: request.priceId,
      quantity: request.quantity,
      proration: request.proration,
      prorateAt: request.prorateAt,
      after,
      fromPriceId: subscription.priceId,
      fromQuantity: subscription.quantity,
      fromUnitMinor: subscription.unitAmount.minor,
      unitMinor: change.price.unitAmount.minor,
      billedMinor: billed.minor,
      periodEndAt: subscription.period.endAt,
      coupons: [...subscription.couponIds],
      customerId: customer.id,
    },
  };
}
