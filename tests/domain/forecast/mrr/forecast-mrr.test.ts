import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { claimsOf, type MrrBacktest } from '../../../../src/domain/forecast/mrr/backtest.ts';
import { forecastMrr } from '../../../../src/domain/forecast/mrr/forecast-mrr.ts';
import { quantileOf, simulateMrr } from '../../../../src/domain/forecast/mrr/monte-carlo.ts';
import {
  type DriverPaths,
  type MrrMonth,
  pathsOf,
  rolledForward,
} from '../../../../src/domain/forecast/mrr/months.ts';
import { reconciled } from '../../../../src/domain/forecast/mrr/reconcile.ts';
import { seededRandom } from '../../../../src/domain/statistics/random.ts';
import { company } from './company.ts';

const HISTORY = company('a', 30);
const FORECAST = forecastMrr(HISTORY, { runs: 1000 });

const adds = ({ opening, new: won, expansion, reactivation, contraction, churn, closing }: MrrMonth) =>
  opening + won + expansion + reactivation - contraction - churn === closing;

describe('twelve months of recurring revenue', () => {
  it('each opens where the one before closed and adds up to the cent, in every scenario', () => {
    const { realistic, optimistic, pessimistic } = FORECAST.scenarios;
    for (const months of [FORECAST.months, realistic, optimistic, pessimistic]) {
      expect(months).toHaveLength(12);
      expect(months.every(adds)).toBe(true);
      expect(months[0]?.opening).toBe(HISTORY.at(-1)?.closing);
      for (const [at, month] of months.entries()) {
        if (at > 0) expect(month.opening).toBe(months[at - 1]?.closing);
        expect(Object.values(month).every((value) => value >= 0)).toBe(true);
      }
    }
  });

  it('95% holds 80% holds the forecast, and ranges widen', () => {
    for (const { low95, low80, closing, high80, high95 } of FORECAST.months) {
      expect([low95, low80, closing, high80, high95]).toEqual(
        [low95, low80, closing, high80, high95].toSorted((a, b) => a - b),
      );
    }
    const width = (at: number) => (FORECAST.months[at]?.high80 ?? 0) - (FORECAST.months[at]?.low80 ?? 0);
    expect(width(11)).toBeGreaterThan(width(0));
  });

  it('a good and a poor year end at the bounds of the 80% range', () => {
    const last = FORECAST.months.at(-1);
    const end = (months: MrrMonth[]) => months.at(-1)?.closing ?? 0;
    expect(Math.abs(end(FORECAST.scenarios.optimistic) / (last?.high80 ?? 1) - 1)).toBeLessThan(1e-3);
    expect(Math.abs(end(FORECAST.scenarios.pessimistic) / (last?.low80 ?? 1) - 1)).toBeLessThan(1e-3);
  });

  it('the tornado lists all drivers, the widest swing first, each better one way and worse the other', () => {
    const swings = FORECAST.tornado.map(({ better, worse }) => better - worse);
    expect(swings).toHaveLength(5);
    expect(swings).toEqual(swings.toSorted((a, b) => b - a));
    const last = FORECAST.months.at(-1)?.closing ?? 0;
    expect(FORECAST.tornado.every(({ better, worse }) => worse <= last && better >= last)).toBe(true);
  });

  it('is the same for the same seed, and its futures others for another', () => {
    expect(forecastMrr(HISTORY, { runs: 1000 })).toEqual(FORECAST);
    const other = forecastMrr(HISTORY, { runs: 1000, seed: 'other' });
    expect(other.months.map(({ closing }) => closing)).toEqual(FORECAST.months.map(({ closing }) => closing));
    expect(other.months[11]?.low95).not.toBe(FORECAST.months[11]?.low95);
  });

  it('a target that is certain has a chance near 1, one out of reach near 0', () => {
    const chance = (target: number) => forecastMrr(HISTORY, { runs: 1000, target, horizon: 3 }).chance ?? -1;
    expect(chance(1)).toBe(1);
    expect(chance(1e12)).toBe(0);
  });
});

it('what is supposed changes the forecast the right way', () => {
  const end = (driver: 'churn' | 'new', factor: number) =>
    forecastMrr(HISTORY, { runs: 1000, suppositions: [{ driver, factor }] }).months.at(-1)?.closing ?? 0;
  const plain = FORECAST.months.at(-1)?.closing ?? 0;
  expect(end('churn', 2)).toBeLessThan(plain);
  expect(end('new', 1.5)).toBeGreaterThan(plain);
});

it('new business that follows spending follows its scenario paths', () => {
  const spend = HISTORY.map((_month, at) => 100 + 20 * Math.sin(at * 1.7));
  let opening = 5_000_000;
  const months = spend.map((value, at) => {
    const paths = pathsOf((driver) => Float64Array.of(driver === 'new' ? 3000 * value + 500 * (at % 3) : 0));
    const month = rolledForward(opening, paths)[0];
    if (!month) throw new Error('no month');
    opening = month.closing;
    return month;
  });
  const flat = (value: number) => new Array(6).fill(value);
  const { scenarios } = forecastMrr(months, {
    horizon: 6,
    runs: 1000,
    regressors: [
      {
        name: 'spend',
        driver: 'new',
        past: spend,
        future: { realistic: flat(100), optimistic: flat(140), pessimistic: flat(60) },
      },
    ],
  });
  const won = (list: MrrMonth[]) => list.reduce((sum, month) => sum + month.new, 0);
  expect(won(scenarios.optimistic)).toBeGreaterThan(won(scenarios.realistic));
  expect(won(scenarios.pessimistic)).toBeLessThan(won(scenarios.realistic));
});

