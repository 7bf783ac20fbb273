import type { CaseResult } from '../result.ts';
import { runByShape } from './case-values.ts';
import { creditedTotal, severalNotes, unusedFee } from './creditnote-amounts.ts';
import { numbering } from './creditnote-numbers.ts';
import { noteSettlement, noteVoided, stateChange, voidedInvoice } from './creditnote-states.ts';
import type { BillingCase } from './file.ts';

/** Credit notes, what they do to an invoice, its states and its number. */
export function runCreditNoteCase(golden: BillingCase): CaseResult {
  return runByShape(golden, [
    creditedTotal,
    unusedFee,
    severalNotes,
    voidedInvoice,
    noteSettlement,
    noteVoided,
    stateChange,
    numbering,
  ]);
}
