import type { RecurringPrice } from '../mrr/normalise.ts';
import type { SubscriptionFact } from './facts.ts';
import type { Factors } from './metric.ts';

/** What one subscription's monthly amount is the product of; `price` with the discount that counted. */
export function factorsOf(
  fact: Pick<SubscriptionFact, 'subscriptionId' | 'currency'>,
  price: RecurringPrice,
  rate: string,
): Factors {
  return { of: fact.subscriptionId, price, currency: fact.currency, rate, times: 1 };
}
