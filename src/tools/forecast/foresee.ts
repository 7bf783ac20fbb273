import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type AccuracyClaim, claimsFrom, meanError } from '../../domain/forecast/claims.ts';
import { companyMonth, metricMonths, monthName, mrrMonths } from '../../domain/forecast/history.ts';
import { type ForecastPoint, wideningOfRecord } from '../../domain/forecast/ledger.ts';
import type { MrrForecast, MrrForecastOptions } from '../../domain/forecast/mrr/forecast-mrr.ts';
import { requireMetric } from '../../domain/metrics/ask.ts';
import { calculateMetric } from '../../domain/metrics/calculate.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { matchMetric, nearestMetrics } from '../../domain/metrics/match.ts';
import type { Metric } from '../../domain/metrics/metric.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';
import { fitMrr, fitSeries } from './fit-thread.ts';
import { DRIVER_WORDS, METHOD_WORDS, noteWords } from './words.ts';

/** What is forecast whatever number of months is asked for, so that the same data give the same forecast. */
const LEAST_HORIZON = 12;

const RECORD_READ = 60;

export interface Foresight {
  metric: Metric;
  history: { month: string; value: number }[];
  points: ForecastPoint[];
  models: string[];
  claims: AccuracyClaim[];
  beatsLastValue: boolean | null;
  notes: string[];
  rows: number;
  /** Of recurring revenue. */
  mrr: MrrForecast | null;
}

/** A metric by its name or a phrase for it. Throws `invalid_input` naming the nearest. */
export function namedMetric(text: string): Metric {
  return requireMetric(matchMetric(text)[0]?.metric ?? text, nearestMetrics);
}

/** The months ahead of a metric, from its history of whole months. Throws `not_ready` where that is too short. */
export async function foresee(metric: Metric, months: number, ctx: ToolContext): Promise<Foresight> {
  await ctx.sources.refresh(metric.sources);
  const horizon = Math.max(LEAST_HORIZON, months);
  const found =
    metric.name === 'mrr'
      ? await foreseeMrr(metric, horizon, ctx)
      : await foreseeSeries(metric, horizon, ctx);
  const { scored } = await ctx.forecasts.record({ metric: metric.name, limit: RECORD_READ });
  const [at80, at95] = [wideningOfRecord(scored, 0.8), wideningOfRecord(scored, 0.95)];
  const points = found.points.map((point) => widened(point, at80, at95));
  const notes =
    at95 === 1
      ? found.notes
      : [
          ...found.notes,
          `Ranges are ${at95.toFixed(2)} times as wide as the models say, by ${scored.length} months that were forecast before.`,
        ];
  return { ...found, points, notes };
}

async function foreseeSeries(metric: Metric, horizon: number, ctx: ToolContext): Promise<Foresight> {
  const reach = { facts: ctx.facts, company: ctx.company, nowAt: ctx.clock.now() };
  const breathe = async () => {
    await setImmediate();
    ctx.signal.throwIfAborted();
  };
  const { months, rows } = await metricMonths(metric, reach, breathe);
  refuseShort(metric, months.length);
  const values = months.map(({ value }) => value);
  const { forecast, backtest } = await fitSeries({ values, horizon });
  const [own, last] = [meanError(backtest.own.flat()), meanError(backtest.lastValue.flat())];
  const [narrow, wide] = forecast.bands;
  const points = [...forecast.outlook.mean].map((mean, step) => ({
    ...monthAhead(step, reach),
    mean: inUnit(metric, mean),
    low80: inUnit(metric, narrow?.low[step] ?? mean),
    high80: inUnit(metric, narrow?.high[step] ?? mean),
    low95: inUnit(metric, wide?.low[step] ?? mean),
    high95: inUnit(metric, wide?.high[step] ?? mean),
  }));
  return {
    metric,
    history: months.map(({ month, value }) => ({ month, value })),
    points,
    models: forecast.models.map(({ name }) => name),
    claims: claimsFrom(backtest.own, backtest.lastValue, claimedSteps(horizon)),
    beatsLastValue: own === null || last === null ? null : own < last,
    notes: forecast.notes.map(noteWords),
    rows,
    mrr: null,
  };
}

