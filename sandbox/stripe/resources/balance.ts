import type { Books } from '../books.ts';
import type { JsonObject, StripeObject } from '../json.ts';
import { parameters } from '../parameters.ts';
import { type Route, route } from '../route.ts';

/** What the ledger's movements come to, by currency: what may be paid out, and what is still on its way. */
function sumsOf(books: Books): { available: JsonObject[]; pending: JsonObject[] } {
  const now = books.now();
  const sums = new Map<string, { available: number; pending: number }>();
  for (const { currency, amount, fee, availableAt } of books.balance.entries()) {
    const sum = sums.get(currency) ?? { available: 0, pending: 0 };
    sum[availableAt <= now ? 'available' : 'pending'] += amount - fee;
    sums.set(currency, sum);
  }
  if (sums.size === 0) sums.set('USD', { available: 0, pending: 0 });
  const funds = (of: 'available' | 'pending') =>
    [...sums].map(([currency, { [of]: amount }]) => ({
      amount,
      currency: currency.toLowerCase(),
      source_types: { card: amount },
    }));
  return { available: funds('available'), pending: funds('pending') };
}

export const balanceRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/balance',
    params: parameters({}),
    run: ({ books }): StripeObject => ({ object: 'balance', livemode: false, ...sumsOf(books) }),
  }),
];
