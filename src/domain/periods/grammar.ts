import type { Period } from '../types.ts';
import {
  addUnits,
  dateAt,
  shiftInstant,
  startOfDayAt,
  startOfUnit,
  type Unit,
  unitSpan,
} from './calendar.ts';
import { readClockTime, readDayPart } from './clock-times.ts';
import { readDate } from './dates.ts';
import { makePeriod } from './describe-period.ts';
import { readEdge } from './edges.ts';
import { readFiscal } from './fiscal.ts';
import { readIso } from './iso.ts';
import { readHoliday, readMonthDay, readWeekend, readWeekOf } from './named-days.ts';
import { unitBefore } from './previous-period.ts';
import { countAt, type Found, firstOf, type GrammarContext, type Rule, spanPeriod, wordAt } from './rule.ts';
import { readSamePoint } from './same-point.ts';
import { dayOrderOf, readSlashDate } from './slash-dates.ts';
import type { Token } from './tokens.ts';
import { AMBIGUOUS_WEEKDAYS, HOURS, UNITS, WEEKDAYS } from './vocabulary.ts';

export function grammarContext(
  options: Pick<GrammarContext, 'nowAt' | 'tz'> &
    Partial<Pick<GrammarContext, 'fiscalYearStart' | 'dayOrder' | 'anchors'>>,
  relativeTo: Period | null,
  comparing: boolean,
): GrammarContext {
  const { nowAt, tz, fiscalYearStart = 1, dayOrder = dayOrderOf(tz), anchors = [] } = options;
  return { nowAt, tz, today: dateAt(nowAt, tz), relativeTo, comparing, fiscalYearStart, dayOrder, anchors };
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
  const name = wordAt(tokens, from);
  const weekday = WEEKDAYS.get(name);
  if (weekday === undefined) return null;
  if (AMBIGUOUS_WEEKDAYS.has(name) && from === at && !BEFORE_WEEKDAY.has(wordAt(tokens, at - 1))) return null;
  const back = (today.dayOfWeek - weekday + 7) % 7 || 7;
  return { next: from + 1, period: spanPeriod(unitSpan(today, 'day', -back), tz) };
};

const BEFORE_WEEKDAY = new Set('on since from until till to through by vs and between'.split(' '));

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
  if (short)
    return earlierToDate(tokens, at, short, context) ?? { next: at + 1, period: soFar(short, context) };
  const from = ['this', 'current'].includes(wordAt(tokens, at)) ? at + 1 : at;
  const unit = UNITS.get(wordAt(tokens, from));
  const rest = `${wordAt(tokens, from + 1)} ${wordAt(tokens, from + 2)}`;
  if (!unit || (rest !== 'to date' && rest !== 'so far')) return null;
  return { next: from + 3, period: soFar(unit, context) };
};

/** "YTD last year": as much of it as has gone by of this one. */
function earlierToDate(
  tokens: readonly Token[],
  at: number,
  unit: Unit,
  { today, nowAt, tz }: GrammarContext,
): Found | null {
  const moved = UNITS.get(wordAt(tokens, at + 2));
  if (!['last', 'previous'].includes(wordAt(tokens, at + 1)) || !moved || moved === 'day') return null;
  const startAt = startOfDayAt(addUnits(startOfUnit(today, unit), moved, -1), tz);
  const endAt = shiftInstant(nowAt, tz, moved, -1);
  return endAt > startAt ? { next: at + 3, period: makePeriod(startAt, endAt, tz) } : null;
}

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
  if (HOURS.has(word) && direction < 0) {
    return { next: unitIndex + 1, period: hoursBack(count ?? 1, context) };
  }
  const unit = UNITS.get(word);
  if (!unit) return null;
  const next = unitIndex + 1;
  if (count === null) return readSingleUnit(tokens, at, unit, direction, context);
  if (count < 1 || count > MAX_COUNT) return { next, period: null };
  if (direction < 0) return withCurrentUnit(tokens, next, unit, count, context);
  const start = addUnits(startOfUnit(context.today, unit), unit, direction);
  return { next, period: spanPeriod({ start, end: addUnits(start, unit, count) }, context.tz) };
};

const LEAVING_OUT = new Set(['excluding', 'except', 'without', 'excl', 'minus']);
const TAKING_IN = new Set(['including', 'incl', 'with', 'plus']);

/** "last 3 months", with or without the one that is running where that is said. */
function withCurrentUnit(
  tokens: readonly Token[],
  next: number,
  unit: Unit,
  count: number,
  context: GrammarContext,
): Found {
  const verb = wordAt(tokens, next);
  const from = verb === 'not' && wordAt(tokens, next + 1) === 'counting' ? next + 2 : next + 1;
  const end =
    LEAVING_OUT.has(verb) || TAKING_IN.has(verb) || from > next + 1 ? currentUnitEnd(tokens, from) : null;
  if (end === null) return { next, period: lastUnits(unit, count, context) };
  const current = startOfUnit(context.today, unit);
  const until = TAKING_IN.has(verb) ? addUnits(current, unit, 1) : current;
  const start = addUnits(until, unit, -count);
  return { next: end, period: spanPeriod({ start, end: until }, context.tz) };
}

/** "this one", "the current month", "today": where it stops, or null when it is something else. */
function currentUnitEnd(tokens: readonly Token[], at: number): number | null {
  const from = wordAt(tokens, at) === 'the' ? at + 1 : at;
  if (wordAt(tokens, from) === 'today') return from + 1;
  const named = UNITS.has(wordAt(tokens, from + 1)) || wordAt(tokens, from + 1) === 'one';
  return ['this', 'current'].includes(wordAt(tokens, from)) && named ? from + 2 : null;
}

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

/** "TTM", "the last twelve months" in one word. */
const readTrailingYear: Rule = (tokens, at, context) =>
  ['ttm', 'ltm'].includes(wordAt(tokens, at))
    ? { next: at + 1, period: lastUnits('month', 12, context) }
    : null;

/** "all time": everything up to the end of today. */
const readAllTime: Rule = (tokens, at, { today, tz }) => {
  const words = `${wordAt(tokens, at)} ${wordAt(tokens, at + 1)}`;
  const hyphen = words === 'all -' && wordAt(tokens, at + 2) === 'time';
  if (words !== 'all time' && !hyphen) return null;
  const { endAt, label } = spanPeriod(unitSpan(today, 'day'), tz);
  return { next: at + (hyphen ? 3 : 2), period: { startAt: 0, endAt, tz, label: `until ${label}` } };
};

/** Rules that a longer reading may begin with. */
const readNamed: Rule = firstOf([
  readIsoPeriod,
  readSlashDate,
  readFiscal,
  readDayPart,
  readNamedDay,
  readToDate,
  readTrailingYear,
  readAllTime,
  readAgo,
  readUnitBefore,
  readRelativeUnit,
  readHoliday,
  readWeekend,
  readWeekday,
  readCalendarDate,
  readMonthDay,
]);

/** One period that is not a range of two. */
export const readSingle: Rule = (tokens, at, context) => {
  return (
    readSamePoint(tokens, at, context) ??
    readEdge(tokens, at, context, readNamed) ??
    readWeekOf(tokens, at, context, readNamed) ??
    readClockTime(tokens, at, context, readNamed) ??
    readNamed(tokens, at, context)
  );
};
