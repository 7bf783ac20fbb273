import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { altText, type Chart, headline, shortValue } from '../../src/charts/chart-words.ts';
import { drawChart } from '../../src/charts/draw-chart.ts';
import { LOOKS } from '../../src/charts/look.ts';

const days = Array.from({ length: 40 }, (_, at) => `Day ${at + 1}`);

function chart(over: Partial<Chart> = {}): Chart {
  const values = days.map((_, at) => 80_000 + at * 100);
  const series = [{ name: 'MRR', values }];
  return {
    kind: 'chart',
    title: 'MRR by day',
    type: 'line',
    categories: days,
    series,
    valueLabel: 'USD',
    alt: '',
    ...over,
  };
}

/** How the picture's points are coloured: `#rrggbb` to how many of them. */
function colorsOf(png: Uint8Array, width: number, height: number): Map<string, number> {
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><image href="${href}" width="${width}" height="${height}"/></svg>`;
  const { pixels } = new Resvg(svg).render();
  const counts = new Map<string, number>();
  for (let at = 0; at < pixels.length; at += 4) {
    const color = `#${pixels.subarray(at, at + 3).toString('hex')}`;
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return counts;
}

describe('a picture of a chart', () => {
  it('is the same bytes for the same chart', async () => {
    const look = { theme: 'light', widthPx: 600 } as const;
    const [first, second] = [await drawChart(chart(), look), await drawChart(chart(), look)];
    expect(Buffer.from(first.png).equals(Buffer.from(second.png))).toBe(true);
    const other = await drawChart(chart({ title: 'ARR by day' }), look);
    expect(Buffer.from(first.png).equals(Buffer.from(other.png))).toBe(false);
  });

  it.each(['light', 'dark'] as const)(
    'in %s shows line, words and background, twice as sharp',
    async (theme) => {
      const look = LOOKS[theme];
      const picture = await drawChart(chart(), { theme, widthPx: 600 });
      expect(picture.width).toBe(1200);
      const colors = colorsOf(picture.png, picture.width, picture.height);
      const all = picture.width * picture.height;
      const share = (color: string) => (colors.get(color) ?? 0) / all;
      expect(share(look.background)).toBeGreaterThan(0.7);
      expect(share(look.background)).toBeLessThan(0.99);
      // The line in the first series colour, the title in ink, the axis labels in the quiet tone.
      expect(share(look.series[0] ?? '')).toBeGreaterThan(0.003);
      expect(colors.get(look.ink) ?? 0).toBeGreaterThan(300);
      expect(colors.get(look.quiet) ?? 0).toBeGreaterThan(300);
    },
  );

  it.each<[string, Partial<Chart>]>([
    [
      'many series',
      {
        series: Array.from({ length: 12 }, (_, k) => ({
          name: `Plan ${k}`,
          values: days.map((_, at) => at * k),
        })),
      },
    ],
    [
      'stacked areas',
      { type: 'area', series: ['a', 'b'].map((name) => ({ name, values: days.map((_, at) => at) })) },
    ],
    [
      'bars with long names',
      {
        type: 'bar',
        categories: ['A customer with a name much longer than a label', 'B'],
        series: [{ name: 'x', values: [3, -2] }],
      },
    ],
    [
      'a hundred bars',
      {
        type: 'bar',
        categories: Array.from({ length: 100 }, (_, at) => `Some customer ${at}`),
        series: [{ name: 'x', values: Array.from({ length: 100 }, (_, at) => at) }],
      },
    ],
    ['nothing but zeros', { series: [{ name: 'x', values: days.map(() => 0) }] }],
    ['a single point', { categories: ['now'], series: [{ name: 'x', values: [7] }] }],
    [
      'names full of markup',
      { title: '<script>"&amp;', series: [{ name: '</text><a href="x">', values: days.map((_, at) => at) }] },
    ],
  ])('is drawn of %s', async (_what, over) => {
    const picture = await drawChart(chart(over), { theme: 'light', widthPx: 700 });
    expect(colorsOf(picture.png, picture.width, picture.height).size).toBeGreaterThan(20);
    expect(picture.alt.length).toBeGreaterThan(20);
  });
});

describe('the words of a chart', () => {
  it.each<[string, Partial<Chart>, string]>([
    ['up', {}, 'MRR $83.9k, up 4.9% since Day 1'],
    [
      'from nothing',
      { series: [{ name: 'x', values: [0, 5] }], categories: ['Jan', 'Feb'] },
      'MRR by day: highest $5 (Feb)',
    ],
    [
      'level',
      { series: [{ name: 'x', values: [5, 5] }], categories: ['Jan', 'Feb'] },
      'MRR $5, level since Jan',
    ],
    [
      'in points',
      { valueLabel: '%', series: [{ name: 'x', values: [4.5, 3] }], categories: ['Jan', 'Feb'] },
      'MRR 3%, down 1.5 points since Jan',
    ],
    [
      'of several',
      {
        series: [
          { name: 'x', values: [1, 2] },
          { name: 'y', values: [1, 2] },
        ],
      },
      'MRR by day',
    ],
  ])('say what moved: %s', (_what, over, words) => {
    expect(headline(chart(over))).toBe(words);
  });

  it.each<[number, string, string]>([
    [86_250, 'USD', '$86.3k'],
    [-1_234_567, 'EUR', '−€1.23M'],
    [0, 'JPY', '¥0'],
    [4.25, '%', '4.25%'],
    [132, 'ms', '132 ms'],
    [2_500, 'API calls', '2.5k'],
  ])('write %d %s as %s', (value, unit, words) => {
    expect(shortValue(value, unit)).toBe(words);
  });

  it('say in the alternative text where each series is highest and lowest', () => {
    expect(altText(chart())).toBe(
      'MRR $83.9k, up 4.9% since Day 1. 40 points, Day 1 to Day 40. MRR: highest $83.9k (Day 40), lowest $80k (Day 1).',
    );
  });
});
