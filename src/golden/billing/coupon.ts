import { z } from 'zod';
import { sumMinor } from '../../domain/billing/apportion.ts';
import { periodLines, prorateInAdvance } from '../../domain/billing/changes/plan-changes.ts';
import { applyDiscounts } from '../../domain/billing/discounts/apply-discounts.ts';
import { Coupon, type HeldCoupon } from '../../domain/billing/discounts/coupon.ts';
import { creditLines } from '../../domain/billing/discounts/credits.ts';
import { limitedDiscount } from '../../domain/billing/discounts/spend-limits.ts';
import { PriceModel } from '../../domain/billing/price.ts';
import { rate } from '../../domain/billing/rating/rate.ts';
import { VENDOR_CONVENTIONS } from '../../domain/billing/vendor-conventions.ts';
import { exact, toDecimal } from '../../domain/money/exact.ts';
import type { CaseResult } from '../result.ts';
import {
  Decimal,
  Minor,
  majorOf,
  minorJson,
  minorOf,
  runByShape,
  settingsOf,
  wholeMinor,
} from './case-values.ts';
import type { BillingCase } from './file.ts';
import { rule } from './rule.ts';

const AT = Date.UTC(2026, 0, 15);
const DAY_MS = 86_400_000;
const LATER_MONTHS_MS = 100 * 366 * DAY_MS;

/** Coupons, their duration and order, and credits on lines. */
export function runCouponCase(golden: BillingCase): CaseResult {
  return runByShape(golden, [percentAndMaximum, creditsOnLines, oneCoupon, repeatingCoupon, discountedLine]);
}

/** A percentage and a maximum spend on usage that is billed in parts. */
const percentAndMaximum = rule(
  z.strictObject({
    model: z.literal('per_unit'),
    unit_amount: Decimal,
    percent_off: Decimal,
    previous_quantity: Decimal.default('0'),
    previous_billed: Decimal.default('0'),
    /** Of this run alone. */
    quantity: Decimal,
    maximum_spend: Decimal.optional(),
    unit: z.literal('major'),
  }),
  (input, golden) => {
    const conventions = settingsOf(golden);
    const unitAmount = toDecimal(minorOf(input.unit_amount), 12);
    const pricing = PriceModel.parse({ model: 'per_unit', unitAmount });
    const { amountMinor } = rate(pricing, exact(input.quantity), conventions);
    const maximum = input.maximum_spend === undefined ? null : String(wholeMinor(input.maximum_spend));
    const outcome = limitedDiscount(
      {
        amountMinor,
        percentOff: input.percent_off,
        limits: { minimum: null, maximum },
        previousBilledMinor: wholeMinor(input.previous_billed),
      },
      conventions,
    );
    return {
      got: {
        line_amount: majorOf(amountMinor),
        discounts: outcome.discounts
          .filter((discount) => discount !== 0n)
          .map((discount) => majorOf(discount)),
        total: majorOf(outcome.totalMinor),
      },
    };
  },
);

/** Credits that pay lines before tax. */
const creditsOnLines = rule(
  z.strictObject({ line_totals: z.array(Decimal).min(1), credits: z.array(Decimal) }),
  (input, golden) => {
    if (settingsOf(golden).credits.apply !== 'before_tax') {
      return { unsupported: 'credits that are used after tax pay the invoice, not its lines' };
    }
    const lines = input.line_totals.map((amount, index) => ({
      key: String(index),
      priceId: 'any',
      amountMinor: wholeMinor(amount),
    }));
    const grants = input.credits.map((amount, index) => ({
      id: String(index).padStart(6, '0'),
      name: 'Credit',
      currency: 'USD',
      remainingMinor: wholeMinor(amount),
      grantedAt: AT,
      expiresAt: null,
      priority: 0,
      priceIds: null,
    }));
    const { leftMinor, credits } = creditLines(lines, grants, { currency: 'USD', at: AT });
    return {
      got: {
        remaining_per_line: lines.map(({ key }) => majorOf(leftMinor.get(key) ?? 0n)),
        credits_used: credits.map(({ amountMinor }) => majorOf(amountMinor)),
      },
    };
  },
);

