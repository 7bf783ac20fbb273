import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatValue } from '../../domain/metrics/format-value.ts';
import { findMetric } from '../../domain/metrics/index.ts';
import { matchMetric } from '../../domain/metrics/match.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import type { Exhibit } from '../../domain/types.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { left, right } from '../wording.ts';
import { foresee, namedMetric, versionOf } from './foresee.ts';
import { asksAhead, claimWords, monthsAsked, monthWords } from './words.ts';

const input = z.strictObject({
  metric: z.string().min(1).max(80).describe('mrr, revenue_gross, churned_mrr, api_calls ...'),
  months: z.int().min(1).max(24).optional().describe('Ahead, the running month first; 12 unless told'),
});

const number = z.number();
const pointSchema = z.strictObject({
  month: z.string(),
  mean: number,
  text: z.string(),
  range80: z.string(),
  range95: z.string(),
  ...{ low80: number, high80: number, low95: number, high95: number },
});

const output = z.strictObject({
  metric: z.string(),
  title: z.string(),
  unit: z.string(),
  currency: z.string(),
  forecastId: z.string(),
  /** The running month first. */
  points: z.array(pointSchema),
  history: z.array(z.strictObject({ month: z.string(), value: z.number() })),
  lastText: z.string(),
  models: z.array(z.string()),
  accuracy: z.string(),
  beatsLastValue: z.boolean().nullable(),
  notes: z.array(z.string()),
  receipt: receiptSchema,
});

type Output = z.infer<typeof output>;

export default defineTool({
  name: 'forecast_metric',
  description:
    'What a company number will be in the months ahead, with 80% and 95% ranges and how accurate such forecasts were. Not for one customer, nor for what has happened.',
  scope: 'metrics:read',
  foresees: true,
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'forecast mrr for the next 12 months', input: { metric: 'mrr', months: 12 } },
    { say: 'what will gross revenue be next month?', input: { metric: 'revenue_gross', months: 2 } },
  ],
  recognize,
  run,
  narrate,
  figures: ({ points }) => points,
  exhibits: (answer) => [chartOf(answer), tableOf(answer)],
});

const DEFAULT_MONTHS = 12;
const HISTORY_SHOWN = 24;

async function run({ metric: named, months }: z.output<typeof input>, ctx: ToolContext): Promise<Output> {
  const metric = namedMetric(named);
  const found = await foresee(metric, months ?? DEFAULT_MONTHS, ctx);
  const last = found.history.at(-1);
  const forecastId = await ctx.forecasts.issue({
    metric: metric.name,
    knownMonth: last?.month ?? '',
    dataVersion: versionOf({ history: found.history, months: found.points.length }),
    models: found.models,
    points: found.points,
  });
  const { currency } = ctx.company;
  const say = (value: number) => formatValue(metric, value, currency);
  return {
    metric: metric.name,
    title: metric.title,
    unit: metric.unit,
    currency,
    forecastId,
    points: found.points.slice(0, months ?? DEFAULT_MONTHS).map(({ endAt: _end, ...point }) => ({
      ...point,
      text: say(point.mean),
      range80: `${say(point.low80)} to ${say(point.high80)}`,
      range95: `${say(point.low95)} to ${say(point.high95)}`,
    })),
    history: found.history.slice(-HISTORY_SHOWN),
    lastText: `${say(last?.value ?? 0)} in ${monthWords(last?.month ?? '')}`,
    models: found.models,
    accuracy: claimWords(found.claims),
    beatsLastValue: found.beatsLastValue,
    notes: found.notes,
    receipt: {
      definition: {
        name: `Forecast: ${metric.title}`,
        version: 1,
        words: `${metric.words} Forecast from ${found.history.length} whole months by ${found.models.join(', ')}`,
      },
      period: null,
      asOfAt: ctx.clock.now(),
      rowCount: found.rows,
      freshness: await ctx.sources.freshness(metric.sources),
      notes: found.notes,
    },
  };
}

/** "MRR is forecast at $92,000.00 for Nov 2027: $85,000.00 to $99,000.00 in 4 of 5 cases, ..." */
function narrate({ title, points, lastText, accuracy, beatsLastValue, notes }: Output): string {
  const end = points.at(-1);
  if (!end) return `There is no forecast of ${title}.`;
  const none = beatsLastValue === false ? ' That is no better than repeating the last value did.' : '';
  const mind = notes.length > 0 ? ` ${notes[0]}` : '';
  return `${title} is forecast at ${end.text} for ${monthWords(end.month)}, ${end.range80} at 80% and ${end.range95} at 95%. It was ${lastText}. ${accuracy}${none}${mind}`;
}

function chartOf(answer: Output): Exhibit {
  const divisor =
    answer.unit === 'money' ? 10 ** exponentOf(answer.currency) : answer.unit === 'ratio' ? 0.01 : 1;
  const past = answer.history.map(({ value }) => value / divisor);
  const gap = past.map(() => null);
  const ahead = (of: (point: Output['points'][number]) => number) =>
    answer.points.map((point) => of(point) / divisor);
  return {
    kind: 'chart',
    title: `${answer.title}: forecast`.slice(0, 50),
    type: 'line',
    categories: [...answer.history, ...answer.points].map(({ month }) => monthWords(month)),
    series: [
      { name: answer.title, values: [...past, ...answer.points.map(() => null)] },
      { name: 'Forecast', values: [...gap.slice(0, -1), past.at(-1) ?? null, ...ahead(({ mean }) => mean)] },
    ],
    band: {
      name: 'expected at 95%',
      low: [...gap, ...ahead(({ low95 }) => low95)],
      high: [...gap, ...ahead(({ high95 }) => high95)],
    },
    valueLabel: labelOf(answer),
    alt: narrate(answer),
  };
}

function labelOf({ unit, currency, title }: Output): string {
  if (unit === 'money') return currency;
  return unit === 'ratio' ? '%' : unit === 'ms' ? 'ms' : title;
}

function tableOf({ title, points }: Output): Exhibit {
  return {
    kind: 'table',
    title: `${title}, month by month`,
    columns: [...left('Month'), ...right('Forecast', '80%', '95%')],
    rows: points.map(({ month, text, range80, range95 }) => [monthWords(month), text, range80, range95]),
  };
}

function recognize(utterance: Utterance): Reading[] {
  if (
    !asksAhead(utterance) ||
    /\b(?:scenarios?|optimistic|pessimistic|what if|tornado)\b/i.test(utterance.text)
  )
    return [];
  const metric = findMetric(matchMetric(utterance.text)[0]?.metric ?? '');
  const bare = /^\W*(?:(?:show|give) (?:me |us )?)?(?:the |a |our )?forecast\b/i.test(utterance.text);
  const name = metric?.name ?? (bare ? 'mrr' : null);
  if (name === null || /\b(?:were|was|right|accura\w+|record)\b/i.test(utterance.text)) return [];
  const months = monthsAsked(utterance);
  return [
    {
      input: { metric: name, ...(months === null ? {} : { months }) },
      confidence: 0.92,
      interpretation: `Forecast of ${findMetric(name)?.title ?? name}, ${months ?? DEFAULT_MONTHS} months`,
    },
  ];
}
