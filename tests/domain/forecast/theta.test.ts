import { expect, it, test } from 'vitest';
import { fitTheta, thetaOutlook } from '../../../src/domain/forecast/theta.ts';
import { NILE, PASSENGERS } from './series.ts';

// R 4.2, forecast 8.20: thetaf(series, h = 3)$mean
test.each([
  ['Nile', 1, NILE, [799.8119962, 798.4548435, 797.0976908]],
  ['AirPassengers', 12, PASSENGERS, [440.0781911, 428.3842806, 489.7070987]],
] as const)('%s: within 2%% of R, which starts its level otherwise', (_name, period, list, expected) => {
  const values = Float64Array.from(list);
  const { mean } = thetaOutlook(fitTheta(values, period), values, 3);
  for (const [step, value] of expected.entries()) {
    expect(Math.abs((mean[step] ?? 0) / value - 1)).toBeLessThan(0.02);
  }
});

it('carries half of a straight line on, as its name promises', () => {
  const line = new Float64Array(30).map((_zero, at) => 100 + 4 * at);
  const { mean } = thetaOutlook(fitTheta(line, 1), line, 10);
  expect((mean[9] ?? 0) - (mean[0] ?? 0)).toBeCloseTo(9 * 2, 6);
});

it('is never a worse fit once theta is fitted too', () => {
  const values = Float64Array.from(PASSENGERS);
  expect(fitTheta(values, 12, true).variance).toBeLessThan(fitTheta(values, 12).variance * 1.01);
});
