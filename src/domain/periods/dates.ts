import { makeDate, type PlainDate, type Span, unitSpan } from './calendar.ts';
import type { Token } from './tokens.ts';
import { AMBIGUOUS_MONTHS, MONTHS, ORDINAL_WORDS } from './vocabulary.ts';

export interface DateContext {
  today: PlainDate;
  /** The year meant when none is said; null takes the latest that has begun. */
  year: number | null;
}

export interface FoundDate {
  next: number;
  /** Null when there is no such day, month or quarter. */
  span: Span | null;
  /** The year, where it was said. */
  year: number | null;
  /** "Oct 3": the month, for "Oct 3 - 10". */
  month: number | null;
}

function isYear(token: Token | undefined): boolean {
  return token?.kind === 'number' && /^(19|20)\d\d$/.test(token.text);
}

/** A year at `at`, with an optional comma, "of" or "last"/"this year" before it. */
export function yearAt(
  tokens: readonly Token[],
  at: number,
  today: PlainDate,
): { year: number; next: number } | null {
  const skip = tokens[at]?.text === ',' || tokens[at]?.text === 'of' ? 1 : 0;
  if (isYear(tokens[at + skip])) return { year: Number(tokens[at + skip]?.text), next: at + skip + 1 };
  const offset = { last: -1, this: 0 }[tokens[at]?.text ?? ''];
  if (offset !== undefined && tokens[at + 1]?.text === 'year')
    return { year: today.year + offset, next: at + 2 };
  return null;
}

/** The latest year in which the thing has already begun. */
function latestYear(today: PlainDate, month: number, day: number): number {
  const begun = month < today.month || (month === today.month && day <= today.day);
  return begun ? today.year : today.year - 1;
}

const BEFORE_MONTH = new Set(
  'in for of since from until till to during by vs versus than through and between last this -'.split(' '),
);

function monthAt(tokens: readonly Token[], at: number): number | null {
  const token = tokens[at];
  if (token?.kind !== 'word') return null;
  const month = MONTHS.get(token.text);
  if (month === undefined) return null;
  if (!AMBIGUOUS_MONTHS.has(token.text)) return month;
  const beside =
    tokens[at + 1]?.kind === 'number' ||
    tokens[at - 1]?.kind === 'number' ||
    BEFORE_MONTH.has(tokens[at - 1]?.text ?? '') ||
    tokens.length === 1;
  return beside ? month : null;
}

function dayNumber(token: Token | undefined): number | null {
  return token?.kind === 'number' && token.text.length <= 2 ? Number(token.text) : null;
}

function daySpan(year: number, month: number, day: number): Span | null {
  const date = makeDate(year, month, day);
  return date ? unitSpan(date, 'day') : null;
}

/** Feb 29 without a year is the last that existed. */
function dayWithoutYear(context: DateContext, month: number, day: number): Span | null {
  if (context.year !== null) return daySpan(context.year, month, day);
  const latest = latestYear(context.today, month, day);
  if (month !== 2 || day !== 29) return daySpan(latest, month, day);
  for (let year = latest; year > latest - 9; year -= 1) {
    const span = daySpan(year, month, day);
    if (span) return span;
  }
  return null;
}

function monthAndDay(
  tokens: readonly Token[],
  next: number,
  month: number,
  day: number | null,
  context: DateContext,
): FoundDate {
  const said = yearAt(tokens, next, context.today);
  const year = said?.year ?? null;
  const end = said?.next ?? next;
  if (day !== null) {
    const span = year === null ? dayWithoutYear(context, month, day) : daySpan(year, month, day);
    return { next: end, span, year, month };
  }
  const date = makeDate(year ?? context.year ?? latestYear(context.today, month, 1), month, 1);
  return { next: end, span: date ? unitSpan(date, 'month') : null, year, month: null };
}

