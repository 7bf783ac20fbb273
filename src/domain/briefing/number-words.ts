import { compareValues } from '../metrics/compare.ts';
import { formatDifference, formatValue } from '../metrics/format-value.ts';
import { exponentOf } from '../money/exponents.ts';
import { describeInstant } from '../periods/describe-period.ts';
import type { BriefingMetric } from './briefing.ts';
import type { FigureBook } from './figures.ts';
import type { Gathered, GatheredNumber } from './gathered.ts';

type Comparison = BriefingMetric['comparisons'][number];
type Measured = Pick<GatheredNumber, 'metric' | 'unit'>;

/** A number with its comparisons in words, and whether its day was all there. */
export function metricOf(number: GatheredNumber, gathered: Gathered, book: FigureBook): BriefingMetric {
  const { metric, label, amount, queryId } = number;
  return {
    metric,
    label,
    amount,
    value: book.say(number.text, queryId),
    comparisons: number.against.map(({ words, amount: past }) =>
      comparisonOf(number, past, words, gathered.company.currency, book),
    ),
    partial: partialWords(number, gathered, book),
    queryId,
  };
}

/**
 * "up 12.0% on the day before". A percentage of a tiny base misleads (counts below 10, amounts below 100 whole
 * units), so there the difference itself is said: "up 3 on the day before".
 */
export function comparisonOf(
  number: Measured & { amount: number | null; queryId: string },
  past: number | null,
  against: string,
  currency: string,
  book: FigureBook,
): Comparison {
  book.say(against, number.queryId);
  const { difference, percent } = compareValues(number, number.amount, past, exponentOf(currency));
  if (difference === null) return { against, words: `no data for ${against}`, direction: 'none' };
  const by =
    percent === null
      ? formatDifference({ name: number.metric, unit: number.unit }, difference, currency)
      : `${Math.abs(percent).toFixed(1)}%`;
  // What rounds to nothing is nothing to speak of.
  if (difference === 0 || /^0(?:\.0+)?(?:%| percentage points)$/.test(by))
    return { against, words: `level with ${against}`, direction: 'flat' };
  const direction = difference > 0 ? 'up' : 'down';
  return { against, words: `${direction} ${book.say(by, number.queryId)} on ${against}`, direction };
}

/** "$1,234.00" of a value in the number's own measure. */
export function valueWords(number: Measured, amount: number, currency: string): string {
  const whole = number.unit === 'ratio' ? amount : Math.round(amount);
  return formatValue({ name: number.metric, unit: number.unit }, whole, currency);
}

/** A day that its source had not brought to its end is said to be part of a day. */
function partialWords(number: GatheredNumber, { days, slot }: Gathered, book: FigureBook): string | null {
  if (number.kind === 'instant') return null;
  const behind = number.freshness.filter(({ throughAt }) => throughAt === null || throughAt < days.day.endAt);
  const throughAt = behind.map((entry) => entry.throughAt ?? 0).sort((a, b) => a - b)[0];
  if (throughAt === undefined) return null;
  if (throughAt <= days.day.startAt) return 'not in yet';
  return `part of the day, until ${book.say(describeInstant(throughAt, slot.tz), number.queryId)}`;
}
