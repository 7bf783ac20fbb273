import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, apportion, sumMinor } from '../../../src/domain/billing/apportion.ts';
import { calculateInvoice, type InvoiceRequest } from '../../../src/domain/billing/calculate-invoice.ts';
import { BillingConventions } from '../../../src/domain/billing/conventions.ts';
import { Coupon, type HeldCoupon } from '../../../src/domain/billing/discounts/coupon.ts';
import type { CreditGrant } from '../../../src/domain/billing/discounts/credits.ts';
import type { InvoiceLine } from '../../../src/domain/billing/invoice.ts';
import { calculateDifference } from '../../../src/domain/billing/rating/difference.ts';
import { exact } from '../../../src/domain/money/exact.ts';
import { anyConventions, anyLines, at, line, taxRate } from './given.ts';

const NOW = at('2026-02-01');

function held(of: object): HeldCoupon {
  const coupon = Coupon.parse({ id: 'c', name: 'Coupon', duration: { kind: 'forever' }, ...of });
  return { coupon, startAt: at('2026-01-01'), timesUsed: 0, usedMinor: 0n };
}

const percent = (percentOff: string, id = 'p') => held({ id, off: { kind: 'percent', percent: percentOff } });
const amount = (amountMinor: bigint, id = 'a') =>
  held({ id, off: { kind: 'amount', amountMinor: String(amountMinor), currency: 'USD' } });

function grant(remainingMinor: bigint, of: Partial<CreditGrant> = {}): CreditGrant {
  return {
    id: 'g',
    name: 'Credit',
    currency: 'USD',
    remainingMinor,
    grantedAt: 0,
    expiresAt: null,
    priority: 0,
    priceIds: null,
    ...of,
  };
}

function request(of: Partial<InvoiceRequest>): InvoiceRequest {
  return {
    customerId: 'cus_1',
    entityId: 'ent_1',
    currency: 'USD',
    period: { startAt: at('2026-01-01'), endAt: NOW },
    at: NOW,
    tz: 'UTC',
    lines: [line('plan', 1000n)],
    coupons: [],
    grants: [],
    balanceMinor: 0n,
    minimumChargeMinor: 0n,
    taxesOf: () => [],
    conventions: BillingConventions.parse({}),
    ...of,
  };
}

const after = BillingConventions.parse({});
const before = BillingConventions.parse({ credits: { apply: 'before_tax' } });

describe('an invoice', () => {
  it.each([
    [
      'tax after discounts',
      { coupons: [percent('10')], taxesOf: () => [taxRate('19')] },
      { taxMinor: 171n, totalMinor: 1071n, dueMinor: 1071n },
    ],
    [
      'a price that includes tax',
      { taxesOf: () => [taxRate('19', { inclusive: true })] },
      { taxMinor: 160n, inclusiveTaxMinor: 160n, totalMinor: 1000n },
    ],
    [
      'credit after tax',
      { grants: [grant(500n)], taxesOf: () => [taxRate('20')] },
      { totalMinor: 1200n, creditsAfterTaxMinor: 500n, dueMinor: 700n },
    ],
    [
      'credit before tax',
      { grants: [grant(500n)], taxesOf: () => [taxRate('20')], conventions: before },
      { creditsBeforeTaxMinor: 500n, taxMinor: 100n, totalMinor: 600n, dueMinor: 600n },
    ],
    [
      'a balance in favour larger than the invoice',
      { balanceMinor: -5000n },
      { totalMinor: 1000n, balanceUsedMinor: 1000n, dueMinor: 0n, balanceAfterMinor: -4000n },
    ],
    [
      'a balance that is owed',
      { balanceMinor: 250n },
      { dueMinor: 1250n, balanceUsedMinor: -250n, balanceAfterMinor: 0n },
    ],
    [
      'less than the minimum charge',
      { lines: [line('plan', 49n)], minimumChargeMinor: 50n },
      { totalMinor: 49n, dueMinor: 0n, balanceAfterMinor: 49n },
    ],
    [
      'the minimum charge itself',
      { lines: [line('plan', 50n)], minimumChargeMinor: 50n },
      { dueMinor: 50n, balanceAfterMinor: 0n },
    ],
    [
      'more credit than charges',
      { lines: [line('plan', -300n, { discountable: false })] },
      { totalMinor: -300n, dueMinor: 0n, balanceAfterMinor: -300n },
    ],
    [
      'reverse charge',
      { taxesOf: () => [taxRate('0', { note: 'Reverse charge' })] },
      { taxMinor: 0n, totalMinor: 1000n },
    ],
    ['nothing', { lines: [] }, { subtotalMinor: 0n, totalMinor: 0n, dueMinor: 0n }],
  ] as const)('adds up: %s', (_name, of, expected) => {
    expect(calculateInvoice(request(of))).toMatchObject(expected);
  });

  it('keeps the words the law wants', () => {
    const invoice = calculateInvoice(request({ taxesOf: () => [taxRate('0', { note: 'Reverse charge' })] }));
    expect(invoice.taxes[0]).toMatchObject({ note: 'Reverse charge', baseMinor: 1000n, amountMinor: 0n });
  });

  it('rounds tax by line or by rate', () => {
    const lines = ['a', 'b', 'c'].map((key) => line(key, 8n));
    const tax = (rounding: 'line' | 'rate') =>
      calculateInvoice(
        request({
          lines,
          taxesOf: () => [taxRate('19')],
          conventions: BillingConventions.parse({ tax: { rounding } }),
        }),
      ).taxMinor;
    // 8 x 19% = 1.52 a line; 24 x 19% = 4.56.
    expect([tax('line'), tax('rate')]).toEqual([6n, 5n]);
  });

  it('refuses two lines with one key', () => {
    expect(() => calculateInvoice(request({ lines: [line('a', 1n), line('a', 2n)] }))).toThrow('the same');
  });
});

