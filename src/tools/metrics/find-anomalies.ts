import { z } from 'zod';
import type { Looked, Unusual, WatchedSeries } from '../../domain/anomalies/find-unusual.ts';
import { findUnusual } from '../../domain/anomalies/find-unusual.ts';
import { FAR } from '../../domain/anomalies/robust.ts';
import { roughly, sinceWords, spanWords } from '../../domain/anomalies/words.ts';
import { stripInvisible, withoutLinks } from '../../domain/language/safe-text.ts';
import { requireMetric } from '../../domain/metrics/ask.ts';
import { formatValue, titleInSentence } from '../../domain/metrics/format-value.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { matchMetric, nearestMetrics } from '../../domain/metrics/match.ts';
import type { Metric } from '../../domain/metrics/metric.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import { addUnits, dateAt, startOfDayAt } from '../../domain/periods/calendar.ts';
import { describeDays, makePeriod } from '../../domain/periods/describe-period.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Customer, Period, SourceName } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput, periodInput } from '../inputs.ts';
import { openReceipt } from '../receipt.ts';
import { callsByDay, closedDays, type Days, dailyKind, knownIncidents, metricByDay } from './daily-series.ts';
import { recognizeUnusual } from './unusual-questions.ts';
import {
  type Finding,
  narrateUnusual,
  type UnusualAnswer,
  unusualExhibits,
  unusualSchema,
} from './unusual-words.ts';

/** What is watched when nothing is named: what happens day by day, of each family. Levels such as MRR are asked for. */
const WATCHED = [
  'api_calls',
  'error_rate',
  'latency_p95',
  'uptime',
  'signups',
  'revenue_gross',
  'refunds',
  'failed_payments',
  'receivables_overdue',
  'tickets_open',
];
/** Customers looked at beside, by their calls of four weeks. */
const TOP_CUSTOMERS = 12;
/** Nine weeks before the first day that is judged; of levels, which cost more to compute, six. */
const HISTORY_DAYS = 63;
const LEVEL_HISTORY_DAYS = 42;
/** After this long no further series is begun; those left out are said. */
const ENOUGH_MS = 9_000;
const LONGEST_DAYS = 31;
const DEFAULT_DAYS = 7;
const CHART_DAYS = 28;
const MOST_ROWS = 20;
const MOST_CHARTS = 2;

const input = z.strictObject({
  metric: z.string().min(1).max(80).optional().describe('Left out: all that are watched'),
  period: periodInput.optional().describe('31 days at most; left out: the last seven'),
  customer: customerInput.optional(),
});

interface About {
  metric: Metric;
  customer: Pick<Customer, 'id' | 'name'> | null;
}

export default defineTool({
  name: 'find_anomalies',
  description:
    'Days on which a metric or a large customer was far from the expected, with the range and known incidents. For "anything unusual?"; not for the figure itself, nor why it changed.',
  scope: 'metrics:read',
  furtherScopes: ({ customer }) => (customer === undefined ? [] : ['customers:read']),
  effect: 'read',
  input,
  output: unusualSchema,
  examples: [
    { say: 'anything unusual this week?', input: { period: 'this week' } },
    { say: 'any anomalies in api calls?', input: { metric: 'api_calls' } },
    { say: 'what stands out?', input: {} },
  ],
  recognize: recognizeUnusual,
  run,
  narrate: narrateUnusual,
  exhibits: unusualExhibits,
  figures: ({ receipt: _, ...rest }) => rest,
});

