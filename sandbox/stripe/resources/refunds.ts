import { createRefund } from '../../world/operations.ts';
import type { ChargeRecord, RefundRecord } from '../../world/records.ts';
import { balanceTransactionId } from '../balance-ledger.ts';
import type { Books } from '../books.ts';
import { invalidRequest, parameterMissing } from '../errors.ts';
import { type StripeObject, seconds } from '../json.ts';
import {
  instantRange,
  metadata,
  oneOf,
  pageParameters,
  parameters,
  positiveInteger,
  text,
} from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';

export function renderRefund(refund: RefundRecord, books: Books): StripeObject {
  const charge = books.world.get('charges', refund.chargeId);
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: refund.status === 'succeeded' ? balanceTransactionId(refund.id) : null,
    charge: refund.chargeId,
    created: seconds(refund.createdAt),
    currency: refund.currency.toLowerCase(),
    customer: books.stripeIdOf(refund.customerId),
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: refund.metadata,
    payment_intent: charge?.paymentIntentId ?? null,
    payment_method: charge?.paymentMethodId ?? null,
    reason: refund.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
  };
}

/** An amount as Stripe's messages write it: `$5.00`, `¥500`. */
export function spokenAmount(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}

/** The charge a refund is asked of; throws the StripeFault Stripe gives for one that cannot be refunded. */
function refundableCharge(
  books: Books,
  named: { charge?: string | undefined; payment_intent?: string | undefined },
): ChargeRecord {
  const charge = namedCharge(books, named);
  if (charge.status !== 'succeeded')
    throw invalidRequest(`Charge ${charge.id} cannot be refunded because it has not succeeded.`, {
      code: 'charge_not_refundable',
      param: 'charge',
    });
  if (charge.disputed)
    throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: 'charge_disputed',
      param: 'charge',
    });
  if (charge.amountRefunded >= charge.amount)
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  return charge;
}

function namedCharge(
  books: Books,
  named: { charge?: string | undefined; payment_intent?: string | undefined },
): ChargeRecord {
  if (named.charge !== undefined && named.payment_intent !== undefined)
    throw invalidRequest('You may only specify one of these parameters: charge, payment_intent.', {
      code: 'parameters_exclusive',
    });
  if (named.charge !== undefined) return books.require('charges', 'charge', named.charge, 'charge');
  if (named.payment_intent === undefined) throw parameterMissing('charge');
  const intent = books.require('paymentIntents', 'payment_intent', named.payment_intent, 'payment_intent');
  const charge =
    intent.latestChargeId === null ? undefined : books.world.get('charges', intent.latestChargeId);
  if (!charge)
    throw invalidRequest('This PaymentIntent does not have a successful charge to refund.', {
      code: 'payment_intent_unexpected_state',
      param: 'payment_intent',
    });
  return charge;
}

function checkAmount(charge: ChargeRecord, amount: number): void {
  const left = charge.amount - charge.amountRefunded;
  if (amount <= left) return;
  const asked = spokenAmount(amount, charge.currency);
  const than =
    charge.amountRefunded === 0
      ? `charge amount (${spokenAmount(charge.amount, charge.currency)})`
      : `unrefunded amount on charge (${spokenAmount(left, charge.currency)})`;
  throw invalidRequest(`Refund amount (${asked}) is greater than ${than}`, { param: 'amount' });
}

export const refundRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/refunds',
    params: parameters({
      ...pageParameters,
      created: instantRange.optional(),
      charge: text.optional(),
      payment_intent: text.optional(),
    }),
    run: ({ books, params }) => {
      const index = books.index.refunds;
      const charge =
        params.charge ??
        (params.payment_intent === undefined
          ? undefined
          : (books.require('paymentIntents', 'payment_intent', params.payment_intent, 'payment_intent')
              .latestChargeId ?? ''));
      return listing({
        index,
        entries: index.by('charge', charge),
        url: '/v1/refunds',
        thing: 'refund',
        page: params,
        read: (id) => books.world.get('refunds', id),
        render: (refund) => renderRefund(refund, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/refunds/:id',
    params: parameters({}),
    run: ({ id, books }) => renderRefund(books.require('refunds', 'refund', id), books),
  }),
  route({
    method: 'POST',
    path: '/v1/refunds',
    params: parameters({
      amount: positiveInteger.optional(),
      charge: text.optional(),
      payment_intent: text.optional(),
      reason: oneOf(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
      metadata: metadata.optional(),
    }),
    run: ({ books, params, effect }) => {
      const charge = refundableCharge(books, params);
      const amount = params.amount ?? charge.amount - charge.amountRefunded;
      checkAmount(charge, amount);
      const refund = createRefund(books.world, {
        chargeId: charge.id,
        amount,
        reason: params.reason ?? null,
        metadata: mergedMetadata({}, params.metadata),
      });
      const rendered = renderRefund(refund, books);
      effect({
        kind: 'refund.created',
        customer: refund.customerId,
        amountMinor: refund.amount,
        currency: refund.currency,
        payload: rendered,
      });
      return rendered;
    },
  }),
  route({
    method: 'POST',
    path: '/v1/refunds/:id',
    params: parameters({ metadata: metadata.optional() }),
    run: ({ id, books, params, effect }) => {
      const before = books.require('refunds', 'refund', id);
      const refund = { ...before, metadata: mergedMetadata(before.metadata, params.metadata) };
      books.world.put('refunds', refund);
      books.world.emit({
        at: books.now(),
        type: 'refund.updated',
        collection: 'refunds',
        id,
        previous: { metadata: before.metadata },
      });
      const rendered = renderRefund(refund, books);
      effect({ kind: 'refund.updated', customer: refund.customerId, payload: rendered });
      return rendered;
    },
  }),
];
