import { z } from 'zod';
import {
  type Aggregating,
  levelAfter,
  type Measured,
  quantityOf,
  rollUp,
  type Span,
} from '../../domain/billing/metering/rollup.ts';
import { rate } from '../../domain/billing/rating/rate.ts';
import { AGGREGATIONS, type Aggregation } from '../../domain/billing/usage-event.ts';
import { type Exact, exact, toDecimal } from '../../domain/money/exact.ts';
import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';
import { scaleOf } from './amounts.ts';
import { Amount } from './case-price.ts';
import { type Answers, judge } from './compare.ts';
import { conventionsOf } from './conventions.ts';
import type { BillingCase } from './file.ts';

const Value = z.union([z.string(), z.number()]).transform(String);
const Day = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((text) => Date.parse(text));

const AggregationInput = z.looseObject({
  type: z.string(),
  period: z.tuple([Day, Day]).optional(),
  carried: Amount.optional(),
  /** Pairs of day and value. */
  events: z.array(z.tuple([Day, Value])).optional(),
  values: z.array(Value).optional(),
  percentile: z.number().optional(),
  unit_price: Amount.optional(),
  currency: z.string().default('USD'),
});

type AggregationInput = z.infer<typeof AggregationInput>;

/** Other names of the same. */
const SYNONYMS: Readonly<Record<string, Aggregation>> = { latest: 'last', unique: 'unique_count' };

const DAY = 86_400_000;
const DECIMALS = 10;

/** Cases of kind `aggregation`: events become units, units an amount. */
export function runAggregationCase(golden: BillingCase): CaseResult {
  const { id } = golden;
  const held = conventionsOf(golden);
  if ('unsupported' in held) return { id, status: 'unsupported', reason: held.unsupported };
  const parsed = AggregationInput.safeParse(golden.input);
  if (!parsed.success) return { id, status: 'unsupported', reason: 'its input has no events of a meter' };
  const input = parsed.data;
  const meter = meterOf(input);
  if (!meter) return { id, status: 'unsupported', reason: `no aggregation "${input.type}"` };
  const priced = (units: Exact): Json => {
    const minor = amountMinor(units, input, held.conventions);
    return minor === null ? null : Number(minor);
  };
  return judge(golden, answers(meter, input, priced));
}

function answers(meter: Aggregating, input: AggregationInput, priced: (units: Exact) => Json): Answers {
  const events = eventsOf(input);
  const span = spanOf(input, events);
  const all = rollUp(meter, events);
  const units = quantityOf(meter, all, span);
  const afterEach = events.map((_, at) => quantityOf(meter, rollUp(meter, events.slice(0, at + 1)), span));
  return {
    units: toDecimal(units, DECIMALS),
    amount_minor: priced(units),
    carried_units: toDecimal(levelAfter(meter, all, span), DECIMALS),
    units_after_each: afterEach.map((each) => toDecimal(each, DECIMALS)),
    amount_minor_after_each: afterEach.map(priced),
  };
}

/** Nothing used is nothing owed at any price. */
function amountMinor(
  units: Exact,
  { unit_price: price, currency }: AggregationInput,
  conventions: Parameters<typeof rate>[2],
): bigint | null {
  if (price === undefined) return units.numerator === 0n ? 0n : null;
  const unitAmount = scaleOf('major', currency).toMinorText(price);
  return rate({ model: 'per_unit', unitAmount }, units, conventions).amountMinor;
}

function meterOf({ type, percentile }: AggregationInput): Aggregating | null {
  const rank = /^p(?:ercentile_?)?(\d+(?:\.\d+)?)$/.exec(type);
  if (rank) return { aggregation: 'percentile', property: null, percentile: Number(rank[1]) };
  const named = type.replace(/_agg(?:regation)?$/, '');
  const aggregation = SYNONYMS[named] ?? AGGREGATIONS.find((known) => known === named);
  if (!aggregation) return null;
  return {
    aggregation,
    property: aggregation === 'unique_count' ? 'value' : null,
    percentile: percentile ?? null,
  };
}

function eventsOf({ type, events, values, period }: AggregationInput): Measured[] {
  const start = period?.[0] ?? 0;
  const pairs = events ?? (values ?? []).map((value, at): [number, string] => [start + at, value]);
  const isCounted = /count|unique/.test(type);
  return pairs.map(([at, value], index) => ({
    source: 'case',
    id: String(index).padStart(6, '0'),
    at,
    value: isCounted ? '1' : value,
    properties: { value },
  }));
}

function spanOf({ period, carried }: AggregationInput, events: readonly Measured[]): Span {
  const [startAt, endAt] = period ?? [0, Math.max(DAY, ...events.map(({ at }) => at + 1))];
  return { period: { startAt, endAt }, carried: carried === undefined ? undefined : exact(carried) };
}
