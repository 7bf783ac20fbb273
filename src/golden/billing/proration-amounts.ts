import { z } from 'zod';
import { percentOf, sumMinor } from '../../domain/billing/apportion.ts';
import { prorateInAdvance } from '../../domain/billing/changes/plan-changes.ts';
import type { BillingInterval } from '../../domain/billing/cycles/anchor.ts';
import {
  billableShares,
  type DatedSubscription,
  type DayShare,
  exactShare,
} from '../../domain/billing/cycles/cycle-shares.ts';
import {
  compare,
  type Exact,
  exact,
  fraction,
  multiply,
  roundTo,
  toDecimal,
} from '../../domain/billing/exact.ts';
import { PriceModel } from '../../domain/billing/price.ts';
import { daysBetween, shareOf, sumOfShares, thirtyDayShare } from '../../domain/billing/proration.ts';
import { applySpendLimits } from '../../domain/billing/rating/limits.ts';
import { rateSeatChanges } from '../../domain/billing/rating/seats.ts';
import type { Json } from '../../domain/types.ts';
import {
  Decimal,
  IsoDate,
  Minor,
  majorOf,
  minorJson,
  minorOf,
  settingsOf,
  shownAs,
  taxKeys,
} from './case-values.ts';
import { rule } from './rule.ts';

const DAY_MS = 86_400_000;
const START_AT = Date.UTC(2026, 0, 1);

const CaseTier = z.strictObject({ up_to: Decimal.nullable(), unit_amount: Decimal, flat_amount: Decimal });

/** Seats that come and go, with what each change is worth of the period. */
export const seatChanges = rule(
  z.strictObject({
    model: z.string(),
    tiers: z.array(CaseTier).min(1),
    event_units: z.array(Decimal).min(1),
    event_prorated_units: z.array(Decimal).min(1),
    unit: z.literal('major'),
    round_to: z.number().int().min(0).max(6).default(2),
  }),
  (input, golden) => {
    if (input.model !== 'graduated') return { unsupported: `seats under a ${input.model} price` };
    if (input.event_units.length !== input.event_prorated_units.length) {
      return { unsupported: 'every change of seats needs its prorated units' };
    }
    const scaled = (amount: string) => toDecimal(minorOf(amount, input.round_to), 12);
    const pricing = PriceModel.parse({
      model: 'graduated',
      tiers: input.tiers.map((tier) => ({
        upTo: tier.up_to,
        unitAmount: scaled(tier.unit_amount),
        flatAmount: scaled(tier.flat_amount),
      })),
    });
    const changes = input.event_units.map((units, index) => ({
      units: exact(units),
      proratedUnits: exact(input.event_prorated_units[index] ?? '0'),
    }));
    const { amountMinor } = rateSeatChanges(pricing, changes, settingsOf(golden));
    return { got: { amount: majorOf(amountMinor, input.round_to) } };
  },
);

const PERIODS: Readonly<Record<string, BillingInterval>> = {
  DAILY: { unit: 'day', count: 1 },
  WEEKLY: { unit: 'week', count: 1 },
  BIWEEKLY: { unit: 'week', count: 2 },
  THIRTY_DAYS: { unit: 'day', count: 30 },
  THIRTY_ONE_DAYS: { unit: 'day', count: 31 },
  SIXTY_DAYS: { unit: 'day', count: 60 },
  NINETY_DAYS: { unit: 'day', count: 90 },
  MONTHLY: { unit: 'month', count: 1 },
  BIMESTRIAL: { unit: 'month', count: 2 },
  QUARTERLY: { unit: 'month', count: 3 },
  TRIANNUAL: { unit: 'month', count: 4 },
  BIANNUAL: { unit: 'month', count: 6 },
  ANNUAL: { unit: 'year', count: 1 },
  BIENNIAL: { unit: 'year', count: 2 },
};

