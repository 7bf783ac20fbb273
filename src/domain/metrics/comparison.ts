import { divideHalfUp } from '../money/arithmetic.ts';
import { exponentOf } from '../money/exponents.ts';
import { dateAt, isDayStart } from '../periods/calendar.ts';
import { describeDays } from '../periods/describe-period.ts';
import { unlikeness } from '../periods/like-for-like.ts';
import {
  endBefore,
  likeForLike,
  previousPeriod,
  samePoint,
  unitAround,
  unitBefore,
} from '../periods/previous-period.ts';
import type { Company, Period } from '../types.ts';
import type { MetricComparison } from './answer.ts';
import { comparisonSentence, whenOf } from './answer-words.ts';
import { type Calculation, calculateMetric, type MetricRequest } from './calculate.ts';
import { compareValues } from './compare.ts';
import type { MetricFacts } from './facts.ts';
import { formatDifference, formatValue } from './format-value.ts';
import type { Metric } from './metric.ts';
import type { MetricQuestion } from './question.ts';

/** A value as data and as text. */
export function measureOf(metric: Metric, value: number | null, company: Company) {
  const money =
    metric.unit === 'money' && value !== null ? { minor: value, currency: company.currency } : null;
  return { value, money, text: formatValue(metric, value, company.currency) };
}

/** What a question is compared with; "previous" of a snapshot is the end of the period before, or of last month. */
export function comparedPeriod(question: MetricQuestion): Period | null {
  const { compare, metric, period, nowAt, company, tz } = question;
  if (compare === null) return null;
  const month = unitAround(nowAt, 'month', company.tz);
  if (compare === 'previous') {
    if (metric.kind === 'snapshot') return period ? endBefore(period) : unitBefore(month, 'month');
    return previousPeriod(period ?? month, nowAt);
  }
  if (compare === 'last_year') return samePoint(period ?? month, 'year', nowAt);
  if ('samePoint' in compare) {
    const around = period ?? unitAround(nowAt, compare.samePoint, tz);
    return samePoint(around, compare.samePoint, nowAt);
  }
  return metric.kind === 'flow' ? likeForLike(period ?? month, compare, nowAt) : compare;
}

/** The present value against an earlier one, like for like, with what makes the two unlike said beside it. */
export async function compareCalculation(
  question: MetricQuestion,
  request: MetricRequest,
  present: Calculation,
  facts: MetricFacts,
): Promise<MetricComparison | null> {
  const period = comparedPeriod(question);
  if (!period) return null;
  const { metric, company } = question;
  const measure = (of: Period) =>
    calculateMetric(metric.name, { ...request, period: of, by: request.only ? request.by : null }, facts);
  const past = await measure(period);
  const { difference, percent, reason } = compareValues(
    metric,
    present.value,
    past.value,
    exponentOf(company.currency),
  );
  const value = measureOf(metric, past.value, company);
  const when = whenOf(past, question);
  const differenceText = difference === null ? null : formatDifference(metric, difference, company.currency);
  const rounded = percent === null ? null : Math.round(percent * 10) / 10;
  const sentence =
    reason === 'no_value'
      ? `with nothing to compare it with ${when}`
      : comparisonSentence(difference ?? 0, differenceText ?? '', rounded, value.text, when);
  const flows = metric.kind === 'flow' && reason !== 'no_value';
  const notes = flows ? [...unlikeNotes(question, present, past), ...wholeDayNote(question, period)] : [];
  const whole = await wholeNote(question, period, measure);
  return {
    ...value,
    when,
    difference,
    differenceText,
    percent: rounded,
    sentence,
    notes: [...notes, ...whole],
  };
}

/** Days, weekdays and holidays that only one side has; of sums whose lengths differ, what a day comes to. */
function unlikeNotes(
  { metric, nowAt, company }: MetricQuestion,
  present: Calculation,
  past: Calculation,
): string[] {
  const { days, notes } = unlikeness(present.period, past.period, nowAt);
  if (notes.length === 0) return [];
  const daily = days && metric.additivity === 'sum' ? dailyWords(metric, company, present, past, days) : null;
  const [first, ...rest] = notes;
  return [[daily ? `${first}, ${daily}` : first, ...rest].join('; ')].map(asSentence);
}

function dailyWords(
  metric: Metric,
  company: Company,
  present: Calculation,
  past: Calculation,
  days: { present: number; past: number },
): string {
  const each = (value: number | null, of: number) => Number(divideHalfUp(BigInt(value ?? 0), BigInt(of)));
  const [now, then] = [each(present.value, days.present), each(past.value, days.past)];
  const text = (value: number) => formatValue(metric, value, company.currency);
  const { difference, percent } = compareValues(metric, now, then, exponentOf(company.currency));
  const way = (difference ?? 0) > 0 ? 'up' : 'down';
  const share = percent === null || difference === 0 ? '' : `, ${way} ${Math.abs(percent).toFixed(1)}%`;
  return `${text(now)} a day against ${text(then)}${share}`;
}

/** What was named but only partly compared is given whole beside it. */
async function wholeNote(
  { compare, metric, company }: MetricQuestion,
  used: Period,
  measure: (of: Period) => Promise<Calculation>,
): Promise<string[]> {
  if (compare === null || typeof compare === 'string' || 'samePoint' in compare) return [];
  if (compare.endAt === used.endAt) return [];
  const whole = await measure(compare);
  const text = formatValue(metric, whole.value, company.currency);
  return [`Compared over as much of it as has passed; the whole of ${compare.label} was ${text}.`];
}

function asSentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Rows of whole days: the earlier side's last day is all there, where today's is not over. */
export function wholeDayNote(
  { metric, nowAt }: Pick<MetricQuestion, 'metric' | 'nowAt'>,
  past: Period,
): string[] {
  const cut = past.endAt < nowAt && !isDayStart(past.endAt, past.tz);
  if (!cut || metric.byDay !== true || metric.additivity !== 'sum') return [];
  const day = describeDays(dateAt(past.endAt, past.tz), dateAt(past.endAt, past.tz));
  return [`${metric.title} come by the whole day: ${day} is all in, today is not over.`];
}
