import type { Books } from '../books.ts';
import { invalidRequest } from '../errors.ts';
import { type StripeObject, seconds } from '../json.ts';
import { integer, metadata, pageParameters, parameters, text } from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';
import type { BalanceTransactionRecord } from '../shelves.ts';

/** Credit given to a customer or taken back: what later invoices are lowered by. */
export function renderCustomerBalance(entry: BalanceTransactionRecord, books: Books): StripeObject {
  return {
    id: entry.id,
    object: 'customer_balance_transaction',
    amount: entry.amount,
    checkout_session: null,
    created: seconds(entry.createdAt),
    credit_note: null,
    currency: entry.currency.toLowerCase(),
    customer: books.stripeIdOf(entry.customerId),
    customer_account: null,
    description: entry.description,
    ending_balance: entry.endingBalance,
    invoice: entry.invoiceId ?? null,
    livemode: false,
    metadata: entry.metadata,
    type: entry.type ?? 'adjustment',
  };
}

export const customerBalanceRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/customers/:id/balance_transactions',
    params: parameters(pageParameters),
    run: ({ id, books, params }) => {
      const index = books.index.balanceTransactions;
      return listing({
        index,
        entries: index.by('customer', books.customer(id, 'id').id),
        url: `/v1/customers/${id}/balance_transactions`,
        thing: 'customer balance transaction',
        page: params,
        read: (entryId) => books.shelves.balanceTransactions.get(entryId),
        render: (entry) => renderCustomerBalance(entry, books),
      });
    },
  }),
  route({
    method: 'POST',
    path: '/v1/customers/:id/balance_transactions',
    params: parameters({
      amount: integer,
      currency: text,
      description: text.optional(),
      metadata: metadata.optional(),
    }),
    run: ({ id, books, params, effect }) => {
      const customer = books.customer(id, 'id');
      if (params.amount === 0) throw invalidRequest('The amount must not be zero.', { param: 'amount' });
      if (params.currency.toUpperCase() !== customer.currency)
        throw invalidRequest(
          `This customer's currency is ${customer.currency.toLowerCase()}, not ${params.currency}.`,
          { param: 'currency' },
        );
      const at = books.now();
      const endingBalance = (books.annotation(id).balance ?? 0) + params.amount;
      const entry: BalanceTransactionRecord = {
        id: books.world.newId('cbtxn'),
        customerId: customer.id,
        amount: params.amount,
        currency: customer.currency,
        endingBalance,
        description: params.description ?? null,
        createdAt: at,
        metadata: mergedMetadata({}, params.metadata),
      };
      books.shelves.balanceTransactions.set(entry.id, entry);
      books.annotate(id, { balance: endingBalance });
      books.world.emit({
        at,
        type: 'customer.updated',
        collection: 'customers',
        id: customer.id,
        previous: { balance: endingBalance - params.amount },
      });
      const rendered = renderCustomerBalance(entry, books);
      effect({
        kind: 'credit.applied',
        customer: customer.id,
        amountMinor: -params.amount,
        currency: customer.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
];
