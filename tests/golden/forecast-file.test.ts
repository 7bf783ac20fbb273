import { describe, expect, it } from 'vitest';
import { runGoldenFile } from '../../src/golden/run-file.ts';

const wave = (count: number, from: number) =>
  Array.from(
    { length: count },
    (_zero, at) => 100 + 20 * Math.sin(((from + at) * Math.PI) / 2) + ((from + at) % 3),
  );

const file = (series: unknown, more: object = {}) =>
  JSON.stringify({ kind: 'forecast', frequency: 4, horizon: 4, series, ...more });

const quarters = [
  { id: 'Q1', train: wave(32, 0), test: wave(4, 32) },
  { id: 'Q2', train: new Array(12).fill(5), test: [5, 5, 5, 5] },
];

describe('a file of series to be forecast', () => {
  it('is scored beside the reference it brings, series by series and method by method', () => {
    const reference = { ets: { smape: 3, mase: 0.5, owa: 0.6, cov95: null } };
    const { cases, totals } = runGoldenFile(file(quarters, { reference }), {});
    expect(totals).toEqual({ passed: 0, failed: 0, unsupported: 0 });
    expect(cases.every(({ status }) => status === 'scored')).toBe(true);
    expect(cases.slice(0, 2).map(({ id }) => id)).toEqual(['Q1', 'Q2']);
    expect(cases.find(({ id }) => id === 'ets')).toMatchObject({
      expected: { smape: 3, mase: 0.5, owa: 0.6 },
    });
    expect(cases.find(({ id }) => id === 'combination')).toMatchObject({ expected: null });
    const naive = cases.find(({ id }) => id === 'naive2');
    expect(naive).toMatchObject({ got: { owa: 1 } });
  });

  it('runs one series alone by its id', () => {
    const { cases } = runGoldenFile(file(quarters), { id: 'Q2' });
    expect(cases).toMatchObject([{ id: 'Q2', got: { smape: 0, mase: null, cov95: 1, notes: ['constant'] } }]);
  });

  it.each([
    ['a series without a history', [{ id: 'x', train: [], test: [1] }], /series\.0\.train/],
    ['a text for a number', [{ id: 'x', train: ['a'], test: [1] }], /series\.0\.train\.0/],
    ['no series', [], /series/],
  ])('%s is refused by name', (_what, series, message) => {
    expect(() => runGoldenFile(file(series), {})).toThrow(message);
  });
});
