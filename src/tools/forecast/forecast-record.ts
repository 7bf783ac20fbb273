import { z } from 'zod';
import { meanError } from '../../domain/forecast/claims.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatValue } from '../../domain/metrics/format-value.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { matchMetric } from '../../domain/metrics/match.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { left, right } from '../wording.ts';
import { namedMetric, scoreDue } from './foresee.ts';
import { monthWords } from './words.ts';

const input = z.strictObject({
  metric: z.string().min(1).max(80).optional().describe('Left out: all that were forecast'),
});

const output = z.strictObject({
  title: z.string(),
  rows: z.array(
    z.strictObject({
      title: z.string(),
      month: z.string(),
      monthsAhead: z.int(),
      said: z.string(),
      range80: z.string(),
      came: z.string(),
      within80: z.boolean(),
      within95: z.boolean(),
    }),
  ),
  within80Percent: z.number().nullable(),
  within95Percent: z.number().nullable(),
  missedPercent: z.number().nullable(),
  waiting: z.int(),
  receipt: receiptSchema,
});

type Output = z.infer<typeof output>;

const ROWS_READ = 60;

export default defineTool({
  name: 'forecast_record',
  description:
    'How right earlier forecasts were: what was said, what came, and how often the ranges held. Not a new forecast.',
  scope: 'metrics:read',
  foresees: true,
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'how accurate were our forecasts?', input: {} },
    { say: 'how right were the mrr forecasts', input: { metric: 'mrr' } },
  ],
  recognize,
  run,
  narrate,
  exhibits: ({ rows, title }) =>
    rows.length === 0
      ? []
      : [
          {
            kind: 'table',
            title,
            columns: [
              ...left('Number', 'Month', 'Said'),
              ...right('Forecast', '80%', 'Came'),
              ...left('Within'),
            ],
            rows: rows.map((row) => [
              row.title,
              monthWords(row.month),
              `${row.monthsAhead} mo ahead`,
              row.said,
              row.range80,
              row.came,
              row.within80 ? '80%' : row.within95 ? '95%' : 'neither',
            ]),
          },
        ],
});

async function run({ metric: named }: z.output<typeof input>, ctx: ToolContext): Promise<Output> {
  const metric = named === undefined ? null : namedMetric(named);
  await scoreDue(ctx);
  const filter = metric ? { metric: metric.name } : {};
  const { scored, waiting } = await ctx.forecasts.record({ ...filter, limit: ROWS_READ });
  const rows = scored.flatMap((month) => {
    const of = findMetric(month.metric);
    if (!of || month.actual === null) return [];
    const say = (value: number) => formatValue(of, value, ctx.company.currency);
    const { actual } = month;
    return {
      title: of.title,
      month: month.month,
      monthsAhead: month.monthsAhead,
      said: say(month.mean),
      range80: `${say(month.low80)} to ${say(month.high80)}`,
      came: say(actual),
      within80: actual >= month.low80 && actual <= month.high80,
      within95: actual >= month.low95 && actual <= month.high95,
    };
  });
  const share = (of: (row: Output['rows'][number]) => boolean) =>
    rows.length === 0 ? null : Math.round((100 * rows.filter(of).length) / rows.length);
  const errors = scored.flatMap(({ mean, actual }) => (actual ? [mean / actual - 1] : []));
  const missed = meanError(errors);
  return {
    title: metric ? `Forecasts of ${metric.title}` : 'Forecasts and what came',
    rows,
    within80Percent: share(({ within80 }) => within80),
    within95Percent: share(({ within95 }) => within95),
    missedPercent: missed === null ? null : Number(missed.toFixed(1)),
    waiting,
    receipt: ledgerReceipt(
      { name: 'Forecast record', words: 'Forecasts that were issued, held against what came' },
      ctx.clock.now(),
      rows.length,
    ),
  };
}

function narrate({ rows, within80Percent, within95Percent, missedPercent, waiting }: Output): string {
  const [last] = rows;
  const open = waiting === 1 ? '1 forecast month is' : `${waiting} forecast months are`;
  if (!last) return `No forecast month is over yet; ${open} still to come.`;
  const counted = rows.length === 1 ? '1 forecast month is over' : `${rows.length} forecast months are over`;
  return `${counted}: the 80% range held ${within80Percent}% of them, the 95% range ${within95Percent}%, and the forecast missed by ${missedPercent}% on average. Last: we said ${last.range80} for ${last.title} in ${monthWords(last.month)}, it was ${last.came}. ${open} still to come.`;
}

const RECORD =
  /\b(?:how (?:right|accurate|good|wrong)|accuracy|record|track record)\b.*\b(?:forecast|prediction)|\b(?:forecast|prediction)s?\b.*\b(?:record|accura\w+|right|come true|came true)\b/i;

function recognize({ text }: Utterance): Reading[] {
  if (!RECORD.test(text)) return [];
  const metric = matchMetric(text)[0]?.metric;
  return [
    {
      input: metric === undefined ? {} : { metric },
      confidence: 0.93,
      interpretation: 'How right the forecasts were',
    },
  ];
}
