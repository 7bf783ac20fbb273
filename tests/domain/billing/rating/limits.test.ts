import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import type { SpendLimits } from '../../../../src/domain/billing/price.ts';
import { applySpendLimits, type LimitContext } from '../../../../src/domain/billing/rating/limits.ts';
import { ratePrice } from '../../../../src/domain/billing/rating/rate-price.ts';
import { exact, fraction } from '../../../../src/domain/money/exact.ts';

const limit = (amount: bigint, limits: Partial<SpendLimits>, context: LimitContext = {}) =>
  applySpendLimits(amount, { minimum: null, maximum: null, ...limits }, DEFAULT_CONVENTIONS, context);

describe('the least and the most of a period', () => {
  test('a maximum counts what the period has billed before, and is a discount', () => {
    expect(limit(50n, { maximum: '100' }, { previousBilledMinor: 70n })).toEqual({
      discountMinor: 20n,
      minimumMinor: 0n,
      totalMinor: 30n,
    });
  });

  test('a minimum fills up when the period closes, and not before', () => {
    const before = { previousBilledMinor: 100n };
    expect(limit(0n, { minimum: '1000' }, before)).toMatchObject({ minimumMinor: 900n, totalMinor: 900n });
    expect(limit(0n, { minimum: '1000' }, { ...before, closes: false }).totalMinor).toBe(0n);
  });

  test('a minimum of a part of a period is owed in part, rounded once', () => {
    const share = fraction(25n, 28n);
    expect(limit(800n, { minimum: '1000' }, { share }).minimumMinor).toBe(93n);
  });

  test('included units and limits of one price', () => {
    const price = {
      pricing: { model: 'per_unit', unitAmount: '2' },
      included: '100',
      limits: { minimum: '50', maximum: '300' },
    } as const;
    const total = (quantity: string) => ratePrice(price, exact(quantity), DEFAULT_CONVENTIONS).totalMinor;
    expect(['0', '100', '150', '1000'].map(total)).toEqual([50n, 50n, 100n, 300n]);
  });

  it('holds whatever the runs of the period are', () => {
    const amounts = fc.array(fc.bigInt({ min: 0n, max: 500n }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(amounts, fc.nat(400), fc.nat(400), (runs, one, other) => {
        const [minimum, maximum] = [String(Math.min(one, other)), String(Math.max(one, other))];
        let billed = 0n;
        for (const [at, amount] of runs.entries()) {
          const closes = at === runs.length - 1;
          billed += limit(amount, { minimum, maximum }, { previousBilledMinor: billed, closes }).totalMinor;
        }
        const spent = runs.reduce((sum, amount) => sum + amount, 0n);
        const [least, most] = [BigInt(minimum), BigInt(maximum)];
        expect(billed).toBe(spent < least ? least : spent > most ? most : spent);
      }),
    );
  });
});
