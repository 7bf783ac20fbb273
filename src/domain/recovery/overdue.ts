import { z } from 'zod';
import { add, type Exact, exact, fraction, multiply, type Rounding, roundTo } from '../money/exact.ts';

/** Kill Bill's overdue states: by the age of the earliest unpaid invoice, the last state whose days are over. */
export const OverdueState = z.object({
  name: z.string().min(1),
  days: z.number().int().nonnegative(),
  changes_blocked: z.boolean().default(false),
  service_blocked: z.boolean().default(false),
});
export type OverdueState = z.infer<typeof OverdueState>;

export const CLEAR = 'CLEAR';

/** A state begins on its day itself: 30 days unpaid is in the state of 30. */
export function overdueState(states: readonly OverdueState[], daysUnpaid: number): OverdueState | null {
  return states
    .filter(({ days }) => days <= daysUnpaid)
    .reduce(
      (latest: OverdueState | null, state) => (!latest || state.days > latest.days ? state : latest),
      null,
    );
}

/**
 * What a customer gets back for time in which the service was blocked: the price of the period times blocked time
 * over the time of the period, both in one unit (days as Kill Bill, or milliseconds). Amounts in minor units.
 */
export function blockedCredit(
  priceMinor: Exact,
  time: { blocked: number; ofPeriod: number },
  rounding: Rounding = 'half_away',
): bigint {
  const blocked = Math.min(time.blocked, time.ofPeriod);
  const share = fraction(BigInt(blocked), BigInt(time.ofPeriod));
  return roundTo(multiply(priceMinor, share), 0, rounding);
}

/** What Stripe makes of a subscription when all tries have failed (docs.stripe.com/billing/revenue-recovery/smart-retries). */
export const SUBSCRIPTION_END = {
  leave: 'past_due',
  cancel: 'canceled',
  mark_unpaid: 'unpaid',
} as const;

/** Stripe's own schedules: at most `maxTries` within one of the windows, or up to three retries one sets oneself. */
export const STRIPE_SCHEDULES = {
  smart: { maxTries: 8, withinDays: 14, windows: ['1w', '2w', '3w', '1mo', '2mo'] },
  custom: { maxRetries: 3 },
} as const;

/** The sum of open amounts by currency, in minor units. */
export function overdueByCurrency(
  overdue: readonly { currency: string; minor: number }[],
): Map<string, bigint> {
  const sums = new Map<string, Exact>();
  for (const { currency, minor } of overdue) {
    sums.set(currency, add(sums.get(currency) ?? exact(0n), exact(BigInt(minor))));
  }
  return new Map([...sums].map(([currency, sum]) => [currency, sum.numerator]));
}
