import { type BillingConventions, DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import type { InvoiceLine } from '../../../../src/domain/billing/invoice.ts';
import type { PriceModel } from '../../../../src/domain/billing/price.ts';
import { type RatingContext, rate } from '../../../../src/domain/billing/rating/rate.ts';
import { type Exact, exact } from '../../../../src/domain/money/exact.ts';

export const NOVEMBER = { startAt: Date.UTC(2026, 10, 1), endAt: Date.UTC(2026, 11, 1) };
export const DECEMBER = { startAt: Date.UTC(2026, 11, 1), endAt: Date.UTC(2027, 0, 1) };

/** A usage line as a run of November makes it. */
export function usageLine(
  pricing: PriceModel,
  quantity: Exact | string,
  overrides: Partial<InvoiceLine> & { context?: RatingContext; conventions?: BillingConventions } = {},
): InvoiceLine {
  const { context, conventions = DEFAULT_CONVENTIONS, ...rest } = overrides;
  const units = typeof quantity === 'string' ? exact(quantity) : quantity;
  const { amountMinor, exactMinor, steps } = rate(pricing, units, conventions, context);
  return {
    key: 'sub1/geo/2026-11',
    kind: 'usage',
    priceId: 'geo',
    name: 'Geocoding',
    group: null,
    quantity: units,
    period: NOVEMBER,
    amountMinor,
    exactMinor,
    steps,
    discountable: true,
    ...rest,
  };
}
