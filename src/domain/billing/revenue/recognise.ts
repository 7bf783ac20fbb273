import { fraction, roundTo } from '../../money/exact.ts';
import { dateAt, type PlainDate, startOfDayAt } from '../../periods/calendar.ts';
import type { ServicePeriod } from '../invoice.ts';
import { daysBetween } from '../proration.ts';

/** What is earned of an amount on the days of one calendar month. */
export interface RecognisedMonth {
  /** "2026-01", on the entity's clock. */
  month: string;
  days: number;
  amountMinor: bigint;
}

/**
 * An amount earned evenly over the local days of its service period, by month. What is earned so far is rounded, and a
 * month gets what that grew by, so that months sum to the amount. A period without days is earned at once.
 */
export function recogniseByMonth(amountMinor: bigint, period: ServicePeriod, tz: string): RecognisedMonth[] {
  const start = dateAt(period.startAt, tz);
  const days = Math.max(1, serviceDays(period, tz));
  const months: RecognisedMonth[] = [];
  let done = 0;
  let earned = 0n;
  while (done < days) {
    const first = start.add({ days: done });
    const monthDays = Math.min(first.daysInMonth - first.day + 1, days - done);
    done += monthDays;
    const soFar = roundTo(fraction(amountMinor * BigInt(done), BigInt(days)), 0, 'half_away');
    months.push({ month: monthName(first), days: monthDays, amountMinor: soFar - earned });
    earned = soFar;
  }
  return months;
}

/** What of an amount is earned before an instant, and what is still deferred; whole days, the day of `at` not yet. */
export function recognisedUntil(
  amountMinor: bigint,
  period: ServicePeriod,
  at: number,
  tz: string,
): { recognisedMinor: bigint; deferredMinor: bigint } {
  const days = Math.max(1, serviceDays(period, tz));
  const passed = daysBetween(dateAt(period.startAt, tz), dateAt(at, tz));
  const done = Math.min(days, Math.max(0, passed));
  const recognisedMinor = roundTo(fraction(amountMinor * BigInt(done), BigInt(days)), 0, 'half_away');
  return { recognisedMinor, deferredMinor: amountMinor - recognisedMinor };
}

/** Local days touched: one that ends within a day counts that day. */
function serviceDays({ startAt, endAt }: ServicePeriod, tz: string): number {
  const last = dateAt(endAt, tz);
  const end = startOfDayAt(last, tz) === endAt ? last : last.add({ days: 1 });
  const whole = daysBetween(dateAt(startAt, tz), end);
  // A period from 10:00 to 10:00 of another day has as many days as nights.
  return end === last || whole <= 1
    ? whole
    : whole - (startOfDayAt(dateAt(startAt, tz), tz) === startAt ? 0 : 1);
}

export function monthName(date: PlainDate): string {
  return date.toString().slice(0, 7);
}
