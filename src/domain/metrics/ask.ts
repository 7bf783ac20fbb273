import { UserError } from '../../lib/errors.ts';
import { formatMoney } from '../money/format.ts';
import { dateAt, isDayStart } from '../periods/calendar.ts';
import { monthLabel } from '../periods/describe-period.ts';
import { unitAround } from '../periods/previous-period.ts';
import type { Company, Freshness, Money, Period } from '../types.ts';
import type { MetricAnswer, MetricBreakdown } from './answer.ts';
import { isRunning, narrowedTo, notesOf, whenOf, whoseDays } from './answer-words.ts';
import { type Calculation, calculateMetric, type MetricGroup, type MetricRequest } from './calculate.ts';
import { compareCalculation, comparedPeriod, measureOf } from './comparison.ts';
import type { FactFilter, MetricFacts } from './facts.ts';
import { conditionWords, type Fitting, fittingGroups } from './having.ts';
import { findMetric } from './index.ts';
import type { Dimension, Metric } from './metric.ts';
import { cohortMonths, pictureOf } from './pictures.ts';
import type { MetricQuestion } from './question.ts';
import { readAhead } from './read-ahead.ts';
import { cutPeriod, defaultSeriesPeriod, type Step } from './series.ts';

const STEPS: readonly string[] = ['day', 'week', 'month'];

function isStep(by: Dimension | Step): by is Step {
  return STEPS.includes(by);
}

/** Answers a question from facts. Throws the errors of `calculateMetric` and of the periods. */
export async function askMetric(
  question: MetricQuestion,
  facts: MetricFacts,
  freshness: Freshness[],
): Promise<MetricAnswer> {
  const { metric, by, nowAt, company } = question;
  const step = by !== null && isStep(by) ? by : null;
  const period = question.period ?? defaultPeriod(question, step) ?? unitSoFar(question);
  const asked: MetricRequest = {
    period,
    nowAt,
    company,
    filter: filterOf(question),
    by: by !== null && !isStep(by) ? by : null,
  };
  const fitting = await fittingOf(question, asked, facts);
  const request: MetricRequest = fitting ? { ...asked, only: fitting.keys } : asked;
  const present = await calculateMetric(metric.name, request, facts);
  const comparison = await compareCalculation(question, request, present, facts);
  const breakdown = step
    ? await withPast(question, step, await seriesOf(step, request, present, facts), request, present, facts)
    : breakdownOf(question, present, fitting);
  const picture = await pictureOf(question.chart, metric, { ...request, period: present.period }, facts);
  const remarks = [
    ...(question.remarks ?? []),
    ...(fitting?.notes ?? []),
    ...notNarrowed(question),
    ...wholeDays(question),
  ];
  return {
    metric: metric.name,
    title: metric.title,
    unit: metric.unit,
    ...measureOf(metric, present.value, company),
    when: `${whenOf(present, question)}${period ? whoseDays(present.period, company) : ''}`,
    narrowedTo: narrowedTo(question),
    originals: originalsOf(present.originals),
    comparison,
    breakdown,
    chart: chartOf(question, step),
    ...(picture ? { picture } : {}),
    listed: listedOf(by, breakdown),
    ...(fitting ? { having: { words: havingWords(question), of: fitting.of } } : {}),
    ...(remarks.length > 0 ? { remarks } : {}),
    receipt: receiptOf(question, present, freshness),
  };
}

/** "Against the same point last quarter" of what is added up over time: the quarter so far. */
function unitSoFar({ metric, compare, nowAt, tz }: MetricQuestion): Period | null {
  const samePoint = compare !== null && typeof compare === 'object' && 'samePoint' in compare;
  return samePoint && metric.kind === 'flow' ? unitAround(nowAt, compare.samePoint, tz) : null;
}

