import { add, compare, type Fraction, fraction, multiply, NOTHING, subtract, truncate } from './fraction.ts';

/**
 * How much each of `count` factors accounts for when all of them change at once: its own effect averaged over every
 * order in which they could have changed (Shapley 1953). `valueAt(mask)` is the value when the factors whose bits are
 * set have changed and the others have not. The effects sum to valueAt(all) - valueAt(0) exactly, no factor comes
 * first, and the way back has the same effects with the signs turned.
 */
export function shapley(count: number, valueAt: (mask: number) => Fraction): Fraction[] {
  const all = 2 ** count;
  const values = Array.from({ length: all }, (_, mask) => valueAt(mask));
  const orders = factorial(count);
  return Array.from({ length: count }, (_, index) => {
    const bit = 1 << index;
    let sum = NOTHING;
    for (let mask = 0; mask < all; mask += 1) {
      if (mask & bit) continue;
      const changed = bitsIn(mask);
      const weight = factorial(changed) * factorial(count - changed - 1);
      const step = subtract(values[mask | bit] ?? NOTHING, values[mask] ?? NOTHING);
      sum = add(sum, multiply(fraction(weight, orders), step));
    }
    return sum;
  });
}

function factorial(n: number): bigint {
  let product = 1n;
  for (let factor = 2n; factor <= BigInt(n); factor += 1n) product *= factor;
  return product;
}

function bitsIn(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}

/**
 * Shares as whole units that sum to `total`, which is what the exact shares sum to: each is cut towards zero, and the
 * units left over go one each to the shares that lost most by it, earlier ones first among equals.
 */
export function roundToSum(shares: readonly Fraction[], total: bigint): bigint[] {
  const whole = shares.map(truncate);
  const left = total - whole.reduce((sum, share) => sum + share, 0n);
  const direction = left < 0n ? -1n : 1n;
  const lost = shares
    .map((share, index) => ({
      index,
      by: multiply(fraction(direction), subtract(share, fraction(whole[index] ?? 0n))),
    }))
    .sort((a, b) => compare(b.by, a.by) || a.index - b.index);
  for (const { index } of lost.slice(0, Number(left * direction))) {
    whole[index] = (whole[index] ?? 0n) + direction;
  }
  return whole;
}
