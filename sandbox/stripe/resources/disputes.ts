import type { DisputeRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { type StripeObject, seconds } from '../json.ts';
import { instantRange, pageParameters, parameters, text } from '../parameters.ts';
import { listing, type Route, route } from '../route.ts';
import { renderBalanceTransaction } from './balance-transactions.ts';

/** Evidence is due two weeks after a dispute is opened. */
const EVIDENCE_DUE_MS = 14 * 86_400_000;

export function renderDispute(dispute: DisputeRecord, books: Books): StripeObject {
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: movementsOf(dispute, books),
    charge: dispute.chargeId,
    created: seconds(dispute.createdAt),
    currency: dispute.currency.toLowerCase(),
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: seconds(dispute.createdAt + EVIDENCE_DUE_MS),
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: books.now() > dispute.createdAt + EVIDENCE_DUE_MS && dispute.status === 'needs_response',
      submission_count: 0,
      submission_method: null,
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: books.world.get('charges', dispute.chargeId)?.paymentIntentId ?? null,
    reason: 'general',
    status: dispute.status,
  };
}

function movementsOf(dispute: DisputeRecord, books: Books): StripeObject[] {
  const { index, find } = books.balance;
  return index.by('source', dispute.id).flatMap(({ id }) => {
    const entry = find(id);
    return entry === undefined ? [] : [renderBalanceTransaction(entry, books.now())];
  });
}

export const disputeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/disputes',
    params: parameters({ ...pageParameters, created: instantRange.optional(), charge: text.optional() }),
    run: ({ books, params }) => {
      const index = books.index.disputes;
      return listing({
        index,
        entries: index.by('charge', params.charge),
        url: '/v1/disputes',
        thing: 'dispute',
        page: params,
        read: (id) => books.world.get('disputes', id),
        render: (dispute) => renderDispute(dispute, books),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/v1/disputes/:id',
    params: parameters({}),
    run: ({ id, books }) => renderDispute(books.require('disputes', 'dispute', id), books),
  }),
];
