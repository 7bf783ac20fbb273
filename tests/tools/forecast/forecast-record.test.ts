import { expect, it, test } from 'vitest';
import forecastMetric from '../../../src/tools/forecast/forecast-metric.ts';
import forecastRecord from '../../../src/tools/forecast/forecast-record.ts';
import { bestReading } from '../reading.ts';
import { forecastWorld } from './forecast-world.ts';

const world = forecastWorld();
const look = async (input: object = {}) =>
  forecastRecord.output.parse(await forecastRecord.run(forecastRecord.input.parse(input), world.context()));

it('what was said is held against what came as soon as a month is over, and never twice', async () => {
  expect(forecastRecord.narrate(await look())).toMatch(/^No forecast month is over yet; 0/);
  await forecastMetric.run(forecastMetric.input.parse({ metric: 'mrr' }), world.context());
  expect((await look()).waiting).toBe(12);
  world.clock.at = Date.parse('2027-02-03T12:00:00Z');
  const found = await look({ metric: 'mrr' });
  expect(found.rows.map(({ month }) => month)).toEqual(['2027-01', '2026-12', '2026-11']);
  expect(found.waiting).toBe(9);
  expect(found.within95Percent).not.toBeNull();
  const said = forecastRecord.narrate(found);
  expect(said).toContain(
    `we said ${found.rows[0]?.range80} for MRR in Jan 2027, it was ${found.rows[0]?.came}`,
  );
  expect((await look()).rows).toEqual(found.rows);
});

test.each(['how accurate were our forecasts?', 'how right were the mrr forecasts', 'forecast track record'])(
  '"%s"',
  async (message) => {
    expect(await bestReading(forecastRecord, message)).not.toBeNull();
  },
);

it('a new forecast is not asked of it', async () => {
  expect(await bestReading(forecastRecord, 'forecast mrr')).toBeNull();
});
