import { UserError } from '../../../lib/errors.ts';
import { add, compare, divide, type Exact, exact, multiply, ZERO } from '../../money/exact.ts';
import type { Aggregating, Measured, Span } from './rollup.ts';

/**
 * The same quantity as `quantityOf` of the events' rollup, told by another way: from the raw events alone, in the
 * order of their instants. It is what proves the rollups. Events must be free of duplicates and of what was corrected.
 */
export function aggregateEvents(meter: Aggregating, events: readonly Measured[], span: Span): Exact {
  const ordered = [...events].sort(byInstant);
  const values = ordered.map(({ value }) => exact(value));
  const carried = span.carried ?? ZERO;
  switch (meter.aggregation) {
    case 'count':
      return exact(BigInt(events.length));
    case 'sum':
      return add(carried, ...values);
    case 'max':
      return highest(span.carried ? [carried, ...values] : values);
    case 'last':
      return values.at(-1) ?? carried;
    case 'unique_count':
      return exact(BigInt(distinct(meter, events)));
    case 'weighted_sum':
      return weightLevels(ordered, span, carried);
    case 'percentile':
      return nearestRank(values, meter.percentile ?? 100);
  }
}

function byInstant(one: Measured, other: Measured): number {
  if (one.at !== other.at) return one.at - other.at;
  const [a, b] = [JSON.stringify([one.source, one.id]), JSON.stringify([other.source, other.id])];
  return a < b ? -1 : a > b ? 1 : 0;
}

function highest(values: readonly Exact[]): Exact {
  const [first, ...others] = values;
  if (first === undefined) return ZERO;
  return others.reduce((top, value) => (compare(value, top) > 0 ? value : top), first);
}

function distinct({ property }: Aggregating, events: readonly Measured[]): number {
  if (property === null) throw new UserError('invalid_input', 'A unique count needs a property.');
  return new Set(events.map(({ properties }) => properties[property]).filter((value) => value !== undefined))
    .size;
}

/** Each level times how long it held, over the length of the period. */
function weightLevels(ordered: readonly Measured[], { period }: Span, carried: Exact): Exact {
  let level = carried;
  let since = period.startAt;
  let held = ZERO;
  const hold = (until: number) => {
    held = add(held, multiply(level, exact(BigInt(until - since))));
    since = until;
  };
  for (const { at, value } of ordered) {
    hold(at);
    level = add(level, exact(value));
  }
  hold(period.endAt);
  return divide(held, exact(BigInt(period.endAt - period.startAt)));
}

function nearestRank(values: readonly Exact[], percentile: number): Exact {
  const sorted = [...values].sort(compare);
  const atLeast = multiply(divide(exact(percentile.toFixed(6)), exact(100n)), exact(BigInt(values.length)));
  const rank = sorted.findIndex((_, before) => compare(exact(BigInt(before + 1)), atLeast) >= 0);
  return sorted[rank] ?? ZERO;
}
