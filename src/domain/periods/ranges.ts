import type { Period } from '../types.ts';
import { type Span, startOfDayAt } from './calendar.ts';
import { type FoundDate, readDate } from './dates.ts';
import { makePeriod } from './describe-period.ts';
import { type Found, type GrammarContext, readSingle, spanPeriod } from './grammar.ts';
import type { Token } from './tokens.ts';

const JOINING = new Set(['to', 'until', 'till', 'through', 'thru', '-', 'and']);

function word(tokens: readonly Token[], at: number): string {
  return tokens[at]?.text ?? '';
}

/** "between X and Y", "from X to Y", "X to Y", "Oct 3 - 10": both ends belong to the range. */
export function readRange(tokens: readonly Token[], at: number, context: GrammarContext): Found | null {
  const opening = ['between', 'from'].includes(word(tokens, at));
  const start = opening ? at + 1 : at;
  const joins = new Set(word(tokens, at) === 'between' ? ['and', '-', 'to'] : JOINING);
  if (!opening) joins.delete('and');
  // "compare October to September" sets two periods side by side.
  if (!opening && context.comparing) joins.delete('to');
  return readDateRange(tokens, start, joins, context) ?? readMixedRange(tokens, start, joins, context);
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
  const second = readSecond(tokens, first, context);
  if (!second) return null;
  const begin = first.year === null ? redate(tokens, at, first, second, context) : first;
  if (!begin.span || !second.span) return { next: second.next, period: null };
  return { next: second.next, period: joinSpans(begin.span, second.span, tz) };
}

/** The far end: a date of its own, or a bare day of the month already named. */
function readSecond(tokens: readonly Token[], first: FoundDate, { today }: GrammarContext): FoundDate | null {
  const from = first.next + 1;
  const full = readDate(tokens, from, { today, year: first.year });
  if (full) return full;
  const day = tokens[from];
  if (first.month === null || !first.span || day?.kind !== 'number' || day.text.length > 2) return null;
  const text = Number(day.text);
  const inMonth = text >= 1 && text <= first.span.start.daysInMonth;
  const start = first.span.start.with({ day: Math.max(1, Math.min(text, first.span.start.daysInMonth)) });
  const span = inMonth ? { start, end: start.add({ days: 1 }) } : null;
  return { next: from + 1, span, year: null, month: first.month };
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

/** Any two periods: "from last week to today", "between 2026-10-01 and 2026-10-15". */
function readMixedRange(
  tokens: readonly Token[],
  at: number,
  joins: ReadonlySet<string>,
  context: GrammarContext,
): Found | null {
  const first = readSingle(tokens, at, context);
  if (!first || !joins.has(word(tokens, first.next))) return null;
  const second = word(tokens, first.next + 1) === 'now' ? nowAsEnd(first.next + 2, context) : null;
  const end = second ?? readSingle(tokens, first.next + 1, context);
  if (!end) return null;
  if (!first.period || !end.period) return { next: end.next, period: null };
  const ordered = end.period.startAt >= first.period.startAt && end.period.endAt > first.period.startAt;
  const period = ordered ? makePeriod(first.period.startAt, end.period.endAt, context.tz) : null;
  return { next: end.next, period };
}

function nowAsEnd(next: number, { nowAt, tz }: GrammarContext): Found {
  return { next, period: makePeriod(nowAt, nowAt, tz) };
}

/** "since X": from its beginning to the end of today. "until X": everything up to its end. */
export function readOpenRange(tokens: readonly Token[], at: number, context: GrammarContext): Found | null {
  const opening = word(tokens, at);
  if (opening !== 'since' && opening !== 'until' && opening !== 'till') return null;
  const found = readSingle(tokens, at + 1, context);
  if (!found) return null;
  const { today, tz } = context;
  if (!found.period) return { next: found.next, period: null };
  if (opening !== 'since') {
    const { endAt } = found.period;
    const last = makePeriod(endAt - 1, endAt - 1, tz)
      .label.split(', ')
      .slice(0, 2)
      .join(', ');
    return { next: found.next, period: { startAt: 0, endAt, tz, label: `until ${last}` } };
  }
  const endAt = spanPeriod({ start: today, end: today.add({ days: 1 }) }, tz).endAt;
  const ordered = endAt > found.period.startAt;
  return { next: found.next, period: ordered ? makePeriod(found.period.startAt, endAt, tz) : null };
}
