import { UserError } from '../../lib/errors.ts';

/** A sample by what can be added up as it grows. */
export interface Moments {
  n: number;
  sum: number;
  sumOfSquares: number;
}

export interface Interval {
  estimate: number;
  low: number;
  high: number;
}

export function momentsOf(values: Iterable<number>): Moments {
  const moments = { n: 0, sum: 0, sumOfSquares: 0 };
  for (const value of values) {
    moments.n += 1;
    moments.sum += value;
    moments.sumOfSquares += value * value;
  }
  return moments;
}

export function meanOf({ n, sum }: Moments): number {
  return n === 0 ? 0 : sum / n;
}

/** Of the sample, with n - 1; 0 for fewer than two. */
export function varianceOf({ n, sum, sumOfSquares }: Moments): number {
  return n < 2 ? 0 : Math.max(0, (sumOfSquares - (sum * sum) / n) / (n - 1));
}

/**
 * Wilson's score interval of a share (E. B. Wilson, JASA 22, 1927), at 95% unless told: sensible for small samples and
 * near 0 and 1. Throws `invalid_input` unless 0 <= successes <= trials; without trials it is [0, 1] around null.
 */
export function wilson(
  successes: number,
  trials: number,
  z = 1.959963984540054,
): { share: number | null; low: number; high: number } {
  if (!(successes >= 0 && successes <= trials)) {
    throw new UserError('invalid_input', `${successes} of ${trials} is not a share.`);
  }
  if (trials === 0) return { share: null, low: 0, high: 1 };
  const share = successes / trials;
  const denominator = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / denominator;
  const half =
    (z / denominator) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return {
    share,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
