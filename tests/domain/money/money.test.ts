import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMoney, convertMoney, divideHalfUp } from '../../../src/domain/money/arithmetic.ts';
import { exponentOf } from '../../../src/domain/money/exponents.ts';
import { formatMoney, majorUnits } from '../../../src/domain/money/format.ts';

const usd = (minor: number) => ({ minor, currency: 'USD' });

describe('exponents', () => {
  it.each([
    ['USD', 2],
    ['jpy', 0],
    ['HUF', 2],
    ['KWD', 3],
    ['UGX', 0],
    ['ISK', 0],
    ['MGA', 2],
  ])('%s has %i decimals after ISO 4217', (currency, decimals) => {
    expect(exponentOf(currency)).toBe(decimals);
  });

  it('an unknown code is refused by name', () => {
    expect(() => exponentOf('XQX')).toThrow('XQX');
  });
});

describe('formatting', () => {
  it.each([
    [usd(1_250_000), '$12,500.00'],
    [{ minor: 120_000, currency: 'EUR' }, '€1,200.00'],
    [{ minor: 120_000, currency: 'JPY' }, '¥120,000'],
    [usd(-305), '-$3.05'],
    [usd(99_999_999), '$999,999.99'],
    [usd(5), '$0.05'],
    [{ minor: 1234, currency: 'KWD' }, 'KWD 1.234'],
  ])('%j', (money, text) => {
    expect(formatMoney(money)).toBe(text);
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

describe('adding and dividing', () => {
  it('adds one currency only', () => {
    expect(addMoney('USD', [usd(1), usd(2)])).toEqual(usd(3));
    expect(() => addMoney('USD', [{ minor: 1, currency: 'EUR' }])).toThrow('EUR');
    expect(() => addMoney('USD', [usd(Number.MAX_SAFE_INTEGER), usd(10)])).toThrow('too large');
  });

  it('divides half up', () => {
    expect([5n, 4n, -5n].map((value) => divideHalfUp(value, 10n))).toEqual([1n, 0n, -1n]);
  });
});

describe('major units', () => {
  it.each([
    [5, 'USD', '0.05'],
    [-1250, 'EUR', '-12.50'],
    [1200, 'JPY', '1200'],
    [1234, 'KWD', '1.234'],
  ])('for machines %i %s is %s', (minor, currency, text) => {
    expect(majorUnits(minor, currency)).toBe(text);
  });
});
