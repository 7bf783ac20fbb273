import type { Period } from '../types.ts';
import {
  addUnits,
  dateAt,
  type PlainDate,
  type Span,
  startOfDayAt,
  startOfUnit,
  type Unit,
  unitSpan,
} from './calendar.ts';
import { readDate } from './dates.ts';
import { makePeriod } from './describe-period.ts';
import { readIso } from './iso.ts';
import { unitBefore } from './previous-period.ts';
import type { Token } from './tokens.ts';
import { NUMBER_WORDS, UNITS, WEEKDAYS } from './vocabulary.ts';

export interface GrammarContext {
  nowAt: number;
  tz: string;
  today: PlainDate;
  /** What "the month before" is before; null when nothing was named yet. */
  relativeTo: Period | null;
  /** The sentence compares, so "A to B" is two periods. */
  comparing: boolean;
}

/** A phrase that was read: where it stops, and what it means; null when it names nothing that exists. */
export interface Found {
  next: number;
  period: Period | null;
}

type Rule = (tokens: readonly Token[], at: number, context: GrammarContext) => Found | null;

export function grammarContext(
  { nowAt, tz }: { nowAt: number; tz: string },
  relativeTo: Period | null,
  comparing: boolean,
): GrammarContext {
  return { nowAt, tz, today: dateAt(nowAt, tz), relativeTo, comparing };
}

export function spanPeriod(span: Span, tz: string): Period {
  return makePeriod(startOfDayAt(span.start, tz), startOfDayAt(span.end, tz), tz);
}

function wordAt(tokens: readonly Token[], at: number): string {
  return tokens[at]?.text ?? '';
}

/** Reads a count in digits or words. */
export function countAt(tokens: readonly Token[], at: number): number | null {
  const token = tokens[at];
  if (!token) return null;
  if (token.kind === 'number') return Number(token.text);
  return NUMBER_WORDS.get(token.text) ?? null;
}

const MAX_COUNT = 1000;

const readNamedDay: Rule = (tokens, at, { today, tz }) => {
  if (wordAt(tokens, at) === 'day' && wordAt(tokens, at + 1) === 'before') {
    if (wordAt(tokens, at + 2) !== 'yesterday') return null;
    return { next: at + 3, period: spanPeriod(unitSpan(today, 'day', -2), tz) };
  }
  const offset = { today: 0, yesterday: -1, tomorrow: 1 }[wordAt(tokens, at)];
  if (offset === undefined) return null;
  return { next: at + 1, period: spanPeriod(unitSpan(today, 'day', offset), tz) };
};

const readWeekday: Rule = (tokens, at, { today, tz }) => {
  const from = ['last', 'this', 'past'].includes(wordAt(tokens, at)) ? at + 1 : at;
  const weekday = WEEKDAYS.get(wordAt(tokens, from));
  if (weekday === undefined) return null;
  const back = (today.dayOfWeek - weekday + 7) % 7 || 7;
  return { next: from + 1, period: spanPeriod(unitSpan(today, 'day', -back), tz) };
};

const OFFSETS: ReadonlyMap<string, number> = new Map([
  ['this', 0],
  ['current', 0],
  ['last', -1],
  ['previous', -1],
  ['past', -1],
  ['next', 1],
  ['coming', 1],
]);

const TO_DATE: ReadonlyMap<string, Unit> = new Map([
  ['wtd', 'week'],
  ['mtd', 'month'],
  ['qtd', 'quarter'],
  ['ytd', 'year'],
]);

function soFar(unit: Unit, { today, nowAt, tz }: GrammarContext): Period {
  return makePeriod(startOfDayAt(startOfUnit(today, unit), tz), nowAt, tz);
}

/** "MTD", "month to date", "month so far", "this month so far". */
const readToDate: Rule = (tokens, at, context) => {
  const short = TO_DATE.get(wordAt(tokens, at));
  if (short) return { next: at + 1, period: soFar(short, context) };
  const from = ['this', 'current'].includes(wordAt(tokens, at)) ? at + 1 : at;
  const unit = UNITS.get(wordAt(tokens, from));
  const rest = `${wordAt(tokens, from + 1)} ${wordAt(tokens, from + 2)}`;
  if (!unit || (rest !== 'to date' && rest !== 'so far')) return null;
  return { next: from + 3, period: soFar(unit, context) };
};

/**
 * "last 3 months". Days end with today; longer units are the whole ones before the current, as "last month" is.
 */
