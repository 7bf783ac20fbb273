import type { MetricUnit } from '../metrics/metric.ts';

/** Turns a median absolute deviation into a standard deviation (Rousseeuw and Croux 1993). */
const MAD_TO_SIGMA = 1.4826;
/** What stands out: this many robust deviations (Iglewicz and Hoaglin 1993). */
export const FAR = 3.5;
/** A spread below this share of the usual counts as this: a flat series has no spread at all. */
export const LEAST_SHARE = 0.05;
/** And never below these, in the unit's own measure: two signups instead of one are no news. */
const LEAST_SPREAD: Readonly<Record<MetricUnit, number>> = {
  count: 2,
  money: 10_000,
  ratio: 0.001,
  times: 0.5,
  days: 2,
  ms: 15,
  minutes: 10,
  score: 0.2,
};

/**
 * Below this no spread of a measure goes: a twentieth of its usual value, of a ratio of what it lacks to the nearer
 * of nothing and all (99.9% or 0.1%), and a least amount by unit. Without a unit only the share counts.
 */
export function leastSpread(unit: MetricUnit | null, usual: number): number {
  const size = unit === 'ratio' ? Math.min(Math.abs(usual), Math.abs(1 - usual)) : Math.abs(usual);
  return Math.max(LEAST_SHARE * size, unit === null ? Number.MIN_VALUE : LEAST_SPREAD[unit]);
}

/** The middle one, the mean of the two in the middle where their number is even; 0 of none. */
export function median(values: readonly number[]): number {
  return quantileOf(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

/** A robust standard deviation: the median distance from `center`, scaled; 0 of none. */
export function robustSpread(values: readonly number[], center: number): number {
  return MAD_TO_SIGMA * median(values.map((value) => Math.abs(value - center)));
}

/** `q` in 0..1 of ascending values, between neighbours by straight line; 0 of none. */
export function quantileOf(sorted: readonly number[], q: number): number {
  const place = q * (sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

/** The last `size` values, kept in order of arrival and of size: medians of a moving window without sorting. */
export class MovingWindow {
  private readonly arrived: number[] = [];
  private readonly sorted: number[] = [];
  private oldest = 0;

  constructor(private readonly size: number) {}

  get count(): number {
    return this.sorted.length;
  }

  add(value: number): void {
    this.sorted.splice(this.placeOf(value), 0, value);
    if (this.arrived.length < this.size) {
      this.arrived.push(value);
      return;
    }
    const gone = this.arrived[this.oldest] ?? 0;
    this.arrived[this.oldest] = value;
    this.oldest = (this.oldest + 1) % this.size;
    this.sorted.splice(this.placeOf(gone), 1);
  }

  quantile(q: number): number {
    return quantileOf(this.sorted, q);
  }

  /** The median absolute deviation of what are distances already. */
  spreadOfDistances(): number {
    return MAD_TO_SIGMA * this.quantile(0.5);
  }

  /** Where the first value not below this one stands. */
  private placeOf(value: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
