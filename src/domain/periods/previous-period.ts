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
  for (const unit of ['day', 'week', 'month', 'quarter', 'year'] as const) {
    const begins = startOfUnit(start, unit).equals(start);
    if (begins && compareDates(last, addUnits(start, unit, 1)) < 0) return { unit, count: 1, start };
  }
  const days = start.until(last, { largestUnit: 'days' }).days + 1;
  return { unit: 'day', count: days, start };
}

/**
 * What a period is compared with: the calendar units just before it (October before November, though a day
 * longer). While the period is still running, only the same elapsed part of the one before counts.
 */
export function previousPeriod(period: Period, nowAt: number): Period {
  const { startAt, endAt, tz } = period;
  const stopAt = startAt < nowAt && nowAt < endAt ? nowAt : endAt;
  const shape = periodShape(period);
  if (!shape) return makePeriod(startAt - (stopAt - startAt), startAt, tz);
  const previousStart = addUnits(shape.start, shape.unit, -shape.count);
  const previousStartAt = startOfDayAt(previousStart, tz);
  if (isDayStart(stopAt, tz) && stopAt === endAt) return makePeriod(previousStartAt, startAt, tz);
  const elapsedUntilAt = elapsedPart(shape, previousStart, stopAt, tz);
  return makePeriod(previousStartAt, Math.min(startAt, elapsedUntilAt), tz);
}

/** As many days into the earlier unit, at the same time of day; day 31 of a shorter month is its end. */
function elapsedPart(shape: Shape, previousStart: PlainDate, stopAt: number, tz: string): number {
  const days = shape.start.until(dateAt(stopAt, tz), { largestUnit: 'days' }).days;
  const target = previousStart.add({ days });
  const between = dateAt(stopAt, tz).until(target, { largestUnit: 'days' }).days;
  return shiftInstant(stopAt, tz, 'day', between);
}

/** The unit before, whole: "the month before" said after any period. */
export function unitBefore(period: Period, unit: Unit): Period {
  const start = startOfUnit(dateAt(period.startAt, period.tz), unit);
  const before = addUnits(start, unit, -1);
  return makePeriod(startOfDayAt(before, period.tz), startOfDayAt(start, period.tz), period.tz);
}
