import { describe, expect, it } from 'vitest';
import { ACME } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';
import { openRoom, thriving } from './room.ts';

const tool = toolNamed('health_trends');

describe('whose health moved', () => {
  it.each<[string, Record<string, unknown>]>([
    ['whose health fell this month?', {}],
    ['whose health dropped most', {}],
    ['who improved their health this week?', { direction: 'rose', days: 7 }],
    ['health trends last quarter', { days: 90 }],
    ['top 3 accounts whose health got worse', { limit: 3 }],
    ['health distribution', {}],
  ])('is meant by "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each([
    'how healthy is Acme?',
    'mrr trend',
    'who is at risk?',
    'why did health fall',
    'api health trend',
  ])('is not meant by "%s"', async (message) => {
    expect(await bestReading(tool, message)).toBeNull();
  });

  it('is told with who fell most, from where to where and by what, and how many stand where', async () => {
    const said = await openRoom().say(tool, {});
    expect(said).toMatch(
      /^The health of 1 of 2 customers fell by 5 points or more over 30 days\. Most of all Acme Robotics: \d\d to \d\d, /,
    );
    expect(said).toMatch(
      /Now 1 healthy \(\d then\), 0 stable \(\d then\), 1 warning \(\d then\), 0 critical \(0 then\)\.$/,
    );
    const output = await openRoom().run(tool, {});
    expect(output.listed?.map(({ id }) => id)).toEqual([ACME.id]);
  });

  it('is shown as a table and how many customers are in each band on both days', async () => {
    const [table, chart] = await openRoom().shown(tool, {});
    expect(table).toMatchObject({ kind: 'table', rows: [expect.arrayContaining([ACME.name])] });
    expect(chart).toMatchObject({ kind: 'chart', categories: ['critical', 'warning', 'stable', 'healthy'] });
    if (chart?.kind !== 'chart') return;
    for (const { values } of chart.series)
      expect(values.reduce((sum: number, n) => sum + (n ?? 0), 0)).toBe(2);
  });

  it('says when nothing moved', async () => {
    expect(await openRoom([thriving]).say(tool, {})).toMatch(
      /^Nobody's health fell by 5 points or more over 30 days, of 1 customer/,
    );
    expect(await openRoom().say(tool, { direction: 'rose', days: 7 })).toMatch(/^Nobody's health rose/);
  });
});
