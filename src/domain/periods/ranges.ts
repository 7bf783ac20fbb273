import type { Period } from '../types.ts';
import { dateAt, isDayStart, type Span, startOfDayAt } from './calendar.ts';
import { instantOf, zoneAt } from './clock-times.ts';
import { type FoundDate, readDate, yearAt } from './dates.ts';
import { makePeriod } from './describe-period.ts';
import { readSingle } from './grammar.ts';
import { type Found, type GrammarContext, spanPeriod, wordAt as word } from './rule.ts';
import type { Token } from './tokens.ts';

const JOINING = new Set(['to', 'until', 'till', 'through', 'thru', '-', 'and']);

/** "between X and Y", "from X to Y", "X to Y", "Oct 3 - 10": both ends belong to the range. */
export function readRange(tokens: readonly Token[], at: number, context: GrammarContext): Found | null {
  const opening = ['between', 'from'].includes(word(tokens, at));
  const start = opening ? pastArticle(tokens, at + 1) : at;
  const joins = new Set(word(tokens, at) === 'between' ? ['and', '-', 'to'] : JOINING);
  if (!opening) joins.delete('and');
  // "compare October to September" sets two periods side by side.
  if (!opening && context.comparing) joins.delete('to');
  const found = readDateRange(tokens, start, joins, context) ?? readMixedRange(tokens, start, joins, context);
  return found && untilTime(tokens, found, context);
}

function pastArticle(tokens: readonly Token[], at: number): number {
  return word(tokens, at) === 'the' ? at + 1 : at;
}

/** "Nov 1 - 22, 2026, until 14:30 PST": the last day stops at that time. */
export function untilTime(tokens: readonly Token[], found: Found, { tz }: GrammarContext): Found {
  const clock = tokens[found.next + 2];
  const marked = word(tokens, found.next) === ',' && word(tokens, found.next + 1) === 'until';
  if (!found.period || !marked || clock?.kind !== 'time') return found;
  const { next, zone } = zoneAt(tokens, found.next + 3);
  const endAt = instantOf(dateAt(found.period.endAt - 1, tz), clock.text, tz, zone);
  return { ...found, next, period: makePeriod(found.period.startAt, endAt, tz) };
}

/** Two calendar dates, where the year may be said once only. */
function readDateRange(
  tokens: readonly Token[],
  at: number,
  joins: ReadonlySet<string>,
  context: GrammarContext,
): Found | null {
  const { today, tz } = context;
  const first = readDate(tokens, at, { today, year: null });
  if (!first || !joins.has(word(tokens, first.next))) return null;
  const second = readSecond(tokens, at, first, context);
  if (!second) return null;
  // A time after the day makes it an instant, which is read as such.
  if (tokens[second.next + (word(tokens, second.next) === ',' ? 1 : 0)]?.kind === 'time') return null;
  const begin = first.year === null ? redate(tokens, at, first, second, context) : first;
  if (!begin.span || !second.span) return { next: second.next, period: null };
  return { next: second.next, period: joinSpans(begin.span, second.span, tz) };
}

/** The far end: a date of its own, or a bare day of the month already named. */
function readSecond(
  tokens: readonly Token[],
  at: number,
  first: FoundDate,
  { today }: GrammarContext,
): FoundDate | null {
  const from = first.next + 1;
  const full = readDate(tokens, from, { today, year: first.year });
  if (full) return full;
  const day = tokens[from];
  if (first.month === null || !first.span || day?.kind !== 'number' || day.text.length > 2) return null;
  const text = Number(day.text);
  const said = yearAt(tokens, from + 1, today);
  if (said) return readDayOf(tokens, at, from, said, today);
  const inMonth = text >= 1 && text <= first.span.start.daysInMonth;
  const start = first.span.start.with({ day: Math.max(1, Math.min(text, first.span.start.daysInMonth)) });
  const span = inMonth ? { start, end: start.add({ days: 1 }) } : null;
  return { next: from + 1, span, year: null, month: first.month };
}

/** "Oct 1 - 31, 2025": the year comes last, and is of both. */
function readDayOf(
  tokens: readonly Token[],
  at: number,
  from: number,
  said: { year: number; next: number },
  today: GrammarContext['today'],
): FoundDate {
  const dated = readDate(tokens, at, { today, year: said.year });
  const day = Number(tokens[from]?.text);
  const start = dated?.span?.start;
  const exists = start !== undefined && day >= 1 && day <= start.daysInMonth;
  const first = exists ? start.with({ day }) : null;
  const span = first ? { start: first, end: first.add({ days: 1 }) } : null;
  return { next: said.next, span, year: said.year, month: dated?.month ?? null };
}

