import { narrowedTo, whenOf } from '../metrics/answer-words.ts';
import { compareValues } from '../metrics/compare.ts';
import { wholeDayNote } from '../metrics/comparison.ts';
import type { FactFilter, MetricFacts } from '../metrics/facts.ts';
import { formatDifference, formatValue } from '../metrics/format-value.ts';
import type { Dimension, Metric } from '../metrics/metric.ts';
import { exponentOf } from '../money/exponents.ts';
import { describeSetting } from '../mrr/setting.ts';
import { unlikeness } from '../periods/like-for-like.ts';
import type { Compare } from '../periods/previous-period.ts';
import type { Company, Customer, Freshness, Period } from '../types.ts';
import type { ChangeAnswer } from './answer.ts';
import { type Effect, effectsOf, ratioEffects } from './effects.ts';
import { type AlertOfThen, linksOf } from './links-of.ts';
import { earlierCustomers, type MeasuredSide, type MeasuredSides, measureSides } from './measure-sides.ts';
import { sidesOf } from './sides.ts';
import { RATIO_TOLERANCE, type RatioSplit, splitRatio } from './split-ratio.ts';
import { splitSum } from './split-sum.ts';
import { notAdding, type Unsplit, unsplitOf } from './unsplit.ts';
import { labelOf } from './words.ts';

/** "Why is it up?" after its words were resolved. */
export interface ChangeQuestion {
  metric: Metric;
  period: Period | null;
  compare: Compare | null;
  /** Groups of a ratio. */
  by: Dimension | null;
  filter: FactFilter;
  customer: Customer | null;
  /** Customers set side by side. */
  named: readonly Customer[];
  /** Said with the answer: what was taken out that is not there. */
  remarks: readonly string[];
  /** Whether the customers behind each part may be named; otherwise they are counted. */
  names: boolean;
  nowAt: number;
  tz: string;
  company: Company;
}

interface Split {
  effects: Effect[];
  fraction: RatioSplit | null;
  unsplit: Unsplit | null;
}

/** Splits a change from facts. Throws what the metric throws, and `invalid_input` for what has not begun. */
export async function explainChange(
  question: ChangeQuestion,
  facts: MetricFacts,
  around: { freshness: Freshness[]; alerts: readonly AlertOfThen[] },
): Promise<ChangeAnswer> {
  const { metric, customer, company } = question;
  const filter = customer ? { ...question.filter, customerId: customer.id } : question.filter;
  const sides = sidesOf(question);
  const by = metric.additivity === 'ratio' ? dimensionOf(question) : groupOf(metric);
  const measuring = { ...question, filter, sides, by };
  const measured = await measureSides(measuring, facts);
  const wasThere = await earlierCustomers(measuring, measured, facts);
  const split = withoutNames(question, splitOf(question, measured, by, wasThere), by);
  const { before, after } = measured;
  const { difference, percent } = compareValues(
    metric,
    after.value,
    before.value,
    exponentOf(company.currency),
  );
  const alike = metric.kind === 'flow' ? unlikeness(after.period, before.period, question.nowAt).notes : [];
  return {
    ...{ metric: metric.name, title: metric.title, unit: metric.unit },
    narrowedTo: narrowedTo(question),
    before: sideOf(question, before),
    after: sideOf(question, after),
    difference,
    differenceText: difference === null ? null : formatDifference(metric, difference, company.currency),
    percent: percent === null ? null : Math.round(percent * 10) / 10,
    by: metric.additivity === 'ratio' ? by : null,
    effects: split.effects.map((effect) => told(question, effect, measured.priced, by)),
    fraction: split.fraction && fractionOf(question, split.fraction),
    unsplit: split.unsplit,
    links: await linksOf({ ...question, filter }, measured, facts, about(around.alerts, split.effects)),
    notes: [
      ...question.remarks,
      ...[...sides.notes, ...alike.map(asSentence), ...wholeDayNote(question, before.period)],
    ],
    listed: listedOf(split.effects, by),
    receipt: receiptOf(question, measured, around.freshness, policyOf(metric, facts)),
  };
}

/** The accounts of a count come from rows grouped by customer, where the store would add them up otherwise. */
function groupOf(metric: Metric): Dimension | null {
  return metric.dimensions.includes('customer') ? 'customer' : null;
}

function dimensionOf({ by, metric, names }: ChangeQuestion): Dimension | null {
  if (by !== null && metric.dimensions.includes(by)) return by;
  const nameless = metric.dimensions.find((dimension) => dimension !== 'customer');
  if (!names && nameless !== undefined) return nameless;
  return metric.dimensions.includes('customer') ? 'customer' : (metric.dimensions[0] ?? null);
}

function splitOf(
  { metric, company }: ChangeQuestion,
  measured: MeasuredSides,
  by: Dimension | null,
  wasThere: (customerId: string) => boolean,
): Split {
  const { before, after, counts } = measured;
  const unsplit = unsplitOf(metric, before, after);
  if (unsplit) return { effects: [], fraction: null, unsplit };
  if (metric.additivity === 'ratio') {
    const fraction = splitRatio(before.contributions, after.contributions, by ?? 'customer');
    const comesTo =
      fraction && isOf(metric, fraction.before.value, before) && isOf(metric, fraction.after.value, after);
    if (!comesTo) return { effects: [], fraction: null, unsplit: notAdding(metric) };
    const effects = ratioEffects(fraction.parts);
    // Groups that are all numerator (who only came, of a ratio of comers to leavers) have no rate to change.
    if (!addsUp(metric, effects, fraction))
      return { effects: [], fraction: null, unsplit: notAdding(metric) };
    return { effects, fraction, unsplit: null };
  }
  const moves = splitSum(metric, {
    before: before.contributions,
    after: after.contributions,
    ...{ counts, currency: company.currency, wasThere },
  });
  const effects = effectsOf(moves);
  const sum = effects.reduce((total, effect) => total + effect.value, 0);
  const change = (after.value ?? 0) - (before.value ?? 0);
  if (sum !== change) return { effects: [], fraction: null, unsplit: notAdding(metric) };
  return { effects, fraction: null, unsplit: null };
}

