import { compareDates, dateAt, makeDate, type PlainDate, startOfDayAt } from '../periods/calendar.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const MONTHS: readonly string[] = [
  'jan',
  'feb',
  'mar',
  'apr',
  'may',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'nov',
  'dec',
];

/**
 * The instant on which somebody who is away "until Friday" is back: the start of that day where they are. Reads a
 * weekday (the next one), "tomorrow", "next week", "Nov 27" and "2026-11-27"; null for anything else or a day that
 * is not to come.
 */
export function backOnAt(text: string, nowAt: number, tz: string): number | null {
  const today = dateAt(nowAt, tz);
  const words = text
    .trim()
    .toLowerCase()
    .replace(/^(?:until|till|on)\s+/, '')
    .replace(/[.,!]+$/, '');
  const day = dayIn(words, today);
  if (day === null || compareDates(day, today) <= 0) return null;
  return startOfDayAt(day, tz);
}

function dayIn(words: string, today: PlainDate): PlainDate | null {
  if (words === 'tomorrow') return today.add({ days: 1 });
  if (words === 'next week') return today.add({ days: 8 - today.dayOfWeek });
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(words);
  if (iso) return makeDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const weekday = WEEKDAYS.findIndex(
    (name) => words.replace(/^next /, '') === name || words === name.slice(0, 3),
  );
  if (weekday >= 0) return today.add({ days: ((weekday + 1 - today.dayOfWeek + 6) % 7) + 1 });
  const named =
    /^([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?$/.exec(words) ??
    flipped(/^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3})[a-z]*$/.exec(words));
  if (!named) return null;
  const month = MONTHS.indexOf(named[1] ?? '') + 1;
  if (month === 0) return null;
  const thisYear = makeDate(today.year, month, Number(named[2]));
  if (thisYear === null || compareDates(thisYear, today) > 0) return thisYear;
  return makeDate(today.year + 1, month, Number(named[2]));
}

function flipped(found: RegExpExecArray | null): [string, string, string] | null {
  return found === null ? null : [found[0], found[2] ?? '', found[1] ?? ''];
}
