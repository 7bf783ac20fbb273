import { describe, expect, it } from 'vitest';
import { DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import { Price } from '../../../../src/domain/billing/price.ts';
import { explainLine } from '../../../../src/domain/billing/rating/explain-line.ts';
import { replays, sumOfSteps } from '../../../../src/domain/billing/rating/steps.ts';
import { type UsageToBill, usageLines } from '../../../../src/domain/billing/rating/usage-lines.ts';
import { exact } from '../../../../src/domain/money/exact.ts';
import { NOVEMBER } from './lines.ts';

const price = Price.parse({
  id: 'geo',
  name: 'Geocoding',
  currency: 'USD',
  meter: 'api_calls',
  billing: 'in_arrears',
  pricing: { model: 'per_unit', unitAmount: '2.5' },
  included: '10',
  limits: { minimum: '100', maximum: '1000' },
});

function bill(quantity: string, context?: UsageToBill['context']) {
  return usageLines(
    {
      price,
      group: null,
      quantity: exact(quantity),
      period: NOVEMBER,
      context,
      keyOf: (kind) => `s1/${kind}`,
    },
    DEFAULT_CONVENTIONS,
  );
}

describe('the lines of usage', () => {
  it('are one where the period is between its limits', () => {
    expect(bill('60').map(({ key, amountMinor }) => [key, amountMinor])).toEqual([['s1/usage', 125n]]);
  });

  it('are filled up to the minimum by a line of its own', () => {
    expect(bill('0').map(({ kind, amountMinor }) => [kind, amountMinor])).toEqual([
      ['usage', 0n],
      ['minimum', 100n],
    ]);
  });

  it('say what a limit did', () => {
    const words = (quantity: string) =>
      bill(quantity).map((line) =>
        explainLine(line, { currency: 'USD', unit: 'calls' }, DEFAULT_CONVENTIONS),
      );
    expect(words('1010')[0]?.at(-2)).toBe('The maximum of the period takes off $15.00.');
    expect(words('30')[1]?.at(-2)).toBe('The minimum of the period adds $0.50.');
  });

  it('have steps that replay and sum to the amount', () => {
    for (const line of ['0', '15', '33', '5000'].flatMap((quantity) => bill(quantity))) {
      expect(line.steps.every(replays)).toBe(true);
      expect(sumOfSteps(line.steps)).toEqual(exact(line.amountMinor));
    }
  });

  it('of a period that goes on owe no minimum yet', () => {
    expect(bill('0', { closes: false })).toHaveLength(1);
  });
});
