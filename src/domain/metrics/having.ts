import { exponentOf } from '../money/exponents.ts';
import { previousPeriod, unitBefore } from '../periods/previous-period.ts';
import type { Period } from '../types.ts';
import {
  type Calculation,
  calculateMetric,
  type MetricGroup,
  type MetricRequest,
  monthSoFar,
} from './calculate.ts';
import { compareValues } from './compare.ts';
import type { MetricFacts } from './facts.ts';
import { formatDifference, formatValue } from './format-value.ts';
import type { Dimension, Metric } from './metric.ts';

/** What a group must be like: API calls down more than 20%, MRR above 2,000.00. */
export interface HavingCondition {
  metric: Metric;
  op: 'gt' | 'gte' | 'lt' | 'lte';
  /** In the metric's unit (minor units, a fraction, milliseconds); percent for a change in percent. */
  value: number;
  as: 'value' | 'change' | 'change_percent';
  /** Of its own, where it differs from the question's. */
  period: Period | null;
}

/** The groups that fit every condition, with why, and what the conditions could not be judged for. */
export interface Fitting {
  keys: ReadonlySet<string | null>;
  labels: ReadonlyMap<string | null, string>;
  /** The reason shown beside a group. */
  details: ReadonlyMap<string | null, string>;
  /** By which groups are ordered where a change was asked for. */
  changes: ReadonlyMap<string | null, number> | null;
  /** How many groups were looked at. */
  of: number;
  notes: string[];
}

interface Against {
  compare: Period | null;
  /** The metric that is shown anyway. */
  main: string;
}

interface Judged {
  fits: boolean;
  detail: string | null;
  change: number | null;
}

const COMPARE: Readonly<Record<HavingCondition['op'], (a: number, b: number) => boolean>> = {
  gt: (a, b) => a > b,
  gte: (a, b) => a >= b,
  lt: (a, b) => a < b,
  lte: (a, b) => a <= b,
};

/**
 * Judges every group by every condition. A group that one side knows and the other does not counts there as
 * nothing (of a ratio: as unknown), so that who stopped altogether is not lost; where nothing fits too, everybody
 * who pays is looked at.
 */
export async function fittingGroups(
  conditions: readonly HavingCondition[],
  request: MetricRequest & { by: Dimension },
  { compare, main }: Against,
  facts: MetricFacts,
): Promise<Fitting> {
  const labels = new Map<string | null, string>();
  const judged: Map<string | null, Judged>[] = [];
  const notes: string[] = [];
  for (const condition of conditions) {
    judged.push(await judge(condition, request, { compare, main }, facts, { labels, notes }));
  }
  const keys = new Set<string | null>();
  const details = new Map<string | null, string>();
  for (const key of labels.keys()) {
    const verdicts = judged.map((one) => one.get(key));
    if (!verdicts.every((verdict) => verdict?.fits)) continue;
    keys.add(key);
    const detail = verdicts.flatMap((verdict) => verdict?.detail ?? []).join(', ');
    if (detail !== '') details.set(key, detail);
  }
  const first = judged[0];
  const changes =
    first && conditions[0]?.as !== 'value'
      ? new Map([...first].map(([key, { change }]) => [key, change ?? 0] as const))
      : null;
  return { keys, labels, details, changes, of: labels.size, notes };
}

