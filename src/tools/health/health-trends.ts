import { z } from 'zod';
import type { TREND_DAYS } from '../../domain/health/assess.ts';
import { BANDS, type Band } from '../../domain/health/bands.ts';
import { movedBy } from '../../domain/health/moved.ts';
import { mrrByCustomer } from '../../domain/health/mrr-by-customer.ts';
import { says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { limitInput } from '../inputs.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, right } from '../wording.ts';
import { bandSchema, DEFINITION, HEALTH_SOURCES, round, shownPart, whole } from './health-words.ts';

const DAY_MS = 86_400_000;
/** Less than this is noise. */
const LEAST_POINTS = 5;

const DIRECTIONS = ['fell', 'rose'] as const;

const input = z.strictObject({
  direction: z.enum(DIRECTIONS).optional().describe('fell (default) or rose'),
  days: z
    .union([z.literal(7), z.literal(30), z.literal(90)])
    .optional()
    .describe('Default 30'),
  limit: limitInput.optional(),
});

const countsSchema = z.array(z.strictObject({ band: bandSchema, now: z.int(), before: z.int() }));

const output = z.strictObject({
  direction: z.enum(DIRECTIONS),
  days: z.int(),
  /** Customers with a score on both days. */
  compared: z.int(),
  total: z.int(),
  bands: countsSchema,
  rows: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      before: z.number(),
      score: z.number(),
      band: bandSchema,
      mrr: moneySchema,
      why: z.string(),
    }),
  ),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'health_trends',
  description:
    'Whose health score fell or rose most over 7, 30 or 90 days, by what, with how many customers are in each band now and then. Use it for "whose health fell this month" and for how health is distributed. Not for one customer.',
  scope: 'customers:read',
  effect: 'read',
  about: ['health'],
  input,
  output,
  examples: [
    { say: 'whose health fell this month?', input: {} },
    { say: 'who improved their health this week?', input: { direction: 'rose', days: 7 } },
    { say: 'health distribution', input: {} },
  ],
  recognize,
  async run({ direction = 'fell', days = 30, limit = 10 }, ctx) {
    const receipt = await openReceipt(ctx, {
      ...{ name: 'Health trends', version: 1, words: DEFINITION, sources: HEALTH_SOURCES },
    });
    const at = ctx.clock.now();
    const { now, before } = await ctx.health.standings(at, days);
    const then = new Map(before.map((one) => [one.customerId, one]));
    const mrr = await mrrByCustomer({ ...ctx, nowAt: at });
    const sign = direction === 'fell' ? -1 : 1;
    const pairs = now.flatMap((one) => {
      const past = then.get(one.customerId);
      if (!past || one.band === null || one.score.score === null || past.score.score === null) return [];
      return [{ ...one, band: one.band, before: past.score, change: one.score.score - past.score.score }];
    });
    const moved = pairs
      .filter(({ change }) => sign * change >= LEAST_POINTS)
      .sort((a, b) => sign * (b.change - a.change) || (a.customerId < b.customerId ? -1 : 1));
    const shown = moved.slice(0, limit);
    return {
      direction,
      days,
      compared: pairs.length,
      total: moved.length,
      bands: BANDS.map((band) => ({
        band,
        now: countOf(now, band),
        before: countOf(before, band),
      })),
      rows: shown.map((one) => {
        const [cause] = movedBy(one.score, one.before).filter(({ change }) => sign * change > 0);
        return {
          id: one.customerId,
          name: one.name,
          before: round(one.before.score ?? 0, 1),
          score: round(one.score.score ?? 0, 1),
          band: one.band,
          mrr: mrr.get(one.customerId) ?? { minor: 0, currency: ctx.company.currency },
          why: cause?.now ? shownPart(cause.now).words : 'several small things',
        };
      }),
      listed: shown.map(({ customerId, name }) => ({ id: customerId, label: name, customerId })),
      receipt: receipt(pairs.length, [
        `Features and weights ${ctx.health.version()}, both days`,
        `Changes below ${LEAST_POINTS} points count as none`,
      ]),
    };
  },
  narrate({ direction, days, compared, total, rows, bands }) {
    const verb = direction === 'fell' ? 'fell' : 'rose';
    const spread = bands
      .toReversed()
      .map(({ band, now, before }) => `${now} ${band} (${before} then)`)
      .join(', ');
    const standing = ` Now ${spread}.`;
    const [first] = rows;
    if (!first)
      return `Nobody's health ${verb} by ${LEAST_POINTS} points or more over ${days} days, of ${count(compared, 'customer')} with a score on both days.${standing}`;
    return `The health of ${total} of ${count(compared, 'customer')} ${verb} by ${LEAST_POINTS} points or more over ${days} days. Most of all ${first.name}: ${whole(first.before)} to ${whole(first.score)}, ${first.why}.${standing}`;
  },
  exhibits({ direction, days, rows, bands }) {
    const chart = {
      kind: 'chart' as const,
      title: `Customers by health, now and ${days} days ago`,
      type: 'bar' as const,
      categories: bands.map(({ band }) => band),
      series: [
        { name: 'Now', values: bands.map(({ now }) => now) },
        { name: `${days} days ago`, values: bands.map(({ before }) => before) },
      ],
      valueLabel: 'customers',
      alt: bands.map(({ band, now, before }) => `${band}: ${now} now, ${before} then`).join('; '),
    };
    if (rows.length === 0) return [chart];
    return [
      {
        kind: 'table',
        title: `Whose health ${direction} most over ${days} days`,
        columns: [
          ...left('Customer'),
          ...right('Then', 'Now'),
          ...left('Band'),
          ...right('MRR'),
          ...left('Why'),
        ],
        rows: rows.map((row) => [
          row.name,
          whole(row.before),
          whole(row.score),
          row.band,
          formatMoney(row.mrr),
          row.why,
        ]),
      },
      chart,
    ];
  },
  untrusted: ({ rows }) => rows.some(({ name }) => looksLikeText(name)),
});

