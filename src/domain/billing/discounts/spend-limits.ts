import { roundTo } from '../../money/exact.ts';
import { percentOf } from '../apportion.ts';
import type { BillingConventions } from '../conventions.ts';
import type { SpendLimits } from '../price.ts';
import { applySpendLimits } from '../rating/limits.ts';

export interface LimitedDiscount {
  /** Of the line now billed, before both. */
  amountMinor: bigint;
  percentOff: string;
  limits: SpendLimits;
  /** What the period has billed before: after discounts where they come first, at list prices otherwise. */
  previousBilledMinor: bigint;
}

/**
 * A percentage and a maximum spend on one line that is billed in parts. With the percentage first, the maximum is of
 * what customers pay; with the maximum first, it is of list prices. `discounts` are in the order in which they acted.
 */
export function limitedDiscount(
  { amountMinor, percentOff, limits, previousBilledMinor }: LimitedDiscount,
  conventions: BillingConventions,
): { discounts: readonly [bigint, bigint]; totalMinor: bigint } {
  const percent = (amount: bigint) => roundTo(percentOf(percentOff, amount), 0, conventions.rounding.line);
  const limited = (amount: bigint) =>
    applySpendLimits(amount, { ...limits, minimum: null }, conventions, { previousBilledMinor })
      .discountMinor;
  const [first, second] = conventions.discounts.beforeMaximum ? [percent, limited] : [limited, percent];
  const one = first(amountMinor);
  const other = second(amountMinor - one);
  return { discounts: [one, other], totalMinor: amountMinor - one - other };
}
