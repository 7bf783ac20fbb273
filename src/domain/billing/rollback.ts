import type { InvoiceState } from './invoice.ts';

export interface InvoiceToUnwind {
  id: string;
  state: InvoiceState;
  /** When it was finalised or, for a draft, made; epoch ms. */
  issuedAt: number;
  totalMinor: bigint;
  paidMinor: bigint;
  /** By credit notes so far. */
  creditedMinor: bigint;
}

export type RollbackStep =
  | { invoiceId: string; do: 'delete' }
  | { invoiceId: string; do: 'void' }
  | { invoiceId: string; do: 'credit_note'; amountMinor: bigint; refundMinor: bigint }
  | { invoiceId: string; do: 'nothing'; because: string };

/**
 * How a run of invoices is unwound, the latest first: a later one may stand on what an earlier one left on the balance
 * or used of a coupon. A draft is deleted; what nobody has paid is voided; what was paid, in part or whole, is credited
 * with what is not credited yet, and what was paid is refunded with the credit note.
 */
export function planRollback(invoices: readonly InvoiceToUnwind[]): RollbackStep[] {
  return [...invoices]
    .sort((one, other) => other.issuedAt - one.issuedAt || (one.id < other.id ? 1 : -1))
    .map(stepOf);
}

function stepOf(invoice: InvoiceToUnwind): RollbackStep {
  const { id: invoiceId, state, totalMinor, paidMinor, creditedMinor } = invoice;
  if (state === 'deleted' || state === 'void') {
    return { invoiceId, do: 'nothing', because: `it is ${state === 'void' ? 'voided' : state} already` };
  }
  if (state === 'draft') return { invoiceId, do: 'delete' };
  if (paidMinor === 0n && creditedMinor === 0n && state !== 'paid') return { invoiceId, do: 'void' };
  const amountMinor = totalMinor - creditedMinor;
  if (amountMinor <= 0n) return { invoiceId, do: 'nothing', because: 'it is credited in full already' };
  const refundMinor = paidMinor < amountMinor ? paidMinor : amountMinor;
  return { invoiceId, do: 'credit_note', amountMinor, refundMinor };
}
