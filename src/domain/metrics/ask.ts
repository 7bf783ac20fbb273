import { UserError } from '../../lib/errors.ts';
import { formatMoney } from '../money/format.ts';
import { dateAt } from '../periods/calendar.ts';
import { unitAround } from '../periods/previous-period.ts';
import type { Company, Freshness, Money, Period } from '../types.ts';
import type { MetricAnswer, MetricBreakdown } from './answer.ts';
import { isRunning, narrowedTo, notesOf, whenOf } from './answer-words.ts';
import { type Calculation, calculateMetric, type MetricGroup, type MetricRequest } from './calculate.ts';
import { compareCalculation, comparedPeriod, measureOf } from './comparison.ts';
import type { FactFilter, MetricFacts } from './facts.ts';
import { findMetric } from './index.ts';
import type { Dimension, Metric } from './metric.ts';
import { cohortMonths, pictureOf } from './pictures.ts';
import type { MetricQuestion } from './question.ts';
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
  const request: MetricRequest = {
    period,
    nowAt,
    company,
    filter: filterOf(question),
    by: by !== null && !isStep(by) ? by : null,
  };
  const present = await calculateMetric(metric.name, request, facts);
  const comparison = await compareCalculation(question, request, present, facts);
  const breakdown = step
    ? await withPast(question, step, await seriesOf(step, request, present, facts), request, present, facts)
    : breakdownOf(question, present);
  const picture = await pictureOf(question.chart, metric, { ...request, period: present.period }, facts);
  return {
    metric: metric.name,
    title: metric.title,
    unit: metric.unit,
    ...measureOf(metric, present.value, company),
    when: whenOf(present, question),
    narrowedTo: narrowedTo(question),
    originals: originalsOf(present.originals),
    comparison,
    breakdown,
    chart: chartOf(question, step),
    ...(picture ? { picture } : {}),
    listed: listedOf(by, breakdown),
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

function originalsOf(amounts: readonly Money[]) {
  return amounts.map((amount) => ({ ...amount, text: formatMoney(amount) }));
}

const MOST_GROUPS = 2_000;

function breakdownOf(question: MetricQuestion, present: Calculation): MetricBreakdown | null {
  const { groups, metric } = present;
  if (groups === null || question.by === null) return null;
  const ordered = question.order === 'asc' ? [...groups].reverse() : groups;
  const rows = ordered.slice(0, Math.min(question.top ?? MOST_GROUPS, MOST_GROUPS));
  return {
    by: question.by,
    total: groups.length,
    rows: rows.map((row) => rowOf(metric, row, question.company)),
  };
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
  const rows: MetricBreakdown['rows'] = [];
  for (const part of parts) {
    const point = await calculateMetric(present.metric.name, { ...request, period: part, by: null }, facts);
    const label = isRunning(part, request.nowAt) ? `${part.label} so far` : part.label;
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
  if (by === null || (chart === null && step === null)) return null;
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
