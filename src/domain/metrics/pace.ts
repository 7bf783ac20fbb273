import type { Utterance } from '../language/utterance.ts';
import { dateAt, shiftInstant, startOfDayAt, startOfUnit } from '../periods/calendar.ts';
import { makePeriod } from '../periods/describe-period.ts';
import { periodArgument } from '../periods/period-argument.ts';
import type { Json } from '../types.ts';
import { findMetric } from './index.ts';
import type { SentenceParts } from './sentence-parts.ts';

/**
 * "MoM", "YoY": where no period is named, the running one so far against as much of the one before. A snapshot is
 * compared with itself a unit ago; a flow year over year is the year to date. With a period, that one against the
 * one before it, or the same a year ago.
 */
export function pacedPeriods(
  metric: string,
  { pace, periods }: SentenceParts,
  { nowAt, tz }: Utterance,
  input: { [key: string]: Json },
): { [key: string]: Json } {
  const since = sinceSnapshot(metric, periods[0], tz, input);
  if (since) return since;
  if (pace === null || (input.compare !== undefined && input.compare !== 'previous')) return input;
  const named = periods[0]?.period ?? null;
  if (named && pace !== 'year') return { ...input, compare: 'previous' };
  if (!named && pace === 'month') return { ...input, compare: 'previous' };
  const snapshot = findMetric(metric)?.kind === 'snapshot';
  const start = startOfUnit(dateAt(nowAt, tz), snapshot && pace === 'year' ? 'month' : pace);
  const period = named ?? makePeriod(startOfDayAt(start, tz), nowAt, tz);
  const until = Math.min(period.endAt, Math.max(nowAt, period.startAt + 1));
  const moved = makePeriod(shiftInstant(period.startAt, tz, pace, -1), shiftInstant(until, tz, pace, -1), tz);
  return {
    ...input,
    ...(snapshot && !named ? {} : { period: periodArgument(period) }),
    compare: periodArgument(moved),
  };
}

/** "MRR up since October": a snapshot now against the end of the day before. */
function sinceSnapshot(
  metric: string,
  first: SentenceParts['periods'][number] | undefined,
  tz: string,
  input: { [key: string]: Json },
): { [key: string]: Json } | null {
  if (!first?.period || !/^since\b/i.test(first.text) || findMetric(metric)?.kind !== 'snapshot') return null;
  const { startAt } = first.period;
  const day = startOfDayAt(dateAt(startAt - 1, tz), tz);
  const { period: _period, ...rest } = input;
  return { ...rest, compare: periodArgument(makePeriod(day, startAt, tz)) };
}
