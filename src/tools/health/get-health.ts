import { z } from 'zod';
import { mrrByCustomer } from '../../domain/health/mrr-by-customer.ts';
import { strengths, weaknesses } from '../../domain/health/score.ts';
import { namedCustomer, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { sayList } from '../wording.ts';
import {
  bandSchema,
  DEFINITION,
  HEALTH_SOURCES,
  partSchema,
  round,
  sayBand,
  sayCosts,
  sayStake,
  sayTrend,
  shownPart,
  stakeSchema,
  whole,
} from './health-words.ts';

const input = z.strictObject({ customer: customerInput });

const output = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Null where there is no score to give. */
  health: z
    .strictObject({
      score: z.number(),
      band: bandSchema,
      /** Percent. */
      confidence: z.number(),
      trends: z.array(
        z.strictObject({ days: z.int(), before: z.number().nullable(), change: z.number().nullable() }),
      ),
      costs: z.array(partSchema),
      carries: z.array(partSchema),
      lift: z.strictObject({ band: bandSchema, score: z.number(), moves: z.array(z.string()) }).nullable(),
      stake: stakeSchema,
      /** Within so many days, by the model of that name; null where there is no model. */
      churn: z.strictObject({ percent: z.number(), days: z.int(), model: z.string() }).nullable(),
    })
    .nullable(),
  mrr: moneySchema.nullable(),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'get_health',
  description:
    'Health of one customer: score 0-100 with confidence, band, trends over 7, 30 and 90 days, what costs most, what would lift it, MRR at stake. Use it for "how healthy is Acme". Not for its plan and invoices, and not for lists of customers.',
  scope: 'customers:read',
  effect: 'read',
  about: ['health'],
  input,
  output,
  examples: [
    { say: 'how healthy is Acme?', input: { customer: 'Acme' } },
    { say: 'health score of Acme', input: { customer: 'Acme' } },
    { say: 'is Acme at risk?', input: { customer: 'Acme' } },
  ],
  recognize,
  async run({ customer: reference }, ctx) {
    const customer = await ctx.customers.resolve(reference);
    const receipt = await openReceipt(ctx, {
      ...{ name: 'Health score', version: 1, words: DEFINITION, sources: HEALTH_SOURCES },
    });
    const at = ctx.clock.now();
    const found = await ctx.health.assess(customer.id, at);
    const mrr = (await mrrByCustomer({ ...ctx, nowAt: at }, customer.id)).get(customer.id) ?? null;
    const about = {
      id: customer.id,
      name: customer.name,
      mrr,
      listed: [{ id: customer.id, label: customer.name, customerId: customer.id }],
    };
    if (found === null) return { ...about, health: null, receipt: receipt(0) };
    const flagged = found.band === 'critical' || found.band === 'warning';
    return {
      ...about,
      health: {
        score: round(found.score.score ?? 0, 1),
        band: found.band,
        confidence: Math.round(found.score.confidence * 100),
        trends: found.trends.map(({ days, before, change }) => ({
          days,
          before: before === null ? null : round(before, 1),
          change: change === null ? null : round(change, 1),
        })),
        costs: weaknesses(found.score, 3).map(shownPart),
        carries: strengths(found.score, 2).map(shownPart),
        lift: found.lift && {
          band: found.lift.band,
          score: round(found.lift.score, 1),
          moves: found.lift.moves.map(({ say }) => say),
        },
        stake: flagged ? await ctx.health.stake(found.band, at) : null,
        churn: found.churn && {
          percent: round(found.churn.probability * 100, 1),
          days: found.churn.horizonDays,
          model: found.churn.model,
        },
      },
      receipt: receipt(found.score.parts.length, [`Features and weights ${ctx.health.version()}`]),
    };
  },
  narrate({ name, health, mrr }) {
    if (health === null)
      return `There is no health score for ${name}: it has no live subscription, or too little is known of it yet.`;
    const { score, band, confidence, trends, costs, carries, lift, stake, churn } = health;
    const month = trends.find(({ days }) => days === 30);
    const trend = month ? `, ${sayTrend(month)}` : '';
    const paid = mrr === null ? '' : ` It pays ${formatMoney(mrr)} a month.`;
    const first = `${name} is ${sayBand(band)}: ${whole(score)} of 100${trend}, confidence ${confidence}%.${paid}`;
    const against =
      costs.length > 0
        ? ` What costs most: ${sayCosts(costs)}.`
        : ` Nothing costs much; it is carried by ${sayList(carries.map(({ words }) => words))}.`;
    const up = lift
      ? ` The smallest change that would make it ${sayBand(lift.band)}: ${sayList(lift.moves)}.`
      : '';
    const bet = stake ? ` ${sayStake(stake)}` : '';
    const chance = churn
      ? ` Chance of leaving within ${churn.days} days: ${churn.percent}% (${churn.model}).`
      : '';
    return `${first}${against}${up}${bet}${chance}`;
  },
  exhibits({ name, health }) {
    if (health === null) return [];
    const { score, band, confidence, trends, costs, carries } = health;
    return [
      {
        kind: 'fields',
        title: `Health of ${name}`,
        fields: [
          { label: 'Score', value: `${whole(score)} of 100, ${band}` },
          { label: 'Confidence', value: `${confidence}%` },
          ...trends.map((trend) => ({ label: `${trend.days} days`, value: sayTrend(trend) })),
          ...costs.map((part) => ({ label: part.title, value: part.words })),
          ...(costs.length === 0 ? carries.map((part) => ({ label: part.title, value: part.words })) : []),
        ],
      },
    ];
  },
  untrusted: ({ name }) => looksLikeText(name),
});

const ABOUT_HEALTH =
  /\b(?:healthy|unhealthy|health|health ?score|health check)\b|\bat risk\b|\brisk (?:score|level) (?:of|for)\b|\bin (?:danger|trouble|good shape|bad shape)\b/;
/** Words of other questions: why, a list, the history of many. */
const OTHERS = /\bwhy\b|\bexplain\b|\bwhat (?:makes|made|drives|drove|lowers|costs)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  const customer = namedCustomer(utterance);
  if (!customer || !ABOUT_HEALTH.test(phrase) || OTHERS.test(phrase)) return [];
  if (says(utterance, 'platform', 'api', 'alert', 'alerts', 'mrr')) return [];
  return [
    {
      input: { customer: customer.id },
      confidence: 0.93,
      interpretation: `Health of ${customer.name}`,
    },
  ];
}
