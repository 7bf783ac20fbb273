import type { Period } from '../types.ts';
import {
  addUnits,
  compareDates,
  dateAt,
  isDayStart,
  type PlainDate,
  shiftInstant,
  startOfDayAt,
  startOfUnit,
  type Unit,
} from './calendar.ts';
import { makePeriod } from './describe-period.ts';

/** A period read as `count` calendar units from `start`; `endAt` may lie inside the last one. */
interface Shape {
  unit: Unit;
  count: number;
  start: PlainDate;
}

const LARGEST_FIRST: readonly Unit[] = ['year', 'quarter', 'month', 'week'];

/** Whole units between two unit boundaries; null when either is not one. */
function wholeUnits(start: PlainDate, end: PlainDate, unit: Unit): number | null {
  if (!startOfUnit(start, unit).equals(start) || !startOfUnit(end, unit).equals(end)) return null;
  const days = start.until(end, { largestUnit: 'days' }).days;
  if (unit === 'day') return days;
  if (unit === 'week') return days / 7;
  const months = (end.year - start.year) * 12 + end.month - start.month;
  return unit === 'month' ? months : unit === 'quarter' ? months / 3 : months / 12;
}

/** How the period sits in the calendar; null when it does not begin with a day. */
export function periodShape(period: Period): Shape | null {
  const { startAt, endAt, tz } = period;
  if (endAt <= startAt || !isDayStart(startAt, tz)) return null;
  const start = dateAt(startAt, tz);
  if (isDayStart(endAt, tz)) {
    const end = dateAt(endAt, tz);
    for (const unit of LARGEST_FIRST) {
      const count = wholeUnits(start, end, unit);
      if (count !== null) return { unit, count, start };
    }
    return { unit: 'day', count: wholeUnits(start, end, 'day') ?? 1, start };
  }
  const last = dateAt(endAt, tz);
  // What begins with a month is that month so far, be its first a Monday or today.
  const unfinished: readonly Unit[] = ['month', 'quarter', 'year', 'day', 'week'];
  for (const unit of unfinished) {
    const begins = startOfUnit(start, unit).equals(start);
    if (begins && compareDates(last, addUnits(start, unit, 1)) < 0) return { unit, count: 1, start };
  }
  const days = start.until(last, { largestUnit: 'days' }).days + 1;
  return { unit: 'day', count: days, start };
}

/** How a period is compared; a `Period` where another one was named. */
export type Compare = 'previous' | 'last_year' | { samePoint: Unit } | Period;

/**
 * What a period is compared with: the calendar units just before it (October before November, though a day
 * longer), and of a single day the same weekday of the week before. While the period is still running, only the
 * same elapsed part of the earlier one counts.
 */
export function previousPeriod(period: Period, nowAt: number): Period {
  const shape = periodShape(period);
  if (!shape) {
    const stopAt = stopOf(period, nowAt);
    return makePeriod(period.startAt - (stopAt - period.startAt), period.startAt, period.tz);
  }
  const oneDay = shape.unit === 'day' && shape.count === 1;
  return oneDay
    ? earlier(period, shape, 'week', 1, nowAt)
    : earlier(period, shape, shape.unit, shape.count, nowAt);
}

/**
 * The same period one unit earlier, as far as this one has come: Nov 1 - 22 a year ago, the same ISO week of last
 * year, the same days of the quarter before. Days that the earlier unit does not have are left out.
 */
export function samePoint(period: Period, unit: Unit, nowAt: number): Period {
  const shape = periodShape(period);
  if (shape) return earlier(period, shape, unit, 1, nowAt);
  const { startAt, tz } = period;
  return makePeriod(
    shiftInstant(startAt, tz, unit, -1),
    shiftInstant(stopOf(period, nowAt), tz, unit, -1),
    tz,
  );
}

/**
 * A period that was named, cut to as much of it as has passed of the one it is compared with: the month so far against
 * the same days of the other month. As it was where nothing is running, or the two are not of a kind.
 */
