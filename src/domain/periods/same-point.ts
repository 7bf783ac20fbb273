import type { Period } from '../types.ts';
import {
  addUnits,
  dateAt,
  isDayStart,
  shiftInstant,
  startOfDayAt,
  startOfUnit,
  type Unit,
} from './calendar.ts';
import { makePeriod } from './describe-period.ts';
import { type GrammarContext, type Rule, wordAt } from './rule.ts';
import { UNITS } from './vocabulary.ts';

const POINTS = new Set(['point', 'time', 'period', 'date', 'stage']);

/**
 * "same point last quarter", "same day last week", "same time last year": what was named before, or else the one
 * that is running so far, moved back by one. What is not over yet is met by as much of the earlier one.
 */
export const readSamePoint: Rule = (tokens, at, context) => {
  const start = wordAt(tokens, at) === 'this' && wordAt(tokens, at + 1) === 'time' ? at + 1 : null;
  const same = wordAt(tokens, at) === 'same' ? at + 1 : start;
  if (same === null) return null;
  const what = wordAt(tokens, same);
  const of = ['in', 'of', 'the'].includes(wordAt(tokens, same + 1)) ? 1 : 0;
  const backwards = ['last', 'previous', 'past'].includes(wordAt(tokens, same + 1 + of));
  const ago = wordAt(tokens, same + 1) === 'a' && wordAt(tokens, same + 3) === 'ago';
  const unit = UNITS.get(wordAt(tokens, same + 2 + (ago ? 0 : of)));
  if (!unit || unit === 'day' || (!backwards && !ago)) return null;
  const named = UNITS.get(what);
  if (!named && !POINTS.has(what)) return null;
  const base = baseOf(named ?? null, unit, context);
  const next = same + (ago ? 4 : 3 + of);
  const period = movedBack(base, unit, context.nowAt);
  return { next, period, against: base };
};

/** What the counterpart is of: the period named before, else the running day, week or unit so far. */
function baseOf(named: Unit | null, unit: Unit, { relativeTo, today, nowAt, tz }: GrammarContext): Period {
  if (relativeTo) return relativeTo;
  return makePeriod(startOfDayAt(startOfUnit(today, named ?? unit), tz), nowAt, tz);
}

function movedBack(base: Period, unit: Unit, nowAt: number): Period | null {
  const { startAt, tz } = base;
  const endAt = startAt < nowAt ? Math.min(base.endAt, nowAt) : base.endAt;
  const moved = (at: number) =>
    isDayStart(at, tz)
      ? startOfDayAt(addUnits(dateAt(at, tz), unit, -1), tz)
      : shiftInstant(at, tz, unit, -1);
  const from = moved(startAt);
  // The end is outside: a period up to a month's end is met by one up to a month's end, however long.
  const until = moved(endAt);
  return until > from ? makePeriod(from, until, tz) : null;
}
