import { describe, expect, it } from 'vitest';
import { chartSpec } from '../../src/charts/chart-spec.ts';
import type { Chart } from '../../src/charts/chart-words.ts';
import type { Drawable } from '../../src/charts/draw.ts';
import { drawChart } from '../../src/charts/draw-chart.ts';
import type { Heatmap } from '../../src/charts/heatmap-words.ts';
import { LOOKS } from '../../src/charts/look.ts';
import { pictureAlt, pictureTitle } from '../../src/charts/picture-words.ts';
import type { Waterfall } from '../../src/charts/waterfall-words.ts';

const months = ['Jun 2026', 'Jul 2026', 'Aug 2026', 'Sep 2026', 'Oct 2026', 'Nov 2026'];

function chart(over: Partial<Chart> = {}): Chart {
  return {
    kind: 'chart',
    title: 'MRR by month',
    type: 'line',
    categories: months,
    series: [{ name: 'MRR', values: [82_000, 84_000, 85_000, 85_200, 86_000, 86_214] }],
    valueLabel: 'USD',
    alt: '',
    ...over,
  };
}

const waterfall: Waterfall = {
  kind: 'waterfall',
  title: 'MRR movements in October',
  valueLabel: 'USD',
  steps: [
    { label: 'Sep 30', value: 255_100, total: true },
    { label: 'New', value: 6_200 },
    { label: 'Churn', value: -2_900 },
    { label: 'Oct 31', value: 258_400, total: true },
  ],
  alt: '',
};

const heatmap: Heatmap = {
  kind: 'heatmap',
  title: 'Customers kept',
  unit: '%',
  columns: ['month 0', 'month 1', 'month 2'],
  rows: [
    { label: 'Aug 2026', cells: [100, 92, 81] },
    { label: 'Sep 2026', cells: [100, 95, null] },
    { label: 'Oct 2026', cells: [100, null, null] },
  ],
  alt: '',
};

const bars = (over: Partial<Chart> = {}) =>
  chart({
    type: 'bar',
    title: 'MRR by plan',
    categories: ['scale', 'growth', '3 others'],
    series: [{ name: 'MRR', values: [120_000, 70_000, 200_000] }],
    whole: { value: 390_000 },
    ...over,
  });

describe('the title of a picture', () => {
  it.each<[string, Drawable, string]>([
    ['a trend', chart(), 'MRR $86.2k, up 5.1% since Jun 2026'],
    [
      'a month that is not over, which is not compared',
      chart({ unfinished: true, series: [{ name: 'x', values: [100, 110, 105, 120, 125, 60] }] }),
      'MRR $125 in Oct 2026, up 25% since Jun 2026',
    ],
    [
      'a gap at the end, which is no end',
      chart({ series: [{ name: 'x', values: [100, 110, 105, 120, 125, null] }] }),
      'MRR $125 in Oct 2026, up 25% since Jun 2026',
    ],
    ['nothing measured', chart({ series: [{ name: 'x', values: months.map(() => null) }] }), 'MRR by month'],
    [
      'two periods over each other',
      chart({
        title: 'API calls by day',
        valueLabel: 'API calls',
        series: [
          { name: 'Now', values: [1, 2, 3, 4, 5, 6] },
          { name: 'Nov 9 - 15', values: [1, 2, 3, 4, 5, 6] },
        ],
        whole: { value: 235_000_000, past: 228_000_000 },
      }),
      'API calls 235M, up 3.1% from 228M (Nov 9 - 15)',
    ],
    [
      'two periods, the first of which was nothing',
      chart({
        series: [
          { name: 'Now', values: [1] },
          { name: 'Oct', values: [0] },
        ],
        whole: { value: 5, past: 0 },
      }),
      'MRR $5, against $0 (Oct)',
    ],
    ['parts of a whole, the others aside', bars(), 'MRR by plan: scale $120k, 31% of $390k'],
    [
      'what does not add up: no share',
      bars({
        title: 'Error rate by plan',
        valueLabel: '%',
        whole: undefined,
        series: [{ name: 'x', values: [1.2, 0.4, 0.1] }],
      }),
      'Error rate by plan: highest 1.2% (scale)',
    ],
    [
      'two that are alike: neither leads',
      bars({ series: [{ name: 'x', values: [5, 5, 1] }] }),
      'MRR by plan',
    ],
    [
      'what stood out of the expected',
      chart({
        title: 'Error rate',
        valueLabel: '%',
        series: [{ name: 'x', values: [0.1, 0.1, 3.67, 0.1, 0.1, 0.1] }],
        band: { name: 'expected', low: months.map(() => 0), high: months.map(() => 0.5) },
      }),
      'Error rate 3.67% on Aug 2026, 0% to 0.5% expected',
    ],
    [
      'what stood out of a count: whole numbers were to be expected',
      chart({
        title: 'Open tickets',
        valueLabel: 'Open tickets',
        series: [{ name: 'x', values: [1, 2, 9, 1, 3, 2] }],
        band: { name: 'expected', low: months.map(() => 0.2), high: months.map(() => 8.41) },
      }),
      'Open tickets 9 on Aug 2026, 1 to 8 expected',
    ],
    ['a waterfall', waterfall, 'MRR movements in October: $258k, up $3.3k (1.3%) from $255k'],
    [
      'a waterfall of nothing before: no percent',
      {
        ...waterfall,
        steps: [
          { label: 'a', value: 0, total: true },
          { label: 'b', value: 5 },
          { label: 'c', value: 5, total: true },
        ],
      },
      'MRR movements in October: $5, up $5 from $0',
    ],
    [
      'cohorts, whose first month says nothing',
      heatmap,
      'Customers kept: lowest 81% (month 2 of Aug 2026), highest 95% (month 1 of Sep 2026)',
    ],
    ['an empty heat map', { ...heatmap, rows: [] }, 'Customers kept'],
  ])('says the finding of %s', (_what, drawable, title) => {
    expect(pictureTitle(drawable)).toBe(title);
  });

  it('never says "up" or "down" of what the points do not show', () => {
    for (const values of [
      [5, 5],
      [5, 6],
      [6, 5],
      [0, 5],
      [null, 5],
      [5, null],
    ]) {
      const words = pictureTitle(chart({ categories: ['a', 'b'], series: [{ name: 'x', values }] }));
      const [first, last] = values;
      const known = typeof first === 'number' && typeof last === 'number' && first > 0;
      expect(words.includes('up ')).toBe(known && last > first);
      expect(words.includes('down ')).toBe(known && last < first);
    }
  });
});

