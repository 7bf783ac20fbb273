import { describe, expect, it } from 'vitest';
import type { MetricAnswer } from '../../../src/domain/metrics/answer.ts';
import { answerExhibits } from '../../../src/domain/metrics/narrate.ts';

type Row = NonNullable<MetricAnswer['breakdown']>['rows'][number];

const row = (label: string, value: number | null, key: string | null = null): Row => ({
  key,
  label,
  value,
  money: null,
  text: String(value),
  originals: [],
});

function answer(metric: string, by: string, rows: Row[], over: Partial<MetricAnswer> = {}): MetricAnswer {
  return {
    metric,
    title: 'API calls',
    unit: 'count',
    value: rows.reduce((sum, one) => sum + (one.value ?? 0), 0),
    money: null,
    text: '',
    when: 'for Nov 2026',
    narrowedTo: '',
    originals: [],
    comparison: null,
    breakdown: { by, total: rows.length, rows },
    chart: 'bar',
    listed: [],
    receipt: {
      definition: { name: metric, version: 1, words: '' },
      period: null,
      asOfAt: 0,
      rowCount: 0,
      freshness: [],
      notes: [],
    },
    ...over,
  };
}

function chartOf(of: MetricAnswer) {
  const [chart] = answerExhibits(of);
  if (chart?.kind !== 'chart') throw new Error('no chart');
  return chart;
}

const many = Array.from({ length: 30 }, (_, at) => row(`Customer ${at}`, 100 - at));

describe('the chart of an answer', () => {
  it('has twelve bars at most, the rest added up as the last of them, and all of it as the whole', () => {
    const chart = chartOf(answer('api_calls', 'customer', many));
    expect(chart.categories).toHaveLength(12);
    expect(chart.categories.at(-1)).toBe('19 others');
    const [series] = chart.series;
    const total = series?.values.reduce((sum: number, value) => sum + (value ?? 0), 0);
    expect(total).toBe(many.reduce((sum, one) => sum + (one.value ?? 0), 0));
    expect(chart.whole?.value).toBe(total);
  });

  it('adds nothing up that does not add up, and says that it shows some', () => {
    const chart = chartOf(answer('error_rate', 'plan', many, { title: 'Error rate', unit: 'ratio' }));
    expect(chart.categories).toHaveLength(12);
    expect(chart.categories.join()).not.toContain('others');
    expect(chart.title).toBe('Error rate by plan, 12 of 30');
    expect(chart.whole).toBeUndefined();
  });

  it('keeps days without a value as gaps', () => {
    const rows = [
      row('Nov 1, 2026', 5, '2026-11-01'),
      row('Nov 2, 2026', null, '2026-11-02'),
      row('Nov 3, 2026', 7, '2026-11-03'),
    ];
    const chart = chartOf(answer('api_calls', 'day', rows, { chart: 'line' }));
    expect(chart.series[0]?.values).toEqual([5, null, 7]);
    expect(chart.categories).toEqual(['Nov 1', 'Nov 2', 'Nov 3']);
  });

  it.each([
    ['api_calls', true],
    ['mrr', undefined],
  ])('of %s with a month that runs is unfinished: %s', (metric, unfinished) => {
    const rows = [row('Oct 1 - 31, 2026', 5, '2026-10-01'), row('Nov 1 - 30, 2026 so far', 3, '2026-11-01')];
    expect(chartOf(answer(metric, 'month', rows, { chart: 'line' })).unfinished).toBe(unfinished);
  });

  it('lays the period compared with over the present, where one was asked for', () => {
    const rows = [row('Nov 1, 2026', 5, '2026-11-01'), row('Nov 2, 2026', 6, '2026-11-02')];
    const of = answer('api_calls', 'day', rows, { chart: 'line' });
    const past = {
      value: 9,
      money: null,
      text: '9',
      when: 'for Oct 1 - 2, 2026',
      difference: 2,
      differenceText: '2',
      percent: null,
      sentence: '',
      notes: [],
    };
    const chart = chartOf({
      ...of,
      comparison: past,
      breakdown: { by: 'day', total: 2, rows, compared: [4, 5] },
    });
    expect(chart.series.map(({ name, values }) => [name, values])).toEqual([
      ['Now', [5, 6]],
      ['Oct 1 - 2, 2026', [4, 5]],
    ]);
    expect(chart.whole).toEqual({ value: 11, past: 9 });
  });
});
