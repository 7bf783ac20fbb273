import type { BookedGrant, BookedMovement, BookedSurplus } from './book-records.ts';
import type { BookFact } from './postings.ts';

/**
 * What a movement of Stripe's balance puts into the books; nothing for a kind of movement, or a charge, that is not
 * known: the reconciliation names it then. `creditedRefunds` were made by credit notes, which took the revenue back.
 */
export function movementFacts(movement: BookedMovement, creditedRefunds: ReadonlySet<string>): BookFact[] {
  const { id, sourceId, at, currency, amountMinor, feeMinor, customerId } = movement;
  if (sourceId === null) return movement.type === 'fee' ? feeOf(movement, amountMinor - feeMinor) : [];
  const about = { id: sourceId, at, currency, customerId, balanceTransactionId: id };
  switch (movement.type) {
    case 'charge': {
      const { charge } = movement;
      if (charge === null) return [];
      return [
        {
          ...{ ...about, kind: 'payment', currency: charge.currency, customerId: charge.customerId },
          ...{ invoiceId: charge.invoiceId, amountMinor: charge.amountMinor, feeMinor },
          settled: { currency, amountMinor },
        },
      ];
    }
    case 'refund': {
      const after = creditedRefunds.has(sourceId) ? 'credit_note' : 'nothing';
      return [{ ...about, kind: 'refund', amountMinor: -amountMinor, after }, ...feeOf(movement, -feeMinor)];
    }
    case 'dispute':
      return [{ ...about, kind: 'dispute_opened', amountMinor: -amountMinor, feeMinor }];
    case 'dispute_reversal':
      return [{ ...about, kind: 'dispute_won', amountMinor, feeMinor: -feeMinor }];
    case 'payout':
      return [{ ...about, kind: 'payout', amountMinor: -amountMinor }, ...feeOf(movement, -feeMinor)];
    case 'payout_reversal':
      return [{ ...about, kind: 'payout_failed', amountMinor }, ...feeOf(movement, -feeMinor)];
    case 'fee':
      return feeOf(movement, amountMinor - feeMinor);
    default:
      return [];
  }
}

/** `netMinor` is what it did to the balance: below 0 it cost. */
function feeOf({ id, at, currency, customerId }: BookedMovement, netMinor: bigint): BookFact[] {
  if (netMinor >= 0n) return [];
  return [
    {
      ...{ kind: 'stripe_fee', id, at, currency, customerId },
      balanceTransactionId: id,
      amountMinor: -netMinor,
    },
  ];
}

/** Credit given by a person's word. */
export function grantFact({ id, at, currency, amountMinor, customerId }: BookedGrant): BookFact {
  const kind = amountMinor < 0n ? 'balance_taken_back' : 'balance_granted';
  return { kind, id, at, currency, customerId, amountMinor: amountMinor < 0n ? -amountMinor : amountMinor };
}

export function surplusFact({ lineId, at, currency, amountMinor, customerId }: BookedSurplus): BookFact {
  return { kind: 'bank_surplus', id: lineId, at, currency, customerId, amountMinor };
}

/** A dispute that was lost, as of the instant we learned it: the provider does not say when. */
export function lostDisputeFact(lost: {
  id: string;
  at: number;
  currency: string;
  amountMinor: bigint;
  customerId: string | null;
}): BookFact {
  return { ...lost, kind: 'dispute_lost' };
}
