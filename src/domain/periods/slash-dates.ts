import { makeDate, type PlainDate, unitSpan } from './calendar.ts';
import { type DayOrder, type Rule, spanPeriod } from './rule.ts';
import { fullYear } from './tokens.ts';

/** Where people write the month before the day. */
const MONTH_FIRST =
  /^(?:US\/|America\/(?:New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Detroit|Boise|Juneau|Sitka|Nome|Adak|Menominee|Metlakatla|Yakutat|Indiana\/|Kentucky\/|North_Dakota\/)|Pacific\/Honolulu$)/;

/** The order in which a person of that zone most likely writes a date. */
export function dayOrderOf(tz: string): DayOrder {
  return MONTH_FIRST.test(tz) ? 'month-first' : 'day-first';
}

/** The latest such day that has begun, where no year is said. */
function dated(today: PlainDate, year: string | undefined, month: number, day: number): PlainDate | null {
  if (year !== undefined) return makeDate(Number(fullYear(year)), month, day);
  const begun = month < today.month || (month === today.month && day <= today.day);
  return makeDate(begun ? today.year : today.year - 1, month, day);
}

/** "3/10", "3/10/2026", "10.3.2026". Where only one order is possible, that one; else the person's own, which is said. */
export const readSlashDate: Rule = (tokens, at, { today, tz, dayOrder }) => {
  const token = tokens[at];
  if (token?.kind !== 'slash') return null;
  const [first = Number.NaN, second = Number.NaN] = token.text.split(/[/.]/).map(Number);
  const year = token.text.split(/[/.]/)[2];
  const dotted = token.text.includes('.');
  const possible = first <= 12 && second <= 12;
  const monthFirst = dotted ? false : possible ? dayOrder === 'month-first' : second > 12;
  const date = monthFirst ? dated(today, year, first, second) : dated(today, year, second, first);
  if (!date) return { next: at + 1, period: null };
  const period = spanPeriod(unitSpan(date, 'day'), tz);
  if (dotted || !possible || first === second) return { next: at + 1, period };
  const note = `${token.raw} read ${monthFirst ? 'month' : 'day'} first`;
  return { next: at + 1, period, note };
};
