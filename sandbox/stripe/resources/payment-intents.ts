import type { ChargeRecord, PaymentIntentRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { type DeclineDetails, detailsOfCharge } from '../declines.ts';
import { cardDeclined, declineReason, invalidRequest } from '../errors.ts';
import { type JsonObject, type StripeObject, seconds } from '../json.ts';
import { chargeInvoice } from '../operations/invoices.ts';
import { attemptPayment, createPaymentIntent } from '../operations/payments.ts';
import {
  flag,
  instantRange,
  metadata,
  oneOf,
  pageParameters,
  parameters,
  positiveInteger,
  text,
} from '../parameters.ts';
import { type Call, listing, mergedMetadata, type Route, route } from '../route.ts';

export function renderPaymentIntent(intent: PaymentIntentRecord, books: Books): StripeObject {
  const charge =
    intent.latestChargeId === null ? undefined : books.world.get('charges', intent.latestChargeId);
  const note = books.annotation(intent.id);
  return {
    id: intent.id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: intent.amount,
    amount_capturable: 0,
    amount_received: intent.status === 'succeeded' ? intent.amount : 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: note.voidedAt === undefined ? null : seconds(note.voidedAt),
    cancellation_reason: note.cancellationReason ?? null,
    capture_method: 'automatic',
    client_secret: `${intent.id}_secret_simulated`,
    confirmation_method: 'automatic',
    created: seconds(intent.createdAt),
    currency: intent.currency.toLowerCase(),
    customer: books.stripeIdOf(intent.customerId),
    customer_account: null,
    description: note.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: lastError(intent, charge, books),
    latest_charge: intent.latestChargeId,
    livemode: false,
    managed_payments: null,
    metadata: intent.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: intent.status === 'requires_payment_method' ? null : (charge?.paymentMethodId ?? null),
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: intent.status,
    transfer_data: null,
    transfer_group: null,
  };
}

/** What the bank and the network said of a charge, as it stands on an error. */
export function saidOf(charge: ChargeRecord, books: Books): DeclineDetails {
  const id = charge.paymentMethodId;
  return detailsOfCharge(charge, id === null ? undefined : books.world.get('paymentMethods', id));
}

function lastError(
  intent: PaymentIntentRecord,
  charge: ChargeRecord | undefined,
  books: Books,
): JsonObject | null {
  if (intent.status === 'succeeded' || !charge?.declineCode) return null;
  const { code, message } = declineReason(charge.declineCode);
  return {
    ...saidOf(charge, books),
    charge: charge.id,
    code,
    decline_code: charge.declineCode,
    doc_url: `https://stripe.com/docs/error-codes/${code.replace(/_/g, '-')}`,
    message,
    type: 'card_error',
  };
}

/** Charges the card named, else the customer's own; the change stands whether or not the bank says yes. */
function confirm(
  call: Call<{ payment_method?: string | undefined }>,
  intent: PaymentIntentRecord,
): StripeObject {
  const { books, params } = call;
  if (intent.status === 'succeeded' || intent.status === 'canceled' || intent.status === 'processing')
    throw invalidRequest(
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_confirmation, requires_action, requires_payment_method.`,
      { code: 'payment_intent_unexpected_state', payment_intent: renderPaymentIntent(intent, books) },
    );
  const named = params.payment_method;
  if (named !== undefined) books.require('paymentMethods', 'PaymentMethod', named, 'payment_method');
  const methodId = named ?? books.world.get('customers', intent.customerId)?.paymentMethodId ?? null;
  if (methodId === null)
    throw invalidRequest(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method.",
      { code: 'payment_intent_unexpected_state' },
    );
  const charge = charged(books, intent, methodId);
  const after = books.require('paymentIntents', 'payment_intent', intent.id);
  const rendered = renderPaymentIntent(after, books);
  call.effect({
    kind: intent.latestChargeId === null ? 'payment.created' : 'payment.retried',
    customer: intent.customerId,
    amountMinor: intent.amount,
    currency: intent.currency,
    payload: rendered,
  });
  if (charge.declineCode === null) return rendered;
  throw cardDeclined(charge.declineCode, {
    ...saidOf(charge, books),
    charge: charge.id,
    payment_intent: rendered,
  });
}

/** The intent of an invoice settles the invoice with it. */
function charged(books: Books, intent: PaymentIntentRecord, methodId: string): ChargeRecord {
  const invoice = intent.invoiceId === null ? undefined : books.world.get('invoices', intent.invoiceId);
  if (invoice?.status === 'open') return chargeInvoice(books.world, invoice.id, methodId).charge;
  return attemptPayment(books.world, intent, methodId);
}

export const paymentIntentRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/payment_intents',
    params: parameters({ ...pageParameters, created: instantRange.optional(), customer: text.optional() }),
    run: ({ books, params }) => {
      const index = books.index.paymentIntents;
      return listing({
        index,
        entries: index.by('customer', books.customerId(params.customer)),
        url: '/v1/payment_intents',
        thing: 'payment_intent',
        page: params,
        read: (id) => books.world.get('paymentIntents', id),
        render: (intent) => renderPaymentIntent(intent, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/payment_intents/:id',
    params: parameters({}),
    run: ({ id, books }) => renderPaymentIntent(books.require('paymentIntents', 'payment_intent', id), books),
  }),
  route({
    method: 'POST',
    path: '/v1/payment_intents',
    params: parameters({
      amount: positiveInteger,
      currency: text,
      customer: text,
      confirm: flag.optional(),
      description: text.optional(),
      metadata: metadata.optional(),
      off_session: flag.optional(),
      payment_method: text.optional(),
    }),
    run: (call) => {
      const { books, params } = call;
      const customer = books.customer(params.customer);
      if (params.payment_method !== undefined)
        books.require('paymentMethods', 'PaymentMethod', params.payment_method, 'payment_method');
      const intent = createPaymentIntent(books.world, {
        customerId: customer.id,
        invoiceId: null,
        amount: params.amount,
        currency: params.currency.toUpperCase(),
        metadata: mergedMetadata({}, params.metadata),
        confirmable: params.payment_method !== undefined,
      });
      if (params.description !== undefined) books.annotate(intent.id, { description: params.description });
      if (params.confirm) return confirm(call, intent);
      const rendered = renderPaymentIntent(intent, books);
      call.effect({
        kind: 'payment_intent.created',
        customer: customer.id,
        amountMinor: intent.amount,
        currency: intent.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
  route({
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    params: parameters({ off_session: flag.optional(), payment_method: text.optional() }),
    run: (call) => confirm(call, call.books.require('paymentIntents', 'payment_intent', call.id)),
  }),
  route({
    method: 'POST',
    path: '/v1/payment_intents/:id/cancel',
    params: parameters({
      cancellation_reason: oneOf([
        'abandoned',
        'duplicate',
        'fraudulent',
        'requested_by_customer',
      ]).optional(),
    }),
    run: ({ id, books, params, effect }) => {
      const before = books.require('paymentIntents', 'payment_intent', id);
      if (before.status === 'succeeded' || before.status === 'canceled')
        throw invalidRequest(
          `You cannot cancel this PaymentIntent because it has a status of ${before.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_confirmation, requires_action, processing.`,
          { code: 'payment_intent_unexpected_state', payment_intent: renderPaymentIntent(before, books) },
        );
      const intent: PaymentIntentRecord = { ...before, status: 'canceled' };
      books.annotate(id, { voidedAt: books.now(), cancellationReason: params.cancellation_reason ?? null });
      books.world.put('paymentIntents', intent);
      books.world.emit({
        at: books.now(),
        type: 'payment_intent.canceled',
        collection: 'paymentIntents',
        id,
        previous: { status: before.status },
      });
      const rendered = renderPaymentIntent(intent, books);
      effect({
        kind: 'payment_intent.canceled',
        customer: intent.customerId,
        amountMinor: intent.amount,
        currency: intent.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
];
