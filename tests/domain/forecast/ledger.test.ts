import { expect, it } from 'vitest';
import { backtestSeries } from '../../../src/domain/forecast/backtest.ts';
import { type RecordedMonth, wideningOfRecord } from '../../../src/domain/forecast/ledger.ts';

const recorded = (actual: number | null, forecastId = 'fc_1'): RecordedMonth => ({
  forecastId,
  metric: 'mrr',
  issuedAt: 0,
  monthsAhead: 1,
  month: '2026-10',
  endAt: 0,
  mean: 100,
  low80: 93.5,
  high80: 106.5,
  low95: 90.2,
  high95: 109.8,
  actual,
});

it('ranges are left alone until six months were held against the truth', () => {
  expect(
    wideningOfRecord(
      [130, 130, 130, 130, 130].map((actual) => recorded(actual)),
      0.95,
    ),
  ).toBe(1);
});

it('ranges that missed again and again become wider, those that were too wide narrower', () => {
  const missed = [120, 82, 125, 118, 80, 121].map((actual) => recorded(actual));
  const easy = [101, 99, 100, 101, 100, 99].map((actual) => recorded(actual));
  expect(wideningOfRecord(missed, 0.95)).toBeGreaterThan(1.3);
  expect(wideningOfRecord(easy, 0.95)).toBeLessThan(1);
});

it('months whose truth has not come teach nothing', () => {
  expect(wideningOfRecord(new Array(12).fill(recorded(null)), 0.95)).toBe(1);
});

it('a backtest never sees what came after its origin', () => {
  const steady = new Array(24).fill(0).map((_zero, at) => 100 + (at % 3));
  const plain = backtestSeries(steady, 12, 3);
  // The last value turns up as truth only, and only of the forecasts that reach it.
  const shocked = backtestSeries([...steady.slice(0, -1), 1000], 12, 3);
  expect(shocked.own[0]?.[0]).toBeLessThan(-0.85);
  expect(shocked.own[0]?.slice(1)).toEqual(plain.own[0]?.slice(1));
});
