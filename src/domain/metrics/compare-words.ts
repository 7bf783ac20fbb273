import type { Utterance } from '../language/utterance.ts';
import type { Unit } from '../periods/calendar.ts';
import type { PeriodOptions } from '../periods/find-periods.ts';
import { parsePeriod } from '../periods/parse-period.ts';
import type { Compare } from '../periods/previous-period.ts';
import type { Json, Period } from '../types.ts';
import type { Metric } from './metric.ts';

const SAME =
  /\b(?:the )?(?:same (?:point|time|period|stage|days?|weekdays?|dates?|weeks?|months?|quarters?)(?: (?:in|of|a|one))?|this (?:time|point)) (last|previous|prior|the previous) (week|month|quarter|year)\b/i;
const YEAR_AGO =
  /\b(?:the )?same (?:point|time|period|days?|weeks?|months?|quarters?) (?:a|one) year (?:ago|earlier|before)\b/i;
const UNITS: ReadonlyMap<string, Unit> = new Map(
  (['week', 'month', 'quarter', 'year'] as const).map((unit) => [unit, unit]),
);
/** A leap year and a daylight-saving hour less than two of them. */
const UNDER_A_YEAR_MS = 364 * 86_400_000;

/** "vs the same point last quarter": the argument for it, and the message without those words. */
export function samePointIn(utterance: Utterance): {
  compare: { [key: string]: Json };
  utterance: Utterance;
} {
  const match = SAME.exec(utterance.text) ?? YEAR_AGO.exec(utterance.text);
  if (!match) return { compare: {}, utterance };
  const unit = match[2]?.toLowerCase() ?? 'year';
  const [from, to] = [match.index, match.index + match[0].length];
  const outside = utterance.periods.filter((mention) => mention.end <= from || mention.start >= to);
  const text = `${utterance.text.slice(0, from)}${' '.repeat(to - from)}${utterance.text.slice(to)}`;
  return {
    compare: { compare: `same_point last ${unit}` },
    utterance: { ...utterance, text, periods: outside, comparison: false },
  };
}

/** How an argument compares: by kind ("previous", "last_year", "same_point last quarter"), or another period. */
export function readCompare(
  text: string,
  asked: PeriodOptions & { period: Period | null; kind: Metric['kind'] },
): Compare {
  const words = text.trim().toLowerCase();
  const { period, kind, ...options } = asked;
  if (/^(?:the )?previous(?: period)?$/.test(words)) return 'previous';
  if (words === 'last_year') return 'last_year';
  // "Last year" said of anything shorter means the same of it a year earlier, not the whole year.
  const short = period ? period.endAt - period.startAt < UNDER_A_YEAR_MS : kind === 'flow';
  if (
    short &&
    /^(?:the )?(?:last|previous|prior) year$|^(?:a|one) year (?:ago|earlier|before)$/.test(words)
  ) {
    return 'last_year';
  }
  const same = /^(?:the )?same[_ ](?:point|time|period)(?: (?:in |of )?(?:last|previous) (\w+))?$/.exec(
    words,
  );
  if (same) return { samePoint: UNITS.get(same[1] ?? 'month') ?? 'month' };
  return parsePeriod(text, { ...options, relativeTo: period ?? undefined });
}
