import { z } from 'zod';
import { movedBy } from '../../domain/health/moved.ts';
import { FEATURES } from '../../domain/health/registry.ts';
import { weaknesses } from '../../domain/health/score.ts';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { listedSchema, receiptSchema } from '../../domain/output-shapes.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { left, right, sayList } from '../wording.ts';
import {
  bandSchema,
  DEFINITION,
  HEALTH_SOURCES,
  partSchema,
  round,
  sayBand,
  sayCosts,
  shownPart,
  whole,
} from './health-words.ts';

const input = z.strictObject({ customer: customerInput });

const output = z.strictObject({
  id: z.string(),
  name: z.string(),
  score: z.number(),
  band: bandSchema,
  /** Percent. */
  confidence: z.number(),
  parts: z.array(partSchema.extend({ window: z.string() })),
  /** What moved the score since 30 days ago, in points, the largest first; null where there was no score. */
  moved: z
    .strictObject({
      before: z.number(),
      change: z.number(),
      by: z.array(z.strictObject({ title: z.string(), change: z.number(), words: z.string() })),
    })
    .nullable(),
  lift: z.strictObject({ band: bandSchema, score: z.number(), moves: z.array(z.string()) }).nullable(),
  listed: listedSchema,
  receipt: receiptSchema,
});

const WINDOWS = new Map(FEATURES.map(({ name, window }) => [name, window]));

export default defineTool({
  name: 'explain_health',
  description:
    'Why a customer has its health score: every feature with its value, points and share, what moved the score in 30 days, what is missing, the smallest change that lifts it. Use it for "why is Acme red". Not for why a metric changed.',
  scope: 'customers:read',
  effect: 'read',
  about: ['health'],
  input,
  output,
  examples: [
    { say: 'why is Acme red?', input: { customer: 'Acme' } },
    { say: 'explain the health score of Acme', input: { customer: 'Acme' } },
    { say: 'why is Acme at risk?', input: { customer: 'Acme' } },
  ],
  recognize,
  async run({ customer: reference }, ctx) {
    const customer = await ctx.customers.resolve(reference);
    const receipt = await openReceipt(ctx, {
      ...{ name: 'Health score', version: 1, words: DEFINITION, sources: HEALTH_SOURCES },
    });
    const found = await ctx.health.assess(customer.id, ctx.clock.now());
    if (found === null) {
      throw new UserError(
        'not_found',
        `There is no health score for ${customer.name}: it has no live subscription, or too little is known of it yet.`,
      );
    }
    const { score, band, monthAgo, lift } = found;
    const before = monthAgo?.score ?? null;
    return {
      id: customer.id,
      name: customer.name,
      score: round(score.score ?? 0, 1),
      band,
      confidence: Math.round(score.confidence * 100),
      parts: [...score.parts]
        .sort((a, b) => b.costs - a.costs || b.share - a.share)
        .map((part) => ({ ...shownPart(part), window: WINDOWS.get(part.feature) ?? '' })),
      moved:
        monthAgo === null || before === null
          ? null
          : {
              before: round(before, 1),
              change: round((score.score ?? 0) - before, 1),
              by: movedBy(score, monthAgo)
                .filter(({ change }) => Math.abs(change) >= 0.5)
                .slice(0, 4)
                .map(({ title, change, now }) => ({
                  title,
                  change: round(change, 1),
                  words: now === null ? title : shownPart(now).words,
                })),
            },
      lift: lift && {
        band: lift.band,
        score: round(lift.score, 1),
        moves: lift.moves.map(({ say }) => say),
      },
      listed: [{ id: customer.id, label: customer.name, customerId: customer.id }],
      receipt: receipt(score.parts.length, [
        `Features and weights ${ctx.health.version()}`,
        ...weaknesses(score, 3).map(({ title, feature }) => `${title}: ${WINDOWS.get(feature) ?? ''}`),
      ]),
    };
  },
  narrate({ name, score, band, confidence, parts, moved, lift }) {
    const costly = parts.filter(({ costs }) => costs >= 0.5).slice(0, 4);
    const why =
      costly.length > 0
        ? `what takes it down: ${sayCosts(costly)}`
        : 'nothing takes it down by as much as half a point';
    const unknown = parts.filter(({ says }) => says === 'missing').map(({ words }) => words);
    const unsure = unknown.length > 0 ? ` Confidence is ${confidence}%, because ${sayList(unknown)}.` : '';
    const month = moved === null ? '' : ` ${sayMoved(moved)}`;
    const up = lift
      ? ` The smallest change that would make it ${sayBand(lift.band)}: ${sayList(lift.moves)}.`
      : '';
    return `${name} is ${sayBand(band)} at ${whole(score)} of 100; ${why}.${month}${up}${unsure}`;
  },
  exhibits({ name, parts }) {
    return [
      {
        kind: 'table',
        title: `What the health of ${name} is made of`,
        columns: [...left('Feature', 'Now'), ...right('Points', 'Share', 'Costs')],
        rows: parts.map(({ title, words, points, share, costs }) => [
          title,
          words,
          points === null ? 'none' : whole(points),
          `${share}%`,
          costs.toFixed(1),
        ]),
      },
    ];
  },
  untrusted: ({ name }) => looksLikeText(name),
});

function sayMoved({ before, change, by }: NonNullable<z.output<typeof output>['moved']>): string {
  const shown = Math.round(before + change) - Math.round(before);
  if (shown === 0) return `It stood at ${whole(before)} 30 days ago as well.`;
  const parts = by
    .filter((one) => Math.sign(one.change) === Math.sign(change))
    .slice(0, 3)
    .map((one) => `${one.title.toLowerCase()} (${one.change > 0 ? '+' : '-'}${Math.abs(one.change)})`);
  const cause = parts.length > 0 ? `, most of it by ${sayList(parts)}` : '';
  return `It is ${shown < 0 ? 'down' : 'up'} from ${whole(before)} 30 days ago${cause}.`;
}

const WHY =
  /\bwhy\b|\bexplain\b|\bhow come\b|\bwhat (?:makes|made|drives|drove|lowers|is behind|s behind|costs)\b|\breason/;
const STATE =
  /\b(?:red|yellow|amber|green|orange|healthy|unhealthy|health|health ?score|critical|at risk|flagged|watch ?list)\b|\bin (?:danger|trouble|the warning band)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (!WHY.test(phrase) || !STATE.test(phrase)) return [];
  const pointed = pointedRecord(utterance);
  const customer =
    namedCustomer(utterance) ??
    (pointed?.customerId ? { id: pointed.customerId, name: pointed.label } : null);
  if (!customer) return [];
  return [
    {
      input: { customer: customer.id },
      confidence: 0.97,
      interpretation: `Why ${customer.name} has its health score`,
    },
  ];
}