/** How many periods are billable, in whole and cut ones. */
export const datedCycles = rule(
  z.strictObject({
    billing: z.enum(['in_advance', 'in_arrears']),
    period: z.string(),
    start: IsoDate,
    end: IsoDate.nullable(),
    target: IsoDate,
    bill_cycle_day: z.number().int().min(1).max(31),
  }),
  (input, golden) => {
    const interval = PERIODS[input.period];
    if (!interval) return { unsupported: `the period ${input.period} is not one this product has` };
    const subscription: DatedSubscription = {
      interval,
      start: input.start,
      end: input.end,
      billCycleDay: input.bill_cycle_day,
      billing: input.billing,
    };
    const shares = billableShares(subscription, input.target);
    const { rounding, proration } = settingsOf(golden);
    const digits = rounding.intermediateDigits;
    const sum = sumOfShares(shares.map(exactShare), digits, proration.rounding);
    return {
      got: {
        billing_cycles: shownAs(sum, golden.expected.billing_cycles),
        as_fraction: asFraction(shares),
      },
    };
  },
);

/** "14/31 + 1 + 12/28": cut periods as they are, whole ones counted. */
function asFraction(shares: readonly DayShare[]): string {
  const words: string[] = [];
  let whole = 0;
  for (const { days, of } of shares) {
    if (days === of) {
      whole += 1;
      continue;
    }
    if (whole > 0) words.push(String(whole));
    whole = 0;
    words.push(`${days}/${of}`);
  }
  if (whole > 0) words.push(String(whole));
  return words.length === 0 ? '0' : words.join(' + ');
}

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

/** A change of plan somewhere in a period that was billed in advance. */
export const halfPeriod = rule(
  z.strictObject({ old_plan: Decimal, new_plan: Decimal, position: z.string(), unit: z.literal('major') }),
  (input, golden) => {
    const passed = readPosition(input.position);
    if (!passed) return { unsupported: `where in the period "${input.position}" is` };
    const whole = { startAt: START_AT, endAt: START_AT + 30 * DAY_MS };
    const offset = multiply(passed, exact(BigInt(30 * DAY_MS)));
    const charge = (amount: string) => ({
      priceId: 'plan',
      name: 'Plan',
      kind: 'base' as const,
      quantity: exact(1n),
      amountMinor: minorOf(amount),
      prorated: true,
    });
    const at = START_AT + Number(roundTo(offset, 0, 'half_away'));
    const lines = prorateInAdvance({
      subscriptionId: 'case',
      whole,
      served: whole,
      initial: [charge(input.old_plan)],
      changes: [{ at, sequence: 1, priceId: 'plan', charge: charge(input.new_plan) }],
      rule: settingsOf(golden).proration,
      tz: 'UTC',
    });
    const amounts = lines.map((line) => line.amountMinor);
    return {
      got: {
        credit: majorOf(sumMinor(amounts.filter((amount) => amount < 0n))),
        debit: majorOf(sumMinor(amounts.filter((amount) => amount > 0n))),
        net: majorOf(sumMinor(amounts)),
      },
    };
  },
);

const POSITIONS: readonly [RegExp, (match: RegExpExecArray) => Exact][] = [
  [/(\d+)\s*\/\s*(\d+)/, ([, part = '0', of = '1']) => fraction(BigInt(part), BigInt(of))],
  [/(\d+(?:\.\d+)?)\s*%/, ([, percent = '0']) => multiply(exact(percent), fraction(1n, 100n))],
  [/three.quarters/i, () => fraction(3n, 4n)],
  [/two.thirds/i, () => fraction(2n, 3n)],
  [/half|middle/i, () => fraction(1n, 2n)],
  [/third/i, () => fraction(1n, 3n)],
  [/quarter/i, () => fraction(1n, 4n)],
  [/(?:^|\s)(?:0?\.\d+)/, ([text]) => exact(text.trim().replace(/^\./, '0.'))],
  [/\b(?:start|beginning)\b/i, () => exact(0n)],
];

/** How much of the period has passed; null where the words do not say. */
function readPosition(text: string): Exact | null {
  for (const [form, read] of POSITIONS) {
    const match = form.exec(text);
    if (!match) continue;
    const value = read(match);
    return compare(value, exact(1n)) <= 0 ? value : null;
  }
  return null;
}
