import { SystemError } from '../../lib/errors.ts';
import { divideHalfUp, toSafeMinor } from '../money/arithmetic.ts';
import { exact } from '../money/exact.ts';

export interface RecurringPrice {
  unitAmountMinor: number;
  quantity: number;
  /** month or year; day and week are taken as 365 and 52 a year. */
  interval: string;
  intervalCount: number;
  /** What is taken off before the amount is spread over months; null when nothing counts. */
  discount: { percent: string | null; amountMinor: number | null } | null;
}

/** Months of one interval as a fraction. */
function monthsOf(interval: string): { numerator: bigint; denominator: bigint } {
  if (interval === 'month') return { numerator: 1n, denominator: 1n };
  if (interval === 'year') return { numerator: 12n, denominator: 1n };
  if (interval === 'week') return { numerator: 12n, denominator: 52n };
  if (interval === 'day') return { numerator: 12n, denominator: 365n };
  throw new SystemError('source_malformed', `A subscription has the unknown interval "${interval}".`);
}

/**
 * One subscription's monthly recurring amount in its own minor units: unit amount x quantity, less the discount
 * (never below zero), divided by the months of its interval, rounded half up once.
 */
export function monthlyAmount(price: RecurringPrice): number {
  if (!Number.isInteger(price.intervalCount) || price.intervalCount < 1) {
    throw new SystemError('source_malformed', `A subscription bills every ${price.intervalCount} intervals.`);
  }
  const full = BigInt(price.unitAmountMinor) * BigInt(price.quantity);
  const percent = price.discount?.percent == null ? null : exact(price.discount.percent);
  const off = BigInt(price.discount?.amountMinor ?? 0);
  const scale = percent ? 100n * percent.denominator : 1n;
  const kept = percent ? scale - percent.numerator : 1n;
  const discounted = full * kept - off * scale;
  const months = monthsOf(price.interval);
  const divisor = scale * months.numerator * BigInt(price.intervalCount);
  if (discounted <= 0n) return 0;
  return toSafeMinor(divideHalfUp(discounted * months.denominator, divisor));
}