const DURATIONS: Readonly<Record<string, Coupon['duration']>> = {
  once: { kind: 'once' },
  forever: { kind: 'forever' },
  recurring: { kind: 'repeating', months: 1 },
  repeating: { kind: 'repeating', months: 1 },
};

/** One coupon on a base, with what it took off before. */
const oneCoupon = rule(
  z
    .strictObject({
      base_minor: Minor,
      amount_minor: Minor.optional(),
      percent: Decimal.optional(),
      already_used_minor: Minor.optional(),
      frequency: z.string().default('once'),
    })
    .refine(({ amount_minor, percent }) => (amount_minor === undefined) !== (percent === undefined)),
  (input) => {
    const duration = DURATIONS[input.frequency];
    if (!duration) return { unsupported: `the frequency "${input.frequency}" is not one this product has` };
    const off =
      input.percent === undefined
        ? { kind: 'amount', amountMinor: String(input.amount_minor), currency: 'USD', keepsRemainder: true }
        : { kind: 'percent', percent: input.percent };
    const usedMinor = input.already_used_minor ?? 0n;
    const coupon = Coupon.parse({ id: 'coupon', name: 'Coupon', off, duration });
    const held = { coupon, startAt: AT, timesUsed: usedMinor > 0n ? 1 : 0, usedMinor };
    return { got: { discount_minor: minorJson(discountOn(input.base_minor, held, AT)) } };
  },
);

const INTERVALS = {
  day: 'daily',
  week: 'weekly',
  month: 'monthly',
  quarter: 'quarterly',
  year: 'yearly',
} as const;

/** A coupon of some months on an invoice for a longer period. */
const repeatingCoupon = rule(
  z.strictObject({
    duration_in_months: z.number().int().positive(),
    interval: z.enum(['day', 'week', 'month', 'quarter', 'year']),
    applied_within_window: z.boolean(),
  }),
  (input) => {
    const duration = { kind: 'repeating', months: input.duration_in_months };
    const off = { kind: 'percent', percent: '100' };
    const coupon = Coupon.parse({ id: 'coupon', name: 'Coupon', off, duration });
    const at = input.applied_within_window ? AT : AT + LATER_MONTHS_MS;
    const discountMinor = discountOn(1000n, { coupon, startAt: AT, timesUsed: 0, usedMinor: 0n }, at);
    const whole = `the whole ${INTERVALS[input.interval]} invoice`;
    return {
      got: { discounted: discountMinor === 1000n ? whole : discountMinor === 0n ? 'nothing' : 'a part' },
    };
  },
);

function discountOn(baseMinor: bigint, held: HeldCoupon, at: number): bigint {
  const line = { key: 'line', priceId: 'any', amountMinor: baseMinor, discountable: true };
  const context = { currency: 'USD', at, tz: 'UTC', rounding: 'half_away' as const };
  return sumMinor(applyDiscounts([line], [held], context).discounts.map(({ amountMinor }) => amountMinor));
}

/** Whether a coupon takes off a line of a kind, asked of lines as they are made. */
const discountedLine = rule(z.strictObject({ line: z.string() }), ({ line }) => {
  const charge = (amount: bigint) => ({
    priceId: 'plan',
    name: 'Plan',
    kind: 'base' as const,
    quantity: exact(1n),
    amountMinor: exact(amount),
    prorated: true,
  });
  const whole = { startAt: AT, endAt: AT + 30 * DAY_MS };
  const period = {
    subscriptionId: 'case',
    whole,
    served: whole,
    initial: [charge(1000n)],
    changes: [{ at: AT + 10 * DAY_MS, sequence: 1, priceId: 'plan', charge: charge(2000n) }],
    rule: VENDOR_CONVENTIONS.stripe.proration,
    tz: 'UTC',
  };
  const lines = [...periodLines(period), ...prorateInAdvance(period)];
  const wanted = line === 'subscription' ? 'base' : line;
  const found = lines.find(({ kind }) => kind === wanted);
  if (!found) return { unsupported: `a line of kind "${line}" is not one of a change of plan` };
  return { got: { further_discountable: found.discountable } };
});