describe('the alternative text', () => {
  it('begins with the words of the answer and goes on with the data', () => {
    expect(pictureAlt({ ...waterfall, alt: 'MRR grew.' })).toBe(
      'MRR grew. MRR movements in October: $258k, up $3.3k (1.3%) from $255k. Sep 30 $255k, New +$6.2k, Churn −$2.9k, Oct 31 $258k.',
    );
  });
  it('counts what is missing', () => {
    const some = chart({ series: [{ name: 'MRR', values: [1, null, null, 2, 3, 4] }] });
    expect(pictureAlt(some)).toContain('2 without data');
  });
});

/** Data, order and scales as drawn; colours and paddings are for the eye. */
const spec = (drawable: Drawable) => chartSpec(drawable, LOOKS.light, 760);

describe('what is drawn', () => {
  it.each<[string, Drawable]>([
    [
      'a trend with a gap',
      chart({ series: [{ name: 'MRR', values: [82_000, null, 85_000, 85_200, 86_000, 86_214] }] }),
    ],
    ['a breakdown with others', bars()],
    ['a waterfall', waterfall],
    ['a heat map', heatmap],
  ])('of %s is as it was looked at', (_what, drawable) => {
    expect(spec(drawable)).toMatchSnapshot();
  });

  it('of a gap is no zero', () => {
    const text = JSON.stringify(spec(chart({ series: [{ name: 'x', values: [5, null, 5, 5, 5, 5] }] })));
    expect(text).toContain('{"category":"Jul 2026","series":"x","value":null');
    expect(text).toContain('break-paths');
  });

  it.each<[string, Chart]>([
    ['bars', bars()],
    ['negative bars', bars({ series: [{ name: 'x', values: [5, -3, 1] }] })],
    [
      'columns',
      chart({
        type: 'bar',
        categories: Array.from({ length: 30 }, (_, at) => `Nov ${at}`),
        series: [{ name: 'x', values: Array.from({ length: 30 }, () => 1_000) }],
      }),
    ],
  ])('as %s begins at zero', (_what, drawable) => {
    const domains = [
      ...JSON.stringify(spec(drawable)).matchAll(
        /"type":"quantitative","scale":\{"domain":\[([-\d.]+),([-\d.]+)\]/g,
      ),
    ];
    expect(domains.length).toBeGreaterThan(0);
    for (const [, low, high] of domains) {
      expect(Number(low)).toBeLessThanOrEqual(0);
      expect(Number(high)).toBeGreaterThanOrEqual(0);
    }
  });

  it.each(['light', 'dark'] as const)('in %s becomes a picture of each kind', async (theme) => {
    for (const drawable of [waterfall, heatmap, bars()]) {
      const { png, width } = await drawChart(drawable, { theme, widthPx: 500 });
      expect(width).toBe(1000);
      expect(png.length).toBeGreaterThan(4_000);
    }
  });
});