/** Recurring revenue from its movements. `options` are scenarios and targets. */
export async function foreseeMrr(
  metric: Metric,
  horizon: number,
  ctx: Pick<ToolContext, 'facts' | 'company' | 'clock'>,
  options: MrrForecastOptions = {},
): Promise<Foresight & { mrr: MrrForecast }> {
  const reach = { facts: ctx.facts, company: ctx.company, nowAt: ctx.clock.now() };
  const { months, names, rows } = await mrrMonths(reach);
  refuseShort(metric, months.length);
  const mrr = await fitMrr({ months, options: { ...options, horizon, seed: versionOf(months) } });
  return {
    metric,
    history: months.map(({ closing }, at) => ({ month: names[at] ?? '', value: closing })),
    points: mrr.months.map(({ closing, low80, high80, low95, high95 }, step) => ({
      ...monthAhead(step, reach),
      ...{ mean: closing, low80, high80, low95, high95 },
    })),
    models: [METHOD_WORDS[mrr.method]],
    claims: mrr.claims,
    beatsLastValue: mrr.beatsLastValue,
    notes: mrr.notes
      .filter(({ note }) => note.kind === 'dropped' || note.kind === 'all_dropped')
      .map(({ driver, note }) => `${DRIVER_WORDS[driver]}: ${noteWords(note)}`),
    rows,
    mrr,
  };
}

const LEAST_MONTHS = 6;

function refuseShort(metric: Metric, months: number): void {
  if (months >= LEAST_MONTHS) return;
  throw new UserError(
    'not_ready',
    `${metric.title} has ${months} whole months of history, which are too few to forecast from.`,
    `It takes ${LEAST_MONTHS}.`,
  );
}

function claimedSteps(horizon: number): number[] {
  return [1, 3, 6, 12].filter((step) => step <= horizon);
}

/** The first step is the month that is running. */
function monthAhead(step: number, reach: Parameters<typeof companyMonth>[0]) {
  const period = companyMonth(reach, step);
  return { month: monthName(period), endAt: period.endAt };
}

/** Money and counts are whole. */
function inUnit({ unit }: Metric, value: number): number {
  return unit === 'money' || unit === 'count' ? Math.round(value) : value;
}

function widened(point: ForecastPoint, at80: number, at95: number): ForecastPoint {
  const { mean } = point;
  const floor = point.low95 >= 0 ? 0 : Number.NEGATIVE_INFINITY;
  const whole = Number.isInteger(mean);
  const away = (edge: number, times: number) => {
    const value = Math.max(floor, mean + (edge - mean) * times);
    return whole ? Math.round(value) : value;
  };
  return {
    ...point,
    low80: away(point.low80, at80),
    high80: away(point.high80, at80),
    low95: away(point.low95, at95),
    high95: away(point.high95, at95),
  };
}

export function versionOf(history: unknown): string {
  return createHash('sha256').update(JSON.stringify(history)).digest('hex').slice(0, 16);
}

/** Holds the months that are over against what came; those whose metric has no value yet wait. */
export async function scoreDue(
  ctx: Pick<ToolContext, 'facts' | 'company' | 'clock' | 'forecasts'>,
): Promise<number> {
  const nowAt = ctx.clock.now();
  let scored = 0;
  for (const due of await ctx.forecasts.due(nowAt)) {
    const metric = findMetric(due.metric);
    if (!metric) continue;
    const back = monthsBack(due.endAt, { company: ctx.company, nowAt });
    if (back === null) continue;
    const period = companyMonth({ company: ctx.company, nowAt }, -back);
    const request = { period, nowAt, company: ctx.company, filter: {}, by: null };
    const { value } = await calculateMetric(metric.name, request, ctx.facts);
    if (value === null) continue;
    await ctx.forecasts.score(due.forecastId, due.month, value);
    scored += 1;
  }
  return scored;
}

function monthsBack(endAt: number, reach: Parameters<typeof companyMonth>[0]): number | null {
  for (let back = 1; back <= 60; back += 1) if (companyMonth(reach, -back).endAt === endAt) return back;
  return null;
}
