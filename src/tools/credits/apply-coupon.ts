import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { couponSaves, couponTerms } from '../../domain/billing/discounts/coupon-terms.ts';
import type { OfferedCoupon, OutsideSubscription } from '../../domain/billing/gateways.ts';
import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Customer, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { dayWords } from '../day-words.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn } from '../request-wording.ts';
import { changedUnder, liveSubscription } from './live-subscription.ts';

const input = z.strictObject({
  customer: customerInput,
  subscription: z.string().trim().min(1).max(100).optional(),
  coupon: z.string().trim().min(1).max(100).optional().describe('Id or name of the coupon'),
  percent: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,4})?$/)
    .optional()
    .describe('Instead: what it takes off'),
  months: z.int().min(1).max(60).optional().describe('With percent: for how long'),
});
type Input = z.output<typeof input>;

export default defineTool({
  name: 'apply_coupon',
  description:
    "Proposes putting an existing coupon on a customer's subscription, in place of the one it has. Use it when asked to give somebody a discount or a coupon. It only proposes: people approve. It does not make coupons.",
  scope: 'billing:write',
  effect: 'consequential',
  about: ['coupon', 'discount'],
  movesMoney: true,
  input,
  examples: [
    { say: 'give Acme 20% off for 3 months', input: { customer: 'Acme', percent: '20', months: 3 } },
    { say: 'apply coupon SPRING20 to Acme', input: { customer: 'Acme', coupon: 'SPRING20' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    const { customer, subscription } = await liveSubscription(wanted, ctx);
    const offered = await ctx.credits.listCoupons();
    const coupon = couponNamed(wanted, offered);
    if (subscription.couponIds.includes(coupon.id))
      throw new UserError('conflict', `${customer.name} has that coupon already.`);
    const full = priceOf(subscription);
    const saved = couponSaves(coupon, full);
    if (saved === null)
      throw new UserError(
        'conflict',
        `That coupon is not in ${full.currency}, the currency of the subscription.`,
      );
    const had = offered.filter(({ id }) => subscription.couponIds.includes(id));
    return planOf({
      customer,
      subscription,
      coupon,
      saved,
      had,
      policyAmount: await inCompanyCurrency(saved, ctx),
      ctx,
    });
  },
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const answered = (changed: OutsideSubscription) => ({
      outsideId: changed.id,
      result: { subscription: changed.id },
    });
    await effects.perform({
      kind: 'coupon.applied',
      system: 'stripe',
      request: { subscription: facts.subscriptionId, coupon: facts.couponId },
      ...(plan.amount === null ? {} : { amount: plan.amount }),
      send: async (idempotencyKey) =>
        answered(
          await ctx.credits.applyCoupon({
            stripeSubscriptionId: facts.subscriptionId,
            couponId: facts.couponId,
            idempotencyKey,
          }),
        ),
      lookUp: async (key) => {
        const found = await changedUnder(key, facts.subscriptionId, ctx);
        return found === null ? null : answered(found);
      },
    });
    const name = plan.customer?.name ?? 'The customer';
    return { summary: `${name} has ${facts.terms} now.`, result: { coupon: facts.couponId } };
  },
});

const factsSchema = z.object({ subscriptionId: z.string(), couponId: z.string(), terms: z.string() });

function priceOf({ unitAmount, quantity }: OutsideSubscription): Money {
  return { ...unitAmount, minor: unitAmount.minor * quantity };
}

function couponNamed(wanted: Input, offered: readonly OfferedCoupon[]): OfferedCoupon {
  const valid = offered.filter((coupon) => coupon.valid);
  const fitting = valid.filter((coupon) => fits(coupon, wanted));
  const [coupon, another] = fitting;
  if (coupon !== undefined && another === undefined) return coupon;
  const shown = (coupon === undefined ? valid : fitting).slice(0, 8);
  const list = shown.map((one) => `${one.name ?? one.id} (${couponTerms(one)})`).join(', ');
  if (coupon === undefined) {
    throw new UserError(
      'not_found',
      'Stripe has no such coupon.',
      list === '' ? 'Make one at Stripe first.' : `There are ${list}. Others are made at Stripe.`,
    );
  }
  throw new UserError('ambiguous', 'Several coupons fit.', `Name one: ${list}.`);
}

function fits(coupon: OfferedCoupon, wanted: Input): boolean {
  if (wanted.coupon !== undefined) {
    const name = wanted.coupon.toLowerCase();
    return coupon.id.toLowerCase() === name || coupon.name?.toLowerCase() === name;
  }
  if (wanted.percent === undefined) throw new UserError('invalid_input', 'It takes a coupon.', 'Name one.');
  if (coupon.percentOff === null || Number(coupon.percentOff) !== Number(wanted.percent)) return false;
  return wanted.months === undefined || (coupon.duration === 'repeating' && coupon.months === wanted.months);
}

function planOf(found: {
  customer: Customer;
  subscription: OutsideSubscription;
  coupon: OfferedCoupon;
  saved: Money;
  had: readonly OfferedCoupon[];
  policyAmount: Money;
  ctx: ToolContext;
}): Plan {
  const { customer, subscription, coupon, saved, had } = found;
  const full = priceOf(subscription);
  const before = had.reduce((sum, one) => sum - (couponSaves(one, full)?.minor ?? 0), full.minor);
  const terms = couponTerms(coupon);
  return {
    title: `Give ${customer.name} ${terms}`,
    subject: { kind: 'subscription', id: subscription.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'Discount', before: had.map(couponTerms).join(', ') || 'none', after: terms },
      {
        what: `Next invoice, ${dayWords(subscription.period.endAt, found.ctx.company.tz)}, before tax`,
        before: formatMoney({ ...full, minor: Math.max(0, before) }),
        after: formatMoney({ ...full, minor: full.minor - saved.minor }),
      },
    ],
    touches: [`It saves ${customer.name} ${formatMoney(saved)} on the next invoice`],
    amount: saved,
    policyAmount: found.policyAmount,
    reversible: { possible: false, how: 'It can be taken off at Stripe; invoices it lowered stay.' },
    warnings: had.length === 0 ? [] : ['It takes the place of the discount they have.'],
    facts: {
      subscriptionId: subscription.id,
      couponId: coupon.id,
      terms,
      couponsBefore: [...subscription.couponIds],
      priceMinor: full.minor,
      savedMinor: saved.minor,
      currency: full.currency,
      customerId: customer.id,
    },
  };
}

