import { type Exact, exact, multiply, roundTo } from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { SpendLimits } from '../price.ts';

export interface LimitContext {
  /** What earlier runs of the same period have billed, after their limits. */
  previousBilledMinor?: bigint;
  /** The part of a whole period that is billed: a minimum is owed for that part alone. 1 where not given. */
  share?: Exact;
  /** Whether the run closes the period. The minimum is owed only then. True where not given. */
  closes?: boolean;
}

export interface Limited {
  /** Taken off the line because the period has reached its maximum. */
  discountMinor: bigint;
  /** A line of its own that fills the period up to its minimum; 0 where none is owed. */
  minimumMinor: bigint;
  /** amount - discount + minimum. */
  totalMinor: bigint;
}

/**
 * Holds a run's amount, with what the period has billed before, between the least and the most of a period
 * (OpenMeter: the maximum is a discount of the line, the minimum a line of its own when the period closes). The
 * prorated minimum is rounded once, by the rounding of prorations.
 */
export function applySpendLimits(
  amountMinor: bigint,
  limits: SpendLimits,
  conventions: BillingConventions,
  { previousBilledMinor = 0n, share, closes = true }: LimitContext = {},
): Limited {
  const spent = previousBilledMinor + amountMinor;
  const most = limits.maximum === null ? null : roundTo(exact(limits.maximum), 0, conventions.rounding.line);
  const discountMinor = most !== null && spent > most ? spent - most : 0n;
  const owed = spent - discountMinor;
  const fill = closes ? leastOwed(limits, conventions, share) - owed : 0n;
  const minimumMinor = limits.minimum !== null && fill > 0n ? fill : 0n;
  return { discountMinor, minimumMinor, totalMinor: amountMinor - discountMinor + minimumMinor };
}

function leastOwed({ minimum }: SpendLimits, conventions: BillingConventions, share?: Exact): bigint {
  const whole = exact(minimum ?? '0');
  return roundTo(share ? multiply(whole, share) : whole, 0, conventions.proration.rounding);
}
