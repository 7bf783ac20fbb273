import type { ChargeRecord, PaymentMethodRecord } from '../../world/records.ts';
import { balanceTransactionId } from '../balance-ledger.ts';
import type { Books } from '../books.ts';
import { cardFingerprint, detailsOfCharge } from '../declines.ts';
import { declineReason } from '../errors.ts';
import { type JsonObject, type StripeObject, seconds } from '../json.ts';
import { clearableText, instantRange, metadata, pageParameters, parameters, text } from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';
import { billingDetails } from './payment-methods.ts';

export function renderCharge(charge: ChargeRecord, books: Books): StripeObject {
  const note = books.annotation(charge.id);
  const succeeded = charge.status === 'succeeded';
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: succeeded ? charge.amount : 0,
    amount_refunded: charge.amountRefunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: succeeded && charge.amount > 0 ? balanceTransactionId(charge.id) : null,
    billing_details: billingDetails(charge.customerId, books),
    calculated_statement_descriptor: 'PSIZERO',
    captured: succeeded,
    created: seconds(charge.createdAt),
    currency: charge.currency.toLowerCase(),
    customer: books.stripeIdOf(charge.customerId),
    description: note.description ?? null,
    disputed: charge.disputed,
    failure_balance_transaction: null,
    failure_code: charge.declineCode === null ? null : declineReason(charge.declineCode).code,
    failure_message: charge.failureMessage,
    fraud_details: {},
    livemode: false,
    metadata: charge.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(charge, books),
    paid: succeeded,
    payment_intent: charge.paymentIntentId,
    payment_method: charge.paymentMethodId,
    payment_method_details: cardDetails(charge, books),
    receipt_email: null,
    receipt_number: null,
    receipt_url: succeeded ? `https://pay.stripe.com/receipts/${charge.id}` : null,
    refunded: charge.amount > 0 && charge.amountRefunded === charge.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: charge.status,
    transfer_data: null,
    transfer_group: null,
  };
}

function outcomeOf(charge: ChargeRecord, books: Books): JsonObject {
  const succeeded = charge.status === 'succeeded';
  return {
    ...detailsOfCharge(charge, methodOf(charge, books)),
    network_status: succeeded ? 'approved_by_network' : 'declined_by_network',
    reason: charge.declineCode,
    risk_level: 'normal',
    seller_message: succeeded
      ? 'Payment complete.'
      : 'The bank did not return any further details with this decline.',
    type: succeeded ? 'authorized' : 'issuer_declined',
  };
}

function methodOf(charge: ChargeRecord, books: Books): PaymentMethodRecord | undefined {
  return charge.paymentMethodId === null
    ? undefined
    : books.world.get('paymentMethods', charge.paymentMethodId);
}

function cardDetails(charge: ChargeRecord, books: Books): JsonObject | null {
  const method = methodOf(charge, books);
  if (!method) return null;
  return {
    card: {
      brand: method.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: books.world.get('customers', charge.customerId)?.country ?? null,
      exp_month: method.expMonth,
      exp_year: method.expYear,
      fingerprint: cardFingerprint(method),
      funding: 'credit',
      installments: null,
      last4: method.last4,
      mandate: null,
      network: method.brand,
      three_d_secure: null,
      wallet: null,
    },
    type: 'card',
  };
}

export const chargeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/charges',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      customer: text.optional(),
      payment_intent: text.optional(),
    }),
    run: ({ books, params }) => {
      const index = books.index.charges;
      const customerId = books.customerId(params.customer);
      const entries =
        params.payment_intent !== undefined
          ? index.by('payment_intent', params.payment_intent)
          : index.by('customer', customerId);
      return listing({
        index,
        entries,
        url: '/v1/charges',
        thing: 'charge',
        page: params,
        read: (id) => {
          const charge = books.world.get('charges', id);
          return customerId === undefined || charge?.customerId === customerId ? charge : undefined;
        },
        render: (charge) => renderCharge(charge, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/charges/:id',
    params: parameters({}),
    run: ({ id, books }) => renderCharge(books.require('charges', 'charge', id), books),
  }),
  route({
    method: 'POST',
    path: '/v1/charges/:id',
    params: parameters({ description: clearableText.optional(), metadata: metadata.optional() }),
    run: ({ id, books, params, effect }) => {
      const before = books.require('charges', 'charge', id);
      const charge = { ...before, metadata: mergedMetadata(before.metadata, params.metadata) };
      if (params.description !== undefined) books.annotate(id, { description: params.description });
      books.world.put('charges', charge);
      books.world.emit({
        at: books.now(),
        type: 'charge.updated',
        collection: 'charges',
        id,
        previous: { metadata: before.metadata },
      });
      const rendered = renderCharge(charge, books);
      effect({ kind: 'charge.updated', customer: charge.customerId, payload: rendered });
      return rendered;
    },
  }),
];
