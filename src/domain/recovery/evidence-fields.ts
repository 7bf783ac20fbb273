import type { DisputeReason } from './dispute.ts';

/** Fields of Stripe's `dispute.evidence` that our records can fill. */
const EVIDENCE_FIELDS = [
  'customer_name',
  'customer_email_address',
  'billing_address',
  'product_description',
  'receipt',
  'service_date',
  'service_documentation',
  'access_activity_log',
  'customer_communication',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'refund_policy',
  'refund_refusal_explanation',
  'duplicate_charge_explanation',
  'uncategorized_text',
] as const;
export type EvidenceField = (typeof EVIDENCE_FIELDS)[number];

export const TITLES: Readonly<Record<EvidenceField, string>> = {
  customer_name: 'Customer',
  customer_email_address: 'E-mail address',
  billing_address: 'Billing address',
  product_description: 'What was sold',
  receipt: 'Charge and invoice',
  service_date: 'When it was used',
  service_documentation: 'Agreement',
  access_activity_log: 'Use of the service',
  customer_communication: 'Messages with the customer',
  cancellation_policy: 'Cancellation policy',
  cancellation_policy_disclosure: 'When the customer saw it',
  cancellation_rebuttal: 'Why it was not cancelled',
  refund_policy: 'Refund policy',
  refund_refusal_explanation: 'Refunds',
  duplicate_charge_explanation: 'Why the charges differ',
  uncategorized_text: 'Earlier payments',
};

const ALWAYS: readonly EvidenceField[] = [
  'customer_name',
  'customer_email_address',
  'product_description',
  'receipt',
];
const USED: readonly EvidenceField[] = ['access_activity_log', 'service_date'];
const CANCELLATION: readonly EvidenceField[] = [
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
];

/** What answers which claim (Stripe, dispute reason code guidelines): what it stands or falls with, and what helps. */
const BY_REASON: Readonly<
  Partial<Record<DisputeReason, { needed: readonly EvidenceField[]; helps: readonly EvidenceField[] }>>
> = {
  fraudulent: {
    needed: ['access_activity_log', 'uncategorized_text'],
    helps: ['billing_address', 'customer_communication', 'service_documentation', 'service_date'],
  },
  unrecognized: {
    needed: ['receipt', 'access_activity_log'],
    helps: ['uncategorized_text', 'customer_communication', 'billing_address'],
  },
  duplicate: {
    needed: ['duplicate_charge_explanation', 'receipt'],
    helps: ['customer_communication', 'refund_refusal_explanation'],
  },
  subscription_canceled: {
    needed: [...CANCELLATION, 'access_activity_log'],
    helps: ['customer_communication', 'service_documentation'],
  },
  product_not_received: { needed: USED, helps: ['customer_communication', 'service_documentation'] },
  product_unacceptable: {
    needed: ['service_documentation', 'access_activity_log'],
    helps: ['refund_policy', 'customer_communication'],
  },
  credit_not_processed: {
    needed: ['refund_policy', 'refund_refusal_explanation'],
    helps: ['customer_communication', ...CANCELLATION],
  },
};

const OTHERWISE: { needed: readonly EvidenceField[]; helps: readonly EvidenceField[] } = {
  needed: ['access_activity_log'],
  helps: ['service_documentation', 'customer_communication', 'uncategorized_text'],
};

/** The fields that answer a reason, those it stands or falls with first. */
export function fieldsFor(reason: DisputeReason): {
  needed: readonly EvidenceField[];
  fields: EvidenceField[];
} {
  const { needed, helps } = BY_REASON[reason] ?? OTHERWISE;
  return { needed, fields: [...new Set([...needed, ...ALWAYS, ...helps])] };
}
