import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  add,
  compare,
  divide,
  exact,
  fraction,
  multiply,
  type Rounding,
  roundTo,
  subtract,
  toDecimal,
} from '../../../src/domain/money/exact.ts';

const exacts = fc
  .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.bigInt({ min: 1n, max: 10n ** 20n }))
  .map(([numerator, denominator]) => fraction(numerator, denominator));

describe('an exact number', () => {
  test.each<[string, number, Rounding, bigint]>([
    ['1.115', 2, 'half_away', 112n],
    ['-1.115', 2, 'half_away', -112n],
    ['10.005', 2, 'half_even', 1000n],
    ['10.015', 2, 'half_even', 1002n],
    ['-1.115', 2, 'half_up', -111n],
    ['1.111', 2, 'up', 112n],
    ['-1.111', 2, 'up', -112n],
    ['-1.119', 2, 'down', -111n],
    ['-1.111', 2, 'floor', -112n],
    ['-1.119', 2, 'ceiling', -111n],
    ['7', 0, 'up', 7n],
  ])('%s to %d decimals by %s', (value, digits, rounding, rounded) => {
    expect(roundTo(exact(value), digits, rounding)).toBe(rounded);
  });

  it('keeps what a double loses', () => {
    expect(toDecimal(add(exact('0.1'), exact('0.2')), 30)).toBe('0.3');
    expect(toDecimal(multiply(exact('4.4556'), exact('10.625')), 30)).toBe('47.34075');
  });

  it('is always reduced, with a positive denominator', () => {
    fc.assert(
      fc.property(exacts, exacts, (one, other) => {
        for (const { numerator, denominator } of [add(one, other), multiply(one, other)]) {
          expect(denominator > 0n).toBe(true);
          expect(fraction(numerator, denominator)).toEqual({ numerator, denominator });
        }
      }),
    );
  });

  it('comes back from what was added, and from what it was multiplied by', () => {
    fc.assert(
      fc.property(exacts, exacts, (one, other) => {
        expect(subtract(add(one, other), other)).toEqual(one);
        if (other.numerator !== 0n) expect(divide(multiply(one, other), other)).toEqual(one);
      }),
    );
  });

  it('is ordered as its difference is', () => {
    fc.assert(
      fc.property(exacts, exacts, (one, other) => {
        const difference = subtract(one, other).numerator;
        expect(compare(one, other)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
    );
  });

  test.each(['', 'a', '1e3', '1,5', '.5', '1.'])('refuses "%s"', (text) => {
    expect(() => exact(text)).toThrow('is not a decimal number');
  });
});
