import { describe, expect, it } from 'vitest';
import { writeAmount, writeDay, writeDecimal } from '../../../../src/domain/billing/document/amounts.ts';

describe('amounts on an invoice', () => {
  it.each([
    ['en', 123456, 'USD', '$1,234.56'],
    ['en', -5, 'USD', '\u2212$0.05'],
    ['en', 123456, 'CHF', 'CHF\u00a01,234.56'],
    ['en', 123456, 'JPY', '¥123,456'],
    ['de', 123456, 'EUR', '1.234,56\u00a0€'],
    ['fr', 123456789, 'EUR', '1\u00a0234\u00a0567,89\u00a0€'],
    ['es', -123456, 'USD', '\u22121.234,56\u00a0$'],
    ['en', 1234, 'KWD', 'KWD\u00a01.234'],
  ] as const)('in %s %i %s reads %s', (language, minor, currency, text) => {
    expect(writeAmount(minor, currency, language)).toBe(text);
  });

  it('quantities and days follow the language', () => {
    expect(writeDecimal('-2177.4193', 'de')).toBe('\u22122.177,4193');
    expect(['en', 'de', 'fr', 'es'].map((language) => writeDay('2026-03-05', language as 'en'))).toEqual([
      '5 Mar 2026',
      '05.03.2026',
      '05/03/2026',
      '05/03/2026',
    ]);
  });
});
