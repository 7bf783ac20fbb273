import { z } from 'zod';
import { type Backtest, backtestLifetime } from '../../domain/lifetime/backtest.ts';
import type { Life } from '../../domain/lifetime/life.ts';
import {
  type GroupValue,
  type LifetimeValues,
  lifetimeValues,
} from '../../domain/lifetime/lifetime-value.ts';
import { readLives } from '../../domain/lifetime/read-lives.ts';
import type { FactFilter } from '../../domain/metrics/facts.ts';
import { LIFE_TRAITS } from '../../domain/metrics/lifetime-asked.ts';
import { exponentOf } from '../../domain/money/exponents.ts';
import { describeSetting, lifetimeSettings } from '../../domain/mrr/setting.ts';
import { curveAt, type SurvivalCurve } from '../../domain/survival/kaplan-meier.ts';
import type { Money } from '../../domain/types.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { listsOf } from '../metrics/narrowing.ts';
import {
  excludeInput,
  filterInput,
  upperCodes,
  whereInput,
  withSingles,
} from '../metrics/narrowing-input.ts';
import { openReceipt } from '../receipt.ts';
import { recognizeLtv } from './ltv-questions.ts';
import { type LtvAnswer, ltvExhibits, ltvSchema, narrateLtv } from './ltv-words.ts';

const DEFAULT_MONTHS = 24;

const input = z.strictObject({
  by: z.enum(LIFE_TRAITS).optional().describe('plan: the first one paid for'),
  months: z
    .int()
    .min(1)
    .max(60)
    .optional()
    .describe(`Months since the first payment to count; ${DEFAULT_MONTHS} unless told`),
  filter: filterInput,
  where: whereInput,
  exclude: excludeInput,
});

export default defineTool({
  name: 'get_ltv',
  description:
    'How long customers stay and what one is worth: survival curve, restricted mean lifetime, lifetime value with interval over a horizon, by segment, channel or plan, LTV:CAC and payback, checked against the past. Not for the simple ltv metric (ARPA x margin / churn), nor for one customer.',
  scope: 'metrics:read',
  furtherScopes: ({ where, exclude }) =>
    where?.customer !== undefined || exclude?.customer !== undefined ? ['customers:read'] : [],
  effect: 'read',
  about: ['ltv', 'lifetime', 'survival', 'payback', 'cac'],
  input,
  output: ltvSchema,
  examples: [
    { say: 'lifetime value by channel', input: { by: 'channel' } },
    { say: "what's the LTV of enterprise customers?", input: { filter: { segment: 'enterprise' } } },
    { say: 'how long do customers stay?', input: {} },
  ],
  recognize: recognizeLtv,
  run,
  narrate: narrateLtv,
  figures: ({ everybody, groups, months, backtest }) => ({ everybody, groups, months, backtest }),
  exhibits: ltvExhibits,
});

async function run(raw: z.output<typeof input>, ctx: ToolContext): Promise<LtvAnswer> {
  const asked = withSingles(raw);
  const receipt = await openReceipt(ctx, {
    name: 'lifetime_value',
    version: 1,
    words:
      'Customers by month since their first payment (Kaplan-Meier; a life ends when MRR comes to zero for good), times MRR of those still there, times gross margin, discounted; over a stated number of months.',
    sources: ['supabase', 'psizero'],
  });
  const nowAt = ctx.clock.now();
  const { company, facts } = ctx;
  const { lives, rows } = await readLives(facts, { company, filter: {}, nowAt });
  const { any, none, remarks } = await listsOf(asked, ctx);
  const filter = { ...upperCodes(asked.filter), ...(any ? { any } : {}), ...(none ? { none } : {}) };
  const only = await chosen(lives, filter, ctx, nowAt);
  const settings = facts.settings();
  const { discountRate, acquisitionCost } = lifetimeSettings(settings);
  const monthsAsked = asked.months ?? DEFAULT_MONTHS;
  const terms = { months: monthsAsked, margin: settings.grossMargin / 100, discountRate: discountRate / 100 };
  const unit = 10 ** exponentOf(company.currency);
  const values = lifetimeValues(lives, {
    by: asked.by ?? null,
    only,
    asOfAt: nowAt,
    terms,
    costByChannel: new Map(
      Object.entries(acquisitionCost).map(([name, cost]) => [name, Math.round(cost * unit)]),
    ),
    seed: 'lifetime value',
  });
  const ages = agesOf(values.months);
  const told = asked.by === undefined ? [values.everybody] : values.groups;
  const drawn = told
    .flatMap(({ name, value }) => (value ? [{ name, curve: value.curve }] : []))
    .slice(0, MOST_CURVES);
  const group = (one: GroupValue) => groupOutput(one, company.currency);
  return {
    months: values.months,
    monthsAsked,
    by: asked.by ?? null,
    marginPercent: settings.grossMargin,
    discountPercent: discountRate,
    everybody: group(values.everybody),
    groups: values.groups.map(group),
    differ: values.differ,
    costUnknown: values.everybody.costUnknown,
    backtest: checked(lives, values, { nowAt, tz: company.tz, terms }),
    curves: drawn.map(({ name, curve }) => drawnCurve(name, curve, values.months, ages)),
    ages,
    listed: [],
    receipt: {
      ...receipt(rows, [
        ...remarks,
        `MRR at today's rates; ${describeSetting(settings.mrr)}.`,
        'Checked backwards: what new customers of a month paid at first is known at its end; who stays and how it grows is foreseen from what was known then.',
        'Intervals: 200 resamplings of customers, 60 above 2,000 of them.',
        'The metric "ltv" is another number: ARPA x margin / churn of three months, without an end.',
      ]),
    },
  };
}

