import { describe, expect, it, test } from 'vitest';
import forecastMetric from '../../../src/tools/forecast/forecast-metric.ts';
import { bestReading } from '../reading.ts';
import { forecastWorld } from './forecast-world.ts';

const ask = async (metric: string, months?: number, world = forecastWorld()) => {
  const input = forecastMetric.input.parse({ metric, ...(months === undefined ? {} : { months }) });
  return forecastMetric.output.parse(await forecastMetric.run(input, world.context()));
};

describe('a forecast of MRR', () => {
  it('names month, amount, both ranges, and how accurate such forecasts were', async () => {
    const found = await ask('mrr', 6);
    expect(found.points.map(({ month }) => month)).toEqual([
      '2026-11',
      '2026-12',
      '2027-01',
      '2027-02',
      '2027-03',
      '2027-04',
    ]);
    const said = forecastMetric.narrate(found);
    expect(said).toMatch(
      /^MRR is forecast at \$[\d,]+\.\d\d for Apr 2027, \$[\d,.]+ to \$[\d,.]+ at 80% and /,
    );
    expect(said).toContain('Made from earlier months it would have missed by');
    expect(said).toContain(found.lastText);
  });

  it('shows its history and its range in one chart, and every month in a table', async () => {
    const [chart, table] = forecastMetric.exhibits?.(await ask('mrr', 3)) ?? [];
    if (chart?.kind !== 'chart' || table?.kind !== 'table') throw new Error('no exhibits');
    expect(chart.categories).toHaveLength(chart.series[0]?.values.length ?? 0);
    expect(chart.band?.low.slice(-3).every((value) => value !== null)).toBe(true);
    expect(table.rows).toHaveLength(3);
  });

  it('is the same whatever number of months is asked for', async () => {
    const [short, long] = [await ask('mrr', 2), await ask('mrr', 12)];
    expect(long.points.slice(0, 2)).toEqual(short.points);
  });

  it('is written down once, and held against the truth when its months are over', async () => {
    const world = forecastWorld();
    const first = await ask('mrr', 3, world);
    expect((await ask('mrr', 3, world)).forecastId).toBe(first.forecastId);
    const { scored, waiting } = await world.context().forecasts.record({ limit: 50 });
    expect([scored.length, waiting]).toEqual([0, 12]);
  });
});

it('of a flow goes on from whole months, never from the one that is running', async () => {
  const found = await ask('new_mrr', 3);
  expect(found.history.at(-1)?.month).toBe('2026-10');
  expect(found.points[0]?.month).toBe('2026-11');
  expect(found.points.every(({ low95 }) => low95 >= 0)).toBe(true);
});

it('of a company too young for it is refused with what it takes', async () => {
  await expect(ask('mrr', 3, forecastWorld(3))).rejects.toThrow(/too few to forecast from/);
});

it('of what is not measured is refused with the nearest', async () => {
  await expect(ask('happiness of llamas')).rejects.toThrow('I do not measure');
});

test.each([
  ['forecast mrr for the next 6 months', { metric: 'mrr' }],
  ['what will arr be in june', { metric: 'arr' }],
  ['forecast', { metric: 'mrr' }],
  ['gross revenue next month', { metric: 'revenue_gross' }],
])('"%s" is read as a forecast', async (message, expected) => {
  expect((await bestReading(forecastMetric, message))?.input).toMatchObject(expected);
});

test.each([
  'mrr last month',
  'will acme churn?',
  'trials ending next week',
  'how accurate were our mrr forecasts',
])('"%s" is not', async (message) => {
  expect(await bestReading(forecastMetric, message)).toBeNull();
});
