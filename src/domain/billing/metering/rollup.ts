import { UserError } from '../../../lib/errors.ts';
import {
  add,
  compare,
  divide,
  type Exact,
  exact,
  greatest,
  multiply,
  subtract,
  ZERO,
} from '../../money/exact.ts';
import type { ServicePeriod } from '../invoice.ts';
import type { Meter, UsageEvent } from '../usage-event.ts';

/** What of an event becomes a quantity. */
export type Measured = Pick<UsageEvent, 'source' | 'id' | 'at' | 'value' | 'properties'>;

/** What of a meter decides a quantity. */
export type Aggregating = Pick<Meter, 'aggregation' | 'property' | 'percentile'>;

/** A value with the instant it was reported for. Of one instant, the greater key is the later. */
export interface LastValue {
  at: number;
  key: string;
  value: Exact;
}

/**
 * What a group of events comes to, so that groups can be merged: an hour's, a day's, a period's. Exact throughout.
 * The two sets grow with what is in the events: `uniques` with the distinct values of the meter's property,
 * `occurrences` with the distinct values themselves, so both are kept only where the meter's aggregation reads them.
 */
export interface Rollup {
  readonly count: number;
  readonly sum: Exact;
  readonly max: Exact | null;
  readonly last: LastValue | null;
  /** Sum of value times instant (epoch ms): with it, the time-weighted mean of any period around can be told. */
  readonly moment: Exact;
  readonly uniques: ReadonlySet<string> | null;
  /** How often each value occurs, by the value as a reduced fraction ("5/2"). */
  readonly occurrences: ReadonlyMap<string, number> | null;
}

export const EMPTY_ROLLUP: Rollup = {
  count: 0,
  sum: ZERO,
  max: null,
  last: null,
  moment: ZERO,
  uniques: null,
  occurrences: null,
};

/** One event as a rollup of its own. Throws `invalid_input` for a value that is not a decimal number. */
export function rollUpOne(meter: Aggregating, event: Measured): Rollup {
  const value = exact(event.value);
  const counted = meter.property === null ? undefined : event.properties[meter.property];
  return {
    count: 1,
    sum: value,
    max: value,
    last: { at: event.at, key: lastKey(event), value },
    moment: multiply(value, exact(BigInt(event.at))),
    uniques: meter.aggregation === 'unique_count' ? new Set(counted === undefined ? [] : [counted]) : null,
    occurrences: meter.aggregation === 'percentile' ? new Map([[fractionText(value), 1]]) : null,
  };
}

export function rollUp(meter: Aggregating, events: Iterable<Measured>): Rollup {
  return mergeAll([...events].map((event) => rollUpOne(meter, event)));
}

/** All of them together, merged pairwise so that sets are copied a logarithmic number of times. */
export function mergeAll(rollups: readonly Rollup[]): Rollup {
  let level = rollups;
  while (level.length > 1) {
    const next: Rollup[] = [];
    for (let at = 0; at < level.length; at += 2) {
      next.push(mergeRollups(level[at] ?? EMPTY_ROLLUP, level[at + 1] ?? EMPTY_ROLLUP));
    }
    level = next;
  }
  return level[0] ?? EMPTY_ROLLUP;
}

/** The rollup of both groups together. Groups must not share an event. In any grouping and order the whole is the same. */
export function mergeRollups(one: Rollup, other: Rollup): Rollup {
  if (one.count === 0) return other;
  if (other.count === 0) return one;
  return {
    count: one.count + other.count,
    sum: add(one.sum, other.sum),
    max: one.max && other.max ? greatest(one.max, other.max) : (one.max ?? other.max),
    last: later(one.last, other.last),
    moment: add(one.moment, other.moment),
    uniques: one.uniques && other.uniques ? new Set([...one.uniques, ...other.uniques]) : null,
    occurrences: one.occurrences && other.occurrences ? tally(one.occurrences, other.occurrences) : null,
  };
}

