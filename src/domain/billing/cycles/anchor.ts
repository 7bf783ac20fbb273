import { Temporal } from 'temporal-polyfill';
import { UserError } from '../../../lib/errors.ts';
import { addUnits, dateAt, type PlainDate, type Unit } from '../../periods/calendar.ts';

/** "Every 2 months". */
export interface BillingInterval {
  unit: Unit;
  count: number;
}

/**
 * Where periods begin. The day and the time of day are read from `at` on the customer's own clock; `day` is the day of
 * the month that is remembered when `at` itself stands in a shorter month (31 for an anchor on Feb 28), null for the
 * day of `at`.
 */
export interface Anchor {
  at: number;
  tz: string;
  day: number | null;
}

/** The day of the month on which an account is billed: that of its first charge on its own clock, not in UTC. */
export function billCycleDay(firstChargeAt: number, tz: string): number {
  return dateAt(firstChargeAt, tz).day;
}

/** The date in the month of `date` on `day`, or that month's last day where it has no such day. */
export function onDay(date: PlainDate, day: number): PlainDate {
  return date.with({ day: Math.min(day, date.daysInMonth) });
}

/**
 * The anchor's `index`-th date (0: its own, negative: before). The remembered day is tried anew in every month, so
 * that the 31st gives Feb 28 and then Mar 31. Throws `invalid_input` for a count below 1.
 */
export function anchorDate(anchor: Anchor, interval: BillingInterval, index: number): PlainDate {
  if (!Number.isInteger(interval.count) || interval.count < 1) {
    throw new UserError('invalid_input', 'A billing interval is at least one unit long.');
  }
  const first = dateAt(anchor.at, anchor.tz);
  return dateFrom(first, anchor.day ?? first.day, interval, index);
}

/** As `anchorDate`, of a date and a remembered day. */
export function dateFrom(first: PlainDate, day: number, interval: BillingInterval, index: number): PlainDate {
  const steps = interval.count * index;
  if (interval.unit === 'day' || interval.unit === 'week') return addUnits(first, interval.unit, steps);
  return onDay(addUnits(first.with({ day: 1 }), interval.unit, steps), day);
}

/**
 * The instant of the anchor's `index`-th date, at the anchor's time of day. A time that a clock change skips moves to
 * the first one after it; one that comes twice is the first.
 */
export function anchorAt(anchor: Anchor, interval: BillingInterval, index: number): number {
  const time = Temporal.Instant.fromEpochMilliseconds(anchor.at).toZonedDateTimeISO(anchor.tz).toPlainTime();
  return anchorDate(anchor, interval, index).toZonedDateTime({ timeZone: anchor.tz, plainTime: time })
    .epochMilliseconds;
}

const LONGEST_DAYS: Readonly<Record<Unit, number>> = { day: 1, week: 7, month: 31, quarter: 92, year: 366 };
const DAY_MS = 86_400_000;

/** The last index whose instant is not after `at`. */
export function anchorIndexAt(anchor: Anchor, interval: BillingInterval, at: number): number {
  const length = LONGEST_DAYS[interval.unit] * interval.count * DAY_MS;
  let index = at >= anchor.at ? Math.floor((at - anchor.at) / length) - 1 : 0;
  while (anchorAt(anchor, interval, index) > at)
    index -= Math.max(1, Math.ceil((anchorAt(anchor, interval, index) - at) / length));
  while (anchorAt(anchor, interval, index + 1) <= at) index += 1;
  return index;
}

/**
 * A proposed date brought onto the bill cycle day: in its own month, which may go back (`proposed`), or to the first
 * such day that is not before it (`next`).
 */
export function alignToDay(proposed: PlainDate, day: number, align: 'proposed' | 'next'): PlainDate {
  const same = onDay(proposed, day);
  if (align === 'proposed' || Temporal.PlainDate.compare(same, proposed) >= 0) return same;
  return onDay(proposed.with({ day: 1 }).add({ months: 1 }), day);
}

/**
 * The month that can remember `day` while keeping the cadence that begins in `month` (1 to 12): every second month
 * from February on the 31st is anchored in August, the first month of that rhythm that has a 31st. February counts 28
 * days. Null where no month of the rhythm has the day: every 12 months from February on the 31st.
 */
export function anchorMonth(month: number, intervalMonths: number, day: number): number | null {
  for (let step = 0; step < 12; step++) {
    const candidate = ((month - 1 + step * intervalMonths) % 12) + 1;
    if (daysOfMonth(candidate) >= day) return candidate;
  }
  return null;
}

/** Days of a month (1 to 12) outside leap years. */
export function daysOfMonth(month: number): number {
  return Temporal.PlainYearMonth.from({ year: 2001, month }).daysInMonth;
}
