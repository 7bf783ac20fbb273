import { describe, expect, it, test } from 'vitest';
import { isoMinor, stripeMinor } from '../../../src/connectors/stripe/amounts.ts';
import {
  isPayoutAmount,
  largestPayout,
  minimumChargeMinor,
  stripeExponentOf,
  stripeStep,
} from '../../../src/domain/money/stripe-amounts.ts';

describe('Stripe counts an amount', () => {
  test.each([
    ['USD', 2, 1n, 1n],
    ['JPY', 0, 1n, 1n],
    ['KWD', 3, 10n, 1n],
    ['HUF', 2, 1n, 100n],
    ['TWD', 2, 1n, 100n],
    ['ISK', 2, 100n, 100n],
    ['UGX', 2, 100n, 100n],
    ['MGA', 0, 1n, 1n],
  ])('%s in 10^-%d, charged in steps of %d, paid out in steps of %d', (currency, digits, charge, payout) => {
    expect(stripeExponentOf(currency)).toBe(digits);
    expect(stripeStep(currency, 'charge')).toBe(charge);
    expect(stripeStep(currency, 'payout')).toBe(payout);
  });

  test.each([
    ['ISK', 5, 500],
    ['UGX', 12, 1200],
    ['MGA', 1200, 12],
    ['USD', 5, 5],
  ])('%s: %d of ours is %d of theirs', (currency, ours, theirs) => {
    expect(stripeMinor(ours, currency)).toBe(theirs);
    expect(isoMinor(theirs, currency)).toBe(ours);
  });

  it('and pays out whole forints of a balance', () => {
    expect(largestPayout(1045n, 'HUF')).toBe(1000n);
    expect(largestPayout(-3n, 'HUF')).toBe(0n);
    expect([1045n, 1000n, 0n].map((amount) => isPayoutAmount(amount, 'HUF'))).toEqual([false, true, false]);
    expect(largestPayout(1045n, 'USD')).toBe(1045n);
  });

  it('and charges no less than its minimum, where it names one', () => {
    expect(minimumChargeMinor('GBP')).toBe(30n);
    expect(minimumChargeMinor('JPY')).toBe(50n);
    expect(minimumChargeMinor('XOF')).toBeNull();
  });
});
