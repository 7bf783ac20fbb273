import { percentOf } from '../apportion.ts';
import { type Rounding, roundTo } from '../exact.ts';

export interface LimitedDiscount {
  /** Of the line now billed, before both. */
  amountMinor: bigint;
  percentOff: string;
  /** The most the whole period may cost, and what of it is billed already (after its discounts). */
  maximumMinor: bigint | null;
  billedBeforeMinor: bigint;
  /** Which acts first. */
  beforeMaximum: boolean;
  rounding: Rounding;
}

export interface LimitedDiscountOutcome {
  percentMinor: bigint;
  maximumMinor: bigint;
  totalMinor: bigint;
}

/**
 * A percentage and a maximum spend on one line that is billed in parts. With the percentage first, the maximum is of
 * what customers pay; with the maximum first, it is of list prices, and `billedBeforeMinor` is list price too.
 */
export function limitedDiscount(given: LimitedDiscount): LimitedDiscountOutcome {
  const { amountMinor, percentOff, rounding } = given;
  const cut = (amount: bigint) => {
    if (given.maximumMinor === null) return 0n;
    const room = given.maximumMinor - given.billedBeforeMinor;
    const over = amount - (room > 0n ? room : 0n);
    return over > 0n ? over : 0n;
  };
  const percentOfAmount = (amount: bigint) => roundTo(percentOf(percentOff, amount), 0, rounding);
  if (given.beforeMaximum) {
    const percentMinor = percentOfAmount(amountMinor);
    const maximumMinor = cut(amountMinor - percentMinor);
    return { percentMinor, maximumMinor, totalMinor: amountMinor - percentMinor - maximumMinor };
  }
  const maximumMinor = cut(amountMinor);
  const percentMinor = percentOfAmount(amountMinor - maximumMinor);
  return { percentMinor, maximumMinor, totalMinor: amountMinor - maximumMinor - percentMinor };
}
