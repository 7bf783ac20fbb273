import type { BillingConventions } from '../conventions.ts';
import type { InvoiceState } from '../invoice.ts';

/** How the amount of a credit note reaches the customer once the invoice is paid. */
export interface Settlement {
  refundMinor: bigint;
  balanceMinor: bigint;
  /** Given back outside, by a bank transfer of our own. */
  outOfBandMinor: bigint;
}

export type CreditOutcome =
  | { accepted: true; state: InvoiceState; dueChangeMinor: bigint }
  | { accepted: false; code: CreditRefusal; because: string };

export type CreditRefusal = 'not_finalised' | 'too_much' | 'split_differs' | 'not_paid' | 'more_than_paid';

/**
 * What a credit note does to an invoice (Stripe's rule): on an open one it first lowers what is due, and to 0 is paid;
 * what goes beyond what is due, and all of it on a paid one, is given back as refund, balance or outside, and these sum
 * to it.
 */
export function settleCreditNote(
  invoice: { state: InvoiceState; dueMinor: bigint; paidMinor: bigint },
  creditMinor: bigint,
  settlement: Settlement,
): CreditOutcome {
  const { state, dueMinor, paidMinor } = invoice;
  if (state === 'draft' || state === 'deleted' || state === 'void') {
    return refused('not_finalised', `A ${state} invoice has nothing to credit.`);
  }
  const open = state === 'paid' ? 0n : dueMinor;
  const beforePayment = creditMinor < open ? creditMinor : open;
  const afterPayment = creditMinor - beforePayment;
  const given = settlement.refundMinor + settlement.balanceMinor + settlement.outOfBandMinor;
  if (afterPayment > paidMinor)
    return refused('too_much', 'A credit note cannot exceed what the invoice asked for.');
  if (settlement.refundMinor > paidMinor)
    return refused('more_than_paid', 'No more than was paid can be refunded.');
  if (given !== afterPayment) {
    return refused('split_differs', 'Refund, balance and what is given back outside must sum to the credit.');
  }
  const settled = state !== 'paid' && beforePayment === dueMinor;
  return { accepted: true, state: settled ? 'paid' : state, dueChangeMinor: -beforePayment };
}

function refused(code: CreditRefusal, because: string): CreditOutcome {
  return { accepted: false, code, because };
}

/** Whether a credit note itself may be voided: only while its invoice is open, so that what is due rises again. */
export function mayVoidCreditNote(invoice: InvoiceState): boolean {
  return invoice === 'open';
}

export interface VoidWithCredit {
  creditMinor: bigint;
  refundMinor: bigint;
}

export type VoidOutcome =
  | { accepted: true; state: 'void'; creditNoteMinor: bigint; creditMinor: bigint; refundMinor: bigint }
  | { accepted: false; code: 'exceeds_creditable' | 'refund_exceeds_paid' | 'not_voidable'; because: string };

/**
 * Voids a finalised invoice and gives back what its customer already paid or used by a credit note in the same step
 * (Lago). `creditableMinor`: what is not credited yet. A paid invoice only where the convention allows it.
 */
export function voidWithCredit(
  invoice: { state: InvoiceState; creditableMinor: bigint; paidMinor: bigint },
  given: VoidWithCredit,
  rule: BillingConventions['voiding'],
): VoidOutcome {
  if (invoice.state === 'draft' || invoice.state === 'void' || invoice.state === 'deleted') {
    return { accepted: false, code: 'not_voidable', because: `A ${invoice.state} invoice cannot be voided.` };
  }
  if (invoice.state === 'paid' && rule.paidInvoice === 'refused') {
    return {
      accepted: false,
      code: 'not_voidable',
      because: 'A paid invoice cannot be voided, only credited.',
    };
  }
  const creditNoteMinor = given.creditMinor + given.refundMinor;
  if (creditNoteMinor > invoice.creditableMinor) {
    const because = 'Credit and refund together exceed what is left of the invoice.';
    return { accepted: false, code: 'exceeds_creditable', because };
  }
  if (given.refundMinor > invoice.paidMinor) {
    return {
      accepted: false,
      code: 'refund_exceeds_paid',
      because: 'No more than was paid can be refunded.',
    };
  }
  return { accepted: true, state: 'void', creditNoteMinor, ...given };
}
