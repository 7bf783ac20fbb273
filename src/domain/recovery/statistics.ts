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

/**
 * The chance that a chi-square variable with so many degrees of freedom is at least `x`: the regularised upper
 * incomplete gamma function Q(df/2, x/2), by its series below df/2 + 1 and its continued fraction above.
 */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  if (x <= 0) return 1;
  const [a, t] = [degreesOfFreedom / 2, x / 2];
  const scale = Math.exp(a * Math.log(t) - t - logGamma(a));
  if (t < a + 1) {
    let [term, sum] = [1 / a, 1 / a];
    for (let k = 1; k < 1000 && term > sum * 1e-16; k += 1) {
      term *= t / (a + k);
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  // Lentz's method.
  let b = t + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let k = 1; k < 1000; k += 1) {
    const step = -k * (k - a);
    b += 2;
    d = 1 / (step * d + b);
    c = b + step / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return fraction * scale;
}

/** Lanczos, g = 7, nine terms; for positive arguments. */
function logGamma(x: number): number {
  const coefficients = [
    676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
    -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
  ];
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + 7.5;
  const series = coefficients.reduce((sum, c, index) => sum + c / (shifted + index + 1), 0.9999999999998099);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(series);
}
