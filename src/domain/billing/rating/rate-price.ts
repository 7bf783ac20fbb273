import { type Exact, exact } from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { Price } from '../price.ts';
import { applySpendLimits, type LimitContext, type Limited } from './limits.ts';
import { type Rated, type RatingContext, rate } from './rate.ts';

export interface RatedPrice extends Limited {
  /** The line before limits. */
  usage: Rated;
}

/** A price's whole say over a quantity: included units, the model, then the period's least and most. */
export function ratePrice(
  price: Pick<Price, 'pricing' | 'included' | 'limits'>,
  quantity: Exact,
  conventions: BillingConventions,
  context: Omit<RatingContext, 'included'> & LimitContext = {},
): RatedPrice {
  const included = price.included === '0' ? undefined : exact(price.included);
  const usage = rate(price.pricing, quantity, conventions, { ...context, included });
  return { usage, ...applySpendLimits(usage.amountMinor, price.limits, conventions, context) };
}