describe('discounts', () => {
  const discountOf = (of: Partial<InvoiceRequest>) =>
    calculateInvoice(request(of)).discounts.map((discount) => [discount.couponId, discount.amountMinor]);

  it('act one after the other in their order', () => {
    const first = (order: number, coupon: HeldCoupon) => ({ ...coupon, coupon: { ...coupon.coupon, order } });
    expect(discountOf({ coupons: [first(2, percent('10')), first(1, amount(500n))] })).toEqual([
      ['a', 500n],
      ['p', 50n],
    ]);
    expect(discountOf({ coupons: [first(1, percent('10')), first(2, amount(500n))] })).toEqual([
      ['p', 100n],
      ['a', 500n],
    ]);
  });

  it('leave prorations alone, and lines of other products', () => {
    const lines = [
      line('plan', 1000n),
      line('proration', 500n, { discountable: false }),
      line('calls', 100n),
    ];
    expect(discountOf({ lines, coupons: [percent('50')] })).toEqual([['p', 550n]]);
    const forCalls = { ...percent('50'), coupon: { ...percent('50').coupon, priceIds: ['calls'] } };
    expect(discountOf({ lines, coupons: [forCalls] })).toEqual([['p', 50n]]);
  });

  it('of an amount never take more than there is, nor in another currency', () => {
    expect(discountOf({ coupons: [amount(5000n)] })).toEqual([['a', 1000n]]);
    expect(discountOf({ currency: 'EUR', coupons: [amount(500n)] })).toEqual([]);
  });
});

describe('shares', () => {
  it('go to the largest remainder, and of equal ones to the earlier', () => {
    expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(allocate(-100n, [1n, 1n, 1n])).toEqual([-33n, -33n, -34n]);
    expect(allocate(5n, [0n, 10n])).toEqual([0n, 5n]);
  });

  it('are refused where there is nothing to share over', () => {
    expect(() => allocate(1n, [0n])).toThrow('nothing to share');
    expect(() => apportion(5n, [exact('1.5'), exact('1.2')])).toThrow('sum');
  });

  it('sum to the whole and stay within one of their ideal', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-9999n, 9999n),
        fc.array(fc.bigInt(0n, 999n), { minLength: 1, maxLength: 9 }),
        (total, weights) => {
          const sum = sumMinor(weights);
          if (sum === 0n) return;
          const shares = allocate(total, weights);
          expect(sumMinor(shares)).toBe(total);
          shares.forEach((share, index) => {
            const off = share * sum - total * (weights[index] ?? 0n);
            expect(off < sum && off > -sum).toBe(true);
          });
        },
      ),
    );
  });
});

