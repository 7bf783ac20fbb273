import { dateAt } from '../periods/calendar.ts';
import { describeDays } from '../periods/describe-period.ts';
import type { Finding } from './finding.ts';
import { median, percent, possessive, whole } from './words.ts';

/** Complete company days, oldest first and without gaps; the last one is yesterday. */
export interface UsageHistory {
  /** When each day begins. */
  days: readonly number[];
  /** Days on which a major incident stood: they are neither measured nor measured against. */
  troubled: ReadonlySet<number>;
  customers: readonly CustomerUsage[];
}

export interface CustomerUsage {
  id: string;
  name: string;
  /** False when no subscription lives: silence is then what is expected. */
  live: boolean;
  /** Calls of each day of `days`. */
  calls: readonly number[];
}

/** Eight weeks to compare with, and the week that is compared. */
export const USAGE_DAYS = 63;

/** Four weeks of history at least; below, nothing is usual yet. */
const MIN_HISTORY_DAYS = 28;
/** Fewer calls a day than this are too few to speak of a share. */
const MIN_DAILY_CALLS = 1_000;
/** Who calls on nearly every day is judged by two days, everybody else by whole weeks. */
const STEADY_PRESENCE = 0.95;
const RECENT_DAYS = 2;

/** Two thresholds a rule: below the first it opens, from the second on it is over. */
const STEADY = { opensAt: 0.5, closesAt: 0.75, eachDayAt: 0.65 } as const;
const WEEKLY = { opensAt: 0.3, closesAt: 0.6, minActiveDays: 4, silentAt: 0.12, presentAt: 0.6 } as const;
/** A share at which nothing opens and nothing closes, by either rule. */
const BETWEEN = 0.55;

interface Measured {
  ratio: number;
  opensAt: number;
  closesAt: number;
  daily: number;
  usual: number;
  from: number;
  to: number;
  basis: string;
}

/**
 * Customers whose calls fell well below their own usual level. Usual is a median: of the same weekdays of the
 * eight weeks before for customers who call daily, of the eight weekly sums before for those who do not.
 */
export function usageDropped(history: UsageHistory, tz: string): Finding[] {
  return history.customers.flatMap((customer) => finding(customer, history, tz) ?? []);
}

function finding(customer: CustomerUsage, history: UsageHistory, tz: string): Finding | null {
  const subject = { kind: 'customer', id: customer.id, name: customer.name };
  if (!customer.live) {
    const words = `${customer.name} has no live subscription any more, so no calls are expected.`;
    return { verdict: 'clear', kind: 'usage_drop', subject, words };
  }
  const measured = steady(customer, history) ?? weekly(customer, history);
  if (!measured || measured === 'troubled') return null;
  const lastDayAt = history.days[measured.to] ?? 0;
  const span = describeDays(dateAt(history.days[measured.from] ?? 0, tz), dateAt(lastDayAt, tz));
  const { ratio, daily, usual } = measured;
  if (ratio >= measured.closesAt) {
    const words = `${possessive(customer.name)} calls are within their usual range again: ${whole(daily)} a day over ${span}, usual ${whole(usual)}.`;
    return { verdict: 'clear', kind: 'usage_drop', subject, words };
  }
  if (ratio > measured.opensAt) return null;
  return {
    verdict: 'raise',
    kind: 'usage_drop',
    subject,
    title: `${possessive(customer.name)} API calls fell by ${percent(1 - ratio)}: ${whole(daily)} a day over ${span}, usual ${whole(usual)}.`,
    detail: measured.basis,
    facts: factLines(customer, history, tz),
    amount: null,
    count: 1,
    lastSeenAt: lastDayAt,
  };
}

function factLines({ calls }: CustomerUsage, { days }: UsageHistory, tz: string): string[] {
  return days.slice(-7).map((startAt, index) => {
    const date = dateAt(startAt, tz);
    return `${describeDays(date, date)}: ${whole(calls[days.length - 7 + index] ?? 0)} calls`;
  });
}

/** The first day with any call: what lies before is not silence but not yet. */
function firstActive(calls: readonly number[]): number {
  const first = calls.findIndex((count) => count > 0);
  return first === -1 ? calls.length : first;
}

function steady({ calls }: CustomerUsage, { days, troubled }: UsageHistory): Measured | 'troubled' | null {
  const from = days.length - RECENT_DAYS;
  const start = firstActive(calls);
  if (from - start < MIN_HISTORY_DAYS) return null;
  const before = calls.slice(start, from).filter((_, index) => !troubled.has(start + index));
  if (before.filter((count) => count > 0).length < before.length * STEADY_PRESENCE) return null;
  let actual = 0;
  let usual = 0;
  let bothLow = true;
  for (let index = from; index < days.length; index += 1) {
    if (troubled.has(index)) return 'troubled';
    const base = sameWeekday(calls, index, start, troubled);
    if (base === null) return null;
    const count = calls[index] ?? 0;
    actual += count;
    usual += base;
    bothLow &&= count <= base * STEADY.eachDayAt;
  }
  if (usual < MIN_DAILY_CALLS * RECENT_DAYS) return null;
  const ratio = actual / usual;
  return {
    // One weak day beside an ordinary one is neither a drop nor a recovery.
    ratio: ratio <= STEADY.opensAt && !bothLow ? BETWEEN : ratio,
    ...STEADY,
    daily: actual / RECENT_DAYS,
    usual: usual / RECENT_DAYS,
    from,
    to: days.length - 1,
    basis: 'Usual is the median of the same weekdays of the eight weeks before.',
  };
}

function sameWeekday(
  calls: readonly number[],
  index: number,
  start: number,
  troubled: ReadonlySet<number>,
): number | null {
  const values: number[] = [];
  for (let week = 1; week <= 8; week += 1) {
    const at = index - 7 * week;
    if (at >= start && !troubled.has(at)) values.push(calls[at] ?? 0);
  }
  return values.length >= 3 ? median(values) : null;
}

function weekly({ calls }: CustomerUsage, { days, troubled }: UsageHistory): Measured | 'troubled' | null {
  const start = firstActive(calls);
  const weeks: { sum: number; active: number; troubled: boolean }[] = [];
  for (let end = days.length; end - 7 >= start; end -= 7) {
    const week = calls.slice(end - 7, end);
    const indexes = week.map((_, offset) => end - 7 + offset);
    weeks.push({
      sum: week.reduce((sum, count) => sum + count, 0),
      active: week.filter((count) => count > 0).length,
      troubled: indexes.some((index) => troubled.has(index)),
    });
  }
  const [last, ...earlier] = weeks;
  const calm = earlier.filter((week) => !week.troubled);
  if (!last || calm.length < MIN_HISTORY_DAYS / 7) return null;
  if (last.troubled) return 'troubled';
  const usual = median(calm.map(({ sum }) => sum));
  const active = median(calm.map((week) => week.active));
  if (usual < MIN_DAILY_CALLS * 7 || active < WEEKLY.minActiveDays) return null;
  const ratio = last.sum / usual;
  // Who calls by fits and starts has weeks of one day: it is a drop when next to nothing came, or when little came
  // although they called on as many days as ever.
  const dropped = ratio <= WEEKLY.silentAt || last.active >= active * WEEKLY.presentAt;
  return {
    ratio: dropped ? ratio : Math.max(ratio, BETWEEN),
    ...WEEKLY,
    daily: last.sum / 7,
    usual: usual / 7,
    from: days.length - 7,
    to: days.length - 1,
    basis: `Usual is the median of the ${calm.length} weeks before; this customer does not call every day.`,
  };
}
