import { describe, expect, it, test } from 'vitest';
import { DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import type { PriceModel } from '../../../../src/domain/billing/price.ts';
import { rate } from '../../../../src/domain/billing/rating/rate.ts';
import { rateSeatChanges } from '../../../../src/domain/billing/rating/seats.ts';
import { replays, sumOfSteps } from '../../../../src/domain/billing/rating/steps.ts';
import { exact } from '../../../../src/domain/money/exact.ts';

const pricing: PriceModel = {
  model: 'graduated',
  tiers: [
    { upTo: '5', unitAmount: '1000', flatAmount: '10000' },
    { upTo: null, unitAmount: '500', flatAmount: '5000' },
  ],
};

const changes = (...pairs: [string, string][]) =>
  pairs.map(([units, prorated]) => ({ units: exact(units), proratedUnits: exact(prorated) }));

describe('seats that come and go within a period', () => {
  // The amounts are those of Lago's specification of its prorated graduated charge.
  test.each<[string, [string, string][], bigint]>([
    [
      'each change within a tier',
      [
        ['5', '3.5'],
        ['5', '2.66667'],
        ['10', '2'],
        ['-6', '-2.2'],
      ],
      19733n,
    ],
    [
      'a change over two tiers',
      [
        ['2', '1.4'],
        ['5', '2.66667'],
        ['10', '2'],
        ['-6', '-2.2'],
      ],
      18433n,
    ],
    [
      'down into a tier and up again',
      [
        ['5', '3.5'],
        ['2', '1'],
        ['-4', '-1.6'],
        ['10', '2'],
      ],
      19000n,
    ],
    ['one seat', [['1', '0.7']], 10700n],
    ['none', [], 0n],
  ])('%s', (_, pairs, expected) => {
    const rated = rateSeatChanges(pricing, changes(...pairs), DEFAULT_CONVENTIONS);
    expect(rated.amountMinor).toBe(expected);
    expect(rated.steps.every(replays)).toBe(true);
    expect(sumOfSteps(rated.steps)).toEqual(exact(expected));
  });

  it('over the whole period are priced as any quantity', () => {
    const whole = rateSeatChanges(pricing, changes(['3', '3'], ['9', '9']), DEFAULT_CONVENTIONS);
    expect(whole.amountMinor).toBe(rate(pricing, exact('12'), DEFAULT_CONVENTIONS).amountMinor);
  });

  it('never come out below zero', () => {
    const tiers = [{ upTo: null, unitAmount: '1000', flatAmount: '0' }];
    const rated = rateSeatChanges(
      { model: 'graduated', tiers },
      changes(['1', '0.2'], ['-1', '-0.5']),
      DEFAULT_CONVENTIONS,
    );
    expect(rated.amountMinor).toBe(0n);
    expect(sumOfSteps(rated.steps)).toEqual(exact('0'));
  });

  it('need a graduated price', () => {
    const volume: PriceModel = { model: 'per_unit', unitAmount: '1' };
    expect(() => rateSeatChanges(volume, [], DEFAULT_CONVENTIONS)).toThrow('Only graduated');
  });
});