/** The last steps of a series, the cohorts of a year; null is each metric's own. */
function defaultPeriod({ chart, nowAt, tz, company }: MetricQuestion, step: Step | null): Period | null {
  if (step) return defaultSeriesPeriod(step, nowAt, tz);
  return chart === 'heatmap' ? cohortMonths(nowAt, company.tz) : null;
}

function filterOf({ filter, customer }: MetricQuestion): FactFilter {
  return customer ? { ...filter, customerId: customer.id } : filter;
}

/** The groups that the question's conditions leave; null where it sets none. */
async function fittingOf(
  question: MetricQuestion,
  request: MetricRequest,
  facts: MetricFacts,
): Promise<Fitting | null> {
  const { having = [], metric } = question;
  if (having.length === 0) return null;
  const grouped = { ...request, by: request.by ?? ('customer' as const) };
  const compare = comparedPeriod(question);
  return await fittingGroups(having, grouped, { compare, main: metric.name }, facts);
}

function havingWords({ having = [], company }: MetricQuestion): string {
  return having.map((condition) => conditionWords(condition, company.currency)).join(' and ');
}

function originalsOf(amounts: readonly Money[]) {
  return amounts.map((amount) => ({ ...amount, text: formatMoney(amount) }));
}

const MOST_GROUPS = 2_000;

function breakdownOf(
  question: MetricQuestion,
  present: Calculation,
  fitting: Fitting | null,
): MetricBreakdown | null {
  const { metric } = present;
  if (present.groups === null || question.by === null) return null;
  const groups = [...present.groups, ...absent(question, present.groups, fitting)];
  const ordered = inOrder(groups, question, fitting);
  const { rank = null, top } = question;
  const shown =
    rank === null
      ? ordered.slice(0, Math.min(top ?? MOST_GROUPS, MOST_GROUPS))
      : ordered.slice(rank - 1, rank);
  return {
    by: question.by,
    total: groups.length,
    rows: shown.map((row) => {
      const detail = fitting?.details.get(row.key);
      const label = question.by === 'region' ? placeName(row.label) : row.label;
      return {
        ...rowOf(metric, { ...row, label }, question.company),
        ...(detail === undefined ? {} : { detail }),
      };
    }),
    ...(rank === null ? {} : { rank }),
  };
}