/** "Oct", "October 2026", "Oct 3", "Oct 3rd, 2026", "3 October 2026", "3rd of Oct". */
function readMonth(tokens: readonly Token[], at: number, context: DateContext): FoundDate | null {
  const leading = dayNumber(tokens[at]);
  if (leading !== null) {
    const monthIndex = tokens[at + 1]?.text === 'of' ? at + 2 : at + 1;
    const month = monthAt(tokens, monthIndex);
    if (month !== null) return monthAndDay(tokens, monthIndex + 1, month, leading, context);
    return null;
  }
  const month = monthAt(tokens, at);
  if (month === null) return null;
  const day = dayNumber(tokens[at + 1]);
  return monthAndDay(tokens, day === null ? at + 1 : at + 2, month, day, context);
}

/** Q3, H1, "third quarter", with or without a year; Q5 is read and names nothing. */
function readPartOfYear(tokens: readonly Token[], at: number, context: DateContext): FoundDate | null {
  const short = /^([qh])(\d+)$/.exec(tokens[at]?.text ?? '');
  const ordinal = ORDINAL_WORDS.get(tokens[at]?.text ?? '');
  const spelt = ordinal !== undefined && tokens[at + 1]?.text === 'quarter';
  if (!short && !spelt) return null;
  const months = short?.[1] === 'h' ? 6 : 3;
  const index = short ? Number(short[2]) : (ordinal ?? 0);
  const after = at + (short ? 1 : 2);
  const said = yearAt(tokens, after, context.today) ?? shortYearAt(tokens, after);
  const found = { next: said?.next ?? after, year: said?.year ?? null, month: null };
  if (index < 1 || index > 12 / months) return { ...found, span: null };
  const month = (index - 1) * months + 1;
  const year = said?.year ?? context.year ?? latestYear(context.today, month, 1);
  const start = makeDate(year, month, 1);
  return { ...found, span: start ? { start, end: start.add({ months }) } : null };
}

/** "H1 26": two digits right after a quarter or a half. */
function shortYearAt(tokens: readonly Token[], at: number): { year: number; next: number } | null {
  const token = tokens[at];
  const ends =
    tokens[at + 1]?.kind !== 'word' ||
    !/^(?:customers?|accounts?|invoices?|plans?)$/.test(tokens[at + 1]?.text ?? '');
  return token?.kind === 'number' && /^[23]\d$/.test(token.raw) && ends
    ? { year: 2000 + Number(token.text), next: at + 1 }
    : null;
}

const NOT_BEFORE_YEAR = new Set([
  '$',
  '#',
  '€',
  '£',
  '.',
  'top',
  'invoice',
  'number',
  'no',
  'payment',
  'in_',
]);

function readYear(tokens: readonly Token[], at: number): FoundDate | null {
  if (!isYear(tokens[at]) || NOT_BEFORE_YEAR.has(tokens[at - 1]?.text ?? '')) return null;
  const year = Number(tokens[at]?.text);
  const start = makeDate(year, 1, 1);
  return { next: at + 1, span: start ? unitSpan(start, 'year') : null, year, month: null };
}

/** "13th month", "month 14": read, and names nothing unless it is one of twelve. */
function readNumberedMonth(tokens: readonly Token[], at: number, context: DateContext): FoundDate | null {
  const before = tokens[at]?.kind === 'number' && tokens[at + 1]?.text === 'month';
  const after = tokens[at]?.text === 'month' && tokens[at + 1]?.kind === 'number';
  if (!before && !after) return null;
  if (before && !/[a-z]$/i.test(tokens[at]?.raw ?? '')) return null;
  const month = Number(tokens[before ? at : at + 1]?.text);
  if (month < 1 || month > 12) return { next: at + 2, span: null, year: null, month: null };
  return monthAndDay(tokens, at + 2, month, null, context);
}

/** A date, month, quarter, half or year by its name. Null when none begins here. */
export function readDate(tokens: readonly Token[], at: number, context: DateContext): FoundDate | null {
  return (
    readMonth(tokens, at, context) ??
    readPartOfYear(tokens, at, context) ??
    readNumberedMonth(tokens, at, context) ??
    readYear(tokens, at)
  );
}
