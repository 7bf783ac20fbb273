import { Temporal } from 'temporal-polyfill';
import type { Coupon, HeldCoupon } from './coupon.ts';

/** A coupon that nobody has to enter. */
export type AutomaticRule =
  /** From so many whole months as a customer on. Of several, only the longest tenure reached counts. */
  | { kind: 'loyalty'; afterMonths: number; coupon: Coupon }
  /** For whoever is billed between two instants. */
  | { kind: 'promotion'; fromAt: number; toAt: number; coupon: Coupon };

/** The coupons that rules give a customer for an invoice of an instant, as if held since they became due. */
export function automaticCoupons(
  rules: readonly AutomaticRule[],
  customer: { sinceAt: number; tz: string },
  at: number,
): HeldCoupon[] {
  const promotions = rules.flatMap((rule) =>
    rule.kind === 'promotion' && rule.fromAt <= at && at < rule.toAt
      ? [heldFrom(rule.coupon, rule.fromAt)]
      : [],
  );
  const loyal = rules
    .flatMap((rule) => {
      if (rule.kind !== 'loyalty') return [];
      const startAt = monthsAfter(customer.sinceAt, rule.afterMonths, customer.tz);
      return startAt <= at ? [{ months: rule.afterMonths, held: heldFrom(rule.coupon, startAt) }] : [];
    })
    .sort((one, other) => other.months - one.months)[0];
  return loyal ? [...promotions, loyal.held] : promotions;
}

function heldFrom(coupon: Coupon, startAt: number): HeldCoupon {
  return { coupon, startAt, timesUsed: 0, usedMinor: 0n };
}

function monthsAfter(at: number, months: number, tz: string): number {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz).add({ months }).epochMilliseconds;
}