function countOf(standings: readonly { band: Band | null }[], band: Band): number {
  return standings.filter((one) => one.band === band).length;
}

const HEALTH = /\b(?:health|healthy|healthier|unhealthy|health ?scores?)\b/;
const MOVING =
  /\b(?:fell|falls?|falling|drop\w*|declin\w*|slid\w*|sank|worse\w*|deteriorat\w*|down|lost|rose|rises?|rising|improv\w*|better|up|gain\w*|recover\w*|chang\w*|mov\w*|trend\w*)\b/;
const SPREAD = /\b(?:distribution|distributed|spread|breakdown|by band|how many|overview|bands?)\b/;
const UPWARDS = /\b(?:rose|rises?|rising|improv\w*|better|up|gain\w*|recover\w*|healthier)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (!HEALTH.test(phrase) || utterance.customers.length > 0) return [];
  if (!MOVING.test(phrase) && !SPREAD.test(phrase)) return [];
  if (says(utterance, 'why', 'platform', 'api', 'sources')) return [];
  const days = daysIn(utterance);
  const direction = UPWARDS.test(phrase) ? 'rose' : null;
  return [
    {
      input: {
        ...(direction ? { direction } : {}),
        ...(days === 30 ? {} : { days }),
        ...(utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
      },
      confidence: 0.92,
      interpretation: `Whose health ${direction ?? 'fell'}, against ${days} days ago`,
    },
  ];
}

/** The nearest of the days that health is compared over: a named period's length, a month unless told. */
function daysIn({ periods }: Pick<Utterance, 'periods'>): (typeof TREND_DAYS)[number] {
  const [mention] = periods;
  const named = mention?.period;
  // A month that has just begun is as short as a week.
  if (!named || /month/i.test(mention.text)) return 30;
  const length = named.endAt - named.startAt;
  if (length <= 8 * DAY_MS) return 7;
  return length > 45 * DAY_MS ? 90 : 30;
}
