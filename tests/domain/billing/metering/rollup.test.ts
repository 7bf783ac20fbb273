import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { aggregateEvents } from '../../../../src/domain/billing/metering/aggregate.ts';
import {
  type Aggregating,
  EMPTY_ROLLUP,
  levelAfter,
  type Measured,
  mergeAll,
  mergeRollups,
  quantityOf,
  rollUp,
} from '../../../../src/domain/billing/metering/rollup.ts';
import { type Aggregation, Meter } from '../../../../src/domain/billing/usage-event.ts';
import { exact, toDecimal } from '../../../../src/domain/money/exact.ts';
import { events, MARCH, measured, meters } from './events.ts';

const meterOf = (aggregation: Aggregation, percentile: number | null = null): Aggregating => ({
  aggregation,
  property: 'region',
  percentile,
});

const quantity = (meter: Aggregating, of: Measured[], carried?: string) =>
  toDecimal(
    quantityOf(meter, rollUp(meter, of), {
      period: MARCH,
      carried: carried === undefined ? undefined : exact(carried),
    }),
    6,
  );

const four = [
  measured('a', '2026-03-02T00:00:00Z', '10'),
  measured('b', '2026-03-03T00:00:00Z', '2.5', 'us'),
  measured('c', '2026-03-04T00:00:00Z', '40'),
  measured('d', '2026-03-04T00:00:00Z', '7'),
];

describe('the quantity of a period', () => {
  test.each<[Aggregation, number | null, string]>([
    ['count', null, '4'],
    ['sum', null, '59.5'],
    ['max', null, '40'],
    ['last', null, '7'],
    ['unique_count', null, '2'],
    ['percentile', 50, '7'],
    ['percentile', 51, '10'],
    ['percentile', 0, '2.5'],
    ['percentile', 100, '40'],
  ])('%s (%s)', (aggregation, percentile, expected) => {
    expect(quantity(meterOf(aggregation, percentile), four)).toBe(expected);
  });

  test.each<[Aggregation, string]>([
    ['count', '0'],
    ['sum', '3'],
    ['max', '3'],
    ['last', '3'],
    ['unique_count', '0'],
    ['weighted_sum', '3'],
    ['percentile', '0'],
  ])('without events, %s of a level of 3', (aggregation, expected) => {
    expect(quantity(meterOf(aggregation, 95), [], '3')).toBe(expected);
  });

  test('a highest below zero is what it is, unless a level was carried over', () => {
    const below = [measured('a', MARCH.startAt, '-4')];
    expect(quantity(meterOf('max'), below)).toBe('-4');
    expect(quantity(meterOf('max'), below, '0')).toBe('0');
  });

  test('a level counts for as long as it held', () => {
    const storage = meterOf('weighted_sum');
    const held = [measured('a', '2026-03-16T12:00:00Z', '100')];
    expect(quantity(storage, held)).toBe('50');
    expect(quantity(storage, held, '20')).toBe('70');
    expect(
      toDecimal(levelAfter(storage, rollUp(storage, held), { period: MARCH, carried: exact('20') }), 6),
    ).toBe('120');
  });

  test('a day of 23 hours weighs 23 hours', () => {
    const berlin = {
      startAt: Date.parse('2026-03-29T00:00:00+01:00'),
      endAt: Date.parse('2026-03-30T00:00:00+02:00'),
    };
    const noon = [measured('a', '2026-03-29T12:00:00+02:00', '23')];
    const rollup = rollUp(meterOf('weighted_sum'), noon);
    expect(quantityOf(meterOf('weighted_sum'), rollup, { period: berlin })).toEqual(exact('12'));
  });

  test('is refused of a rollup made for another aggregation', () => {
    const rollup = rollUp(meterOf('sum'), four);
    expect(() => quantityOf(meterOf('percentile', 95), rollup, { period: MARCH })).toThrow(
      'rolled up for another aggregation',
    );
  });
});

describe('rollups', () => {
  it('in any grouping give what all events give, and what the raw events give', () => {
    fc.assert(
      fc.property(
        meters,
        events,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: -9, max: 9 }),
        (meter, all, size, carried) => {
          const groups = all.flatMap((_, at) => (at % size === 0 ? [all.slice(at, at + size)] : []));
          const merged = mergeAll(groups.map((group) => rollUp(meter, group)));
          for (const span of [{ period: MARCH }, { period: MARCH, carried: exact(BigInt(carried)) }]) {
            const expected = aggregateEvents(meter, all, span);
            expect(quantityOf(meter, merged, span)).toEqual(expected);
            expect(quantityOf(meter, rollUp(meter, all), span)).toEqual(expected);
          }
        },
      ),
    );
  });

  it('do not ask in which order events came', () => {
    const shuffled = events.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    );
    fc.assert(
      fc.property(meters, shuffled, (meter, [all, mixed]) => {
        expect(rollUp(meter, mixed)).toEqual(rollUp(meter, all));
        const span = { period: MARCH };
        expect(aggregateEvents(meter, mixed, span)).toEqual(aggregateEvents(meter, all, span));
      }),
    );
  });

  it('merge the same from left and right, and with nothing', () => {
    fc.assert(
      fc.property(meters, events, events, (meter, one, other) => {
        const [a, b] = [rollUp(meter, one), rollUp(meter, other)];
        const counts = (rollup: typeof a) => ({ ...rollup, last: rollup.last?.at });
        expect(counts(mergeRollups(a, b))).toEqual(counts(mergeRollups(b, a)));
        expect(mergeRollups(a, EMPTY_ROLLUP)).toEqual(a);
      }),
    );
  });
});

describe('a meter is refused', () => {
  const base = { id: 'calls', name: 'Calls', unit: 'calls' };
  test.each<[string, object, string]>([
    ['without the property it counts', { aggregation: 'unique_count' }, 'property'],
    ['without its rank', { aggregation: 'percentile' }, 'percentile'],
    ['that carries a count over', { aggregation: 'count', carriesOver: true }, 'carriesOver'],
  ])('%s', (_, extra, path) => {
    const parsed = Meter.safeParse({ ...base, ...extra });
    expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([[path]]);
  });
});
