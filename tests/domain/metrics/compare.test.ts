import { describe, expect, it } from 'vitest';
import { compareValues } from '../../../src/domain/metrics/compare.ts';
import { formatDifference, formatValue, titleInSentence } from '../../../src/domain/metrics/format-value.ts';
import { LATENCY_BOUNDS_MS, latencyPercentile } from '../../../src/domain/metrics/latency.ts';
import { cutPeriod, defaultSeriesPeriod } from '../../../src/domain/metrics/series.ts';
import { parsePeriod } from '../../../src/domain/periods/parse-period.ts';

describe('a comparison', () => {
  it.each([
    ['of amounts', 'money', 15_000, 10_000, { difference: 5000, percent: 50, reason: null }],
    ['with nothing', 'count', 5, 0, { difference: 5, percent: null, reason: 'zero_base' }],
    ['with a few', 'count', 18, 9, { difference: 9, percent: null, reason: 'small_base' }],
    ['with under $100', 'money', 15_000, 9_999, { difference: 5001, percent: null, reason: 'small_base' }],
    ['of rates, in points', 'ratio', 0.02, 0.01, { difference: 0.01, percent: null, reason: null }],
    ['of milliseconds', 'ms', 5, 10, { difference: -5, percent: -50, reason: null }],
    ['with no data', 'ratio', 0.02, null, { difference: null, percent: null, reason: 'no_value' }],
  ] as const)('%s', (_name, unit, present, past, expected) => {
    expect(compareValues({ unit }, present, past, 2)).toEqual(expected);
  });
});

describe('a value for people', () => {
  it.each([
    ['uptime', 'ratio', 0.99982, '99.982%'],
    ['error_rate', 'ratio', 0.0042, '0.42%'],
    ['slo_burn', 'ratio', 5.486044, '549%'],
    ['api_calls', 'count', -1204, '-1,204'],
    ['latency_p95', 'ms', 10_000, '10,000 ms'],
    ['mrr', 'money', 5, '$0.05'],
    ['mrr', 'money', null, 'no data'],
  ] as const)('%s %s', (name, unit, value, text) => {
    expect(formatValue({ name, unit }, value, 'USD')).toBe(text);
  });

  it('rates differ in points, everything else in its own unit', () => {
    expect(formatDifference({ name: 'error_rate', unit: 'ratio' }, -0.001, 'USD')).toBe(
      '0.10 percentage points',
    );
    expect(formatDifference({ name: 'mrr', unit: 'money' }, -500, 'USD')).toBe('$5.00');
  });

  it('a title reads as a phrase', () => {
    expect([titleInSentence('Revenue, gross'), titleInSentence('MRR')]).toEqual(['Gross revenue', 'MRR']);
  });
});

describe('latency', () => {
  it('beyond the last bound is the last bound', () => {
    const counts = [...LATENCY_BOUNDS_MS.map(() => 0), 7];
    expect(latencyPercentile(counts, 95)).toBe(10_000);
    expect(latencyPercentile([], 95)).toBeNull();
  });
});

describe('a series', () => {
  const tz = 'America/Los_Angeles';
  const nowAt = Date.parse('2026-11-22T22:30:00Z');

  it('keeps the period’s own ends and leaves out what has not begun', () => {
    const period = parsePeriod('2026-10-15/2026-12-31', { nowAt, tz });
    expect(cutPeriod(period, 'month', nowAt).map((part) => part.label)).toEqual([
      'Oct 15 - 31, 2026',
      'Nov 1 - 30, 2026',
    ]);
  });

  it('without a period is the recent past, with the current step', () => {
    expect(defaultSeriesPeriod('month', nowAt, tz).label).toBe('Jun 1 - Nov 30, 2026');
    expect(defaultSeriesPeriod('week', nowAt, tz).label).toBe('Sep 28 - Nov 22, 2026');
  });
});
