import type { Books } from '../books.ts';
import type { StripeObject } from '../json.ts';
import { parameters } from '../parameters.ts';
import { type Route, route } from '../route.ts';

/** Funds become available two days after they were charged. */
const AVAILABLE_AFTER_MS = 2 * 86_400_000;

/** Payouts are daily, so that only what is not yet available is held. */
function pendingByCurrency(books: Books): Map<string, number> {
  const since = books.now() - AVAILABLE_AFTER_MS;
  const sums = new Map<string, number>();
  const entries = books.index.charges.all();
  for (let position = entries.length - 1; position >= 0; position -= 1) {
    const entry = entries[position];
    if (entry === undefined || entry.at < since) break;
    const charge = books.world.get('charges', entry.id);
    if (charge?.status !== 'succeeded') continue;
    const currency = charge.currency.toLowerCase();
    sums.set(currency, (sums.get(currency) ?? 0) + charge.amount - charge.amountRefunded);
  }
  return sums;
}

export const balanceRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/balance',
    params: parameters({}),
    run: ({ books }): StripeObject => {
      const pending = [...pendingByCurrency(books)].map(([currency, amount]) => ({
        amount,
        currency,
        source_types: { card: amount },
      }));
      return {
        object: 'balance',
        available: [{ amount: 0, currency: 'usd', source_types: { card: 0 } }],
        livemode: false,
        pending: pending.length > 0 ? pending : [{ amount: 0, currency: 'usd', source_types: { card: 0 } }],
      };
    },
  }),
];
