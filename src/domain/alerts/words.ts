import { dateAt } from '../periods/calendar.ts';
import { describeDays, describeInstant } from '../periods/describe-period.ts';

/** How alerts put things into words. */

/** "Acme Robotics'", "Brightpath's". */
export function possessive(name: string): string {
  return /s$/i.test(name) ? `${name}'` : `${name}'s`;
}

const ORDINALS = [
  'First',
  'Second',
  'Third',
  'Fourth',
  'Fifth',
  'Sixth',
  'Seventh',
  'Eighth',
  'Ninth',
  'Tenth',
];

/** "First", "Second", ... "11th" beyond ten. */
export function ordinal(n: number): string {
  const named = ORDINALS[n - 1];
  if (named) return named;
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${ending}`;
}

/** "Dec 1, 2026". */
export function day(at: number, tz: string): string {
  const date = dateAt(at, tz);
  return describeDays(date, date);
}

/** "Nov 22, 2026, 14:30 PST". */
export function instant(at: number, tz: string): string {
  return describeInstant(at, tz);
}

/** "41,200". */
export function whole(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** "3.2%": one decimal below ten percent, none above. */
export function percent(ratio: number): string {
  const value = ratio * 100;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}%`;
}

/** "40 minutes", "2 hours 51 minutes". */
export function lasting(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  const say = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;
  if (hours === 0) return say(minutes, 'minute');
  return minutes % 60 === 0 ? say(hours, 'hour') : `${say(hours, 'hour')} ${say(minutes % 60, 'minute')}`;
}

/** The middle value; the mean of the middle two; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
