/** What became of the debit that a proration credit gives back. */
export type DebitState = 'pending' | 'invoiced_unpaid' | 'paid';

/** Where the credit goes. */
export type CreditPlace = 'same_invoice' | 'next_invoice' | 'deferred_until_paid';

/**
 * A credit for the unused part of a debit is never given for money that has not come: with the debit still pending both
 * stand on one invoice, with the debit paid it is on the next one, and in between it waits (Stripe's deferral of
 * proration credits).
 */
export function placeProrationCredit(debit: DebitState): CreditPlace {
  switch (debit) {
    case 'pending':
      return 'same_invoice';
    case 'invoiced_unpaid':
      return 'deferred_until_paid';
    case 'paid':
      return 'next_invoice';
  }
}
