import { Temporal } from 'temporal-polyfill';

/** Calendar units; weeks are ISO weeks, from Monday. */
export type Unit = 'day' | 'week' | 'month' | 'quarter' | 'year';

export type PlainDate = Temporal.PlainDate;

/** Half-open range of local days. */
export interface Span {
  start: PlainDate;
  end: PlainDate;
}

/** The local date at an instant (epoch ms). */
export function dateAt(at: number, tz: string): PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz).toPlainDate();
}

/** The instant a local day begins; where midnight is skipped by a clock change, the first instant after it. */
export function startOfDayAt(date: PlainDate, tz: string): number {
  return date.toZonedDateTime(tz).startOfDay().epochMilliseconds;
}

/** True when the instant is the beginning of a local day. */
export function isDayStart(at: number, tz: string): boolean {
  return startOfDayAt(dateAt(at, tz), tz) === at;
}

export function startOfUnit(date: PlainDate, unit: Unit): PlainDate {
  switch (unit) {
    case 'day':
      return date;
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 });
    case 'month':
      return date.with({ day: 1 });
    case 'quarter':
      return date.with({ month: Math.floor((date.month - 1) / 3) * 3 + 1, day: 1 });
    case 'year':
      return date.with({ month: 1, day: 1 });
  }
}

/** `count` units later (earlier when negative); month ends are clamped, never rolled over. */
export function addUnits(date: PlainDate, unit: Unit, count: number): PlainDate {
  switch (unit) {
    case 'day':
      return date.add({ days: count });
    case 'week':
      return date.add({ weeks: count });
    case 'month':
      return date.add({ months: count });
    case 'quarter':
      return date.add({ months: 3 * count });
    case 'year':
      return date.add({ years: count });
  }
}

/** The whole unit that holds the date, moved by `offset` units. */
export function unitSpan(date: PlainDate, unit: Unit, offset = 0): Span {
  const start = addUnits(startOfUnit(date, unit), unit, offset);
  return { start, end: addUnits(start, unit, 1) };
}

/** A date that exists, or null ("Feb 30", month 13). */
export function makeDate(year: number, month: number, day: number): PlainDate | null {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: 'reject' });
  } catch {
    return null;
  }
}

export function compareDates(a: PlainDate, b: PlainDate): number {
  return Temporal.PlainDate.compare(a, b);
}

/** An ISO instant with its offset or Z to epoch ms; null when it is not one. */
export function parseInstant(text: string): number | null {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}

/** Whether the platform knows the zone. */
export function isTimeZone(tz: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(tz);
    return true;
  } catch {
    return false;
  }
}

/** The instant of a wall-clock reading moved by whole calendar units, kept inside the target day's clock. */
export function shiftInstant(at: number, tz: string, unit: Unit, count: number): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(tz);
  const date = addUnits(zoned.toPlainDate(), unit, count);
  return date.toZonedDateTime({ timeZone: tz, plainTime: zoned.toPlainTime() }).epochMilliseconds;
}

const dayCache = new Map<string, Map<number, { startAt: number; endAt: number; name: string }[]>>();
const DAY_MS = 86_400_000;

/**
 * The local day of an instant as YYYY-MM-DD. Days already met are remembered by zone, since rows come by the
 * thousand and calendar arithmetic costs 50 microseconds a time.
 */
export function dayNameAt(at: number, tz: string): string {
  let days = dayCache.get(tz);
  if (!days || days.size > 10_000) {
    days = new Map();
    dayCache.set(tz, days);
  }
  const slot = Math.floor(at / DAY_MS);
  const known = days.get(slot) ?? [];
  const hit = known.find((day) => day.startAt <= at && at < day.endAt);
  if (hit) return hit.name;
  const date = dateAt(at, tz);
  const day = {
    startAt: startOfDayAt(date, tz),
    endAt: startOfDayAt(date.add({ days: 1 }), tz),
    name: date.toString(),
  };
  days.set(slot, [...known, day]);
  return day.name;
}
