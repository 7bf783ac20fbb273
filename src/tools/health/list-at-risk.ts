import { z } from 'zod';
import { compareBands } from '../../domain/health/bands.ts';
import { mrrByCustomer } from '../../domain/health/mrr-by-customer.ts';
import { weaknesses } from '../../domain/health/score.ts';
import { says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { addMoney } from '../../domain/money/arithmetic.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool } from '../define-tool.ts';
import { limitInput } from '../inputs.ts';
import { excludeInput, filtersIn, keepRows, keptCustomers, whereInput, whereWords } from '../list-filters.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, right } from '../wording.ts';
import {
  bandSchema,
  DEFINITION,
  HEALTH_SOURCES,
  round,
  sayStake,
  shownPart,
  stakeSchema,
  whole,
} from './health-words.ts';

const FLAGGED = ['critical', 'warning'] as const;

const input = z.strictObject({
  band: z.enum(FLAGGED).optional().describe('Only this band; both unless told'),
  where: whereInput,
  exclude: excludeInput,
  limit: limitInput.optional(),
});

const output = z.strictObject({
  band: z.enum(FLAGGED).nullable(),
  narrowed: z.string().nullable(),
  /** How many have a score. */
  scored: z.int(),
  counts: z.strictObject({ critical: z.int(), warning: z.int() }),
  total: z.int(),
  atStake: moneySchema,
  rows: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      band: bandSchema,
      score: z.number(),
      mrr: moneySchema,
      why: z.string(),
    }),
  ),
  stake: stakeSchema,
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'list_at_risk',
  description:
    'Customers whose health is critical or a warning, most MRR at stake first, each with its score and what costs it most: "who is at risk", "churn watchlist". Not for who already left and not for one customer.',
  scope: 'customers:read',
  effect: 'read',
  about: ['health', 'risk', 'watchlist'],
  input,
  output,
  examples: [
    { say: 'who is at risk?', input: {} },
    { say: 'churn watchlist', input: {} },
    { say: 'which accounts are critical?', input: { band: 'critical' } },
    { say: 'top 5 accounts at risk', input: { limit: 5 } },
  ],
  recognize,
  async run({ band = null, where, exclude, limit = 10 }, ctx) {
    const receipt = await openReceipt(ctx, {
      ...{ name: 'Customers at risk', version: 1, words: DEFINITION, sources: HEALTH_SOURCES },
    });
    const at = ctx.clock.now();
    const { currency } = ctx.company;
    const { now: all } = await ctx.health.standings(at);
    const mrr = await mrrByCustomer({ ...ctx, nowAt: at });
    const kept = await keptCustomers({ where, exclude }, ctx);
    const scored = await keepRows(
      all.flatMap((one) => (one.band === null ? [] : [{ ...one, band: one.band }])),
      [kept && ((one) => kept(one.customerId))],
    );
    const rows = scored
      .filter((one) => (band === null ? compareBands(one.band, 'warning') <= 0 : one.band === band))
      .map((one) => ({
        id: one.customerId,
        name: one.name,
        band: one.band,
        score: round(one.score.score ?? 0, 1),
        mrr: mrr.get(one.customerId) ?? { minor: 0, currency },
        why: weaknesses(one.score, 1).map((part) => shownPart(part).words)[0] ?? 'nothing in particular',
      }))
      .sort((a, b) => b.mrr.minor - a.mrr.minor || a.score - b.score || (a.id < b.id ? -1 : 1));
    const shown = rows.slice(0, limit);
    return {
      band,
      narrowed: where === undefined ? null : whereWords(where),
      scored: scored.length,
      counts: {
        critical: scored.filter((one) => one.band === 'critical').length,
        warning: scored.filter((one) => one.band === 'warning').length,
      },
      total: rows.length,
      atStake: addMoney(
        currency,
        rows.map((row) => row.mrr),
      ),
      rows: shown,
      stake: await ctx.health.stake(band ?? 'warning', at),
      listed: shown.map(({ id, name }) => ({ id, label: name, customerId: id })),
      receipt: receipt(scored.length, [`Features and weights ${ctx.health.version()}`]),
    };
  },
  narrate({ band, narrowed, scored, counts, total, atStake, rows, stake }) {
    const of = narrowed ? ` (${narrowed})` : '';
    if (total === 0) {
      const level = band === null ? 'critical or a warning' : BAND_SAID[band];
      return `Of ${count(scored, 'customer')} with a health score${of}, none is ${level}.`;
    }
    const split =
      band === null ? `${counts.critical} critical and ${counts.warning} with a warning` : BAND_SAID[band];
    const [first] = rows;
    const most = first
      ? ` Most at stake: ${first.name}, ${formatMoney(first.mrr)} a month, at ${whole(first.score)} of 100: ${first.why}.`
      : '';
    const bet = stake ? ` ${sayStake(stake)}` : '';
    return `${total} of ${count(scored, 'customer')} with a health score${of} ${total === 1 ? 'is' : 'are'} at risk: ${split}, ${formatMoney(atStake)} MRR in all.${most}${bet}`;
  },
  exhibits({ rows }) {
    if (rows.length === 0) return [];
    return [
      {
        kind: 'table',
        title: 'Customers at risk',
        columns: [...left('Customer', 'Band'), ...right('Score', 'MRR'), ...left('What costs most')],
        rows: rows.map(({ name, band, score, mrr, why }) => [
          name,
          band,
          whole(score),
          formatMoney(mrr),
          why,
        ]),
      },
    ];
  },
  untrusted: ({ rows }) => rows.some(({ name }) => looksLikeText(name)),
});

const BAND_SAID = { critical: 'critical', warning: 'with a warning' } as const;

const LIST =
  /\b(?:at risk|at-risk|risky|in danger|in trouble|unhealthy|endangered)\b|\bwatch ?list\b|\b(?:red|critical|worst|sick) (?:accounts?|customers?|clients?)\b|\b(?:accounts?|customers?|clients?)(?: \w+){0,3} (?:red|critical|unhealthy)\b|\bchurn risks?\b|\b(?:lowest|worst|bad|poor|low) health\b|\b(?:might|may|could|likely to|about to) (?:we lose|leave|churn|cancel)\b/;
/** Invoices and data have bad health too. */
const OTHERS =
  /\b(?:why|explain|tickets?|invoices?|revenue|alerts?|platform|api|sources?|trends?|fell|dropped|improved)\b/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (!LIST.test(phrase) || OTHERS.test(phrase) || utterance.customers.length > 0) return [];
  const { input: said, words, unread } = filtersIn(utterance, { amounts: false });
  const band = says(utterance, 'critical', 'red') ? 'critical' : null;
  const input = {
    ...said,
    ...(band ? { band } : {}),
    ...(utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
  };
  const what = band ? `Customers in the ${band} band` : 'Customers at risk';
  const [caveat] = unread;
  return [
    {
      input,
      // Surer than a count of who has churned, of which it names the word.
      confidence: caveat ? 0.55 : 1,
      interpretation: [what, ...words].join(', '),
      ...(caveat ? { caveat } : {}),
    },
  ];
}
