import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { widening } from '../../../src/domain/forecast/conformal.ts';
import { forecastSeries } from '../../../src/domain/forecast/forecast.ts';
import { NILE, PASSENGERS } from './series.ts';

const kinds = (list: ArrayLike<number>, period = 12, horizon = 12) =>
  forecastSeries(list, period, horizon).notes.map(({ kind }) => kind);

describe('a series that says little', () => {
  it('that is constant stays so, and that is said', () => {
    const { outlook, notes, bands } = forecastSeries(new Array(20).fill(7), 12, 3);
    expect([...outlook.mean]).toEqual([7, 7, 7]);
    expect(bands.map(({ low }) => low[2])).toEqual([7, 7]);
    expect(notes).toEqual([{ kind: 'constant' }]);
  });

  it('of a few values gives the last of them with a range, and says what it lacks', () => {
    const { outlook, notes, bands } = forecastSeries([10, 12, 11, 13], 12, 2);
    expect([...outlook.mean]).toEqual([13, 13]);
    expect(bands[1]?.high[1]).toBeGreaterThan(bands[1]?.high[0] ?? 0);
    expect(notes).toEqual([{ kind: 'too_short', values: 4, needed: 10 }]);
  });

  it('of one value has no range at all', () => {
    expect(forecastSeries([10], 12, 2).bands).toEqual([]);
  });

  test.each([
    ['no values', [], 'There is no history to forecast from.'],
    ['a value that is no number', [1, Number.NaN], 'Value 2 of the history is not a number.'],
  ])('%s is refused', (_what, list, message) => {
    expect(() => forecastSeries(list, 12, 3)).toThrow(message);
  });

  it('with a horizon of nothing is refused', () => {
    expect(() => forecastSeries([1, 2, 3], 12, 0)).toThrow('A forecast needs at least one step ahead.');
  });
});

it('counts that were never negative are not forecast below zero', () => {
  const fading = new Array(40).fill(0).map((_zero, at) => Math.max(0, 80 - 2.2 * at + ((at * 31) % 5)));
  const { outlook, bands } = forecastSeries(fading, 12, 12);
  expect(Math.min(...outlook.mean, ...(bands[1]?.low ?? []))).toBeGreaterThanOrEqual(0);
});

it('losses may be forecast below zero', () => {
  const losses = new Array(30).fill(0).map((_zero, at) => -500 - 10 * at + ((at * 13) % 7));
  expect(forecastSeries(losses, 12, 6).outlook.mean[5]).toBeLessThan(-780);
});

it('says when there is no earlier origin to correct the intervals by', () => {
  expect(kinds(NILE.slice(0, 24), 12, 12)).toContain('no_earlier_origin');
  expect(kinds(PASSENGERS, 12, 12)).not.toContain('no_earlier_origin');
});

it('the middle of a wider interval is the same, and 95% holds 80%', () => {
  const { bands, outlook } = forecastSeries(PASSENGERS, 12, 12);
  const [narrow, wide] = bands;
  for (let step = 0; step < 12; step += 1) {
    expect(wide?.low[step]).toBeLessThanOrEqual(narrow?.low[step] ?? 0);
    expect(wide?.high[step]).toBeGreaterThanOrEqual(narrow?.high[step] ?? 0);
    expect(outlook.mean[step]).toBeGreaterThan(wide?.low[step] ?? 0);
  }
});

it('intervals widen where earlier ones were missed, and never without bound', () => {
  const claimed = (score: number) => ({ scores: new Array(36).fill(score), origins: 3 });
  expect(widening(claimed(1.96), 0.95)).toBeCloseTo(1, 3);
  expect(widening(claimed(3), 0.95)).toBeGreaterThan(1.2);
  expect(widening(claimed(100), 0.95)).toBe(1.8);
  expect(widening(claimed(0.01), 0.95)).toBe(0.8);
  expect(widening({ scores: [], origins: 0 }, 0.95)).toBe(1);
});

const value = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 1000, noNaN: true }) },
  { weight: 2, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
);

test('no series whatever brings a wild number: all finite, and near what was seen', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 45 }), (list) => {
      const { outlook, bands } = forecastSeries(list, 12, 6);
      const [least, most] = [Math.min(...list), Math.max(...list)];
      const range = most - least;
      for (const mean of outlook.mean) {
        expect(Number.isFinite(mean)).toBe(true);
        expect(mean).toBeGreaterThanOrEqual(least - 13 * range - 1e-6);
        expect(mean).toBeLessThanOrEqual(most + 13 * range + Math.abs(most) + 1e-6);
      }
      for (const { low, high } of bands) {
        expect([...low, ...high].every(Number.isFinite)).toBe(true);
        expect(low.every((bound, step) => bound <= (high[step] ?? 0))).toBe(true);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});

it('the same history gives the same forecast to the last digit', () => {
  expect(forecastSeries(PASSENGERS, 12, 6)).toEqual(forecastSeries(PASSENGERS, 12, 6));
});
