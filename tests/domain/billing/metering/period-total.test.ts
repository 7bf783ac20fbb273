import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { aggregateEvents } from '../../../../src/domain/billing/metering/aggregate.ts';
import { type PeriodTotal, quantityOfTotal } from '../../../../src/domain/billing/metering/period-total.ts';
import type { Measured } from '../../../../src/domain/billing/metering/rollup.ts';
import { add, compare, exact, multiply, ZERO } from '../../../../src/domain/money/exact.ts';
import { events, MARCH } from './events.ts';

/** Sums as a store would keep them, from the level the period began with. */
function totalOf(all: readonly Measured[], opening: bigint): PeriodTotal {
  const values = all.map(({ value }) => exact(value));
  const held = (at: number) => exact(BigInt(MARCH.endAt - at));
  const weighted = all.map(({ value, at }) => multiply(exact(value), held(at)));
  const byTime = [...all].sort((one, other) =>
    one.at !== other.at ? one.at - other.at : JSON.stringify([one.id]) < JSON.stringify([other.id]) ? -1 : 1,
  );
  const last = byTime.at(-1);
  return {
    count: all.length,
    sum: add(ZERO, ...values),
    max: [...values].sort(compare).at(-1) ?? null,
    last: last ? { value: exact(last.value) } : null,
    weightedMs: add(multiply(exact(opening), held(MARCH.startAt)), ...weighted),
    opening: exact(opening),
  };
}

describe('the quantity that sums come to', () => {
  it('is what the raw events come to, with and without a level carried over', () => {
    const aggregations = fc.constantFrom('count', 'sum', 'max', 'last', 'weighted_sum' as const);
    fc.assert(
      fc.property(aggregations, events, fc.bigInt({ min: -5n, max: 50n }), fc.boolean(), (...of) => {
        const [aggregation, all, level, carriesOver] = of;
        const opening = carriesOver ? level : 0n;
        const meter = { aggregation, property: null, percentile: null };
        const span = { period: MARCH, carried: carriesOver ? exact(level) : undefined };
        expect(quantityOfTotal({ aggregation, carriesOver }, totalOf(all, opening), MARCH)).toEqual(
          aggregateEvents(meter, all, span),
        );
      }),
    );
  });

  test.each(['unique_count', 'percentile'] as const)('is refused for a %s', (aggregation) => {
    expect(() => quantityOfTotal({ aggregation, carriesOver: false }, totalOf([], 0n), MARCH)).toThrow(
      'needs the events',
    );
  });
});
