import { makeDate, type PlainDate } from './calendar.ts';

/**
 * Days on which business rests in the United States or in most of Europe, by rule: enough to say why a day was quiet,
 * no calendar for payroll. US: the eleven federal holidays (5 U.S.C. 6103), a fixed one also on the Friday or Monday
 * it is observed, and the Friday after Thanksgiving. EU: New Year, Good Friday, Easter Monday, Labour Day, Ascension,
 * Whit Monday, Assumption, All Saints, Christmas and the day after.
 */
export interface Holiday {
  name: string;
  /** "US", "EU", or both. */
  where: string;
}

type Rule = (year: number) => PlainDate | null;

const on =
  (month: number, day: number): Rule =>
  (year) =>
    makeDate(year, month, day);

/** The nth weekday (1 Monday .. 7 Sunday) of a month; -1 is the last. */
const nth =
  (month: number, weekday: number, count: number, plus = 0): Rule =>
  (year) => {
    const first = makeDate(year, month, 1);
    if (!first) return null;
    const earliest = first.add({ days: (weekday - first.dayOfWeek + 7) % 7 });
    const last = earliest.add({ days: 7 * Math.floor((first.daysInMonth - earliest.day) / 7) });
    return (count === -1 ? last : earliest.add({ days: 7 * (count - 1) })).add({ days: plus });
  };

/** Easter Sunday of the Gregorian calendar (anonymous algorithm, Meeus 1991), moved by days. */
const easter =
  (plus: number): Rule =>
  (year) => {
    const a = year % 19;
    const b = Math.floor(year / 100);
    const c = year % 100;
    const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
    const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
    const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
    return makeDate(year, Math.floor(f / 31), (f % 31) + 1)?.add({ days: plus }) ?? null;
  };

/** A fixed US holiday of a weekend is observed on the Friday before or the Monday after. */
const observed =
  (rule: Rule): Rule =>
  (year) => {
    const day = rule(year);
    if (day?.dayOfWeek === 6) return day.subtract({ days: 1 });
    return day?.dayOfWeek === 7 ? day.add({ days: 1 }) : null;
  };

interface Entry extends Holiday {
  rule: Rule;
}

const US_FIXED: readonly Entry[] = [
  { name: "New Year's Day", where: 'US and EU', rule: on(1, 1) },
  { name: 'Juneteenth', where: 'US', rule: on(6, 19) },
  { name: 'Independence Day', where: 'US', rule: on(7, 4) },
  { name: 'Veterans Day', where: 'US', rule: on(11, 11) },
  { name: 'Christmas Day', where: 'US and EU', rule: on(12, 25) },
];

const HOLIDAYS: readonly Entry[] = [
  ...US_FIXED,
  ...US_FIXED.map(({ name, rule }) => ({ name: `${name} (observed)`, where: 'US', rule: observed(rule) })),
  { name: 'Martin Luther King Day', where: 'US', rule: nth(1, 1, 3) },
  { name: "Presidents' Day", where: 'US', rule: nth(2, 1, 3) },
  { name: 'Memorial Day', where: 'US', rule: nth(5, 1, -1) },
  { name: 'Labor Day', where: 'US', rule: nth(9, 1, 1) },
  { name: 'Columbus Day', where: 'US', rule: nth(10, 1, 2) },
  { name: 'Thanksgiving', where: 'US', rule: nth(11, 4, 4) },
  { name: 'the day after Thanksgiving', where: 'US', rule: nth(11, 4, 4, 1) },
  { name: 'Good Friday', where: 'EU', rule: easter(-2) },
  { name: 'Easter Monday', where: 'EU', rule: easter(1) },
  { name: 'Labour Day', where: 'EU', rule: on(5, 1) },
  { name: 'Ascension Day', where: 'EU', rule: easter(39) },
  { name: 'Whit Monday', where: 'EU', rule: easter(50) },
  { name: 'Assumption Day', where: 'EU', rule: on(8, 15) },
  { name: "All Saints' Day", where: 'EU', rule: on(11, 1) },
  { name: 'the day after Christmas', where: 'EU', rule: on(12, 26) },
];

/** The holidays of a date; the observed New Year of a Saturday lies in the year before. */
export function holidaysOn(date: PlainDate): Holiday[] {
  return HOLIDAYS.filter(({ rule }) =>
    [date.year, date.year + 1].some((year) => rule(year)?.equals(date) === true),
  ).map(({ name, where }) => ({ name, where }));
}
