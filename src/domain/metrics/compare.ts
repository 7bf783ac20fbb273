import type { Metric } from './metric.ts';

export interface Comparison {
  /** Present minus past, in the metric's unit; null when either has no value. */
  difference: number | null;
  /** Of the past value; null when that is nothing or too small to speak of percent. */
  percent: number | null;
  /** Why there is no percent. */
  reason: 'no_value' | 'zero_base' | 'small_base' | null;
}

const COUNTED: ReadonlySet<string> = new Set(['count', 'minutes']);

/** Counts below 10 and amounts below 100 major units make percentages that mislead. */
const SMALLEST_COUNT = 10;
const SMALLEST_MAJOR = 100;

/** Present against past. Ratios and marks differ in points, so they get no percent of a percent. */
export function compareValues(
  metric: Pick<Metric, 'unit'>,
  present: number | null,
  past: number | null,
  exponent: number,
): Comparison {
  if (present === null || past === null) return { difference: null, percent: null, reason: 'no_value' };
  const difference = present - past;
  if (metric.unit === 'ratio' || metric.unit === 'score') return { difference, percent: null, reason: null };
  if (past === 0) return { difference, percent: null, reason: 'zero_base' };
  const smallest =
    metric.unit === 'money' ? SMALLEST_MAJOR * 10 ** exponent : COUNTED.has(metric.unit) ? SMALLEST_COUNT : 0;
  if (Math.abs(past) < smallest) return { difference, percent: null, reason: 'small_base' };
  return { difference, percent: (difference / Math.abs(past)) * 100, reason: null };
}