export function likeForLike(period: Period, compared: Period, nowAt: number): Period {
  const [shape, other] = [periodShape(period), periodShape(compared)];
  const stopAt = stopOf(period, nowAt);
  const unfinished = stopAt < period.endAt || !isDayStart(period.endAt, period.tz);
  if (!shape || !other || !unfinished || compared.endAt > nowAt) return compared;
  if (shape.unit !== other.unit || shape.count !== other.count) return compared;
  if (!isDayStart(compared.endAt, compared.tz)) return compared;
  const untilAt = elapsedPart(shape, other.start, stopAt, compared.tz);
  return makePeriod(compared.startAt, Math.min(compared.endAt, untilAt), compared.tz);
}

/** The whole calendar unit that an instant lies in. */
export function unitAround(at: number, unit: Unit, tz: string): Period {
  const start = startOfUnit(dateAt(at, tz), unit);
  return makePeriod(startOfDayAt(start, tz), startOfDayAt(addUnits(start, unit, 1), tz), tz);
}

/** Up to when the period has happened. */
function stopOf({ startAt, endAt }: Period, nowAt: number): number {
  return startAt < nowAt && nowAt < endAt ? nowAt : endAt;
}

function earlier(period: Period, shape: Shape, unit: Unit, count: number, nowAt: number): Period {
  const { endAt, tz } = period;
  const stopAt = stopOf(period, nowAt);
  const start =
    unit === 'year' && shape.unit === 'week'
      ? sameWeekOfYearBefore(shape.start, count)
      : addUnits(shape.start, unit, -count);
  const wholeEndAt = startOfDayAt(addUnits(start, shape.unit, shape.count), tz);
  if (isDayStart(stopAt, tz) && stopAt === endAt) return makePeriod(startOfDayAt(start, tz), wholeEndAt, tz);
  const elapsedUntilAt =
    unit === 'year' && shape.unit !== 'week'
      ? shiftInstant(stopAt, tz, 'year', -count)
      : elapsedPart(shape, start, stopAt, tz);
  return makePeriod(startOfDayAt(start, tz), Math.min(wholeEndAt, elapsedUntilAt), tz);
}

/** Monday of the ISO week of the same number; a 53rd is compared with the last there is. */
function sameWeekOfYearBefore(monday: PlainDate, years: number): PlainDate {
  const year = (monday.yearOfWeek ?? monday.year) - years;
  const week = monday.weekOfYear ?? 1;
  const first = startOfUnit(monday.with({ year, month: 1, day: 4 }), 'week');
  const found = first.add({ weeks: week - 1 });
  return found.yearOfWeek === year ? found : found.subtract({ weeks: 1 });
}

/** As many days into the earlier unit, at the same time of day; day 31 of a shorter month is its end. */
function elapsedPart(shape: Shape, previousStart: PlainDate, stopAt: number, tz: string): number {
  const days = shape.start.until(dateAt(stopAt, tz), { largestUnit: 'days' }).days;
  const target = previousStart.add({ days });
  const between = dateAt(stopAt, tz).until(target, { largestUnit: 'days' }).days;
  return shiftInstant(stopAt, tz, 'day', between);
}

/** The instant before a period begins, as the end of the day before, or of nothing where it begins within a day. */
export function endBefore({ startAt, tz }: Period): Period {
  if (!isDayStart(startAt, tz)) return makePeriod(startAt - 1, startAt, tz);
  return makePeriod(startOfDayAt(dateAt(startAt, tz).subtract({ days: 1 }), tz), startAt, tz);
}

/** The unit before, whole: "the month before" said after any period. */
export function unitBefore(period: Period, unit: Unit): Period {
  const start = startOfUnit(dateAt(period.startAt, period.tz), unit);
  const before = addUnits(start, unit, -1);
  return makePeriod(startOfDayAt(before, period.tz), startOfDayAt(start, period.tz), period.tz);
}