const MOST_CURVES = 6;

/** The customers a filter names, by name; null where everybody is asked about. */
async function chosen(lives: readonly Life[], filter: FactFilter, ctx: ToolContext, nowAt: number) {
  const { any, none, ...single } = filter;
  const listed = [...Object.values(any ?? {}), ...Object.values(none ?? {})].some(
    (list) => list !== undefined,
  );
  if (Object.keys(single).length === 0 && !listed) return null;
  const found = await readLives(ctx.facts, { company: ctx.company, filter, nowAt });
  const names = [
    ...Object.values(single),
    ...Object.values(any ?? {}).map((list) => (list ?? []).join(' or ')),
    ...Object.values(none ?? {}).map((list) => `all but ${(list ?? []).join(', ')}`),
  ];
  const ids = new Set(found.lives.map(({ customerId }) => customerId));
  return {
    name: names.join(', '),
    ids: new Set(lives.flatMap(({ customerId }) => (ids.has(customerId) ? [customerId] : []))),
  };
}

/** Twelve months ahead where enough of them are over, else six; null where neither can be checked. */
function checked(
  lives: readonly Life[],
  values: LifetimeValues,
  options: Parameters<typeof backtestLifetime>[1],
): LtvAnswer['backtest'] {
  const at = (months: number) => backtestLifetime(lives, { ...options, terms: { ...options.terms, months } });
  const long = values.months >= 12 ? at(12) : null;
  const found: Backtest = long && long.cohorts.length >= 3 ? long : at(6);
  const { months, cohorts, skipped, within, totalError, medianError } = found;
  if (within === null) return null;
  return {
    ...{ months, skipped, totalError, medianError },
    cohorts: cohorts.length,
    within: Math.round(within * cohorts.length),
  };
}

function groupOutput(group: GroupValue, currency: string): LtvAnswer['everybody'] {
  const { name, customers, churned, value, refused, acquisition } = group;
  const money = (minor: number): Money => ({ minor, currency });
  return {
    ...{ name, customers, churned, refused },
    value: value && {
      expected: money(value.valueMinor),
      low: money(value.lowMinor),
      high: money(value.highMinor),
      withoutGrowth: money(value.withoutGrowthMinor),
      startMrr: money(value.startMinor),
      endMrr: money(value.endMinor),
      meanMonths: value.months,
      meanMonthsLow: value.monthsLow,
      meanMonthsHigh: value.monthsHigh,
      medianMonths: value.medianMonths,
    },
    leaned: value && leanedWords(value, churned),
    stillThere: value?.stillThere ?? null,
    acquisition: acquisition && {
      cost: money(acquisition.costMinor),
      ratio: acquisition.ratio,
      paybackMonths: acquisition.paybackMonths,
    },
  };
}

function leanedWords(
  { expectedChurns, followedFrom }: NonNullable<GroupValue['value']>,
  churned: number,
): string | null {
  if (expectedChurns !== null) {
    return `only ${churned} left where ${expectedChurns.toFixed(1)} would have at everybody's rate, so its churn is drawn towards that rate`;
  }
  return followedFrom === null ? null : `seen for ${followedFrom} months, then everybody's rate is taken`;
}

/** Every third month up to two years, every sixth beyond. */
function agesOf(months: number): number[] {
  const step = months <= 8 ? 1 : months <= 24 ? 3 : 6;
  return Array.from({ length: Math.floor(months / step) + 1 }, (_, at) => at * step);
}

/** To a tenth of a month and of a percent: finer than any eye, and short enough to keep. */
function drawnCurve(name: string, curve: SurvivalCurve, months: number, ages: readonly number[]) {
  const tenth = (value: number) => Math.round(value * 10) / 10;
  const percent = (part: number | null) => (part === null ? null : Math.round(part * 1000) / 10);
  const points = new Map<number, LtvAnswer['curves'][number]['points'][number]>();
  for (const { time, survival, low, high, events } of curve.points) {
    const month = tenth(time);
    if (events === 0 || month >= months) continue;
    points.set(month, { month, percent: percent(survival) ?? 0, low: percent(low), high: percent(high) });
  }
  return { name, points: [...points.values()], atRisk: ages.map((age) => curveAt(curve, age).atRisk) };
}