async function run(
  { metric: named, period: words, customer: reference }: z.output<typeof input>,
  ctx: ToolContext,
) {
  const nowAt = ctx.clock.now();
  const { tz } = ctx.company;
  const metric = named === undefined ? null : requireMetric(metricName(named), nearestMetrics);
  const customer = reference === undefined ? null : await ctx.customers.resolve(reference);
  const asked = words === undefined ? null : parsePeriod(words, { nowAt, tz: ctx.principal.tz });
  const judged = judgedDays(asked, nowAt, tz);
  const metrics = metric
    ? [metric]
    : customer
      ? metricsNamed(['api_calls', 'error_rate'])
      : metricsNamed(WATCHED);
  const receipt = await openReceipt(ctx, {
    name: 'What stands out',
    version: 1,
    words: `Closed company days that lie more than ${FAR} robust deviations from what the level, the same weekdays and the drift of nine weeks before (of levels six) let expect; holidays may be like Sundays, known incidents explain and are left out of what later days are held against`,
    sources: [...new Set(metrics.flatMap(({ sources }) => sources))] satisfies SourceName[],
    period: judged,
  });
  const days = closedDays(judged, HISTORY_DAYS, nowAt, tz);
  const known = (await knownIncidents(days, ctx)).map((span) => ({
    ...span,
    label: withoutLinks(stripInvisible(span.label)).slice(0, 100),
  }));
  const watched: WatchedSeries<About>[] = [];
  const skipped: About[] = [];
  const beganAt = performance.now();
  for (const one of metrics) {
    if (performance.now() - beganAt > ENOUGH_MS) {
      skipped.push({ metric: one, customer });
      continue;
    }
    const reach = one.kind === 'snapshot' ? days.slice(HISTORY_DAYS - LEVEL_HISTORY_DAYS) : days;
    const points = await metricByDay(one, reach, customer?.id ?? null, ctx);
    watched.push({ about: { metric: one, customer }, kind: dailyKind(one.unit, known, tz), points });
  }
  const late = performance.now() - beganAt > ENOUGH_MS;
  const customers = metric || customer || late ? [] : await topCustomers(days, known, ctx);
  const looked = findUnusual([...watched, ...customers], judged);
  const found = answered(looked, judged, customers.length, receipt, ctx);
  return { ...found, skipped: skipped.map(subjectOf) };
}

function metricName(text: string): string {
  const [best] = matchMetric(text);
  return findMetric(text.trim().toLowerCase()) === null && best && best.score >= 0.7 ? best.metric : text;
}

function metricsNamed(names: readonly string[]): Metric[] {
  return names.flatMap((name) => findMetric(name) ?? []);
}

/** The days to judge: those asked for that are over; where none is yet, or nothing was asked, the last seven. */
function judgedDays(asked: Period | null, nowAt: number, tz: string): Period {
  const today = startOfDayAt(dateAt(nowAt, tz), tz);
  const first = asked ? startOfDayAt(dateAt(asked.startAt, asked.tz), tz) : today;
  const last = asked ? startOfDayAt(dateAt(asked.endAt - 1, asked.tz).add({ days: 1 }), tz) : today;
  const endAt = Math.min(last, today);
  if (first >= endAt) {
    const from = startOfDayAt(addUnits(dateAt(nowAt, tz), 'day', -DEFAULT_DAYS), tz);
    return named(from, today, tz);
  }
  const longest = startOfDayAt(addUnits(dateAt(first, tz), 'day', LONGEST_DAYS), tz);
  if (endAt > longest) {
    throw new UserError(
      'invalid_input',
      `That is more than ${LONGEST_DAYS} days, the most I look through at once.`,
      'Name a month or a few weeks.',
    );
  }
  return named(first, endAt, tz);
}

function named(startAt: number, endAt: number, tz: string): Period {
  return {
    ...makePeriod(startAt, endAt, tz),
    label: describeDays(dateAt(startAt, tz), dateAt(endAt - 1, tz)),
  };
}

/** The largest users of four weeks, where the asker may see customers. */
async function topCustomers(
  days: Days,
  known: Parameters<typeof dailyKind>[1],
  ctx: ToolContext,
): Promise<WatchedSeries<About>[]> {
  const metric = findMetric('api_calls');
  const [from] = days.slice(-CHART_DAYS);
  const last = days.at(-1);
  if (!metric || !from || !last || ctx.scopes?.includes('customers:read') !== true) return [];
  const span = makePeriod(from.startAt, last.endAt, from.tz);
  const used = await ctx.facts.usageIn(span, {}, 'customer');
  const largest = used.sort((a, b) => b.calls - a.calls).slice(0, TOP_CUSTOMERS);
  const watched: WatchedSeries<About>[] = [];
  for (const { group } of largest) {
    if (group === null) continue;
    const name = (await ctx.customers.get(group))?.name ?? group;
    const points = await callsByDay(days, group, ctx);
    const kind = dailyKind('count', known, ctx.company.tz);
    watched.push({ about: { metric, customer: { id: group, name } }, kind, points });
  }
  return watched;
}

