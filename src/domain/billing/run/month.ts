import { UserError } from '../../../lib/errors.ts';
import { dateAt, makeDate, startOfDayAt, startOfUnit } from '../../periods/calendar.ts';
import { makePeriod } from '../../periods/describe-period.ts';
import type { Period } from '../../types.ts';

/** A company month by its name: "2026-10". Throws `invalid_input` for anything else. */
export function monthNamed(name: string, tz: string): Period {
  const match = /^(\d{4})-(\d{2})$/.exec(name);
  const first = match ? makeDate(Number(match[1]), Number(match[2]), 1) : null;
  if (first === null) throw new UserError('invalid_input', `"${name}" is not a month like 2026-10.`);
  return makePeriod(startOfDayAt(first, tz), startOfDayAt(first.add({ months: 1 }), tz), tz);
}

/** The name of the company month an instant is in. */
export function monthOf(at: number, tz: string): string {
  return dateAt(at, tz).toString().slice(0, 7);
}

/** The months before one, the nearest first. */
export function monthsBefore(period: Period, count: number): Period[] {
  const { startAt, tz } = period;
  const first = startOfUnit(dateAt(startAt, tz), 'month');
  return Array.from({ length: count }, (_, index) =>
    makePeriod(
      startOfDayAt(first.subtract({ months: index + 1 }), tz),
      startOfDayAt(first.subtract({ months: index }), tz),
      tz,
    ),
  );
}

/** "2026-10-01" to the last day of a period. */
export function daysOf({ startAt, endAt, tz }: Period): string[] {
  const days: string[] = [];
  for (let day = dateAt(startAt, tz); startOfDayAt(day, tz) < endAt; day = day.add({ days: 1 })) {
    days.push(day.toString());
  }
  return days;
}
