import { describe, expect, it } from 'vitest';
import { BillingConventions, DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import type { PriceModel } from '../../../../src/domain/billing/price.ts';
import { explainLine } from '../../../../src/domain/billing/rating/explain-line.ts';
import { exact } from '../../../../src/domain/money/exact.ts';
import { usageLine } from './lines.ts';

const calls = { currency: 'USD', unit: 'calls' };

const graduated: PriceModel = {
  model: 'graduated',
  tiers: [
    { upTo: '10000', unitAmount: '0.05', flatAmount: '500' },
    { upTo: null, unitAmount: '0.0375', flatAmount: '0' },
  ],
};

describe('a line in plain sentences', () => {
  it('says what is included, each tier, the rounding by its convention, and the sum', () => {
    const line = usageLine(graduated, '23401', { group: 'reverse', context: { included: exact('1000') } });
    expect(explainLine(line, calls, DEFAULT_CONVENTIONS)).toEqual([
      'Geocoding, reverse: 23,401 calls.',
      '1,000 calls are included in the plan.',
      'Tier 1: 10,000 calls at $0.0005 each, $5.00.',
      'Tier 1, once when it is reached: $5.00.',
      'Tier 2: 12,401 calls at $0.000375 each, $4.650375.',
      '$14.650375 is rounded to $14.65: halves away from zero, the line once (rounding.line half_away, rounding.tiers line).',
      'Together $14.65, before discounts and tax.',
    ]);
  });

  it('counts packages, and free units', () => {
    const pricing: PriceModel = {
      model: 'package',
      packageSize: '1000',
      packageAmount: '150',
      freeUnits: '500',
    };
    expect(explainLine(usageLine(pricing, '2600'), calls, DEFAULT_CONVENTIONS).slice(1, -1)).toEqual([
      '500 calls are free.',
      'Package: 3 packages at $1.50 each, $4.50.',
    ]);
  });

  it('says rates as percentages of money', () => {
    const pricing: PriceModel = {
      model: 'graduated_percentage',
      tiers: [{ upTo: null, ratePercent: '1.3', flatAmount: '0' }],
    };
    const [, sentence] = explainLine(usageLine(pricing, '100000'), calls, DEFAULT_CONVENTIONS);
    expect(sentence).toBe('Tier 1: 1.3% of $1,000.00 is $13.00.');
  });

  it('has no decimals where the currency has none, and a sign before it', () => {
    const line = { ...usageLine(graduated, '0'), amountMinor: -1200n };
    expect(explainLine(line, { currency: 'JPY', unit: 'calls' }, DEFAULT_CONVENTIONS).at(-1)).toBe(
      'Together -¥1,200, before discounts and tax.',
    );
  });

  it('says that each part was rounded where that is the convention', () => {
    const conventions = BillingConventions.parse({ rounding: { line: 'half_even', tiers: 'each' } });
    const line = usageLine({ model: 'per_unit', unitAmount: '0.5' }, '5', { conventions });
    expect(explainLine(line, calls, conventions)).toContain(
      '$0.025 is rounded to $0.02: halves to the even unit, each part by itself (rounding.line half_even, rounding.tiers each).',
    );
  });
});
