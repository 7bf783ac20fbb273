import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMoney,
  allocateMoney,
  convertMoney,
  divideHalfUp,
  parseDecimal,
} from '../../../src/domain/money/arithmetic.ts';
import { exponentOf, isCurrency, stripeExponentOf } from '../../../src/domain/money/exponents.ts';
import { formatMoney, formatMoneyCompact, formatMoneyShort } from '../../../src/domain/money/format.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });

describe('exponents', () => {
  it.each([
    ['USD', 2, 2],
    ['jpy', 0, 0],
    ['HUF', 2, 2],
    ['KWD', 3, 3],
    ['UGX', 0, 2],
    ['ISK', 0, 2],
    ['MGA', 2, 0],
  ])('%s has %i decimals after ISO 4217, %i at Stripe', (currency, iso, stripe) => {
    expect(exponentOf(currency)).toBe(iso);
    expect(stripeExponentOf(currency)).toBe(stripe);
  });

  it('an unknown code is refused by name', () => {
    expect(() => exponentOf('XQX')).toThrow('XQX');
    expect(isCurrency('XQX')).toBe(false);
    expect(isCurrency('eur')).toBe(true);
  });
});

describe('formatting', () => {
  it.each([
    [usd(1_250_000), '$12,500.00', '$12,500', '$12.5k'],
    [{ minor: 120_000, currency: 'EUR' }, '€1,200.00', '€1,200', '€1.2k'],
    [{ minor: 120_000, currency: 'JPY' }, '¥120,000', '¥120,000', '¥120.0k'],
    [usd(-305), '-$3.05', '-$3.05', '-$3'],
    [usd(8_621_400), '$86,214.00', '$86,214', '$86.2k'],
    [usd(99_999_999), '$999,999.99', '$999,999.99', '$1.0M'],
    [usd(5), '$0.05', '$0.05', '$0'],
    [{ minor: 1234, currency: 'KWD' }, 'KWD 1.234', 'KWD 1.234', 'KWD 1'],
    [usd(99_960), '$999.60', '$999.60', '$1.0k'],
    [usd(95_000), '$950.00', '$950', '$950'],
  ])('%j', (money, full, short, compact) => {
    expect(formatMoney(money)).toBe(full);
    expect(formatMoneyShort(money)).toBe(short);
    expect(formatMoneyCompact(money)).toBe(compact);
  });

  it('loses no minor unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (minor) => {
        expect(Number(formatMoney(usd(minor)).replace(/[$,.]/g, '')) + 0).toBe(minor + 0);
      }),
    );
  });
});

describe('converting', () => {
  it.each([
    ['up to the company currency', { minor: 10_000, currency: 'EUR' }, 'USD', '1.082500', 10_825],
    ['from no decimals to two', { minor: 1_000, currency: 'JPY' }, 'USD', '0.006650', 665],
    ['from two decimals to none, half up', usd(150), 'JPY', '1', 2],
    ['half a cent goes up', { minor: 1, currency: 'EUR' }, 'USD', '0.5', 1],
    ['below half goes down', { minor: 1, currency: 'EUR' }, 'USD', '0.4999', 0],
    ['a negative half goes away from zero', { minor: -1, currency: 'EUR' }, 'USD', '0.5', -1],
  ])('%s', (_name, money, currency, rate, minor) => {
    expect(convertMoney(money, currency, rate)).toEqual({ minor, currency });
  });

  it('is exact where floating point is not', () => {
    expect(convertMoney({ minor: 100_500, currency: 'EUR' }, 'USD', '1.005').minor).toBe(101_003);
  });

  it.each(['1,08', '', 'NaN', '1e3', '0x1'])('refuses the rate %j', (rate) => {
    expect(() => convertMoney({ minor: 1, currency: 'EUR' }, 'USD', rate)).toThrow('decimal');
  });
});

describe('adding and allocating', () => {
  it('adds one currency only', () => {
    expect(addMoney('USD', [usd(1), usd(2)])).toEqual(usd(3));
    expect(() => addMoney('USD', [{ minor: 1, currency: 'EUR' }])).toThrow('EUR');
    expect(() => addMoney('USD', [usd(Number.MAX_SAFE_INTEGER), usd(10)])).toThrow('too large');
  });

  it('gives every minor unit to somebody, none more than one from its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 12 }),
        (minor, weights) => {
          const whole = weights.reduce((sum, weight) => sum + weight, 0);
          fc.pre(whole > 0);
          const parts = allocateMoney(usd(minor), weights);
          expect(addMoney('USD', parts)).toEqual(usd(minor));
          for (const [index, part] of parts.entries()) {
            expect(Math.abs(part.minor - (minor * (weights[index] ?? 0)) / whole)).toBeLessThan(1);
          }
        },
      ),
    );
  });

  it('refuses weights that cannot share', () => {
    expect(() => allocateMoney(usd(1), [0, 0])).toThrow('positive');
    expect(() => allocateMoney(usd(1), [2, -1])).toThrow('negative');
  });

  it('divides half up', () => {
    expect([5n, 4n, -5n].map((value) => divideHalfUp(value, 10n))).toEqual([1n, 0n, -1n]);
    expect(parseDecimal('-1.50')).toEqual({ numerator: -150n, denominator: 100n });
  });
});
