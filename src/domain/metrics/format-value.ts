import { formatMoney, groupDigits } from '../money/format.ts';
import type { Metric } from './metric.ts';

/** Availability is read to the third; what has gone past double, as a burnt error budget does, to whole percent. */
function percentDecimals(metric: Pick<Metric, 'name'>, value: number): number {
  if (metric.name === 'uptime') return 3;
  return Math.abs(value) >= 2 ? 0 : 2;
}

/** A value for people: "$86,214.00", "1,204", "0.42%", "230 ms"; "no data" where there is none. */
export function formatValue(
  metric: Pick<Metric, 'name' | 'unit'>,
  value: number | null,
  currency: string,
): string {
  if (value === null) return 'no data';
  switch (metric.unit) {
    case 'money':
      return formatMoney({ minor: value, currency });
    case 'count':
      return `${value < 0 ? '-' : ''}${countDigits(Math.abs(value))}`;
    case 'ratio':
      return `${(value * 100).toFixed(percentDecimals(metric, value))}%`;
    case 'times':
      return `${value.toFixed(2)}×`;
    case 'days':
      return `${value.toFixed(1)} days`;
    case 'ms':
      return formatDuration(value);
    case 'minutes':
      return formatMinutes(value);
    case 'score':
      return `${value.toFixed(1)} of 5`;
  }
}

/** Counts are whole, means of counts have one decimal. */
function countDigits(value: number): string {
  const [whole = '', fraction] = (Number.isInteger(value) ? String(value) : value.toFixed(1)).split('.');
  return fraction === undefined ? groupDigits(whole) : `${groupDigits(whole)}.${fraction}`;
}

const LONGEST_IN_MS = 10_000;
const MINUTE_MS = 60_000;

/** "230 ms" up to ten seconds, then "42 s", "12 min", "3 h 12 min", "2 d 4 h". */
function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size <= LONGEST_IN_MS) return `${groupDigits(String(Math.round(ms)))} ms`;
  return size < MINUTE_MS ? `${Math.round(ms / 1000)} s` : formatMinutes(ms / MINUTE_MS);
}

const DAY_MINUTES = 24 * 60;

/** Two units at most, the smaller one left out where it is nothing. */
function formatMinutes(minutes: number): string {
  const sign = minutes < 0 ? '-' : '';
  const whole = Math.round(Math.abs(minutes));
  const parts = (large: number, largeUnit: string, small: number, smallUnit: string) =>
    `${sign}${groupDigits(String(large))} ${largeUnit}${small === 0 ? '' : ` ${small} ${smallUnit}`}`;
  if (whole < 60) return `${sign}${whole} min`;
  if (whole < 2 * DAY_MINUTES) return parts(Math.floor(whole / 60), 'h', whole % 60, 'min');
  const hours = Math.round(whole / 60);
  return parts(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** A difference without its sign; ratios differ in percentage points. */
export function formatDifference(
  metric: Pick<Metric, 'name' | 'unit'>,
  difference: number,
  currency: string,
): string {
  const size = Math.abs(difference);
  if (metric.unit === 'score') return `${size.toFixed(1)} points`;
  if (metric.unit !== 'ratio') return formatValue(metric, size, currency);
  return `${(size * 100).toFixed(percentDecimals(metric, size))} percentage points`;
}

/** "Revenue, gross" as it stands in a sentence: "Gross revenue". */
export function titleInSentence(title: string): string {
  const [noun = title, adjective] = title.split(', ');
  if (adjective === undefined) return title;
  return `${adjective.charAt(0).toUpperCase()}${adjective.slice(1)} ${noun.toLowerCase()}`;
}

/** "Gross revenue" in the middle of a sentence; "MRR" and "P95 latency" stay. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
