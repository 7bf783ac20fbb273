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
import { shortened } from '../name-list.ts';
import { periodOptions } from '../period-options.ts';
import { conditionOf, listsOf } from './narrowing.ts';
import { excludeInput, filterInput, upperCodes, whereInput, withSingles } from './narrowing-input.ts';

const NAME = 'query_metric';

const MetricInput = z.strictObject({
  metric: z
    .string()
    .min(1)
    .max(80)
    .describe(`One of ${shortened(METRIC_NAMES)}`),
  period: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'As the person said it ("last month", "Oct 3 - 10") or ISO START/END, END outside. Left out: now, or the month so far',
    ),
  compare: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('previous, last_year, same_point last week|month|quarter|year, or a period'),
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
    .optional(),
  top: z.number().int().min(1).max(50).optional(),
  order: z.enum(['desc', 'asc']).optional().describe('asc: smallest first'),
  filter: filterInput,
  customer: z.string().min(1).max(120).optional().describe('Id or name'),
  where: whereInput,
  exclude: excludeInput,
  having: z
    .array(
      z.strictObject({
        metric: z.string().min(1).max(80).optional(),
        op: z.enum(['gt', 'gte', 'lt', 'lte']),
        value: z.number().describe('Major units; percent of a ratio or change_percent; negative: a fall'),
        as: z.enum(['value', 'change', 'change_percent']).optional(),
        period: z.string().min(1).max(100).optional(),
      }),
    )
    .max(3)
    .optional()
    .describe('Only groups like this'),
  rank: z.number().int().min(1).max(50).optional().describe('2: only the second biggest'),
  chart: z
    .enum(['line', 'bar', 'auto', 'waterfall', 'heatmap', 'table'])
    .optional()
    .describe('waterfall of MRR movements, heatmap of cohort_retention'),
});

type Input = z.output<typeof MetricInput>;

async function run(asked: Input, ctx: ToolContext) {
  const input = withSingles(asked);
  const metric = requireMetric(metricMeant(input.metric), nearestMetrics);
  const nowAt = ctx.clock.now();
  const options = await periodOptions(ctx, input.period, input.compare);
  const { tz } = ctx.principal;
  const period = input.period === undefined ? null : parsePeriod(input.period, options);
  const compare =
    input.compare === undefined
      ? null
      : readCompare(input.compare, { ...options, period, kind: metric.kind });
  const customer = input.customer === undefined ? null : await ctx.customers.resolve(input.customer);
  const having = (input.having ?? []).map((one) => conditionOf(one, metric, options, ctx));
  const sources = [...new Set([metric, ...having.map((one) => one.metric)].flatMap((one) => one.sources))];
  if (period === null || period.endAt >= nowAt) await ctx.sources.refresh(sources);
  const { named, any, none, remarks } = await listsOf(input, ctx);
  const grouped = input.top !== undefined || input.rank !== undefined || having.length > 0;
  const question = {
    metric,
    period,
    compare,
    by: input.by ?? (grouped || named.length > 0 ? ('customer' as const) : null),
    top: input.top ?? null,
    rank: input.rank ?? null,
    order: input.order ?? 'desc',
    filter: { ...upperCodes(input.filter), ...(any ? { any } : {}), ...(none ? { none } : {}) },
    customer,
    named,
    having,
    remarks,
    chart: input.chart ?? null,
    nowAt,
    tz,
    company: ctx.company,
  };
  const answer = await askMetric(question, ctx.facts, await ctx.sources.freshness(sources));
  return withNames(answer, ctx);
}

type Answer = z.infer<typeof MetricAnswerSchema>;

/** Usage is grouped by customer id alone: the few rows shown get their names here. */
async function withNames(answer: Answer, ctx: ToolContext): Promise<Answer> {
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
    'A number of the business at an instant or over a period: revenue, customers, API usage and quotas, uptime and latency, receivables, cash, tickets, and what Psi itself did. Compares, breaks down, ranks, narrows, keeps groups above a threshold. Use it for every figure; not for lists of invoices, payments or tickets, nor for one record.',
  scope: 'metrics:read',
  furtherScopes: (input) =>
    input.customer !== undefined ||
    input.by === 'customer' ||
    input.where?.customer !== undefined ||
    input.exclude?.customer !== undefined ||
    ((input.top ?? input.rank ?? input.having) !== undefined && input.by === undefined)
      ? ['customers:read']
      : [],
  effect: 'read',
  alwaysOffered: true,
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
    {
      say: 'customers with usage down more than 20% mom',
      input: {
        metric: 'api_calls',
        by: 'customer',
        compare: 'previous',
        having: [{ op: 'lt', value: -20, as: 'change_percent' }],
      },
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