/** "Oct to Dec 2025" is of 2025; "Nov to Feb" begins the year before. */
function redate(
  tokens: readonly Token[],
  at: number,
  first: FoundDate,
  second: FoundDate,
  { today }: GrammarContext,
): FoundDate {
  const dated = second.year === null ? first : readDate(tokens, at, { today, year: second.year });
  if (!dated?.span || !second.span || dated.month !== null) return dated ?? first;
  if (dated.span.start.toString() <= second.span.start.toString()) return dated;
  return { ...dated, span: shiftYear(dated.span, -1) };
}

function shiftYear(span: Span, years: number): Span {
  return { start: span.start.add({ years }), end: span.end.add({ years }) };
}

function joinSpans(first: Span, second: Span, tz: string): Period | null {
  const startAt = startOfDayAt(first.start, tz);
  const endAt = startOfDayAt(second.end, tz);
  const ordered = first.start.toString() <= second.start.toString() && endAt > startAt;
  return ordered ? makePeriod(startAt, endAt, tz) : null;
}

/** Any two periods: "from last week to today", "between 2026-10-01 and 2026-10-15", "3/10 to 10/10". */
function readMixedRange(
  tokens: readonly Token[],
  at: number,
  joins: ReadonlySet<string>,
  context: GrammarContext,
): Found | null {
  const first = readSingle(tokens, at, context);
  if (!first || !joins.has(word(tokens, first.next))) return null;
  const from = pastArticle(tokens, first.next + 1);
  const second = word(tokens, from) === 'now' ? nowAsEnd(from + 1, context) : null;
  const end = second ?? readSingle(tokens, from, context);
  if (!end) return null;
  if (!first.period || !end.period) return { next: end.next, period: null };
  const { startAt } = first.period;
  const ordered = end.period.startAt >= startAt && end.period.endAt > startAt;
  const note = first.note ?? end.note;
  const period = ordered ? makePeriod(startAt, end.period.endAt, context.tz) : null;
  return { next: end.next, period, ...(note === undefined ? {} : { note }) };
}

function nowAsEnd(next: number, { nowAt, tz }: GrammarContext): Found {
  return { next, period: makePeriod(nowAt, nowAt, tz) };
}

/**
 * "since X": from its beginning to the end of today, or to now when X is a time of day. "since" alone counts from
 * what was named before. "until X": everything up to its end.
 */
export function readOpenRange(tokens: readonly Token[], at: number, context: GrammarContext): Found | null {
  const opening = word(tokens, at);
  if (opening !== 'since' && opening !== 'until' && opening !== 'till') return null;
  const found = readSingle(tokens, pastArticle(tokens, at + 1), context);
  if (!found) return opening === 'since' ? readSinceEvent(tokens, at, context) : null;
  if (!found.period) return { next: found.next, period: null };
  const note = found.note === undefined ? {} : { note: found.note };
  if (opening === 'since')
    return { next: found.next, period: sinceAt(found.period.startAt, context), ...note };
  return { next: found.next, period: untilAt(found.period.endAt, context.tz), ...note };
}

function untilAt(endAt: number, tz: string): Period {
  const whole = isDayStart(endAt, tz);
  const last = makePeriod(endAt - 1, endAt - 1, tz)
    .label.split(', ')
    .slice(0, 2)
    .join(', ');
  return { startAt: 0, endAt, tz, label: `until ${whole ? last : makePeriod(endAt, endAt, tz).label}` };
}

/** To the end of today, as a day that began counts whole; from a time of day, to now. */
function sinceAt(startAt: number, { today, nowAt, tz }: GrammarContext): Period | null {
  const endOfToday = spanPeriod({ start: today, end: today.add({ days: 1 }) }, tz).endAt;
  const endAt = isDayStart(startAt, tz) ? endOfToday : nowAt;
  return endAt > startAt ? makePeriod(startAt, endAt, tz) : null;
}

const BEFORE_EVENT = new Set(['the', 'that', 'this', 'our', 'last', 'latest', 'a', 'recent', 'api']);
/** Where the words about an event end. */
const AFTER_EVENT = new Set('by per for vs versus , . and but please in on'.split(' '));
const TELLS_AN_EVENT = new Set('we i they you he she it the our that this'.split(' '));

/** "since the outage", "since then"; an event nobody told Psi about is a period it does not know. */
function readSinceEvent(tokens: readonly Token[], at: number, context: GrammarContext): Found | null {
  let from = at + 1;
  while (BEFORE_EVENT.has(word(tokens, from))) from += 1;
  const name = word(tokens, from);
  const anchor = context.anchors.find(({ words }) => words.includes(name));
  if (anchor) return { next: from + 1, period: sinceAt(anchor.at, context) };
  const next = word(tokens, at + 1);
  const then = next === 'then' || next === 'that';
  if ((next === '' || then) && context.relativeTo) {
    return { next: at + (then ? 2 : 1), period: sinceAt(context.relativeTo.startAt, context) };
  }
  if (!TELLS_AN_EVENT.has(next)) return null;
  let end = at + 2;
  while (end < tokens.length && !AFTER_EVENT.has(word(tokens, end))) end += 1;
  return { next: Math.min(end, tokens.length), period: null };
}
