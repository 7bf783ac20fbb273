import type { BalanceTransaction } from './reconcile-balance.ts';

/** What the journal is made of, as the records have it. Amounts in minor units of `currency`; instants epoch ms. */

/** A finalised invoice. Whatever lowers what is owed stands beside it. */
export interface BookedInvoice {
  id: string;
  customerId: string;
  currency: string;
  /** Below 0: it owes the customer. */
  netMinor: bigint;
  taxMinor: bigint;
  /** Of the customer's credit, used when it was finalised. */
  balanceUsedMinor: bigint;
  amountPaidMinor: bigint;
  finalizedAt: number;
  paidAt: number | null;
  voidedAt: number | null;
  uncollectibleAt: number | null;
  /** What it is for, first day to last; null for a charge for nothing that lasts. */
  service: { startAt: number; endAt: number } | null;
  /** Charges that went through. */
  charges: readonly { at: number; amountMinor: bigint }[];
  notes: readonly BookedNote[];
  /** Bank lines that people said pay it. */
  bankPayments: readonly BookedBankPayment[];
}

export interface BookedNote {
  id: string;
  invoiceId: string;
  customerId: string;
  currency: string;
  at: number;
  totalMinor: bigint;
  taxMinor: bigint;
  /** Issued before the invoice was paid: so much less is owed. The rest was paid and is given back. */
  beforePaymentMinor: bigint;
  refundedMinor: bigint;
  /** Given back outside Stripe. */
  outsideMinor: bigint;
  refundIds: readonly string[];
  voidedAt: number | null;
}

export interface BookedBankPayment {
  lineId: string;
  invoiceId: string;
  customerId: string;
  at: number;
  /** What of the invoice it pays, in the invoice's currency. */
  allocated: { minor: bigint; currency: string };
  /** What of it the bank received. */
  received: { minor: bigint; currency: string };
}

/** Money at the bank beyond what the invoices it pays ask for. */
export interface BookedSurplus {
  lineId: string;
  customerId: string | null;
  at: number;
  amountMinor: bigint;
  currency: string;
}

/** A movement of Stripe's balance with what is behind it. `type` is Stripe's reporting category. */
export interface BookedMovement extends BalanceTransaction {
  sourceId: string | null;
  /** Of a charge. */
  charge: { customerId: string; invoiceId: string | null; amountMinor: bigint; currency: string } | null;
  customerId: string | null;
}

/** Credit given to a customer's balance; below 0 it was taken back. */
export interface BookedGrant {
  id: string;
  at: number;
  currency: string;
  amountMinor: bigint;
  customerId: string | null;
}
