import type { MetricUnit } from '../metrics/metric.ts';

/** What stands out, and against what. */
export interface Notable {
  kind: 'spike' | 'drop';
  /** The median of the same weekdays. */
  usual: number;
  /** Robust standard deviations away from the usual; larger stands out more. */
  distance: number;
}

/** Fewer days than this make no "usual". */
const FEWEST_DAYS = 4;
const FAR = 3.5;
/** Turns a median absolute deviation into a standard deviation (Rousseeuw and Croux 1993). */
const MAD_TO_SIGMA = 1.4826;
/** A spread below this share of the usual counts as this: a flat series has no spread at all. */
const LEAST_SHARE = 0.05;
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
 * Whether a day's value stands out from the same weekdays before it: more than 3.5 robust deviations (median and
 * MAD, as in Iglewicz and Hoaglin 1993) from the median. Days without a value do not count. Null when it does not.
 */
export function judgeNotable(
  unit: MetricUnit,
  value: number | null,
  weekdays: readonly (number | null)[],
): Notable | null {
  const known = weekdays.filter((day): day is number => day !== null);
  if (value === null || known.length < FEWEST_DAYS) return null;
  const usual = median(known);
  const spread = median(known.map((day) => Math.abs(day - usual))) * MAD_TO_SIGMA;
  const distance = (value - usual) / Math.max(spread, Math.abs(usual) * LEAST_SHARE, LEAST_SPREAD[unit]);
  if (Math.abs(distance) < FAR) return null;
  return { kind: distance > 0 ? 'spike' : 'drop', usual, distance: Math.abs(distance) };
}

/** The middle one, the mean of the two in the middle where their number is even; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** The same weekdays of a series of consecutive days that ends on the day before, newest first. */
export function sameWeekdays<T>(days: readonly T[]): T[] {
  return days.filter((_, index) => (days.length - index) % 7 === 0).reverse();
}