/** What a period begins with and how long it is; a level is what was in force when it began. */
export interface Span {
  period: ServicePeriod;
  /** The level the last period left; 0 where not given or where the meter does not carry over. */
  carried?: Exact;
}

/**
 * The quantity of a meter over a period, from the rollup of its events. Nothing used is 0. A weighted sum reads values
 * as changes of a level and weights each by the part of the period it was in force, in elapsed milliseconds, so that
 * days of 23 and 25 hours count by their length. A percentile is of nearest rank: the least value that at least that
 * share of events does not exceed. Throws `invalid_input` where the rollup was not made for this aggregation.
 */
export function quantityOf(meter: Aggregating, rollup: Rollup, span: Span): Exact {
  const carried = span.carried ?? ZERO;
  switch (meter.aggregation) {
    case 'count':
      return exact(BigInt(rollup.count));
    case 'sum':
      return add(carried, rollup.sum);
    case 'max':
      return rollup.max === null ? carried : span.carried ? greatest(carried, rollup.max) : rollup.max;
    case 'last':
      return rollup.last?.value ?? carried;
    case 'unique_count':
      return exact(BigInt(needed(rollup, rollup.uniques, new Set()).size));
    case 'weighted_sum':
      return weighted(rollup, span.period, carried);
    case 'percentile':
      return nearestRank(needed(rollup, rollup.occurrences, new Map()), meter.percentile ?? 100);
  }
}

/** The level the period leaves to the next: of a meter of levels, its last; of the others, their quantity. */
export function levelAfter(meter: Aggregating, rollup: Rollup, span: Span): Exact {
  if (meter.aggregation === 'weighted_sum') return add(span.carried ?? ZERO, rollup.sum);
  return quantityOf(meter, rollup, span);
}

/** Integral of the level over the period, by its length: (carried * (end - start) + end * sum - moment) / (end - start). */
function weighted(rollup: Rollup, { startAt, endAt }: ServicePeriod, carried: Exact): Exact {
  const held = subtract(multiply(exact(BigInt(endAt)), rollup.sum), rollup.moment);
  return add(carried, divide(held, exact(BigInt(endAt - startAt))));
}

const HUNDRED = exact(100n);

function nearestRank(occurrences: ReadonlyMap<string, number>, percentile: number): Exact {
  const sorted = [...occurrences].map(([text, times]) => ({ value: fromFractionText(text), times }));
  sorted.sort((one, other) => compare(one.value, other.value));
  const events = sorted.reduce((sum, { times }) => sum + times, 0);
  const wanted = divide(multiply(exact(percentile.toFixed(6)), exact(BigInt(events))), HUNDRED);
  let seen = 0;
  for (const { value, times } of sorted) {
    seen += times;
    if (compare(exact(BigInt(seen)), wanted) >= 0) return value;
  }
  return ZERO;
}

/** An empty rollup has no sets and needs none. */
function needed<Values>(rollup: Rollup, values: Values | null, none: Values): Values {
  if (values !== null) return values;
  if (rollup.count === 0) return none;
  throw new UserError('invalid_input', 'These events were rolled up for another aggregation.');
}

function later(one: LastValue | null, other: LastValue | null): LastValue | null {
  if (one === null || other === null) return one ?? other;
  if (one.at !== other.at) return one.at > other.at ? one : other;
  return one.key >= other.key ? one : other;
}

function lastKey({ source, id }: Measured): string {
  return JSON.stringify([source, id]);
}

function tally(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): Map<string, number> {
  const merged = new Map(one);
  for (const [value, times] of other) merged.set(value, (merged.get(value) ?? 0) + times);
  return merged;
}

function fractionText({ numerator, denominator }: Exact): string {
  return `${numerator}/${denominator}`;
}

function fromFractionText(text: string): Exact {
  const [numerator = '0', denominator = '1'] = text.split('/');
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}
