import type { BalanceEntry } from '../balance-ledger.ts';
import { noSuch } from '../errors.ts';
import { type StripeObject, seconds } from '../json.ts';
import { instantRange, pageParameters, parameters, text } from '../parameters.ts';
import { listing, type Route, route } from '../route.ts';

export function renderBalanceTransaction(entry: BalanceEntry, now: number): StripeObject {
  const currency = entry.currency.toLowerCase();
  return {
    id: entry.id,
    object: 'balance_transaction',
    amount: entry.amount,
    available_on: seconds(entry.availableAt),
    balance_type: 'payments',
    created: seconds(entry.createdAt),
    currency,
    description: entry.type === 'payout' ? 'STRIPE PAYOUT' : null,
    exchange_rate: null,
    fee: entry.fee,
    fee_details:
      entry.fee === 0
        ? []
        : [
            {
              amount: entry.fee,
              application: null,
              currency,
              description: entry.category === 'dispute' ? 'Dispute fee' : 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: entry.amount - entry.fee,
    reporting_category: entry.category,
    source: entry.sourceId,
    status: entry.availableAt <= now ? 'available' : 'pending',
    type: entry.type,
  };
}

export const balanceTransactionRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/balance_transactions',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      currency: text.optional(),
      source: text.optional(),
      type: text.optional(),
    }),
    run: ({ books, params }) => {
      const { index, find } = books.balance;
      const currency = params.currency?.toUpperCase();
      return listing({
        index,
        entries: index.by('source', params.source),
        url: '/v1/balance_transactions',
        thing: 'balance transaction',
        page: params,
        read: (id) => {
          const entry = find(id);
          if (currency !== undefined && entry?.currency !== currency) return undefined;
          return params.type === undefined || entry?.type === params.type ? entry : undefined;
        },
        render: (entry) => renderBalanceTransaction(entry, books.now()),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/balance_transactions/:id',
    params: parameters({}),
    run: ({ id, books }) => {
      const { index, find } = books.balance;
      index.all();
      const entry = find(id);
      if (!entry) throw noSuch('balance transaction', id, 'id');
      return renderBalanceTransaction(entry, books.now());
    },
  }),
];
