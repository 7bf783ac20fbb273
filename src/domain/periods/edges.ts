import { dateAt, startOfUnit, type Unit, unitSpan } from './calendar.ts';
import { type Rule, spanPeriod, wordAt } from './rule.ts';
import { UNITS } from './vocabulary.ts';

const SHORT: ReadonlyMap<string, Unit> = new Map([
  ['eow', 'week'],
  ['eom', 'month'],
  ['eoq', 'quarter'],
  ['eoy', 'year'],
]);

const BEGINNINGS = new Set(['start', 'beginning']);

/**
 * "EOM", "end of the quarter", "year end": the last day of the current one; "EOM October": of that. "Start of the
 * year": its first day. "At the end of October" stays October, at whose end a snapshot is taken anyhow.
 */
export function readEdge(
  tokens: Parameters<Rule>[0],
  at: number,
  context: Parameters<Rule>[2],
  readNamed: Rule,
): ReturnType<Rule> {
  const { today, tz } = context;
  const lastDay = (unit: Unit, next: number) => {
    const end = unitSpan(today, unit).end;
    return { next, period: spanPeriod({ start: end.subtract({ days: 1 }), end }, tz) };
  };
  const short = SHORT.get(wordAt(tokens, at));
  if (short) {
    const from = ['of', 'in', 'for'].includes(wordAt(tokens, at + 1)) ? at + 2 : at + 1;
    const named = readNamed(tokens, from, context);
    if (!named?.period) return lastDay(short, at + 1);
    const end = dateAt(named.period.endAt, tz);
    return { next: named.next, period: spanPeriod({ start: end.subtract({ days: 1 }), end }, tz) };
  }
  const noun = UNITS.get(wordAt(tokens, at));
  if (noun && noun !== 'day' && wordAt(tokens, at + 1) === 'end') return lastDay(noun, at + 2);
  const word = wordAt(tokens, at);
  if ((word !== 'end' && !BEGINNINGS.has(word)) || wordAt(tokens, at + 1) !== 'of') return null;
  const from = ['the', 'this', 'current'].includes(wordAt(tokens, at + 2)) ? at + 3 : at + 2;
  const unit = UNITS.get(wordAt(tokens, from));
  if (word === 'end') return unit && unit !== 'day' ? lastDay(unit, from + 1) : null;
  if (unit) return { next: from + 1, period: spanPeriod(unitSpan(startOfUnit(today, unit), 'day'), tz) };
  const named = readNamed(tokens, from, context);
  if (!named?.period) return null;
  return { next: named.next, period: spanPeriod(unitSpan(dateAt(named.period.startAt, tz), 'day'), tz) };
}
