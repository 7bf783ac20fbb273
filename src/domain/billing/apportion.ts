import { UserError } from '../../lib/errors.ts';
import {
  add,
  compare,
  type Exact,
  exact,
  fraction,
  multiply,
  roundTo,
  subtract,
  ZERO,
} from '../money/exact.ts';

/**
 * Integers that sum to `total` and are each next to their ideal: every ideal is rounded down and the units left over go
 * to the largest remainders, of equal ones to the earlier. The ideals must sum to `total` but for less than one unit
 * (what rounding the total moved). Throws `invalid_input` otherwise.
 */
export function apportion(total: bigint, ideals: readonly Exact[]): bigint[] {
  const floors = ideals.map((ideal) => roundTo(ideal, 0, 'floor'));
  const left = total - floors.reduce((sum, floor) => sum + floor, 0n);
  if (left < 0n || left > BigInt(ideals.length)) {
    throw new UserError('invalid_input', 'Shares must sum to what is shared out.');
  }
  const order = ideals
    .map((ideal, index) => ({ index, rest: subtract(ideal, exact(floors[index] ?? 0n)) }))
    .sort((one, other) => compare(other.rest, one.rest) || one.index - other.index);
  const lifted = new Set(order.slice(0, Number(left)).map(({ index }) => index));
  return floors.map((floor, index) => (lifted.has(index) ? floor + 1n : floor));
}

/**
 * `total` over `weights` by largest remainder, no unit lost. With weights that sum to 0 nothing can be shared: throws
 * `invalid_input` unless `total` is 0.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((whole, weight) => whole + weight, 0n);
  if (sum === 0n && total !== 0n)
    throw new UserError('invalid_input', 'There is nothing to share an amount over.');
  if (sum === 0n) return weights.map(() => 0n);
  return apportion(
    total,
    weights.map((weight) => fraction(total * weight, sum)),
  );
}

/** A percentage ("12.5") of an integer, exact. */
export function percentOf(percent: string, amountMinor: bigint): Exact {
  return multiply(fraction(amountMinor, 100n), exact(percent));
}

export function sumMinor(amounts: Iterable<bigint>): bigint {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return sum;
}

/** The exact sum of many. */
export function sumExact(values: readonly Exact[]): Exact {
  return values.length === 0 ? ZERO : add(...values);
}
