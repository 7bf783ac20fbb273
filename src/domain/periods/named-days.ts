import { compareDates, dateAt, makeDate, type PlainDate, unitSpan } from './calendar.ts';
import { type Rule, spanPeriod, wordAt } from './rule.ts';
import type { Token } from './tokens.ts';

/** The fourth Thursday of November. */
function thanksgiving(year: number): PlainDate | null {
  const first = makeDate(year, 11, 1);
  return first ? first.add({ days: ((4 - first.dayOfWeek + 7) % 7) + 21 }) : null;
}

const HOLIDAYS: readonly { words: string; on(year: number): PlainDate | null }[] = [
  { words: 'black friday', on: (year) => thanksgiving(year)?.add({ days: 1 }) ?? null },
  { words: 'cyber monday', on: (year) => thanksgiving(year)?.add({ days: 4 }) ?? null },
  { words: 'thanksgiving', on: thanksgiving },
  { words: 'christmas eve', on: (year) => makeDate(year, 12, 24) },
  { words: 'christmas', on: (year) => makeDate(year, 12, 25) },
  { words: 'new years eve', on: (year) => makeDate(year, 12, 31) },
];

/** "Black Friday", "Cyber Monday 2025": the latest that has begun, unless a year is said. */
export const readHoliday: Rule = (tokens, at, { today, tz }) => {
  const direction = ['last', 'this', 'next'].includes(wordAt(tokens, at)) ? wordAt(tokens, at) : null;
  const from = direction === null ? at : at + 1;
  const holiday = HOLIDAYS.find(({ words }) =>
    words.split(' ').every((word, index) => wordAt(tokens, from + index) === word),
  );
  if (!holiday) return null;
  const next = from + holiday.words.split(' ').length;
  const said = tokens[next];
  const after = wordAt(tokens, next);
  const lastYear = after === 'last' && wordAt(tokens, next + 1) === 'year';
  const year = said?.kind === 'number' && /^20\d\d$/.test(said.text) ? Number(said.text) : null;
  const thisYears = holiday.on(today.year);
  const begun = thisYears !== null && compareDates(thisYears, today) <= 0;
  const latest = begun || direction === 'this' || direction === 'next' ? today.year : today.year - 1;
  const date = holiday.on(year ?? (lastYear ? today.year - 1 : latest));
  const end = next + (year === null ? (lastYear ? 2 : 0) : 1);
  return { next: end, period: date ? spanPeriod(unitSpan(date, 'day'), tz) : null };
};

/** "last weekend", "the weekend": the latest Saturday and Sunday that have begun; "this weekend": this week's. */
export const readWeekend: Rule = (tokens, at, { today, tz }) => {
  const word = wordAt(tokens, at);
  const direction = ['last', 'this', 'past'].includes(word) ? word : null;
  const from = direction === null ? at : at + 1;
  if (wordAt(tokens, from) !== 'weekend') return null;
  const saturday = today.add({ days: 6 - today.dayOfWeek });
  const running = today.dayOfWeek >= 6;
  const back = direction === 'this' || (running && direction !== 'last') ? 0 : 7;
  const start = saturday.subtract({ days: back });
  return { next: from + 1, period: spanPeriod({ start, end: start.add({ days: 2 }) }, tz) };
};

/** "the week of Nov 9", "week 45". */
export function readWeekOf(
  tokens: readonly Token[],
  at: number,
  context: Parameters<Rule>[2],
  readNamed: Rule,
): ReturnType<Rule> {
  if (wordAt(tokens, at) !== 'week') return null;
  const { today, tz } = context;
  const number = tokens[at + 1];
  if (number?.kind === 'number' && /^\d{1,2}$/.test(number.raw)) {
    const index = Number(number.text);
    if (index < 1 || index > 53) return { next: at + 2, period: null };
    const first = (year: number) => makeDate(year, 1, 4)?.add({ weeks: index - 1 }) ?? null;
    const thisYears = first(today.year);
    const begun = thisYears !== null && compareDates(unitSpan(thisYears, 'week').start, today) <= 0;
    const date = begun ? thisYears : first(today.year - 1);
    return { next: at + 2, period: date ? spanPeriod(unitSpan(date, 'week'), tz) : null };
  }
  if (!['of', 'from', 'starting', 'beginning'].includes(wordAt(tokens, at + 1))) return null;
  const from = wordAt(tokens, at + 2) === 'the' ? at + 3 : at + 2;
  const day = readNamed(tokens, from, context);
  if (!day) return null;
  const date = day.period ? dateAt(day.period.startAt, tz) : null;
  return { next: day.next, period: date ? spanPeriod(unitSpan(date, 'week'), tz) : null };
}

/** What may follow "the 15th" for it to be a day rather than a place in a list. */
const AFTER_DAY = new Set(
  'vs versus to until till through thru and or please pls was compared than with against by for in so of at , - . %'.split(
    ' ',
  ),
);
const DATING = new Set(['on', 'since', 'from', 'until', 'till', 'by', 'after', 'before', 'between']);

/** "the 15th", "on the 3rd": the latest that has begun; a month without such a day is passed over. */
export const readMonthDay: Rule = (tokens, at, { today, tz }) => {
  const token = tokens[at];
  if (token?.kind !== 'number' || !/^\d{1,2}(?:st|nd|rd|th)$/i.test(token.raw)) return null;
  const the = wordAt(tokens, at - 1) === 'the';
  const before = wordAt(tokens, the ? at - 2 : at - 1);
  const joined = ['to', 'and', 'vs', 'versus', 'through', '-', 'than'].includes(before);
  const dating = DATING.has(before) || joined;
  const after = wordAt(tokens, at + 1);
  if (after !== '' && !AFTER_DAY.has(after) && !dating) return null;
  const day = Number(token.text);
  // "The 3rd" alone is a place in a list that was shown.
  if (!dating && (!the || (day <= 10 && at <= 1 && after === ''))) return null;
  if (['biggest', 'largest', 'one', 'customer', 'invoice', 'best', 'worst'].includes(after)) return null;
  if (day < 1 || day > 31) return { next: at + 1, period: null };
  for (let back = 0; back <= 2; back += 1) {
    const month = today.with({ day: 1 }).subtract({ months: back });
    const date = makeDate(month.year, month.month, day);
    if (date && compareDates(date, today) <= 0)
      return { next: at + 1, period: spanPeriod(unitSpan(date, 'day'), tz) };
  }
  return { next: at + 1, period: null };
};
