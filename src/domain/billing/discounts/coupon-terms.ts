import { exact, fraction, roundTo } from '../../money/exact.ts';
import { formatMoney } from '../../money/format.ts';
import type { Money } from '../../types.ts';
import type { OfferedCoupon } from '../gateways.ts';

/** "20% off for 3 months". */
export function couponTerms(coupon: OfferedCoupon): string {
  const off =
    coupon.percentOff !== null
      ? `${coupon.percentOff}%`
      : coupon.amountOff
        ? formatMoney(coupon.amountOff)
        : 'nothing';
  const months = coupon.months ?? 0;
  const span = {
    once: 'once',
    forever: 'forever',
    repeating: `for ${months} ${months === 1 ? 'month' : 'months'}`,
  }[coupon.duration];
  return `${off} off ${span}`;
}

/** What a coupon takes off an amount before tax; null for an amount in another currency. Percentages round half away. */
export function couponSaves(coupon: OfferedCoupon, before: Money): Money | null {
  if (coupon.percentOff !== null) {
    const { numerator, denominator } = exact(coupon.percentOff);
    const off = roundTo(fraction(BigInt(before.minor) * numerator, denominator * 100n), 0, 'half_away');
    return { ...before, minor: Number(off) };
  }
  if (coupon.amountOff === null || coupon.amountOff.currency !== before.currency) return null;
  return { ...before, minor: Math.min(before.minor, coupon.amountOff.minor) };
}
