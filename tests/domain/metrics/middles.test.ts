import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDifference, formatValue } from '../../../src/domain/metrics/format-value.ts';
import { LATENCY_BOUNDS_MS, latencyPercentile } from '../../../src/domain/metrics/latency.ts';
import { medianOf } from '../../../src/domain/metrics/median.ts';
import { NOBODY } from '../../../src/domain/metrics/metric.ts';
import { csat, firstResponseTime } from '../../../src/domain/metrics/support.ts';

const HOUR = 3_600_000;
const bucket = (calls: Record<number, number>) => LATENCY_BOUNDS_MS.map((bound) => calls[bound] ?? 0);
const sum = (a: readonly number[], b: readonly number[]) => a.map((count, index) => count + (b[index] ?? 0));

describe('a median', () => {
  it.each([
    ['of none', [], null],
    ['of one', [7], 7],
    ['of an odd number', [9, 1, 5], 5],
    ['of an even number', [1, 2, 3, 10], 3],
    ['of two, rounded half up', [1, 2], 2],
  ] as const)('%s', (_name, values, expected) => {
    expect(medianOf(values)).toBe(expected);
  });

  it('has no more than half of the values on either side', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1 }), (values) => {
        const median = medianOf(values) ?? Number.NaN;
        // Half up: of 1 and 2 the middle is 2, which is above neither.
        expect(values.filter((value) => value < median - 1).length).toBeLessThanOrEqual(values.length / 2);
        expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it('of the whole is not the mean of its groups: every ticket counts once', () => {
    const waits = { high: [1, 1, 1, 1, 1, 1, 1], low: [20, 30] };
    const rows = Object.entries(waits).flatMap(([priority, hours]) =>
      hours.map((hour) => ({ ...NOBODY, priority, amount: hour * HOUR })),
    );
    const of = (priority: string) => firstResponseTime.total(rows.filter((row) => row.priority === priority));
    expect([of('high'), of('low')]).toEqual([HOUR, 25 * HOUR]);
    expect(((of('high') ?? 0) + (of('low') ?? 0)) / 2).toBe(13 * HOUR);
    expect(firstResponseTime.total(rows)).toBe(HOUR);
    expect(firstResponseTime.total([])).toBeNull();
  });

  it('of marks is a mean of parts: groups of different size are not averaged', () => {
    const marks = (priority: string, scores: number[]) =>
      scores.map((score) => ({ ...NOBODY, priority, amount: score, base: 1 }));
    const [low, high] = [marks('low', [5, 5, 5, 5, 5, 5]), marks('high', [1])];
    expect([csat.total(low), csat.total(high)]).toEqual([5, 1]);
    expect(csat.total([...low, ...high])).toBeCloseTo(31 / 7, 12);
    expect(csat.total([])).toBeNull();
  });
});

describe('a latency percentile', () => {
  it('of two hours is that of all their calls, not the mean of the two', () => {
    const quiet = bucket({ 50: 10 });
    const busy = bucket({ 100: 0, 200: 900, 3000: 90 });
    const p95 = (counts: number[]) => latencyPercentile(counts, 95) ?? 0;
    expect([p95(quiet), p95(busy)]).toEqual([50, 3000]);
    expect((p95(quiet) + p95(busy)) / 2).toBe(1525);
    expect(p95(sum(quiet, busy))).toBe(3000);
    expect(latencyPercentile(sum(quiet, busy), 50)).toBe(200);
  });

  it('never falls as more of the calls must have been answered', () => {
    const counts = fc.array(fc.nat(1000), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(counts, (calls) => {
        const [p50, p95, p99] = [50, 95, 99].map((percent) => latencyPercentile(calls, percent));
        if (calls.every((count) => count === 0)) expect([p50, p95, p99]).toEqual([null, null, null]);
        else expect((p50 ?? 0) <= (p95 ?? 0) && (p95 ?? 0) <= (p99 ?? 0)).toBe(true);
      }),
    );
  });
});

describe('a duration or a mark for people', () => {
  it.each([
    ['ms', 230, '230 ms'],
    ['ms', 42_400, '42 s'],
    ['ms', 12 * 60_000, '12 min'],
    ['ms', 3 * HOUR + 12 * 60_000, '3 h 12 min'],
    ['ms', 24 * HOUR, '24 h'],
    ['ms', 52 * HOUR, '2 d 4 h'],
    ['ms', 71.9 * HOUR, '3 d'],
    ['minutes', 171, '2 h 51 min'],
    ['minutes', 59.6, '1 h'],
    ['minutes', 0, '0 min'],
    ['score', 4.333, '4.3 of 5'],
    ['count', 24_310.46, '24,310.5'],
    ['ratio', -0.125, '-12.50%'],
  ] as const)('%s %s is %s', (unit, value, text) => {
    expect(formatValue({ name: 'any', unit }, value, 'USD')).toBe(text);
  });

  it('differs in its own words', () => {
    expect(formatDifference({ name: 'csat', unit: 'score' }, -0.25, 'USD')).toBe('0.3 points');
    expect(formatDifference({ name: 'mttr', unit: 'ms' }, -90 * 60_000, 'USD')).toBe('1 h 30 min');
  });
});
