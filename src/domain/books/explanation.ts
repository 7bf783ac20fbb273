import type { Identity, IncomingPayment, OpenInvoice } from './payment-evidence.ts';

export const MATCH_KINDS = ['exact', 'bundled', 'fee_deducted', 'fx', 'partial', 'overpaid'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

/** One way to read a payment. Allocations are in the invoices' currency, minor units. */
export interface Explanation {
  kind: MatchKind;
  allocations: { invoiceId: string; amountMinor: bigint }[];
  /** 0 to 1: how much speaks for it. */
  score: number;
  why: string[];
  /** What the invoices lose to fees or gain by exchange: allocated less received, in the invoices' currency. */
  differenceMinor: bigint;
  /** Of the payment, in its own currency, for no invoice. */
  unallocatedMinor: bigint;
}

/** The invoices a reading is about, and how the payment points to them. */
export interface Side {
  invoices: readonly OpenInvoice[];
  named: boolean;
  identity: Identity;
}

const KIND_SCORE: Readonly<Record<MatchKind, number>> = {
  exact: 0.45,
  bundled: 0.4,
  fee_deducted: 0.3,
  fx: 0.3,
  partial: 0.1,
  overpaid: 0.1,
};

/** A reading with its score: what kind it is, what points to the invoices, and what speaks against them. */
export function explain(
  payment: IncomingPayment,
  side: Side,
  found: Pick<Explanation, 'kind' | 'allocations' | 'differenceMinor' | 'unallocatedMinor'> & {
    because: string;
  },
): Explanation {
  const { because, ...rest } = found;
  const why = [because];
  let score = KIND_SCORE[found.kind];
  if (side.named) {
    score += 0.4;
    why.push(
      side.invoices.length > 1 ? 'the reference names the invoices' : 'the reference names the invoice',
    );
  }
  if (side.identity === 'provider') {
    score += 0.3;
    why.push('the provider knows the customer');
  } else if (side.identity === 'name') {
    score += 0.2;
    why.push('the name of the payer fits');
  } else if (payment.customerId !== null) {
    score -= 0.2;
    why.push('the provider knows it as another customer’s');
  }
  if (side.invoices.some(({ issuedAt }) => issuedAt > payment.at)) {
    score -= 0.15;
    why.push('it was paid before the invoice was issued');
  }
  return { ...rest, score: Math.min(1, Math.max(0, score)), why };
}
