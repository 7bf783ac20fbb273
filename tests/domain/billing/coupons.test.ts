import { describe, expect, it } from 'vitest';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import { afterUse, applyDiscounts } from '../../../src/domain/billing/discounts/apply-discounts.ts';
import { automaticCoupons } from '../../../src/domain/billing/discounts/automatic-coupons.ts';
import {
  amountLeft,
  Coupon,
  type HeldCoupon,
  isInForce,
  isRedeemable,
} from '../../../src/domain/billing/discounts/coupon.ts';
import {
  type CreditGrant,
  creditLines,
  creditTotal,
  grantsAfter,
} from '../../../src/domain/billing/discounts/credits.ts';
import { limitedDiscount } from '../../../src/domain/billing/discounts/spend-limits.ts';
import { at } from './given.ts';

const START = at('2026-01-31');

function coupon(of: object): Coupon {
  return Coupon.parse({
    id: 'c',
    name: 'Coupon',
    off: { kind: 'percent', percent: '10' },
    duration: { kind: 'once' },
    ...of,
  });
}
const held = (of: object, used: Partial<HeldCoupon> = {}): HeldCoupon => ({
  coupon: coupon(of),
  startAt: START,
  timesUsed: 0,
  usedMinor: 0n,
  ...used,
});

describe('a coupon', () => {
  it.each([
    ['once, unused', held({}), START, true],
    ['once, used', held({}, { timesUsed: 1 }), START, false],
    ['before it was given', held({}), START - 1, false],
    ['four months, within', held({ duration: { kind: 'repeating', months: 4 } }), at('2026-05-30'), true],
    ['four months, after', held({ duration: { kind: 'repeating', months: 4 } }), at('2026-05-31'), false],
    [
      'one month over a short February',
      held({ duration: { kind: 'repeating', months: 1 } }),
      at('2026-02-28'),
      false,
    ],
    ['forever', held({ duration: { kind: 'forever' } }, { timesUsed: 99 }), at('2036-01-01'), true],
  ] as const)('%s', (_name, one, when, expected) => {
    expect(isInForce(one, when, 'UTC')).toBe(expected);
  });

  it('once of an amount goes on with what an invoice left of it, where it keeps its remainder', () => {
    const off = { kind: 'amount', amountMinor: '1200', currency: 'USD', keepsRemainder: true };
    const lines = [{ key: 'a', priceId: 'a', amountMinor: 500n, discountable: true }];
    const context = { currency: 'USD', at: START, tz: 'UTC', rounding: 'half_away' } as const;
    const first = held({ off });
    const next = afterUse(first, applyDiscounts(lines, [first], context).discounts);
    expect([amountLeft(next), isInForce(next, START, 'UTC')]).toEqual([700n, true]);
    const gone = held({ off: { ...off, keepsRemainder: false } }, { timesUsed: 1, usedMinor: 500n });
    expect(isInForce(gone, START, 'UTC')).toBe(false);
  });

  it('that comes again is whole again', () => {
    const off = { kind: 'amount', amountMinor: '12', currency: 'USD' };
    expect(amountLeft(held({ off, duration: { kind: 'forever' } }, { usedMinor: 12n, timesUsed: 1 }))).toBe(
      12n,
    );
  });

  it('is given so often and so long only', () => {
    const limited = coupon({ maxRedemptions: 2, redeemBy: START });
    expect(isRedeemable(limited, 1, START - 1)).toBe(true);
    expect(isRedeemable(limited, 2, START - 1)).toBe(false);
    expect(isRedeemable(limited, 0, START)).toBe(false);
  });

  it('of more than all is refused', () => {
    expect(() => coupon({ off: { kind: 'percent', percent: '100.5' } })).toThrow();
  });
});

describe('coupons nobody enters', () => {
  const loyalty = (afterMonths: number) => ({
    kind: 'loyalty' as const,
    afterMonths,
    coupon: coupon({ id: `loyal-${afterMonths}`, duration: { kind: 'forever' } }),
  });
  const spring = {
    kind: 'promotion' as const,
    fromAt: at('2026-03-01'),
    toAt: at('2026-04-01'),
    coupon: coupon({ id: 'spring' }),
  };
  const rules = [loyalty(12), loyalty(24), spring];
  const ids = (sinceAt: number, when: number) =>
    automaticCoupons(rules, { sinceAt, tz: 'UTC' }, when).map((one) => one.coupon.id);

  it.each([
    ['a new customer', '2026-01-01', '2026-02-01', []],
    ['after a year', '2025-02-01', '2026-02-01', ['loyal-12']],
    ['after two, the longer alone', '2024-02-01', '2026-02-01', ['loyal-24']],
    ['in the spring', '2026-01-01', '2026-03-01', ['spring']],
    ['when spring is over', '2026-01-01', '2026-04-01', []],
    ['both', '2024-02-01', '2026-03-15', ['spring', 'loyal-24']],
  ] as const)('%s', (_name, since, when, expected) => {
    expect(ids(at(since), at(when))).toEqual(expected);
  });
});

describe('credit', () => {
  const grant = (id: string, remainingMinor: bigint, of: Partial<CreditGrant> = {}): CreditGrant => ({
    id,
    name: id,
    currency: 'USD',
    remainingMinor,
    grantedAt: 0,
    expiresAt: null,
    priority: 0,
    priceIds: null,
    ...of,
  });
  const now = { currency: 'USD', at: START };

  it('is used by priority, then by what expires sooner', () => {
    const grants = [
      grant('never', 100n),
      grant('soon', 100n, { expiresAt: START + 1 }),
      grant('first', 100n, { priority: -1 }),
    ];
    const { credits } = creditTotal(250n, grants, now);
    expect(credits.map((one) => [one.creditId, one.amountMinor])).toEqual([
      ['first', 100n],
      ['soon', 100n],
      ['never', 50n],
    ]);
    expect(grantsAfter(grants, credits).map((one) => one.remainingMinor)).toEqual([50n, 0n, 0n]);
  });

  it.each([
    ['expired', { expiresAt: START }],
    ['not yet given', { grantedAt: START + 1 }],
    ['in another currency', { currency: 'EUR' }],
  ])('that is %s pays nothing', (_name, of) => {
    expect(creditTotal(100n, [grant('g', 100n, of)], now)).toEqual({ credits: [], leftMinor: 100n });
  });

  it('for one product pays its lines only', () => {
    const lines = [
      { key: 'a', priceId: 'calls', amountMinor: 60n },
      { key: 'b', priceId: 'plan', amountMinor: 100n },
    ];
    const { leftMinor } = creditLines(lines, [grant('g', 100n, { priceIds: ['calls'] })], now);
    expect([...leftMinor.values()]).toEqual([0n, 100n]);
  });

  it('never pays what is below 0', () => {
    expect(creditTotal(-50n, [grant('g', 100n)], now)).toEqual({ credits: [], leftMinor: -50n });
  });
});

describe('a percentage and a maximum spend', () => {
  const given = {
    amountMinor: 20000n,
    percentOff: '50',
    limits: { minimum: null, maximum: '10000' },
    previousBilledMinor: 3500n,
  };

  it.each([
    [true, [10000n, 3500n], 6500n],
    [false, [13500n, 3250n], 3250n],
  ] as const)('with the percentage first: %s', (beforeMaximum, discounts, totalMinor) => {
    const conventions = BillingConventions.parse({ discounts: { beforeMaximum } });
    expect(limitedDiscount(given, conventions)).toEqual({ discounts, totalMinor });
  });
});
