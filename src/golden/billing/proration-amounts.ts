import { z } from 'zod';
import type { BillingInterval } from '../../domain/billing/cycles/anchor.ts';
import {
  billableShares,
  type DatedSubscription,
  type DayShare,
  exactShare,
} from '../../domain/billing/cycles/cycle-shares.ts';
import { PriceModel } from '../../domain/billing/price.ts';
import { storedShare } from '../../domain/billing/proration.ts';
import { rateSeatChanges } from '../../domain/billing/rating/seats.ts';
import { add, exact, toDecimal } from '../../domain/money/exact.ts';
import { Decimal, IsoDate, majorOf, minorOf, settingsOf, shownAs } from './case-values.ts';
import { rule } from './rule.ts';

const _DAY_MS = 86_400_000;
const _START_AT = Date.UTC(2026, 0, 1);

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
    const { proration } = settingsOf(golden);
    const sum = add(...shares.map((share) => storedShare(exactShare(share), proration)));
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