const anyCoupons = fc.array(
  fc.oneof(
    fc
      .tuple(fc.integer({ min: 0, max: 100 }), fc.integer())
      .map(([off, id]) => percent(String(off), `p${id}`)),
    fc.tuple(fc.bigInt(0n, 9999n), fc.integer()).map(([off, id]) => amount(off, `a${id}`)),
  ),
  { maxLength: 3 },
);
const anyRequest = fc
  .record({
    lines: anyLines,
    coupons: anyCoupons,
    grants: fc.array(
      fc.tuple(fc.bigInt(0n, 9999n), fc.uuid()).map(([left, id]) => grant(left, { id })),
      { maxLength: 2 },
    ),
    balanceMinor: fc.bigInt(-9999n, 9999n),
    minimumChargeMinor: fc.constantFrom(0n, 50n),
    conventions: anyConventions,
    rates: fc.constantFrom(
      [],
      [taxRate('19')],
      [taxRate('25.5')],
      [taxRate('0', { note: 'Reverse charge' })],
      [taxRate('5', { name: 'GST' }), taxRate('9.975', { name: 'QST' })],
      [taxRate('19', { inclusive: true })],
      [taxRate('5', { name: 'GST', inclusive: true }), taxRate('7', { name: 'PST', inclusive: true })],
    ),
  })
  .map(({ rates, ...of }) => request({ ...of, taxesOf: () => rates }));

describe('whatever is on an invoice', () => {
  it('its lines, discounts, credits, taxes and the balance sum to what is due', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const invoice = calculateInvoice(given);
        expect(invoice.subtotalMinor).toBe(sumMinor(given.lines.map((one) => one.amountMinor)));
        const net = invoice.subtotalMinor - invoice.discountMinor - invoice.creditsBeforeTaxMinor;
        expect(invoice.totalMinor).toBe(net + invoice.taxMinor - invoice.inclusiveTaxMinor);
        expect(invoice.totalMinor - invoice.creditsAfterTaxMinor - invoice.balanceUsedMinor).toBe(
          invoice.dueMinor,
        );
        expect(invoice.balanceAfterMinor).toBe(given.balanceMinor + invoice.balanceUsedMinor);
        for (const part of [...invoice.discounts, ...invoice.taxes]) {
          expect(sumMinor(part.shares.map((share) => share.amountMinor))).toBe(part.amountMinor);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('nothing is due below 0, and no discount or credit turns a line around', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const invoice = calculateInvoice(given);
        expect(invoice.dueMinor >= 0n).toBe(true);
        for (const one of invoice.lines) {
          const taken = [...invoice.discounts, ...invoice.credits].flatMap(({ shares }) => shares);
          const left =
            one.amountMinor -
            sumMinor(taken.filter(({ lineKey }) => lineKey === one.key).map((share) => share.amountMinor));
          expect(one.amountMinor > 0n ? left >= 0n : left <= 0n).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the order in which lines, coupons and credits are told changes nothing', () => {
    fc.assert(
      fc.property(anyRequest, (given) => {
        const { lines, coupons, grants } = given;
        const backwards = {
          lines: [...lines].reverse(),
          coupons: [...coupons].reverse(),
          grants: [...grants].reverse(),
        };
        expect(calculateInvoice({ ...given, ...backwards })).toEqual(calculateInvoice(given));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a period billed again', () => {
  it('bills only the difference, and nothing when nothing changed', () => {
    fc.assert(
      fc.property(anyLines, anyLines, (first, second) => {
        expect(calculateDifference(first, first)).toEqual([]);
        const billed = [...first, ...calculateDifference(first, second)];
        const total = (lines: readonly InvoiceLine[]) => sumMinor(lines.map((one) => one.amountMinor));
        expect(total(billed)).toBe(total(second));
        expect(calculateDifference(billed, second)).toEqual([]);
        expect(new Set(billed.map(({ key }) => key)).size).toBe(billed.length);
      }),
    );
  });

  it('gives back what is no longer there', () => {
    expect(calculateDifference([line('a', 700n)], [])).toMatchObject([
      { kind: 'late_usage', amountMinor: -700n, exactMinor: exact(-700n) },
    ]);
  });
});

it('conventions of credits are what decides where they are used', () => {
  const of = { grants: [grant(100n)], taxesOf: () => [taxRate('10')] };
  expect(calculateInvoice(request({ ...of, conventions: after })).dueMinor).toBe(1000n);
  expect(calculateInvoice(request({ ...of, conventions: before })).dueMinor).toBe(990n);
});
