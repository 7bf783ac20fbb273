import type { Period } from '../types.ts';
import { dateAt, type PlainDate } from './calendar.ts';
import { describeDays } from './describe-period.ts';
import { holidaysOn } from './holidays.ts';

/** Two lengths further apart than this share are not alike. */
const ALIKE = 0.03;
/** Beyond this many days a holiday or a weekend more is no longer what makes the difference. */
const SHORT_DAYS = 10;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What makes two periods unlike each other though they are compared. */
export interface Unlikeness {
  /** Local days each has; null where they are about as long. */
  days: { present: number; past: number } | null;
  /** Sentences: lengths, weekdays, holidays of one side only. */
  notes: string[];
}

/** The local days a period touches. */
function daysOf({ startAt, endAt, tz }: Pick<Period, 'startAt' | 'endAt' | 'tz'>): PlainDate[] {
  const last = dateAt(Math.max(startAt, endAt - 1), tz);
  const days: PlainDate[] = [];
  for (let day = dateAt(startAt, tz); day.until(last).days >= 0; day = day.add({ days: 1 })) days.push(day);
  return days;
}

function countDays({ startAt, endAt, tz }: Period): number {
  const last = dateAt(Math.max(startAt, endAt - 1), tz);
  return dateAt(startAt, tz).until(last, { largestUnit: 'days' }).days + 1;
}

/** Compares the days of two periods, the present one as far as it has come. Holidays are those of the US and the EU. */
export function unlikeness(present: Period, past: Period, nowAt: number): Unlikeness {
  const now = { ...present, endAt: Math.max(present.startAt + 1, Math.min(present.endAt, nowAt)) };
  const days = { present: countDays(now), past: countDays(past) };
  const differ = Math.abs(days.present - days.past) > ALIKE * days.past;
  const notes = differ ? [`${plural(days.present)} against ${days.past}`] : [];
  if (Math.max(days.present, days.past) <= SHORT_DAYS) {
    const [here, there] = [daysOf(now), daysOf(past)];
    notes.push(...weekdayNotes(here, there), ...holidayNotes(here, there));
  }
  return { days: differ ? days : null, notes };
}

function plural(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'}`;
}

function weekdayNotes(here: readonly PlainDate[], there: readonly PlainDate[]): string[] {
  const [one, other] = [here[0], there[0]];
  if (!one || !other || here.length !== there.length) return [];
  if (here.length === 1) {
    return one.dayOfWeek === other.dayOfWeek ? [] : [`a ${weekday(one)} against a ${weekday(other)}`];
  }
  const resting = (days: readonly PlainDate[]) => days.filter((day) => day.dayOfWeek > 5).length;
  const [present, past] = [resting(here), resting(there)];
  return present === past ? [] : [`${present} weekend ${present === 1 ? 'day' : 'days'} against ${past}`];
}

/** Holidays that only one of the sides has, by name: New Year in both says nothing. */
function holidayNotes(here: readonly PlainDate[], there: readonly PlainDate[]): string[] {
  const named = (days: readonly PlainDate[]) =>
    days.flatMap((day) => holidaysOn(day).map((holiday) => ({ day, ...holiday })));
  const [present, past] = [named(here), named(there)];
  const only = (own: typeof present, others: typeof present) =>
    own.filter((each) => !others.some((other) => other.name === each.name));
  return [...only(present, past), ...only(past, present)].map(
    ({ day, name, where }) => `${weekday(day)}, ${describeDays(day, day)}, was ${name} (${where})`,
  );
}

function weekday(date: PlainDate): string {
  return WEEKDAYS[date.dayOfWeek - 1] ?? '';
}