const ORDER =
  /^(?:give|offer|grant)\b.*\boff\b|^(?:apply|add|use|put|give)\b.*\b(?:coupon|discount)\b|^discount\b/;
const PERCENT = /(\d{1,3}(?:\.\d{1,4})?)\s*(?:%|percent\b|per cent\b)/i;
const MONTHS = /\bfor (\d{1,2}) months?\b/;
/** A number in words is asked back rather than guessed. */
const SPELLED = /\bfor (?:a|an|one|two|three|four|six|twelve) (?:months?|years?)\b|\byears?\b/;
const NAMED = /\b(?:coupon|code|discount)\s+["“]?([A-Za-z0-9][\w-]*)/;
const FILLER = /^(?:to|for|on|of|code|coupon|the)$/i;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order)) return [];
  const unsure: Reading[] = [{ input: {}, confidence: 0.5, interpretation: 'Give a customer a discount' }];
  const customer = namedCustomer(utterance) ?? pointedCustomer(utterance);
  const percent = PERCENT.exec(utterance.text)?.[1];
  const named = NAMED.exec(utterance.text)?.[1];
  const coupon = named === undefined || FILLER.test(named) ? undefined : named;
  if (percent === undefined && !/\b(?:coupon|discount|code)\b/.test(order)) return [];
  if (customer === null || (percent === undefined) === (coupon === undefined) || SPELLED.test(order))
    return unsure;
  const months = MONTHS.exec(order)?.[1];
  const span = months === undefined ? null : Number(months);
  if (percent === undefined) {
    return [
      {
        input: { customer: customer.id, coupon: coupon ?? '' },
        confidence: 0.9,
        interpretation: `Put coupon ${coupon} on ${customer.name}'s subscription`,
      },
    ];
  }
  const words = span === null ? '' : ` for ${span} ${span === 1 ? 'month' : 'months'}`;
  return [
    {
      input: { customer: customer.id, percent, ...(span === null ? {} : { months: span }) },
      confidence: 0.9,
      interpretation: `Give ${customer.name} ${percent}% off${words}`,
    },
  ];
}

/** "them": the customer all records of the previous answer belong to. */
function pointedCustomer(utterance: Utterance): { id: string; name: string } | null {
  if (utterance.customers.length > 0) return null;
  const listed = utterance.previous.find((call) => call.listed.length > 0)?.listed ?? [];
  const ids = new Set(listed.map((one) => one.customerId));
  const [id] = ids;
  return ids.size === 1 && id !== undefined ? { id, name: 'them' } : null;
}
