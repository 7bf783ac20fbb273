import type { Utterance } from '../../domain/language/utterance.ts';
import { shiftInstant } from '../../domain/periods/calendar.ts';
import { findPeriods } from '../../domain/periods/find-periods.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { Json, Period } from '../../domain/types.ts';
import { periodIn } from './describe-input.ts';

type Input = { [key: string]: Json };
type At = Pick<Utterance, 'nowAt' | 'tz'>;

const RELATIVE = /\b(?:before|previous|prior|after|following|earlier|later)\b/i;
const YEAR_EARLIER = /\b(?:year (?:before|earlier|ago|prior)|(?:previous|prior) year)\b/i;
const LAST_YEAR = /\blast year\b/i;
/** A leap year and a daylight-saving hour less than two of them. */
const UNDER_A_YEAR_MS = 364 * 86_400_000;

/**
 * The period a follow-up names, where that depends on the question before: "the month before" is before its period;
 * "the year before", and "same for last year", of a month is that month a year earlier. Null where the words stand
 * for themselves.
 */
export function shiftedPeriod(rest: string, before: Input, at: At, same: boolean): string | null {
  const base = earliestOf(before, at);
  if (!base) return null;
  if (YEAR_EARLIER.test(rest) || (same && LAST_YEAR.test(rest))) {
    const earlier = aYearBefore(base, at);
    if (earlier) return earlier;
  }
  if (!RELATIVE.test(rest)) return null;
  const found = findPeriods(rest, { ...at, relativeTo: base })[0]?.period;
  return found ? periodArgument(found) : null;
}

/** "vs last year" of a month: the same month a year earlier, as much of it as has happened by now. */
export function comparedYearBefore(rest: string, before: Input, at: At): string | null {
  const period = periodIn(before.period, at);
  if (!period || !(YEAR_EARLIER.test(rest) || LAST_YEAR.test(rest))) return null;
  return aYearBefore(period, at);
}

function earliestOf(before: Input, at: At): Period | null {
  const period = periodIn(before.period, at);
  const compared = periodIn(before.compare, at);
  return compared && period && compared.startAt < period.startAt ? compared : period;
}

function aYearBefore(period: Period, { nowAt, tz }: At): string | null {
  if (period.endAt - period.startAt > UNDER_A_YEAR_MS) return null;
  const endAt = Math.min(period.endAt, Math.max(nowAt, period.startAt));
  return periodArgument({
    startAt: shiftInstant(period.startAt, tz, 'year', -1),
    endAt: shiftInstant(endAt, tz, 'year', -1),
  });
}