/** "North America" of "north_america". */
function placeName(label: string): string {
  return label.replaceAll('_', ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

/** Groups that fit, or were named, though the metric has no row of theirs: nothing, where it adds up. */
function absent(
  { metric, by, named = [] }: MetricQuestion,
  groups: readonly MetricGroup[],
  fitting: Fitting | null,
): MetricGroup[] {
  const known = new Set(groups.map((group) => group.key));
  const value = ['sum', 'snapshot', 'distinct'].includes(metric.additivity) ? 0 : null;
  const fits = [...(fitting?.keys ?? [])].map((key) => ({
    key,
    label: fitting?.labels.get(key) ?? key ?? '',
  }));
  const said = by === 'customer' ? named.map(({ id, name }) => ({ key: id, label: name })) : [];
  const missing = [...fits, ...(fitting ? [] : said)].filter(({ key }) => !known.has(key));
  return missing.map(({ key, label }) => ({ key, label, value, originals: [] }));
}

/** Largest first, or smallest; where a change was asked for, the greatest change first. */
function inOrder(
  groups: readonly MetricGroup[],
  { order, having = [] }: MetricQuestion,
  fitting: Fitting | null,
): MetricGroup[] {
  const changes = fitting?.changes;
  if (changes) {
    const falls = having[0]?.op === 'lt' || having[0]?.op === 'lte';
    const size = (group: MetricGroup) => changes.get(group.key) ?? 0;
    return [...groups].sort((a, b) => (falls ? size(a) - size(b) : size(b) - size(a)));
  }
  return order === 'asc' ? [...groups].reverse() : [...groups];
}

/** What is kept by the day cannot tell of parts of one. */
function wholeDays({ metric, period, company }: MetricQuestion): string[] {
  if (metric.kind !== 'flow' || period === null || !/\bday\b/.test(metric.grain)) return [];
  const split = !isDayStart(period.startAt, company.tz);
  return split
    ? [`${metric.title}: kept by whole days, so the days that begin in the period are counted.`]
    : [];
}

/** A filter on what is the platform's own number narrows nothing, which is said. */
function notNarrowed({ metric, customer, filter }: MetricQuestion): string[] {
  const narrows = customer !== null || Object.values(filter).some((value) => value !== undefined);
  if (metric.narrows || !narrows) return [];
  return [`${metric.title} is one number for the whole platform, so it is not narrowed.`];
}

function rowOf(metric: Metric, group: MetricGroup, company: Company): MetricBreakdown['rows'][number] {
  return {
    key: group.key,
    label: group.label,
    ...measureOf(metric, group.value, company),
    originals: originalsOf(group.originals),
  };
}

/** The metric once a step of the period. */
async function seriesOf(
  step: Step,
  request: MetricRequest,
  present: Calculation,
  facts: MetricFacts,
): Promise<MetricBreakdown> {
  const parts = cutPeriod(present.period, step, request.nowAt);
  const ahead = readAhead(facts, present.period);
  const rows: MetricBreakdown['rows'] = [];
  for (const part of parts) {
    const point = await calculateMetric(present.metric.name, { ...request, period: part, by: null }, ahead);
    const name = step === 'month' ? monthLabel(part) : part.label;
    const label = isRunning(part, request.nowAt) ? `${name} so far` : name;
    const key = dateAt(part.startAt, part.tz).toString();
    const group = { key, label, value: point.value, originals: point.originals };
    rows.push(rowOf(present.metric, group, request.company));
  }
  return { by: step, total: rows.length, rows };
}

/** The same steps of the period compared with, so that both can lie over each other. */
async function withPast(
  question: MetricQuestion,
  step: Step,
  series: MetricBreakdown,
  request: MetricRequest,
  present: Calculation,
  facts: MetricFacts,
): Promise<MetricBreakdown> {
  const period = comparedPeriod(question);
  if (!period) return series;
  const past = await seriesOf(step, { ...request, period }, { ...present, period }, facts);
  return { ...series, compared: past.rows.map(({ value }) => value) };
}

function chartOf({ chart, by }: MetricQuestion, step: Step | null): 'line' | 'bar' | null {
  if (by === null || chart === 'table' || (chart === null && step === null)) return null;
  if (chart === 'line' || chart === 'bar') return chart;
  return step ? 'line' : 'bar';
}

function listedOf(by: string | null, breakdown: MetricBreakdown | null): MetricAnswer['listed'] {
  if (by !== 'customer' || !breakdown) return [];
  return breakdown.rows.flatMap(({ key, label }) => (key ? [{ id: key, label, customerId: key }] : []));
}

function receiptOf(
  question: MetricQuestion,
  present: Calculation,
  freshness: Freshness[],
): MetricAnswer['receipt'] {
  const { metric, nowAt, company } = question;
  const { name, version, words, grain } = metric;
  const { policy } = present;
  return {
    definition: { name, version, words, grain, ...(policy === null ? {} : { policy }) },
    period: metric.kind === 'flow' || question.period ? present.period : null,
    asOfAt: present.asOfAt,
    rowCount: present.rows,
    freshness,
    notes: [...present.notes, ...notesOf(question, present, nowAt, company)],
  };
}

/** The metric a name or a phrase means. Throws `invalid_input` naming the nearest three. */
export function requireMetric(text: string, nearest: (text: string) => string[]): Metric {
  const exact = findMetric(text.trim().toLowerCase());
  if (exact) return exact;
  const names = nearest(text);
  const titles = names.map((name) => findMetric(name)?.title ?? name);
  throw new UserError(
    'invalid_input',
    `I do not measure "${text.trim().slice(0, 60)}".`,
    `The nearest I have: ${titles.join('; ')}.`,
    titles.map((title) => ({ label: title, say: title })),
  );
}
