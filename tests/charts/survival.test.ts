import { describe, expect, it } from 'vitest';
import { drawChart } from '../../src/charts/draw-chart.ts';
import { pictureAlt, pictureTitle } from '../../src/charts/picture-words.ts';
import type { SurvivalPicture } from '../../src/charts/survival-words.ts';
import { chartsToDraw } from '../../src/slack/views/exhibits.ts';

const curve = (name: string, drop: number) => ({
  name,
  points: [2, 7, 11.5, 16].map((month, at) => ({
    month,
    percent: 100 - drop * (at + 1),
    low: 100 - drop * (at + 1.5),
    high: 100 - drop * (at + 0.5),
  })),
  atRisk: [120, 100, 70, 40],
});
const picture = (...curves: SurvivalPicture['curves']): SurvivalPicture => ({
  kind: 'survival',
  title: 'How long customers stay',
  months: 18,
  curves,
  ages: [0, 6, 12, 18],
  alt: '',
});

describe('a survival curve', () => {
  it('says in its title how many are left after a year, of several the most and the fewest', () => {
    expect(pictureTitle(picture(curve('everybody', 5)))).toBe(
      'How long customers stay: 85% still there after 12 months',
    );
    expect(pictureTitle(picture(curve('ads', 12), curve('partner', 4)))).toBe(
      'How long customers stay: after 12 months 88% (partner) to 64% (ads) still there',
    );
  });

  it('tells those who cannot look how many are left and how many were observed', () => {
    expect(pictureAlt(picture(curve('everybody', 5)))).toBe(
      'How long customers stay: 85% still there after 12 months. Percent still there by month. everybody: 95% at 6 (100 observed), 85% at 12 (70 observed), 80% at 18 (40 observed).',
    );
  });

  it('is drawn as a picture, with a row for each curve', async () => {
    const look = { theme: 'light', widthPx: 760 } as const;
    const two = await drawChart(picture(...['a', 'b'].map((name) => curve(name, 5))), look);
    const four = await drawChart(picture(...['a', 'b', 'c', 'd'].map((name) => curve(name, 5))), look);
    expect(two.png.length).toBeGreaterThan(5_000);
    expect(four.height - two.height).toBe(2 * 2 * 20);
    expect(chartsToDraw([picture(curve('everybody', 5)), picture()])).toHaveLength(1);
  });
});
