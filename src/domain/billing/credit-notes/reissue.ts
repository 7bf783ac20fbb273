import type { Rounding } from '../../money/exact.ts';
import type { InvoiceLine } from '../invoice.ts';
import { type CreditableLine, type CreditNote, creditTheRest } from './plan-credit-note.ts';

export interface Reissue {
  /** Takes the old invoice back in full. */
  creditNote: CreditNote;
  /** The lines of the new invoice, under their own keys, and what it replaces. */
  lines: readonly InvoiceLine[];
  replaces: string;
}

/**
 * A finalised invoice is not changed: what is wrong with it is taken back whole, and a new one with a number of its own
 * is issued that says which it replaces.
 */
export function planReissue(
  old: { id: string; lines: readonly CreditableLine[]; creditNotes: readonly CreditNote[] },
  corrected: readonly InvoiceLine[],
  rounding: Rounding,
): Reissue {
  return {
    creditNote: creditTheRest(old.lines, old.creditNotes, rounding),
    lines: corrected,
    replaces: old.id,
  };
}
