import { z } from 'zod';
import { DRIVERS } from '../../domain/forecast/mrr/months.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatValue } from '../../domain/metrics/format-value.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import type { Exhibit, Json } from '../../domain/types.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { left, right } from '../wording.ts';
import { foreseeMrr, namedMetric } from './foresee.ts';
import { DRIVER_WORDS, monthsAsked, monthWords } from './words.ts';

const input = z.strictObject({
  months: z.int().min(1).max(24).optional().describe('Ahead, the running month first; 12 unless told'),
  suppose: z
    .array(z.strictObject({ driver: z.enum(DRIVERS), factor: z.number().min(0).max(10) }))
    .max(5)
    .optional()
    .describe('Drivers times a factor: churn 1.5 is half as much churn again'),
  target_minor: z.int().positive().optional().describe('MRR hoped for at the end, in minor units'),
});

const scenario = z.strictObject({ name: z.string(), closings: z.array(z.int()), endText: z.string() });

const output = z.strictObject({
  currency: z.string(),
  months: z.array(z.string()),
  scenarios: z.array(scenario),
  low95: z.string(),
  high95: z.string(),
  tornado: z.array(
    z.strictObject({ driver: z.string(), worse: z.string(), better: z.string(), swingMinor: z.int() }),
  ),
  supposed: z.array(z.string()),
  /** Of the target, in percent. */
  chancePercent: z.number().nullable(),
  runs: z.int(),
  receipt: receiptSchema,
});

type Output = z.infer<typeof output>;

export default defineTool({
  name: 'forecast_scenarios',
  description:
    'MRR in a good, a likely and a poor year, what moves it most (tornado), the chance of a target, and what if churn or new business were other. For other numbers or one line use the plain forecast.',
  scope: 'metrics:read',
  foresees: true,
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'show me mrr scenarios for next year', input: {} },
    { say: 'what if churn doubled?', input: { suppose: [{ driver: 'churn', factor: 2 }] } },
  ],
  recognize,
  run,
  narrate,
  figures: ({ scenarios, tornado, chancePercent }) => ({ scenarios, tornado, chancePercent }),
  exhibits: (answer) => [chartOf(answer), tornadoTable(answer)],
});

async function run(asked: z.output<typeof input>, ctx: ToolContext): Promise<Output> {
  const metric = namedMetric('mrr');
  await ctx.sources.refresh(metric.sources);
  const { currency } = ctx.company;
  const found = await foreseeMrr(metric, asked.months ?? 12, ctx, {
    ...(asked.suppose ? { suppositions: asked.suppose } : {}),
    ...(asked.target_minor === undefined ? {} : { target: asked.target_minor }),
  });
  const say = (value: number) => formatValue(metric, value, currency);
  const { mrr } = found;
  const end = mrr.months.at(-1);
  return {
    currency,
    months: found.points.map(({ month }) => month),
    scenarios: (['pessimistic', 'realistic', 'optimistic'] as const).map((name) => ({
      name,
      closings: mrr.scenarios[name].map(({ closing }) => closing),
      endText: say(mrr.scenarios[name].at(-1)?.closing ?? 0),
    })),
    low95: say(end?.low95 ?? 0),
    high95: say(end?.high95 ?? 0),
    tornado: mrr.tornado.map(({ driver, worse, better }) => ({
      driver: DRIVER_WORDS[driver],
      worse: say(worse),
      better: say(better),
      swingMinor: better - worse,
    })),
    supposed: (asked.suppose ?? []).map(({ driver, factor }) => `${DRIVER_WORDS[driver]} x ${factor}`),
    chancePercent: mrr.chance === null ? null : Math.round(mrr.chance * 100),
    runs: mrr.runs,
    receipt: {
      definition: {
        name: 'Scenarios of MRR',
        version: 1,
        words: `${metric.words} The poor and the good year end at the bounds of the 80% range of ${mrr.runs} drawn futures, all drivers off alike; each bar of the tornado has one driver alone off by one deviation`,
      },
      period: null,
      asOfAt: ctx.clock.now(),
      rowCount: found.rows,
      freshness: await ctx.sources.freshness(metric.sources),
      notes: found.notes,
    },
  };
}

function narrate({ months, scenarios, tornado, low95, high95, supposed, chancePercent }: Output): string {
  const [poor, likely, good] = scenarios;
  const [first] = tornado;
  const given = supposed.length > 0 ? `With ${supposed.join(', ')}, ` : '';
  const chance = chancePercent === null ? '' : ` The chance of the target is ${chancePercent}%.`;
  const most = first ? ` ${first.driver} moves it most: ${first.worse} to ${first.better}.` : '';
  return `${given}MRR in ${monthWords(months.at(-1) ?? '')} comes to ${likely?.endText}; in a poor year to ${poor?.endText}, in a good one to ${good?.endText} (95%: ${low95} to ${high95}).${most}${chance}`;
}

function chartOf(answer: Output): Exhibit {
  const divisor = 10 ** exponentOf(answer.currency);
  const named = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return {
    kind: 'chart',
    title: 'MRR: three scenarios',
    type: 'line',
    categories: answer.months.map(monthWords),
    series: answer.scenarios.map(({ name, closings }) => ({
      name: named(name),
      values: closings.map((value) => value / divisor),
    })),
    valueLabel: answer.currency,
    alt: narrate(answer),
  };
}

function tornadoTable({ tornado, months }: Output): Exhibit {
  return {
    kind: 'table',
    title: `What moves MRR in ${monthWords(months.at(-1) ?? '')} most, one deviation either way`,
    columns: [...left('Driver'), ...right('Worse', 'Better')],
    rows: tornado.map(({ driver, worse, better }) => [driver, worse, better]),
  };
}

const SCENARIOS = /\b(?:scenarios?|optimistic|pessimistic|tornado|(?:best|worst) case|sensitivit\w+)\b/i;
const SUPPOSED =
  /\bwhat if (?:our |the )?(churn|expansion|contraction|new business)\b.*\b(doubled|doubles|halved|halves|tripled|triples)\b/i;
const FACTORS: ReadonlyMap<string, number> = new Map([
  ['doubl', 2],
  ['halve', 0.5],
  ['tripl', 3],
]);

function recognize(utterance: Utterance): Reading[] {
  if (utterance.customers.length > 0) return [];
  const supposed = SUPPOSED.exec(utterance.text);
  const months = monthsAsked(utterance);
  const span: { [key: string]: Json } = months === null ? {} : { months };
  if (supposed) {
    const named = supposed[1]?.toLowerCase() ?? '';
    const driver = DRIVERS.find((one) => named.startsWith(one));
    const factor = FACTORS.get(supposed[2]?.toLowerCase().slice(0, 5) ?? '');
    if (!driver || factor === undefined) return [];
    return [
      {
        input: { ...span, suppose: [{ driver, factor }] },
        confidence: 0.99,
        interpretation: `MRR scenarios with ${DRIVER_WORDS[driver].toLowerCase()} x ${factor}`,
        whole: true,
      },
    ];
  }
  if (
    !SCENARIOS.test(utterance.text) ||
    !/\b(?:mrr|arr|revenue|forecast|year|scenarios?|tornado)\b/i.test(utterance.text)
  )
    return [];
  return [
    { input: span, confidence: 0.99, interpretation: `MRR scenarios, ${months ?? 12} months`, whole: true },
  ];
}