async function judge(
  condition: HavingCondition,
  request: MetricRequest & { by: Dimension },
  { compare, main }: Against,
  facts: MetricFacts,
  { labels, notes }: { labels: Map<string | null, string>; notes: string[] },
): Promise<Map<string | null, Judged>> {
  const { metric, op, value, as } = condition;
  const own = { ...request, period: condition.period ?? request.period };
  const present = await calculateMetric(metric.name, own, facts);
  const past =
    as === 'value'
      ? null
      : await calculateMetric(metric.name, { ...own, period: against(own, compare, present) }, facts);
  const adds =
    metric.additivity === 'sum' || metric.additivity === 'snapshot' || metric.additivity === 'distinct';
  const everybody = adds && as === 'value' && COMPARE[op](0, value) ? await payers(own, facts) : [];
  for (const group of [...(present.groups ?? []), ...(past?.groups ?? []), ...everybody])
    if (!labels.has(group.key) || labels.get(group.key) === group.key) labels.set(group.key, group.label);
  const presentOf = valuesOf(present.groups);
  const pastOf = valuesOf(past?.groups ?? null);
  const missing = adds ? 0 : null;
  const result = new Map<string | null, Judged>();
  let tooSmall = 0;
  for (const key of labels.keys()) {
    const now = presentOf.get(key) ?? missing;
    if (as === 'value') {
      const shown =
        metric.name === main ? null : `${metric.title} ${formatValue(metric, now, request.company.currency)}`;
      result.set(key, { fits: now !== null && COMPARE[op](now, value), detail: shown, change: null });
      continue;
    }
    const before = pastOf.get(key) ?? missing;
    const compared = compareValues(metric, now, before, exponentOf(request.company.currency));
    const change = as === 'change_percent' ? compared.percent : compared.difference;
    if (as === 'change_percent' && change === null && before !== null && before !== 0) tooSmall += 1;
    const detail =
      change === null ? null : changeWords(condition, compared, before, request.company.currency);
    result.set(key, { fits: change !== null && COMPARE[op](change, value), detail, change });
  }
  if (tooSmall > 0) notes.push(`${tooSmall} left out: too little before to speak of percent.`);
  return result;
}

/** What a change is against, when the sentence does not say. */
function against(own: MetricRequest, compare: Period | null, present: Calculation): Period {
  if (compare !== null) return compare;
  if (own.period) return previousPeriod(own.period, own.nowAt);
  if (present.metric.kind === 'flow') return previousPeriod(present.period, own.nowAt);
  return unitBefore(monthSoFar(own.company, own.nowAt), 'month');
}

function valuesOf(groups: readonly MetricGroup[] | null): Map<string | null, number | null> {
  return new Map((groups ?? []).map((group) => [group.key, group.value]));
}

/** Everybody who pays at the end of the period, by the dimension; whom no row of the metric mentions is among them. */
async function payers(request: MetricRequest, facts: MetricFacts): Promise<readonly MetricGroup[]> {
  const paying = await calculateMetric('active_customers', request, facts);
  return (paying.groups ?? []).filter((group) => (group.value ?? 0) > 0);
}

function changeWords(
  { metric, as }: HavingCondition,
  compared: ReturnType<typeof compareValues>,
  before: number | null,
  currency: string,
): string {
  const { difference, percent } = compared;
  const direction = (difference ?? 0) < 0 ? 'down' : 'up';
  const size =
    as === 'change_percent' && percent !== null
      ? `${Math.abs(percent).toFixed(1)}%`
      : formatDifference(metric, difference ?? 0, currency);
  return `${direction} ${size} from ${formatValue(metric, before, currency)}`;
}

const OP_WORDS: Readonly<Record<HavingCondition['op'], string>> = {
  gt: 'above',
  gte: 'of at least',
  lt: 'below',
  lte: 'of at most',
};
const MORE: Readonly<Record<HavingCondition['op'], string>> = {
  gt: 'more than ',
  gte: 'at least ',
  lt: 'more than ',
  lte: 'at least ',
};

/** "API calls down more than 20%", "MRR above $2,000.00", "no API calls". */
export function conditionWords(condition: HavingCondition, currency: string): string {
  const { metric, op, value, as, period } = condition;
  const when = period ? ` (${period.label})` : '';
  if (as === 'value') {
    if (value === 0 && op === 'lte')
      return `no ${/^[A-Z][a-z]/.test(metric.title) ? metric.title.charAt(0).toLowerCase() + metric.title.slice(1) : metric.title}${when}`;
    if (value === 1 && op === 'gte' && metric.unit === 'count') return `${metric.title}${when}`;
    return `${metric.title} ${OP_WORDS[op]} ${formatValue(metric, value, currency)}${when}`;
  }
  const falls = op === 'lt' || op === 'lte';
  const bound = Math.abs(value);
  const size = as === 'change_percent' ? `${bound}%` : formatDifference(metric, bound, currency);
  return `${metric.title} ${falls ? 'down' : 'up'} ${MORE[op]}${size}${when}`;
}
