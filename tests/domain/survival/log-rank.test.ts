import { describe, expect, test } from 'vitest';
import { logRank } from '../../../src/domain/survival/log-rank.ts';
import { everybody } from './gehan.ts';

const groups = everybody.map((_, at) => (at < 21 ? 'a' : 'b'));
const thirds = everybody.map((_, at) => ['x', 'y', 'z'][Math.floor(at / 14)] ?? '');
const strata = everybody.map((_, at) => String((at % 3) + 1));

describe('the log-rank test', () => {
  test('compares two groups as R does', () => {
    // R: survdiff(Surv(tt, ss) ~ g)
    const test = logRank(everybody, groups);
    expect(test.chiSquare).toBeCloseTo(16.7929409892, 8);
    expect(test.p).toBeCloseTo(4.16881e-5, 9);
    expect(test.groups.map(({ observed }) => observed)).toEqual([9, 21]);
    expect(test.groups.map(({ expected }) => expected)).toEqual([
      expect.closeTo(19.250500948, 8),
      expect.closeTo(10.749499052, 8),
    ]);
  });

  test.each([
    { of: 'three groups', strata: null, chiSquare: 2.65043933743 },
    { of: 'three groups within strata', strata, chiSquare: 2.35296002212 },
  ])('compares $of as R does', ({ strata, chiSquare }) => {
    // R: survdiff(Surv(tt, ss) ~ g3), survdiff(Surv(tt, ss) ~ g3 + strata(st))
    const test = logRank(everybody, thirds, strata);
    expect(test.chiSquare).toBeCloseTo(chiSquare, 8);
    expect(test.degreesOfFreedom).toBe(2);
  });

  test('is refused where there is one group, or two that never meet', () => {
    expect(() =>
      logRank(
        everybody,
        everybody.map(() => 'all'),
      ),
    ).toThrow('cannot be compared');
    const apart = [
      { start: 0, stop: 1, event: true },
      { start: 5, stop: 6, event: true },
    ];
    expect(() => logRank(apart, ['a', 'b'])).toThrow('cannot be compared');
  });
});
