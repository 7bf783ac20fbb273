import { z } from 'zod';
import { MetricAnswerSchema } from '../../domain/metrics/answer.ts';
import { askMetric, requireMetric } from '../../domain/metrics/ask.ts';
import { alternativesTo, heldAgainst } from '../../domain/metrics/held-against.ts';
import { matchMetric, nearestMetrics } from '../../domain/metrics/match.ts';
import { narrateAnswer } from '../../domain/metrics/narrate.ts';
import { describeInForce } from '../../domain/mrr/setting.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { describeInstant } from '../../domain/periods/describe-period.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { SourceName } from '../../domain/types.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput, periodInput } from '../inputs.ts';
import { count } from '../wording.ts';

const text = (most: number) => z.string().trim().min(1).max(most);

const input = z.strictObject({
  metric: text(80),
  period: periodInput.optional(),
  customer: customerInput.optional(),
  filter: z
    .strictObject({
      plan: text(60).optional(),
      country: text(2).optional(),
      currency: text(3).optional(),
      region: text(60).optional(),
      segment: text(60).optional(),
      channel: text(60).optional(),
      owner: text(120).optional(),
    })
    .optional(),
  claimed: text(40).optional().describe('The figure the person has, as they wrote it'),
});

type Input = z.output<typeof input>;

const output = z.strictObject({
  answer: MetricAnswerSchema,
  /** Theirs, not ours. */
  claim: z
    .strictObject({ text: z.string(), value: z.number().nullable(), difference: z.string().nullable() })
    .nullable(),
  alternatives: z.array(
    z.strictObject({ words: z.string(), value: z.number().nullable(), text: z.string(), near: z.boolean() }),
  ),
  /** The rules it was computed by; null where there are none to choose. */
  policy: z.string().nullable(),
  /** "Stripe up to Nov 22, 2026, 14:30 PST". */
  through: z.array(z.string()),
  receipt: receiptSchema,
});

type Output = z.output<typeof output>;

const SOURCE: Record<SourceName, string> = { stripe: 'Stripe', supabase: 'Supabase', psizero: 'PsiZero' };
const MOST_ALTERNATIVES = 4;

export default defineTool({
  name: 'check_metric',
  description:
    'Computes a number again and shows what it is made of, beside other readings of it that explain a different figure. Use it when somebody doubts a number or has another one ("are you sure?", "finance says 1.2m"). The computed figure stands; theirs is never taken over. Not for a first question.',
  scope: 'metrics:read',
  furtherScopes: ({ customer }) => (customer === undefined ? [] : ['customers:read']),
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'are you sure about MRR?', input: { metric: 'mrr' } },
    { say: 'finance says MRR is 1.2m', input: { metric: 'mrr', claimed: '1.2m' } },
  ],
  // Which number is doubted stands in the thread: rules mode finds it there, not in the sentence.
  recognize: () => [],
  run,
  narrate,
  figures: ({ answer: { value, money, originals }, alternatives, claim }) => ({
    value,
    money,
    originals,
    alternatives,
    claim,
  }),
  exhibits: ({ answer, policy, through }) => {
    const { definition, rowCount, notes } = answer.receipt;
    return [
      {
        kind: 'fields',
        title: `How ${answer.title} was computed`,
        fields: [
          { label: 'Definition', value: definition.words },
          ...(policy ? [{ label: 'Policy', value: policy }] : []),
          { label: 'When', value: answer.when },
          { label: 'Rows', value: `${rowCount}${definition.grain ? `, ${definition.grain} each` : ''}` },
          { label: 'Read', value: through.join('; ') || 'nothing outside' },
          ...(notes.length > 0 ? [{ label: 'Notes', value: notes.join(' ') }] : []),
        ],
      },
    ];
  },
});

async function run(asked: Input, ctx: ToolContext): Promise<Output> {
  const [match] = matchMetric(asked.metric);
  const metric = requireMetric(match && match.score >= 0.7 ? match.metric : asked.metric, nearestMetrics);
  const nowAt = ctx.clock.now();
  const { tz } = ctx.principal;
  const customer = asked.customer === undefined ? null : await ctx.customers.resolve(asked.customer);
  await ctx.sources.refresh(metric.sources);
  const filter: NonNullable<Input['filter']> = asked.filter ?? {};
  const question = {
    metric,
    period: asked.period === undefined ? null : parsePeriod(asked.period, { nowAt, tz }),
    compare: null,
    by: null,
    top: null,
    order: 'desc' as const,
    filter: { ...filter, country: filter.country?.toUpperCase(), currency: filter.currency?.toUpperCase() },
    customer,
    chart: null,
    nowAt,
    tz,
    company: ctx.company,
  };
  const answer = await askMetric(question, ctx.facts, await ctx.sources.freshness(metric.sources));
  const claim =
    asked.claimed === undefined ? null : heldAgainst(asked.claimed, metric, answer.value, ctx.company);
  const alternatives = await alternativesTo(question, claim, ctx.facts);
  const through = answer.receipt.freshness.map(({ source, throughAt }) =>
    throughAt === null
      ? `${SOURCE[source]} not read yet`
      : `${SOURCE[source]} up to ${describeInstant(throughAt, tz)}`,
  );
  return {
    answer,
    claim,
    alternatives: alternatives.slice(0, MOST_ALTERNATIVES),
    policy: metric.underMrrPolicy
      ? describeInForce(ctx.facts.settings().mrr)
      : (answer.receipt.definition.policy ?? null),
    through,
    receipt: answer.receipt,
  };
}

/** The computed figure first, as it was; whatever the person has is quoted as theirs. */
function narrate({ answer, claim, alternatives, policy, through }: Output): string {
  const { definition, rowCount } = answer.receipt;
  const read = through.length > 0 ? ` Read anew: ${through.join(', ')}.` : '';
  const rules = policy === null ? '' : ` Policy: ${policy}.`;
  const stands = `I computed it again. ${narrateAnswer(answer)} It is made of ${count(rowCount, 'row')}${definition.grain ? ` (${definition.grain})` : ''}. Definition: ${definition.words}${rules}${read}`;
  return [
    stands,
    claim ? narrateClaim(claim, alternatives) : null,
    narrateAlternatives(alternatives, claim !== null),
  ]
    .filter((line) => line !== null)
    .join('\n\n');
}

function narrateClaim(claim: NonNullable<Output['claim']>, alternatives: Output['alternatives']): string {
  if (claim.value === null)
    return `Your figure, "${claim.text}", is in another unit or currency than mine, so I cannot hold the two against each other. I keep to what I computed.`;
  if (claim.difference === null) return `Your figure, "${claim.text}", is the same.`;
  const near = alternatives.find((one) => one.near);
  const why = near
    ? `It is close to another reading of the same records: ${near.words} it would be ${near.text}.`
    : 'I keep to what I computed; a difference usually lies in the definition, the period, the currency or the time of reading.';
  return `Your figure, "${claim.text}", is ${claim.difference}; it is yours, not mine. ${why}`;
}

function narrateAlternatives(alternatives: Output['alternatives'], claimed: boolean): string | null {
  const rest = alternatives.filter((one) => !one.near);
  if (rest.length === 0) return null;
  const list = rest.map(({ words, text: value }) => `${words} ${value}`).join('; ');
  return `${claimed ? 'Other readings, computed the same way' : 'For comparison, computed the same way'}: ${list}.`;
}
