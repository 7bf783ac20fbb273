import { describe, expect, it, test } from 'vitest';
import { BillingConventions, DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import { Price } from '../../../../src/domain/billing/price.ts';
import { calculateRerating, type PastPeriod } from '../../../../src/domain/billing/rating/rerating.ts';
import { exact } from '../../../../src/domain/money/exact.ts';
import { DECEMBER, NOVEMBER } from './lines.ts';

const price = Price.parse({
  id: 'geo',
  name: 'Geocoding',
  currency: 'USD',
  meter: 'api_calls',
  billing: 'in_arrears',
  pricing: { model: 'per_unit', unitAmount: '2' },
});

function past(customerId: string, quantity: string, overrides: Partial<PastPeriod> = {}): PastPeriod {
  return {
    customerId,
    period: NOVEMBER,
    price,
    quantity: exact(quantity),
    conventions: DEFAULT_CONVENTIONS,
    ...overrides,
  };
}

describe('what would have been billed', () => {
  it('under another price: each customer over all periods, the greatest difference first', () => {
    const periods = [past('c1', '10'), past('c2', '100'), past('c1', '20', { period: DECEMBER })];
    const found = calculateRerating(periods, {
      priceId: 'geo',
      terms: { pricing: { model: 'per_unit', unitAmount: '3' } },
    });
    expect(found).toMatchObject([
      { customerId: 'c2', beforeMinor: 200n, afterMinor: 300n, differenceMinor: 100n },
      { customerId: 'c1', beforeMinor: 60n, afterMinor: 90n, differenceMinor: 30n },
    ]);
    expect(found[1]?.periods.map(({ afterMinor }) => afterMinor)).toEqual([30n, 60n]);
  });

  test.each<[string, Parameters<typeof calculateRerating>[1], bigint]>([
    ['included units', { priceId: null, terms: { included: '4' } }, -8n],
    ['a maximum', { priceId: null, terms: { limits: { minimum: null, maximum: '15' } } }, -5n],
    ['a minimum', { priceId: null, terms: { limits: { minimum: '50', maximum: null } } }, 30n],
    ['another price', { priceId: 'route', terms: { included: '4' } }, 0n],
    ['less lateness', { priceId: null, acceptedDays: 2 }, -6n],
    ['more lateness', { priceId: null, acceptedDays: 40 }, 10n],
  ])('%s', (_, change, difference) => {
    const arrivals = [
      { quantity: exact('7'), daysLate: 0 },
      { quantity: exact('3'), daysLate: 10 },
      { quantity: exact('5'), daysLate: 36 },
    ];
    const [found] = calculateRerating([past('c1', '10', { arrivals })], change);
    expect(found?.differenceMinor).toBe(difference);
  });

  it('under another rounding', () => {
    const half = { ...price, pricing: { model: 'per_unit', unitAmount: '0.5' } } as const;
    const conventions = BillingConventions.parse({ rounding: { line: 'down' } });
    const [found] = calculateRerating([past('c1', '5', { price: half })], { priceId: null, conventions });
    expect(found).toMatchObject({ beforeMinor: 3n, afterMinor: 2n });
  });

  it('keeps currencies apart', () => {
    const euros = { ...price, currency: 'EUR' };
    const found = calculateRerating([past('c1', '1'), past('c1', '1', { price: euros })], { priceId: null });
    expect(found.map(({ currency }) => currency).sort()).toEqual(['EUR', 'USD']);
  });
});