/** Parts of customers with how many they are instead of who. */
function withoutNames({ names }: ChangeQuestion, split: Split, by: Dimension | null): Split {
  if (names || (by !== null && by !== 'customer')) return split;
  const effects = split.effects.map(({ kind, value, accounts, others }) => ({
    ...{ kind, value, accounts: [] },
    others: { count: accounts.length + (others?.count ?? 0), value },
  }));
  return { ...split, effects };
}

/** Units that have no fractions. */
const WHOLE: ReadonlySet<string> = new Set(['money', 'count', 'ms']);

/** Whether a side's value is what its rows come to, but for rounding to whole units: no other quotient is split. */
function isOf({ unit }: Metric, quotient: number, { value }: MeasuredSide): boolean {
  const tolerance = WHOLE.has(unit) ? 1 : RATIO_TOLERANCE;
  return value !== null && Math.abs(quotient - value) < tolerance;
}

function addsUp({ unit }: Metric, effects: readonly { value: number }[], fraction: RatioSplit): boolean {
  const sum = effects.reduce((total, effect) => total + effect.value, 0);
  const change = (fraction.after.value ?? 0) - (fraction.before.value ?? 0);
  return Math.abs(sum - change) < (WHOLE.has(unit) ? 1 : RATIO_TOLERANCE);
}

/** A part of a change with its sign; a ratio's to a tenth of what its value is shown at. */
function signed({ metric, company }: ChangeQuestion, value: number) {
  const size =
    metric.unit === 'ratio'
      ? `${(Math.abs(value) * 100).toFixed(3)} percentage points`
      : formatValue(
          metric,
          WHOLE.has(metric.unit) ? Math.round(Math.abs(value)) : Math.abs(value),
          company.currency,
        );
  const money = metric.unit === 'money' ? { minor: Math.round(value), currency: company.currency } : null;
  return { value, money, text: `${value < 0 ? '-' : '+'}${size}` };
}

function told(question: ChangeQuestion, effect: Effect, priced: boolean, by: Dimension | null) {
  return {
    kind: effect.kind,
    label: labelOf(effect.kind, question.metric, priced, by),
    ...signed(question, effect.value),
    accounts: effect.accounts.map(({ id, name, value }) => ({ id, name, ...signed(question, value) })),
    others: effect.others && { count: effect.others.count, ...signed(question, effect.others.value) },
  };
}

function fractionOf(question: ChangeQuestion, split: RatioSplit): NonNullable<ChangeAnswer['fraction']> {
  const { before, after, numerator, base } = split;
  return {
    numerator: { before: before.numerator, after: after.numerator, ...signed(question, numerator) },
    base: { before: before.base, after: after.base, ...signed(question, base) },
  };
}

function sideOf(question: ChangeQuestion, { value, period, asOfAt }: MeasuredSide): ChangeAnswer['before'] {
  const { metric, company } = question;
  const money =
    metric.unit === 'money' && value !== null ? { minor: value, currency: company.currency } : null;
  return {
    ...{ value, money, text: formatValue(metric, value, company.currency) },
    when: whenOf({ metric, period, asOfAt }, question),
  };
}

/** Alerts about customers are told where these account for something; all others by their time alone. */
function about(alerts: readonly AlertOfThen[], effects: readonly Effect[]): AlertOfThen[] {
  const named = new Set(effects.flatMap((effect) => effect.accounts.map(({ id }) => id)));
  return alerts.filter(({ subject }) => subject.kind !== 'customer' || named.has(subject.id));
}

function asSentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** The customers named, the largest effect's first, for "the second one". */
function listedOf(effects: readonly Effect[], by: Dimension | null): ChangeAnswer['listed'] {
  if (by !== null && by !== 'customer') return [];
  const seen = new Map<string, string>();
  for (const { accounts } of effects) {
    for (const { id, name } of accounts) if (id !== null && !seen.has(id)) seen.set(id, name);
  }
  return [...seen].map(([id, label]) => ({ id, label, customerId: id }));
}

function policyOf(metric: Metric, facts: MetricFacts): string | undefined {
  return metric.underMrrPolicy ? describeSetting(facts.settings().mrr) : metric.policy;
}

const METHOD =
  'What changed together is split at the mean over every order in which it could have changed; fractions of the smallest unit go to the parts they were cut from most.';

function receiptOf(
  question: ChangeQuestion,
  { before, after }: MeasuredSides,
  freshness: Freshness[],
  policy: string | undefined,
): ChangeAnswer['receipt'] {
  const { metric } = question;
  const { name, version, words, grain } = metric;
  const rows = `${before.rows} rows ${whenOf({ metric, ...before }, question)}, ${after.rows} ${whenOf({ metric, ...after }, question)}`;
  return {
    definition: { name, version, words, grain, ...(policy === undefined ? {} : { policy }) },
    period: metric.kind === 'flow' || question.period ? after.period : null,
    asOfAt: after.asOfAt,
    rowCount: before.rows + after.rows,
    freshness,
    notes: [...new Set([...before.notes, ...after.notes, `Both sides by this definition: ${rows}.`, METHOD])],
  };
}
