import { describe, expect, it } from 'vitest';
import {
  chiSquareTail,
  logGamma,
  normalCdf,
  normalQuantile,
} from '../../../src/domain/statistics/distributions.ts';
import { normalPair, seededRandom } from '../../../src/domain/statistics/random.ts';

describe('distributions agree with the values of R 4.2', () => {
  it.each([
    ['pnorm(1.96)', normalCdf(1.96), 0.9750021048517795],
    ['pnorm(-6)', normalCdf(-6), 9.865876450376981e-10],
    ['qnorm(0.975)', normalQuantile(0.975), 1.959963984540054],
    ['qnorm(1e-6)', normalQuantile(1e-6), -4.753424308822899],
    ['lgamma(5.5)', logGamma(5.5), 3.957813967618717],
    ['pchisq(3.84, 1, lower = FALSE)', chiSquareTail(3.84, 1), 0.05004352124870519],
    ['pchisq(80, 3, lower = FALSE)', chiSquareTail(80, 3), 3.069277486172418e-17],
  ])('%s', (_, found, expected) => {
    expect(Math.abs(found / expected - 1)).toBeLessThan(1e-8);
    if (Math.abs(expected) > 1e-6) expect(found).toBeCloseTo(expected, 9);
  });
});

describe('random numbers', () => {
  it('are the same for a seed and others for another', () => {
    const draw = (seed: string) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw('one')).toEqual(draw('one'));
    expect(draw('one')).not.toEqual(draw('two'));
  });

  it('fill [0, 1) evenly, and their normal pairs have mean 0 and variance 1', () => {
    const random = seededRandom('evenly');
    const cells = new Array<number>(10).fill(0);
    for (let index = 0; index < 10_000; index += 1) {
      const cell = Math.floor(random() * 10);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquareTail(chiSquare, 9)).toBeGreaterThan(0.001);
    const normal = Array.from({ length: 5000 }, () => normalPair(random)).flat();
    const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
    const variance = normal.reduce((sum, value) => sum + (value - mean) ** 2, 0) / normal.length;
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 1)).toBeLessThan(0.06);
  });
});
