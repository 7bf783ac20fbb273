// jstat is CommonJS, and Node sees none of its names but the default.
import jStat from 'jstat';

/** The chance that a standard normal variable is at most `z`. */
export function normalCdf(z: number): number {
  return jStat.normal.cdf(z, 0, 1);
}

/** The value that a standard normal variable stays below with probability `p`, 0 < p < 1. */
export function normalQuantile(p: number): number {
  return jStat.normal.inv(p, 0, 1);
}

/** The natural logarithm of the gamma function, for positive arguments. */
export function logGamma(x: number): number {
  return jStat.gammaln(x);
}

/**
 * The chance that a chi-square variable with so many degrees of freedom is at least `x`: the regularised upper
 * incomplete gamma function Q(df/2, x/2), by its series below df/2 + 1 and its
 * continued fraction above. jstat has lower tails only, and one less such a tail is 0 where it matters.
 */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  if (x <= 0) return 1;
  const [a, t] = [degreesOfFreedom / 2, x / 2];
  const scale = Math.exp(a * Math.log(t) - t - jStat.gammaln(a));
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
