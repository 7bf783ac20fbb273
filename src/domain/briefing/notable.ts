import { FAR, leastSpread, median, robustSpread } from '../anomalies/robust.ts';
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
  const spread = Math.max(robustSpread(known, usual), leastSpread(unit, usual));
  const distance = (value - usual) / spread;
  if (Math.abs(distance) < FAR) return null;
  return { kind: distance > 0 ? 'spike' : 'drop', usual, distance: Math.abs(distance) };
}

/** The same weekdays of a series of consecutive days that ends on the day before, newest first. */
export function sameWeekdays<T>(days: readonly T[]): T[] {
  return days.filter((_, index) => (days.length - index) % 7 === 0).reverse();
}
