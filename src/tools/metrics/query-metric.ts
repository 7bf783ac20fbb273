import { z } from 'zod';
import { MetricAnswerSchema } from '../../domain/metrics/answer.ts';
import { askMetric, requireMetric } from '../../domain/metrics/ask.ts';
import { readCompare } from '../../domain/metrics/compare-words.ts';
import { CUSTOMER_TRAITS } from '../../domain/metrics/facts.ts';
import { METRIC_NAMES } from '../../domain/metrics/index.ts';
import { nearestMetrics } from '../../domain/metrics/match.ts';
import { metricMeant } from '../../domain/metrics/meant.ts';
import { answerExhibits, narrateAnswer } from '../../domain/metrics/narrate.ts';
import { recognizeMetric } from '../../domain/metrics/recognize.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';

const NAME = 'query_metric';

const MetricInput = z.strictObject({
  metric: z
    .string()
    .min(1)
    .max(80)
    .describe(`One of ${METRIC_NAMES.join(', ')}`),
  period: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'As the person said it ("last month", "Q3 2026", "Oct 3 - 10") or ISO START/END, END outside. Left out: now, or the month so far',
    ),
  compare: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Like for like: "previous", "last_year", "same_point last week|month|quarter|year"; or another period',
    ),
  by: z
    .enum([
      'customer',
      'plan',
      ...CUSTOMER_TRAITS,
      'currency',
      'category',
      'severity',
      'priority',
      'age',
      'cohort',
      'day',
      'week',
      'month',
    ])
    .optional()
    .describe('Break down by this'),
  top: z.number().int().min(1).max(50).optional().describe('Only this many groups'),
  order: z.enum(['desc', 'asc']).optional().describe('Largest first unless asc'),
  filter: z
    .strictObject({
      plan: z.string().min(1).max(60).optional(),
      region: z.string().min(1).max(60).optional(),
      segment: z.string().min(1).max(60).optional(),
      channel: z.string().min(1).max(60).optional().describe('How the customer was won'),
      owner: z.string().min(1).max(120).optional().describe('Mail of who looks after the customer'),
      country: z
        .string()
        .regex(/^[A-Za-z]{2}$/, 'a two-letter country code')
        .optional(),
      currency: z
        .string()
        .regex(/^[A-Za-z]{3}$/, 'a three-letter currency code')
        .optional(),
    })
    .optional(),
  customer: z.string().min(1).max(120).optional().describe('Id or name'),
  chart: z
    .enum(['line', 'bar', 'auto', 'waterfall', 'heatmap'])
    .optional()
    .describe('waterfall of MRR movements, heatmap of cohort_retention'),
});

type Input = z.output<typeof MetricInput>;

async function run(input: Input, ctx: ToolContext) {
  const metric = requireMetric(metricMeant(input.metric), nearestMetrics);
  const nowAt = ctx.clock.now();
  const { tz } = ctx.principal;
  const period = input.period === undefined ? null : parsePeriod(input.period, { nowAt, tz });
  const compare =
    input.compare === undefined ? null : readCompare(input.compare, { nowAt, tz, period, kind: metric.kind });
  const customer = input.customer === undefined ? null : await ctx.customers.resolve(input.customer);
  if (period === null || period.endAt >= nowAt) await ctx.sources.refresh(metric.sources);
  const question = {
    metric,
    period,
    compare,
    by: input.by ?? (input.top === undefined ? null : ('customer' as const)),
    top: input.top ?? null,
    order: input.order ?? 'desc',
    filter: upperCodes(input.filter ?? {}),
    customer,
    chart: input.chart ?? null,
    nowAt,
    tz,
    company: ctx.company,
  };
  const answer = await askMetric(question, ctx.facts, await ctx.sources.freshness(metric.sources));
  return named(answer, ctx);
}

function upperCodes(filter: NonNullable<Input['filter']>) {
  return { ...filter, country: filter.country?.toUpperCase(), currency: filter.currency?.toUpperCase() };
}

type Answer = z.infer<typeof MetricAnswerSchema>;

/** Usage is grouped by customer id alone: the few rows shown get their names here. */
async function named(answer: Answer, ctx: ToolContext): Promise<Answer> {
  if (answer.breakdown?.by !== 'customer') return answer;
  const rows = await Promise.all(
    answer.breakdown.rows.map(async (row) => {
      if (row.key === null || row.label !== row.key) return row;
      return { ...row, label: (await ctx.customers.get(row.key))?.name ?? row.label };
    }),
  );
  const labels = new Map(rows.map((row) => [row.key, row.label]));
  const listed = answer.listed.map((item) => ({ ...item, label: labels.get(item.id) ?? item.label }));
  return { ...answer, breakdown: { ...answer.breakdown, rows }, listed };
}

export default defineTool({
  name: NAME,
  description:
    'A number of the business at an instant or over a period: revenue (MRR and its movements, ARR, NRR, gross, net, refunds, deferred), customers, signups, churn, trials, cohorts, API usage, errors, quotas and overage, latency, uptime, incidents, receivables, cash, failed payments, tickets, response times, CSAT, and what Psi itself did. Compares periods, breaks down, ranks, narrows to a plan, country, currency or customer. Use it for every figure; not for lists of invoices, payments or tickets, nor for one record.',
  scope: 'metrics:read',
  furtherScopes: (input) =>
    input.customer !== undefined ||
    input.by === 'customer' ||
    (input.top !== undefined && input.by === undefined)
      ? ['customers:read']
      : [],
  effect: 'read',
  input: MetricInput,
  output: MetricAnswerSchema,
  examples: [
    { say: "how's MRR?", input: { metric: 'mrr' } },
    {
      say: 'revenue last month vs the month before',
      input: { metric: 'revenue_gross', period: 'last month', compare: 'month before last' },
    },
    {
      say: 'top 5 customers by API calls this week',
      input: { metric: 'api_calls', period: 'this week', by: 'customer', top: 5 },
    },
  ],
  recognize: (utterance) => {
    const latest = utterance.previous[0];
    return recognizeMetric(utterance, latest?.tool === NAME ? latest : null);
  },
  run,
  narrate: narrateAnswer,
  // Its words name the instant it was asked at; the numbers do not.
  figures: ({ value, money, originals, comparison, breakdown }) => ({
    ...{ value, money, originals, breakdown },
    compared: comparison && { value: comparison.value, money: comparison.money },
  }),
  exhibits: answerExhibits,
});
