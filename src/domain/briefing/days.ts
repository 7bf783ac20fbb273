import { addUnits, dateAt, type PlainDate, shiftInstant, startOfDayAt } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import type { Period } from '../types.ts';

/** Weeks of the same weekday that a day is held against. */
export const BASELINE_WEEKS = 8;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The closed company day a briefing reports on, and the days it is compared with, like for like. */
export interface BriefingDays {
  day: Period;
  dayBefore: Period;
  weekBefore: Period;
  /** The same day of the month before; its last day where that month is shorter. */
  monthBefore: Period;
  /** The eight weeks before the day, in two halves, since a series has 31 points at most. */
  history: readonly [Period, Period];
  /** The last 14 days, the day included. */
  fortnight: Period;
}

/** Where a standing number is taken, and the same clock time of the days it is compared with. */
export interface BriefingInstants {
  nowAt: number;
  dayBeforeAt: number;
  weekBeforeAt: number;
  monthBeforeAt: number;
}

export function briefingInstants(at: number, tz: string): BriefingInstants {
  return {
    nowAt: at,
    dayBeforeAt: shiftInstant(at, tz, 'day', -1),
    weekBeforeAt: shiftInstant(at, tz, 'week', -1),
    monthBeforeAt: shiftInstant(at, tz, 'month', -1),
  };
}

/** Words for the same: "yesterday at this time", "a week ago", "a month ago". */
export const INSTANT_WORDS = {
  dayBefore: 'this time yesterday',
  weekBefore: 'a week ago',
  monthBefore: 'a month ago',
} as const;

/** The last company day that is over at `at`, with its neighbours. */
export function briefingDays(at: number, tz: string): BriefingDays {
  const date = dateAt(at, tz).subtract({ days: 1 });
  const span = (from: PlainDate, to: PlainDate) =>
    makePeriod(startOfDayAt(from, tz), startOfDayAt(to, tz), tz);
  const one = (from: PlainDate) => span(from, from.add({ days: 1 }));
  const half = (BASELINE_WEEKS * 7) / 2;
  return {
    day: one(date),
    dayBefore: one(date.subtract({ days: 1 })),
    weekBefore: one(date.subtract({ days: 7 })),
    monthBefore: one(addUnits(date, 'month', -1)),
    history: [
      span(date.subtract({ days: 2 * half }), date.subtract({ days: half })),
      span(date.subtract({ days: half }), date),
    ],
    fortnight: span(date.subtract({ days: 13 }), date.add({ days: 1 })),
  };
}

/** "Tue, Nov 24". */
export function shortDay(at: number, tz: string): string {
  return `${weekdayOf(at, tz).slice(0, 3)}, ${monthDay(at, tz)}`;
}

/** "Nov 24". */
export function monthDay(at: number, tz: string): string {
  const date = dateAt(at, tz);
  return `${MONTHS[date.month - 1] ?? ''} ${date.day}`;
}

/** "Tuesday". */
export function weekdayOf(at: number, tz: string): string {
  return WEEKDAYS[dateAt(at, tz).dayOfWeek - 1] ?? '';
}

/** Words for what the day is compared with: "the day before", "the Tuesday before", "Oct 24". */
export function againstWords(days: BriefingDays): {
  dayBefore: string;
  weekBefore: string;
  monthBefore: string;
} {
  const { tz, startAt } = days.day;
  return {
    dayBefore: 'the day before',
    weekBefore: `the ${weekdayOf(startAt, tz)} before`,
    monthBefore: monthDay(days.monthBefore.startAt, tz),
  };
}