function lastUnits(unit: Unit, count: number, context: GrammarContext): Period {
  const { today, tz } = context;
  if (unit === 'day') {
    return spanPeriod({ start: today.subtract({ days: count - 1 }), end: today.add({ days: 1 }) }, tz);
  }
  const end = startOfUnit(today, unit);
  return spanPeriod({ start: addUnits(end, unit, -count), end }, tz);
}

/** "this month", "last week", "last 7 days", "next 2 quarters", "last 24 hours". */
const readRelativeUnit: Rule = (tokens, at, context) => {
  const direction = OFFSETS.get(wordAt(tokens, at));
  if (direction === undefined) return null;
  const count = countAt(tokens, at + 1);
  const unitIndex = count === null ? at + 1 : at + (wordAt(tokens, at + 2) === 'of' ? 3 : 2);
  const word = wordAt(tokens, unitIndex);
  if (word === 'hours' && count !== null && direction < 0) {
    return { next: unitIndex + 1, period: hoursBack(count, context) };
  }
  const unit = UNITS.get(word);
  if (!unit) return null;
  const next = unitIndex + 1;
  if (count === null) return readSingleUnit(tokens, at, unit, direction, context);
  if (count < 1 || count > MAX_COUNT) return { next, period: null };
  if (direction < 0) return { next, period: lastUnits(unit, count, context) };
  const start = addUnits(startOfUnit(context.today, unit), unit, direction);
  return { next, period: spanPeriod({ start, end: addUnits(start, unit, count) }, context.tz) };
};

function hoursBack(count: number, { nowAt, tz }: GrammarContext): Period | null {
  return count < 1 || count > 24 * MAX_COUNT ? null : makePeriod(nowAt - count * 3_600_000, nowAt, tz);
}

function readSingleUnit(
  tokens: readonly Token[],
  at: number,
  unit: Unit,
  direction: number,
  context: GrammarContext,
): Found {
  const { today, tz, relativeTo } = context;
  const next = at + 2;
  if (wordAt(tokens, at) === 'previous' && relativeTo) return { next, period: unitBefore(relativeTo, unit) };
  const direct = spanPeriod(unitSpan(today, unit, unit === 'day' && direction < 0 ? -1 : direction), tz);
  return { next, period: direct };
}

/** "the month before", "month before that", "month before last", "the month before last month". */
const readUnitBefore: Rule = (tokens, at, context) => {
  const unit = UNITS.get(wordAt(tokens, at));
  if (!unit || wordAt(tokens, at + 1) !== 'before') return null;
  const { today, tz, relativeTo } = context;
  const after = wordAt(tokens, at + 2);
  if (after === 'last' || after === 'previous') {
    const next = UNITS.get(wordAt(tokens, at + 3)) === unit ? at + 4 : at + 3;
    return { next, period: spanPeriod(unitSpan(today, unit, -2), tz) };
  }
  const next = ['that', 'this', 'it'].includes(after) ? at + 3 : at + 2;
  const period = relativeTo ? unitBefore(relativeTo, unit) : spanPeriod(unitSpan(today, unit, -1), tz);
  return { next, period };
};

/** "3 days ago", "two months ago": that day, that month. */
const readAgo: Rule = (tokens, at, { today, tz }) => {
  const article = ['a', 'an'].includes(wordAt(tokens, at));
  const count = article ? 1 : countAt(tokens, at);
  if (count === null) return null;
  const unitIndex = wordAt(tokens, at + 1) === 'of' ? at + 2 : at + 1;
  const unit = UNITS.get(wordAt(tokens, unitIndex));
  if (!unit || wordAt(tokens, unitIndex + 1) !== 'ago') return null;
  const next = unitIndex + 2;
  if (count < 1 || count > MAX_COUNT) return { next, period: null };
  return { next, period: spanPeriod(unitSpan(today, unit, -count), tz) };
};

const readCalendarDate: Rule = (tokens, at, context) => {
  const found = readDate(tokens, at, { today: context.today, year: null });
  if (!found) return null;
  return { next: found.next, period: found.span ? spanPeriod(found.span, context.tz) : null };
};

const readIsoPeriod: Rule = (tokens, at, { tz }) => {
  const token = tokens[at];
  return token?.kind === 'iso' ? { next: at + 1, period: readIso(token.text, tz) } : null;
};

const SINGLE_RULES: readonly Rule[] = [
  readIsoPeriod,
  readNamedDay,
  readToDate,
  readAgo,
  readUnitBefore,
  readRelativeUnit,
  readWeekday,
  readCalendarDate,
];

/** One period that is not a range of two. */
export const readSingle: Rule = (tokens, at, context) => {
  for (const rule of SINGLE_RULES) {
    const found = rule(tokens, at, context);
    if (found) return found;
  }
  return null;
};
