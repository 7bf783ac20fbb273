import type { Cron } from './cron.ts';

/**
 * A reading is what a wall clock shows, as epoch milliseconds of that date and time taken as if they were UTC.
 * Calendar arithmetic on readings knows no time zone.
 */
export type Reading = number;

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** 29 February is at most eight years away (2096 to 2104); no schedule waits longer. */
const LONGEST_WAIT_MONTHS = 9 * 12;

/** The first reading at or after `from` that the schedule names, wherever on earth; null when there is none. */
export function nextReading(cron: Cron, from: Reading): Reading | null {
  const day = Math.floor(from / DAY_MS);
  if (dayFits(cron, day)) {
    const minute = nextMinuteOfDay(cron, Math.ceil((from - day * DAY_MS) / MINUTE_MS));
    if (minute !== null) return day * DAY_MS + minute * MINUTE_MS;
  }
  const next = nextDay(cron, day + 1);
  const first = nextMinuteOfDay(cron, 0);
  return next === null || first === null ? null : next * DAY_MS + first * MINUTE_MS;
}

function nextMinuteOfDay(cron: Cron, from: number): number | null {
  const hour = Math.floor(from / 60);
  const within = cron.hours.includes(hour)
    ? cron.minutes.find((minute) => minute >= from - hour * 60)
    : undefined;
  if (within !== undefined) return hour * 60 + within;
  const later = cron.hours.find((candidate) => candidate > hour);
  return later === undefined ? null : later * 60 + (cron.minutes[0] ?? 0);
}

/** Whole months that do not fit are stepped over at once, so a sparse schedule costs a few hundred steps. */
function nextDay(cron: Cron, fromDay: number): number | null {
  const start = new Date(fromDay * DAY_MS);
  let year = start.getUTCFullYear();
  let month = start.getUTCMonth();
  let date = start.getUTCDate();
  for (let months = 0; months <= LONGEST_WAIT_MONTHS; months += 1) {
    if (cron.months.includes(month + 1)) {
      const first = Date.UTC(year, month, 1) / DAY_MS;
      const length = daysIn(year, month);
      for (; date <= length; date += 1) {
        if (dateFits(cron, date, length, first + date - 1)) return first + date - 1;
      }
    }
    date = 1;
    month += 1;
    if (month === 12) {
      month = 0;
      year += 1;
    }
  }
  return null;
}

function dayFits(cron: Cron, day: number): boolean {
  const date = new Date(day * DAY_MS);
  const month = date.getUTCMonth();
  if (!cron.months.includes(month + 1)) return false;
  return dateFits(cron, date.getUTCDate(), daysIn(date.getUTCFullYear(), month), day);
}

/** Where both days are restricted, fitting either is enough. */
function dateFits(cron: Cron, date: number, monthLength: number, day: number): boolean {
  const dayOfWeek = weekday(day);
  const byDate =
    cron.daysOfMonth.includes(date) ||
    (cron.lastDayOfMonth && date === monthLength) ||
    (cron.firstWorkday && isFirstWorkday(date, dayOfWeek)) ||
    (cron.lastWorkday && isLastWorkday(monthLength - date, dayOfWeek));
  const inWeek = cron.weekParity === null || weekParityOf(day) === cron.weekParity;
  const byWeekday = cron.daysOfWeek.includes(dayOfWeek) && inWeek;
  if (cron.anyDayOfMonth) return byWeekday;
  if (cron.anyDayOfWeek) return byDate;
  return byDate || byWeekday;
}

/** Monday to Friday the first, or the Monday after a weekend that began the month. */
function isFirstWorkday(date: number, dayOfWeek: number): boolean {
  return date === 1 ? dayOfWeek >= 1 && dayOfWeek <= 5 : date <= 3 && dayOfWeek === 1;
}

/** With so many days of the month to come: the last itself, or the Friday before a weekend that ends it. */
function isLastWorkday(daysAfter: number, dayOfWeek: number): boolean {
  return daysAfter === 0 ? dayOfWeek >= 1 && dayOfWeek <= 5 : daysAfter <= 2 && dayOfWeek === 5;
}

/** Of the week a day (since the epoch) lies in, from Monday to Sunday. Day 4 of the epoch was a Monday. */
export function weekParityOf(day: number): 0 | 1 {
  return Math.floor((day - 4) / 7) % 2 === 0 ? 0 : 1;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate();

/** Day 0 of the epoch was a Thursday. */
const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7;
