import { expect, it, test } from 'vitest';
import forecastScenarios from '../../../src/tools/forecast/forecast-scenarios.ts';
import { bestReading } from '../reading.ts';
import { forecastWorld } from './forecast-world.ts';

const world = forecastWorld();
const ask = async (input: object) =>
  forecastScenarios.output.parse(
    await forecastScenarios.run(forecastScenarios.input.parse(input), world.context()),
  );

it('a poor year ends below the likely one, a good one above it, and what moves most is named', async () => {
  const found = await ask({});
  const ends = found.scenarios.map(({ closings }) => closings.at(-1) ?? 0);
  expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  expect(found.tornado[0]?.swingMinor).toBeGreaterThanOrEqual(found.tornado[1]?.swingMinor ?? 0);
  expect(forecastScenarios.narrate(found)).toContain(`${found.tornado[0]?.driver} moves it most`);
});

it('twice the churn leaves less, and that is said with it', async () => {
  const [plain, doubled] = [await ask({}), await ask({ suppose: [{ driver: 'churn', factor: 2 }] })];
  const end = (of: typeof plain) => of.scenarios[1]?.closings.at(-1) ?? 0;
  expect(end(doubled)).toBeLessThan(end(plain));
  expect(forecastScenarios.narrate(doubled)).toMatch(/^With Churn x 2, /);
});

it('says the chance of a target', async () => {
  expect((await ask({ target_minor: 1, months: 3 })).chancePercent).toBe(100);
});

test.each([
  ['show me mrr scenarios', {}],
  ['what if churn doubled?', { suppose: [{ driver: 'churn', factor: 2 }] }],
  ['what if new business halved', { suppose: [{ driver: 'new', factor: 0.5 }] }],
])('"%s"', async (message, expected) => {
  expect((await bestReading(forecastScenarios, message))?.input).toEqual(expected);
});

it('is not for a plain number', async () => {
  expect(await bestReading(forecastScenarios, 'mrr last month')).toBeNull();
});