function answered(
  looked: Looked<About>,
  period: Period,
  customersLookedAt: number,
  receipt: Awaited<ReturnType<typeof openReceipt>>,
  ctx: ToolContext,
): Omit<UnusualAnswer, 'skipped'> {
  const { currency, tz } = ctx.company;
  const finding = (one: Unusual<About>) => findingOf(one, currency, tz);
  const titles = (abouts: readonly About[]) =>
    abouts.filter(({ customer }) => customersLookedAt === 0 || !customer);
  const found = [...looked.unusual, ...looked.explained].map(({ about }) => about);
  const shown = [...new Set(found)].slice(0, MOST_CHARTS);
  const customers = looked.unusual.flatMap(({ about }) => about.customer ?? []);
  const points = looked.judgements.reduce((sum, { judgements }) => sum + judgements.length, 0);
  return {
    period: period.label,
    unusual: looked.unusual.slice(0, MOST_ROWS).map(finding),
    explained: looked.explained.slice(0, MOST_ROWS).map(finding),
    usual: titles(looked.usual).map(({ metric }) => titleInSentence(metric.title)),
    unknown: titles(looked.unknown).map(({ metric }) => titleInSentence(metric.title)),
    customersLookedAt,
    series: shown.map((about) => seriesOf(about, looked, currency, tz)),
    listed: customers.map(({ id, name }) => ({ id, label: name, customerId: id })),
    receipt: receipt(
      points,
      customersLookedAt > 0
        ? [`The calls of the ${customersLookedAt} largest customers of four weeks were looked at too.`]
        : [],
    ),
  };
}

function subjectOf({ metric, customer }: About): string {
  const title = titleInSentence(metric.title);
  return customer ? `${title} of ${customer.name}` : title;
}

function findingOf(
  { about, event, incident, ongoing }: Unusual<About>,
  currency: string,
  tz: string,
): Finding {
  const { metric, customer } = about;
  const { value, expected, low, high, score, at } = event.peak;
  return {
    metric: metric.name,
    what: subjectOf(about),
    customer: customer?.name ?? null,
    kind: event.kind,
    when: spanWords({ ...event, ongoing }, tz),
    day: sinceWords(at, tz),
    days: event.points,
    value: formatValue(metric, value, currency),
    expected: roughly(metric, expected, currency),
    low: roughly(metric, low, currency),
    high: roughly(metric, high, currency),
    score: Math.round(score * 10) / 10,
    incident: incident?.label ?? null,
  };
}

function seriesOf(
  about: About,
  looked: Looked<About>,
  currency: string,
  tz: string,
): UnusualAnswer['series'][number] {
  const judgements =
    looked.judgements.find((one) => one.about === about)?.judgements.slice(-CHART_DAYS) ?? [];
  const { unit } = about.metric;
  const divisor = unit === 'money' ? 10 ** exponentOf(currency) : unit === 'ratio' ? 0.01 : 1;
  const scaled = (value: number | null) => (value === null ? null : value / divisor);
  const day = new Intl.DateTimeFormat('en-US', { timeZone: tz, month: 'short', day: 'numeric' });
  return {
    what: subjectOf(about),
    unit: unit === 'money' ? currency : unit === 'ratio' ? '%' : unit === 'ms' ? 'ms' : about.metric.title,
    days: judgements.map(({ at }) => day.format(at)),
    values: judgements.map(({ value }) => scaled(value)),
    low: judgements.map(({ low }) => scaled(low)),
    high: judgements.map(({ high }) => scaled(high)),
  };
}
