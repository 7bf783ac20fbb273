import type { KnownFacts } from './facts.ts';

export const DAY_MS = 86_400_000;

/** Sums over the last days, and over as many days that lie `shift` days further back. */
export interface Pair {
  now: number;
  before: number;
  /** Days on either side that could be compared. */
  days: number;
  /** What the difference of the sums may be by chance: its standard error, from the differences day by day. */
  error: number;
}

/**
 * The last `days` complete days held against the ones `shift` days earlier, weekday by weekday where `shift` is a
 * multiple of 7. A pair with an incident of ours on either side is left out. Null where history is too short.
 */
export function heldAgainst(
  { usage, troubled, bounds, signedUpAt }: KnownFacts,
  values: (usage: KnownFacts['usage']) => Float64Array,
  { days, shift }: { days: number; shift: number },
): Pair | null {
  const series = values(usage);
  const first = series.length - days - shift;
  if (first < 0 || (bounds[first] ?? 0) < signedUpAt - DAY_MS) return null;
  const pair = { now: 0, before: 0, days: 0 };
  let squares = 0;
  for (let day = series.length - days; day < series.length; day += 1) {
    if (troubled.has(day) || troubled.has(day - shift)) continue;
    pair.now += series[day] ?? 0;
    pair.before += series[day - shift] ?? 0;
    pair.days += 1;
    squares += ((series[day] ?? 0) - (series[day - shift] ?? 0)) ** 2;
  }
  if (pair.days < 2) return null;
  const mean = (pair.now - pair.before) / pair.days;
  const variance = Math.max(0, squares - pair.days * mean ** 2) / (pair.days - 1);
  return { ...pair, error: Math.sqrt(variance * pair.days) };
}

/** The sum over complete days from `fromDay` until before `toDay`, counted from the end (0 is the end). */
export function sumBack(
  series: ArrayLike<number>,
  [farthest, nearest]: readonly [number, number],
  leftOut: ReadonlySet<number> = new Set(),
): number {
  let sum = 0;
  for (let day = Math.max(0, series.length - farthest); day < series.length - nearest; day += 1) {
    if (!leftOut.has(day)) sum += series[day] ?? 0;
  }
  return sum;
}

export const since = ({ at }: KnownFacts, days: number): number => at - days * DAY_MS;

/** "41,200". */
export const whole = (n: number): string => Math.round(n).toLocaleString('en-US');

/** "34%"; one decimal below ten. */
export function percent(share: number): string {
  const shown = Math.abs(share) * 100;
  return `${shown < 10 && shown !== Math.round(shown) ? shown.toFixed(1) : Math.round(shown)}%`;
}

/** "1 day", "12 days". */
export const days = (n: number): string => `${whole(n)} ${Math.round(n) === 1 ? 'day' : 'days'}`;
