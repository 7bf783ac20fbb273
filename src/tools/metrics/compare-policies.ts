import { z } from 'zod';
import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { whenOf } from '../../domain/metrics/answer-words.ts';
import { requireMetric } from '../../domain/metrics/ask.ts';
import { formatDifference, formatValue } from '../../domain/metrics/format-value.ts';
import { METRICS } from '../../domain/metrics/index.ts';
import { matchMetric, nearestMetrics } from '../../domain/metrics/match.ts';
import type { Metric } from '../../domain/metrics/metric.ts';
import { comparePolicies } from '../../domain/metrics/policy-diff.ts';
import { ownersName, rulesNamed } from '../../domain/metrics/rules-words.ts';
import { PRESETS } from '../../domain/mrr/presets.ts';
import { describeSetting, type MrrSetting, nameOf, parseSetting } from '../../domain/mrr/setting.ts';
import { listedSchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput, periodInput } from '../inputs.ts';
import { left, right } from '../wording.ts';

const input = z.strictObject({
  metric: z.string().min(1).max(80).describe('mrr, nrr, churned_mrr, active_customers ...'),
  policy: z
    .string()
    .min(1)
    .max(120)
    .describe(
      'chartmogul, baremetrics, profitwell, stripe, maxio, recurly, chargebee, paddle, lago, or a rule like pastDueDays=30',
    ),
  against: z.string().min(1).max(120).optional().describe("Likewise; left out: the company's own rules"),
  period: periodInput.optional(),
  customer: customerInput.optional(),
});

const valueSchema = z.strictObject({
  /** "ChartMogul", "Stripe with pastDueDays=30". */
  rules: z.string(),
  /** The rules in words. */
  policy: z.string(),
  value: z.number().nullable(),
  text: z.string(),
});

const output = z.strictObject({
  metric: z.string(),
  title: z.string(),
  when: z.string(),
  left: valueSchema,
  right: valueSchema,
  /** Left less right, in the metric's own unit; null where either has no value. */
  difference: z.number().nullable(),
  differenceText: z.string().nullable(),
  /** Largest first; their differences sum to the whole. Null where the metric is not made of single customers. */
  customers: z
    .array(z.strictObject({ id: z.string(), name: z.string(), difference: z.number(), text: z.string() }))
    .nullable(),
  listed: listedSchema,
  receipt: receiptSchema,
});

type Output = z.infer<typeof output>;

export default defineTool({
  name: 'compare_policies',
  description:
    'One number under two sets of rules for recurring revenue (a vendor\'s such as ChartMogul or Stripe, or a single rule), the difference, and the customers that explain it. Use it for "what would NRR be under Baremetrics\' rules". Not to compare periods.',
  scope: 'metrics:read',
  furtherScopes: () => ['customers:read'],
  effect: 'read',
  input,
  output,
  examples: [
    {
      say: 'nrr last month under chartmogul rules vs stripe',
      input: { metric: 'nrr', policy: 'chartmogul', against: 'stripe', period: 'last month' },
    },
    { say: 'what would mrr be with baremetrics rules?', input: { metric: 'mrr', policy: 'baremetrics' } },
  ],
  recognize,
  run,
  narrate,
  figures: ({ left: one, right: other, difference, customers }) => ({
    left: one.value,
    right: other.value,
    difference,
    customers,
  }),
  exhibits: (answer) => (answer.customers === null || answer.customers.length === 0 ? [] : [tableOf(answer)]),
});

/** Any metric the rules decide, by its name or a phrase for it. */
function metricOf(text: string): Metric {
  const metric = requireMetric(matchMetric(text)[0]?.metric ?? text, nearestMetrics);
  if (metric.underMrrPolicy) return metric;
  const known = METRICS.filter((one) => one.underMrrPolicy).map((one) => one.title);
  throw new UserError(
    'invalid_input',
    `${metric.title} is the same whatever the rules for recurring revenue.`,
    `They decide ${known.slice(0, 6).join(', ')} and the like.`,
  );
}

