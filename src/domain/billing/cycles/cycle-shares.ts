import { Temporal } from 'temporal-polyfill';
import { type Exact, fraction } from '../../money/exact.ts';
import { compareDates, type PlainDate } from '../../periods/calendar.ts';
import { daysBetween } from '../proration.ts';
import { type BillingInterval, dateFrom, onDay } from './anchor.ts';

/** A subscription in whole days, as billing by calendar date sees it. */
export interface DatedSubscription {
  interval: BillingInterval;
  start: PlainDate;
  /** The first day without service; null while it runs. */
  end: PlainDate | null;
  /** 1 to 31, remembered over shorter months; not used by days and weeks, which count from the start. */
  billCycleDay: number;
  billing: 'in_advance' | 'in_arrears';
}

/** So many days of a period of so many; both equal for a whole one. */
export interface DayShare {
  days: number;
  of: number;
}

export function exactShare({ days, of }: DayShare): Exact {
  return fraction(BigInt(days), BigInt(of));
}

/**
 * The share of each period that is billable on `target`: 1 for a whole period, and for a cut one its days over the
 * days of the period it is part of. In advance a period is billable from its first day, in arrears on the day after its
 * last. The first anchor is the bill cycle day of the start's month, moved on by whole intervals until it is not before
 * the start (Kill Bill's rule).
 */
export function billableShares(subscription: DatedSubscription, target: PlainDate): DayShare[] {
  const { start, end, billing } = subscription;
  const shares: DayShare[] = [];
  for (let index = -1; ; index++) {
    const whole = { start: cycleDate(subscription, index), end: cycleDate(subscription, index + 1) };
    const from = latest(whole.start, start);
    const to = end ? earliest(whole.end, end) : whole.end;
    if (compareDates(from, target) > 0 || (end && compareDates(from, end) >= 0)) return shares;
    if (billing === 'in_arrears' && compareDates(to, target) > 0) return shares;
    const days = daysBetween(from, to);
    if (days > 0) shares.push({ days, of: daysBetween(whole.start, whole.end) });
  }
}

/** The `index`-th date of the rhythm; 0 is the first that is not before the start. */
function cycleDate({ interval, start, billCycleDay }: DatedSubscription, index: number): PlainDate {
  const byDay = interval.unit === 'day' || interval.unit === 'week';
  const aligned = byDay ? start : onDay(start, billCycleDay);
  let first = 0;
  while (compareDates(dateFrom(aligned, billCycleDay, interval, first), start) < 0) first += 1;
  return dateFrom(aligned, billCycleDay, interval, first + index);
}

function latest(one: PlainDate, other: PlainDate): PlainDate {
  return Temporal.PlainDate.compare(one, other) >= 0 ? one : other;
}

function earliest(one: PlainDate, other: PlainDate): PlainDate {
  return Temporal.PlainDate.compare(one, other) <= 0 ? one : other;
}
