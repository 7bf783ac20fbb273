import { formatMoney } from '../money/format.ts';
import { dayNameAt } from '../periods/calendar.ts';
import type { Money } from '../types.ts';
import { type Dispute, type DisputeDeadline, type DisputeReason, disputeDeadline } from './dispute.ts';
import { type EvidenceField, fieldsFor, TITLES } from './evidence-fields.ts';

/** What our records hold about a disputed charge. Null and empty mean that there is nothing, never that it was no. */
export interface DisputeRecords {
  charge: { id: string; at: number; amount: Money; invoiceNumber: string | null; description: string };
  customer: { name: string; email: string | null; billingAddress: string | null; sinceAt: number };
  agreement: { acceptedAt: number; version: string; url: string } | null;
  usage: { firstAt: number; lastAt: number; calls: number; days: number; addresses: string[] } | null;
  /** Payments of the same customer, and the same card, that nobody disputed. */
  earlierPayments: { id: string; at: number; amount: Money }[];
  messages: { at: number; from: 'customer' | 'us'; summary: string }[];
  cancellation: { requestedAt: number | null; policy: string | null; shownAt: number | null };
  refunds: { id: string; at: number; amount: Money }[];
  refundPolicy: string | null;
  /** Another charge the customer may have taken for the same. */
  similarCharges: { id: string; at: number; amount: Money; invoiceNumber: string | null }[];
}

export interface EvidenceSection {
  field: EvidenceField;
  title: string;
  /** The case is weak without it. */
  needed: boolean;
  lines: string[];
}

/** A draft for a person to read, complete and send; nothing here sends it. */
export interface EvidencePack {
  disputeId: string;
  reason: DisputeReason;
  deadline: DisputeDeadline;
  sections: EvidenceSection[];
  /** What would help and is not in our records. */
  missing: { field: EvidenceField; title: string; needed: boolean }[];
  warnings: string[];
  /** Characters of all sections; Stripe takes 150,000. */
  characters: number;
}

/** The draft of an answer to a dispute, from records alone: each line is a fact with its date, none is a claim. */
export function draftEvidence(
  dispute: Dispute,
  records: DisputeRecords,
  at: { now: number; tz: string },
): EvidencePack {
  const { needed, fields } = fieldsFor(dispute.reason);
  const sections: EvidenceSection[] = [];
  const missing: EvidencePack['missing'] = [];
  for (const field of fields) {
    const lines = linesFor(field, records, at.tz);
    const heading = { field, title: TITLES[field], needed: needed.includes(field) };
    if (lines.length > 0) sections.push({ ...heading, lines });
    else missing.push(heading);
  }
  const characters = sections.reduce((sum, { lines }) => sum + lines.join('\n').length, 0);
  return {
    disputeId: dispute.id,
    reason: dispute.reason,
    deadline: disputeDeadline(dispute, at.now),
    sections,
    missing,
    warnings: warningsFor(dispute, records, characters),
    characters,
  };
}

function linesFor(field: EvidenceField, records: DisputeRecords, tz: string): string[] {
  const { charge, customer, agreement, usage, cancellation } = records;
  const day = (at: number) => dayNameAt(at, tz);
  const when = <T>(value: T | null, line: (value: T) => string) => (value === null ? [] : [line(value)]);
  switch (field) {
    case 'customer_name':
      return [`${customer.name}, a customer since ${day(customer.sinceAt)}`];
    case 'customer_email_address':
      return when(customer.email, (email) => email);
    case 'billing_address':
      return when(customer.billingAddress, (address) => address);
    case 'product_description':
      return charge.description.trim() === '' ? [] : [charge.description];
    case 'receipt':
      return [
        `${day(charge.at)}: ${formatMoney(charge.amount)}, charge ${charge.id}`,
        ...when(charge.invoiceNumber, (number) => `Invoice ${number}`),
      ];
    case 'service_date':
      return when(usage, ({ firstAt, lastAt }) => `From ${day(firstAt)} to ${day(lastAt)}`);
    case 'service_documentation':
      return when(
        agreement,
        ({ acceptedAt, version, url }) => `Terms ${version} accepted on ${day(acceptedAt)}: ${url}`,
      );
    case 'access_activity_log':
      return usage === null || usage.calls === 0
        ? []
        : [
            `${usage.calls} API calls on ${usage.days} days, from ${day(usage.firstAt)} to ${day(usage.lastAt)}`,
            ...usage.addresses.map((address) => `Address: ${address}`),
          ];
    case 'customer_communication':
      return [...records.messages]
        .sort((one, other) => one.at - other.at)
        .map(({ at, from, summary }) => `${day(at)}, ${from === 'us' ? 'we' : 'the customer'}: ${summary}`);
    case 'cancellation_policy':
      return when(cancellation.policy, (policy) => policy);
    case 'cancellation_policy_disclosure':
      return when(cancellation.shownAt, (at) => `Shown to the customer on ${day(at)}`);
    case 'cancellation_rebuttal':
      return rebuttal(records, day);
    case 'refund_policy':
      return when(records.refundPolicy, (policy) => policy);
    case 'refund_refusal_explanation':
      return records.refunds.map(
        ({ id, at, amount }) => `${day(at)}: refunded ${formatMoney(amount)} (${id})`,
      );
    case 'duplicate_charge_explanation':
      return records.similarCharges.map(
        ({ id, at, amount, invoiceNumber }) =>
          `${day(at)}: ${formatMoney(amount)}, charge ${id}, ${invoiceNumber === null ? 'without an invoice' : `invoice ${invoiceNumber}`}`,
      );
    case 'uncategorized_text':
      return records.earlierPayments.map(
        ({ id, at, amount }) => `${day(at)}: ${formatMoney(amount)}, charge ${id}, not disputed`,
      );
  }
}

function rebuttal({ charge, cancellation, usage }: DisputeRecords, day: (at: number) => string): string[] {
  const asked = cancellation.requestedAt;
  const used =
    usage !== null && usage.lastAt > charge.at ? [`Used after the charge, last on ${day(usage.lastAt)}`] : [];
  if (asked === null) return ['We have no request to cancel.', ...used];
  return asked > charge.at
    ? [`Cancellation was asked for on ${day(asked)}, after the charge of ${day(charge.at)}.`, ...used]
    : [];
}

/** What a person should know before answering: sometimes the customer is right. */
function warningsFor(dispute: Dispute, records: DisputeRecords, characters: number): string[] {
  const { charge, cancellation, refunds, similarCharges, usage } = records;
  const warnings: string[] = [];
  const asked = cancellation.requestedAt;
  if (dispute.reason === 'subscription_canceled' && asked !== null && asked <= charge.at)
    warnings.push('The customer asked to cancel before the charge. Accepting may be right.');
  if (refunds.reduce((sum, { amount }) => sum + amount.minor, 0) >= charge.amount.minor)
    warnings.push('The charge was refunded in full already; say so, and do not refund again.');
  const twin = similarCharges.some(
    ({ invoiceNumber, amount }) =>
      invoiceNumber === charge.invoiceNumber && amount.minor === charge.amount.minor,
  );
  if (dispute.reason === 'duplicate' && twin)
    warnings.push('Another charge has the same invoice and amount. The customer may have paid twice.');
  if (usage === null || usage.calls === 0) warnings.push('There is no record that the service was used.');
  if (characters > 150_000) warnings.push('The draft is longer than Stripe takes (150,000 characters).');
  return warnings;
}