async function run(asked: z.output<typeof input>, ctx: ToolContext): Promise<Output> {
  const metric = metricOf(asked.metric);
  const own = ctx.facts.settings().mrr;
  const settings = [
    parseSetting(asked.policy, own),
    asked.against === undefined ? own : parseSetting(asked.against, own),
  ] as const;
  const nowAt = ctx.clock.now();
  const { tz } = ctx.principal;
  const period = asked.period === undefined ? null : parsePeriod(asked.period, { nowAt, tz });
  const customer = asked.customer === undefined ? null : await ctx.customers.resolve(asked.customer);
  if (period === null || period.endAt >= nowAt) await ctx.sources.refresh(metric.sources);
  const request = {
    period,
    nowAt,
    company: ctx.company,
    filter: customer ? { customerId: customer.id } : {},
  };
  const found = await comparePolicies(metric, request, settings, ctx.facts);
  const { currency } = ctx.company;
  const spell = (units: number) => sizeOf(metric, units, found.scale, currency);
  const customers = found.customers?.map(({ customerId, customerName, difference }) => ({
    id: customerId,
    name: customerName,
    difference: difference / found.scale,
    text: `${difference < 0 ? '-' : '+'}${spell(difference)}`,
  }));
  const side = (setting: MrrSetting, value: number | null) => ({
    rules: nameOf(setting),
    policy: describeSetting(setting),
    value,
    text: formatValue(metric, value, currency),
  });
  return {
    metric: metric.name,
    title: metric.title,
    when: whenOf(found.left, { tz, nowAt }),
    left: side(settings[0], found.left.value),
    right: side(settings[1], found.right.value),
    difference: found.difference === null ? null : found.difference / found.scale,
    differenceText: found.difference === null ? null : spell(found.difference),
    customers: customers ?? null,
    listed: (customers ?? []).map(({ id, name }) => ({ id, label: name, customerId: id })),
    receipt: {
      definition: {
        name: metric.name,
        version: metric.version,
        words: metric.words,
        grain: metric.grain,
        policy: `${describeSetting(settings[0])}. Against ${describeSetting(settings[1])}`,
      },
      period: metric.kind === 'flow' || period ? found.left.period : null,
      asOfAt: found.left.asOfAt,
      rowCount: found.left.rows + found.right.rows,
      freshness: await ctx.sources.freshness(metric.sources),
      notes: customers ? [] : [`${metric.title} is not made of single customers, so none are named.`],
    },
  };
}

/** Without its sign, and to the last unit, so that what customers explain adds up as it stands. */
function sizeOf(metric: Metric, units: number, scale: number, currency: string): string {
  const size = Math.abs(units) / scale;
  if (metric.unit === 'ratio') return `${(size * 100).toFixed(4)} points`;
  return metric.unit === 'times' ? `${size.toFixed(6)}x` : formatDifference(metric, size, currency);
}

const NAMED_IN_PROSE = 5;

/** "Under ChartMogul's rules NRR is 104.00% for Oct 1 - 31, 2026, under Stripe's 101.20%. 7 customers explain it: ..." */
function narrate(answer: Output): string {
  const { left: one, right: other, title, when, difference, differenceText, customers } = answer;
  if (one.rules === other.rules) {
    return `${title} is ${one.text} ${when} under ${ownersName(one.rules)} rules, which are the ones it is compared with.`;
  }
  const both = `Under ${ownersName(one.rules)} rules ${title} is ${one.text} ${when}, under ${ownersName(other.rules)} ${other.text}`;
  if (difference === null) return `${both}.`;
  if (difference === 0 && (customers ?? []).length === 0) return `${both}: the same.`;
  const by = `${differenceText} ${difference < 0 ? 'less' : 'more'}`;
  return `${both}: ${by}.${customers === null ? '' : ` ${explained(customers)}`}`;
}

function explained(customers: NonNullable<Output['customers']>): string {
  if (customers.length === 0) return 'No customer differs by enough to be named.';
  const shown = customers.slice(0, NAMED_IN_PROSE).map(({ name, text }) => `${name} ${text}`);
  const more = customers.length > shown.length ? `, and ${customers.length - shown.length} more` : '';
  const who =
    customers.length === 1 ? 'One customer explains it' : `${customers.length} customers explain it`;
  return `${who}: ${shown.join(', ')}${more}.`;
}

function tableOf(answer: Output) {
  return {
    kind: 'table' as const,
    title: `${answer.title}: ${answer.left.rules} less ${answer.right.rules}, ${answer.when}`,
    columns: [...left('Customer'), ...right('Difference')],
    rows: (answer.customers ?? []).map(({ name, text }) => [name, text]),
  };
}

function recognize(utterance: Utterance): Reading[] {
  const named = rulesNamed(utterance.text);
  const [policy, against] = named?.presets ?? [];
  if (!named || policy === undefined) return [];
  const metric = matchMetric(named.rest)[0]?.metric ?? 'mrr';
  const period = utterance.periods[0]?.period ?? null;
  const customer = namedCustomer(utterance);
  const call: { [key: string]: Json } = {
    metric,
    policy,
    ...(against === undefined ? {} : { against }),
    ...(period ? { period: periodArgument(period) } : {}),
    ...(customer ? { customer: customer.id } : {}),
  };
  const other = against === undefined ? 'our own' : ownersName(PRESETS[against].title);
  const interpretation = `${METRICS.find((one) => one.name === metric)?.title ?? metric} under ${ownersName(PRESETS[policy].title)} rules against ${other}`;
  return [
    {
      input: call,
      confidence: 0.92,
      ...(against === undefined ? {} : { whole: true as const }),
      interpretation: period ? `${interpretation}, ${period.label}` : interpretation,
    },
  ];
}
