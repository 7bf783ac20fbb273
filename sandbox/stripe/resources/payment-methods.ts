import type { PaymentMethodRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { cardFingerprint } from '../declines.ts';
import { type JsonObject, type StripeObject, seconds } from '../json.ts';
import { oneOf, pageParameters, parameters, text } from '../parameters.ts';
import { listing, type Route, route } from '../route.ts';
import { emptyAddress } from './customers.ts';

/** Who the card belongs to, as it stands on cards and charges. */
export function billingDetails(customerId: string, books: Books): JsonObject {
  const customer = books.world.get('customers', customerId);
  return {
    address: emptyAddress(customer?.country ?? null),
    email: customer?.email ?? null,
    name: customer?.name ?? null,
    phone: null,
    tax_id: null,
  };
}

export function renderPaymentMethod(method: PaymentMethodRecord, books: Books): StripeObject {
  return {
    id: method.id,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: billingDetails(method.customerId, books),
    card: {
      brand: method.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: books.world.get('customers', method.customerId)?.country ?? null,
      display_brand: method.brand,
      exp_month: method.expMonth,
      exp_year: method.expYear,
      fingerprint: cardFingerprint(method),
      funding: 'credit',
      generated_from: null,
      last4: method.last4,
      networks: { available: [method.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: seconds(method.createdAt),
    customer: books.stripeIdOf(method.customerId),
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
}

export const paymentMethodRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/payment_methods',
    params: parameters({ ...pageParameters, customer: text.optional(), type: oneOf(['card']).optional() }),
    run: ({ books, params }) => methodsOf(books, params.customer, '/v1/payment_methods', params),
  }),
  route({
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    params: parameters({ ...pageParameters, type: oneOf(['card']).optional() }),
    run: ({ id, books, params }) => methodsOf(books, id, `/v1/customers/${id}/payment_methods`, params),
  }),
  route({
    method: 'GET',
    path: '/v1/payment_methods/:id',
    params: parameters({}),
    run: ({ id, books }) => renderPaymentMethod(books.require('paymentMethods', 'PaymentMethod', id), books),
  }),
];

function methodsOf(
  books: Books,
  stripeCustomer: string | undefined,
  url: string,
  page: Parameters<typeof listing>[0]['page'],
): StripeObject {
  const index = books.index.paymentMethods;
  return listing({
    index,
    entries: index.by('customer', books.customerId(stripeCustomer)),
    url,
    thing: 'PaymentMethod',
    page,
    read: (id) => books.world.get('paymentMethods', id),
    render: (method) => renderPaymentMethod(method, books),
  });
}
