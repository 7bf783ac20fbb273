import { z } from 'zod';
import { percentOf } from '../../domain/billing/apportion.ts';
import { daysBetween, shareOf, thirtyDayShare } from '../../domain/billing/proration.ts';
import { applySpendLimits } from '../../domain/billing/rating/limits.ts';
import { type Exact, exact, fraction, multiply, roundTo } from '../../domain/money/exact.ts';
import type { Json } from '../../domain/types.ts';
import { Decimal, IsoDate, Minor, minorJson, settingsOf, shownAs, taxKeys } from './case-values.ts';
import { rule } from './rule.ts';

const DAY_MS = 86_400_000;
const START_AT = Date.UTC(2026, 0, 1);

/** The share of a month that ends on `to`, by real days or by months of 30. */
export const monthFactor = rule(
  z.strictObject({ mode: z.string(), from: IsoDate, to: IsoDate }),
  ({ mode, from, to }, golden) => {
    if (/30.day|30\/360/i.test(mode)) {
      const share = thirtyDayShare(from, to);
      return {
        got: factorAnswer(share, Number(multiply(share, exact(30n)).numerator), golden.expected.factor),
      };
    }
    if (!/actual/i.test(mode)) return { unsupported: `the day count "${mode}" is not one this product has` };
    const days = daysBetween(from, to);
    const share = fraction(BigInt(days), BigInt(daysBetween(to.subtract({ months: 1 }), to)));
    return { got: factorAnswer(share, days, golden.expected.factor) };
  },
);

function factorAnswer(share: Exact, days: number, expected: Json | undefined): Record<string, Json> {
  return { factor: shownAs(share, expected), days };
}

/** An amount for so many days of a period, the last ones. */
export const dayShare = rule(
  z
    .strictObject({
      plan_amount_minor: Minor,
      billable_days: z.number().int().nonnegative().optional(),
      days: z.number().int().nonnegative().optional(),
      period_days: z.number().int().positive(),
      tax_multiplier: Decimal.default('1'),
    })
    .refine(({ billable_days, days }) => (billable_days === undefined) !== (days === undefined)),
  (input, golden) => {
    const days = input.billable_days ?? input.days ?? 0;
    if (days > input.period_days) return { unsupported: 'more days than the period has' };
    const { proration } = settingsOf(golden);
    const share = shareOfLastDays(days, input.period_days, proration);
    const precise = multiply(multiply(exact(input.plan_amount_minor), share), exact(input.tax_multiplier));
    return {
      got: {
        amount_minor: minorJson(roundTo(precise, 0, proration.rounding)),
        precise_minor: shownAs(precise, golden.expected.precise_minor),
      },
    };
  },
);

function shareOfLastDays(days: number, periodDays: number, by: Parameters<typeof shareOf>[2]): Exact {
  const whole = { startAt: START_AT, endAt: START_AT + periodDays * DAY_MS };
  return shareOf({ startAt: whole.endAt - days * DAY_MS, endAt: whole.endAt }, whole, by, 'UTC');
}

/** What is missing to a minimum spend that is owed for some days only, and its tax. */
export const minimumSpend = rule(
  z.strictObject({
    minimum_minor: Minor,
    usage_minor: Minor,
    days: z.number().int().nonnegative(),
    period_days: z.number().int().positive(),
  }),
  (input, golden) => {
    const conventions = settingsOf(golden);
    const share = shareOfLastDays(input.days, input.period_days, conventions.proration);
    const limits = { minimum: String(input.minimum_minor), maximum: null };
    const { minimumMinor } = applySpendLimits(input.usage_minor, limits, conventions, { share });
    const taxes = taxKeys(golden.expected).map(({ key, percent }): [string, Json] => [
      key,
      minorJson(roundTo(percentOf(percent, minimumMinor), 0, conventions.rounding.line)),
    ]);
    return { got: { true_up_minor: minorJson(minimumMinor), ...Object.fromEntries(taxes) } };
  },
);