describe('what accuracy is claimed', () => {
  const backtest = (errors: number[]): MrrBacktest => ({
    origins: errors.length,
    chosen: 'top_down',
    errors: {
      top_down: [errors],
      by_movement: [[]],
      mean_of_both: [[]],
      last_value: [errors.map((error) => error * 2)],
    },
  });

  test.each([
    ['over 90% where it was seen six times', [0.02, -0.05, 0.03, 0.01, -0.02, 0.04], 'over_90_percent'],
    ['what was measured where errors were larger', [0.2, -0.15, 0.13, 0.11, -0.2, 0.4], 'as_measured'],
    ['nothing from a few origins', [0.01, 0.01], 'too_few_origins'],
  ] as const)('%s', (_name, errors, claim) => {
    expect(claimsOf(backtest([...errors]), [1])[0]?.claim).toBe(claim);
  });

  it('beside what repeating the last value would have missed by', () => {
    const [claim] = claimsOf(backtest([0.1, -0.1]), [1]);
    expect(claim?.errorPercent).toBeCloseTo(10, 9);
    expect(claim?.lastValueErrorPercent).toBeCloseTo(20, 9);
  });
});

describe('refused', () => {
  test.each([
    ['five months', HISTORY.slice(0, 5), {}, '5 months of history are too few: a forecast needs 6.'],
    ['a few futures', HISTORY, { runs: 10 }, 'Between 1,000 and 100,000 futures are drawn.'],
    ['ten years', HISTORY, { horizon: 120 }, 'A forecast goes 1 to 36 months ahead.'],
    [
      'months that do not add up',
      HISTORY.map((month, at) => (at === 3 ? { ...month, closing: 1 } : month)),
      {},
      'The movements of month 4 do not add up to its closing.',
    ],
  ])('%s', (_what, months, options, message) => {
    expect(() => forecastMrr(months, options)).toThrow(message);
  });
});

const amount = fc.double({ min: 0, max: 1, noNaN: true });

test('reconciled movements close where they are told to, and none is below zero', () => {
  fc.assert(
    fc.property(
      fc.array(amount, { minLength: 10, maxLength: 10 }),
      fc.double({ min: 0.7, max: 1.4, noNaN: true }),
      (draws, factor) => {
        const scale = [100_000, 20_000, 0.05, 0.03, 0.05];
        const draw = (offset: number): DriverPaths => {
          let place = 0;
          return pathsOf(() => {
            const at = place++;
            return Float64Array.of((draws[offset + at] ?? 0) * (scale[at] ?? 1));
          });
        };
        const closings = Float64Array.of(1_000_000 * factor);
        const paths = reconciled(1_000_000, draw(0), draw(5), closings);
        expect(Object.values(paths).every(([value]) => (value ?? -1) >= 0)).toBe(true);
        const closing = rolledForward(1_000_000, paths)[0]?.closing ?? 0;
        expect(Math.abs(closing - (closings[0] ?? 0))).toBeLessThanOrEqual(3);
      },
    ),
    { numRuns: 200, seed: 5 },
  );
});

it('futures keep the mean of their drivers, whatever is cut at zero', () => {
  const mean = pathsOf((driver) => Float64Array.of(driver === 'new' ? 1000 : 0));
  const deviation = pathsOf((driver) => Float64Array.of(driver === 'new' ? 1500 : 0));
  const unrelated = new Float64Array(25).map((_zero, at) => (at % 6 === 0 ? 1 : 0));
  const { closings } = simulateMrr(0, mean, deviation, unrelated, {
    runs: 20_000,
    random: seededRandom('x'),
  });
  const [month = new Float64Array(1)] = closings;
  const average = month.reduce((sum, value) => sum + value, 0) / month.length;
  expect(Math.abs(average / 1000 - 1)).toBeLessThan(0.03);
  expect(quantileOf(month, 0.25)).toBeGreaterThanOrEqual(0);
});

test('ranges of made-up companies hold what then came about as often as they say', () => {
  let [held80, held95, seen] = [0, 0, 0];
  for (let world = 0; world < 5; world += 1) {
    const months = company(`world ${world}`, 36);
    const truth = months.slice(24);
    const { months: ahead } = forecastMrr(months.slice(0, 24), { runs: 1000 });
    for (const at of [0, 2, 5, 11]) {
      const [came, said] = [truth[at]?.closing ?? 0, ahead[at]];
      seen += 1;
      if (said && came >= said.low80 && came <= said.high80) held80 += 1;
      if (said && came >= said.low95 && came <= said.high95) held95 += 1;
    }
  }
  expect(held80 / seen).toBeGreaterThan(0.55);
  expect(held95 / seen).toBeGreaterThan(0.85);
});
