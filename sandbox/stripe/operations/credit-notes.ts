import type { CreditNoteRecord, World } from '../../world/records.ts';

/** Takes a credit note back; what it took off an open invoice is for the caller to put on again. */
export function voidCreditNote(world: World, note: CreditNoteRecord): CreditNoteRecord {
  const voided: CreditNoteRecord = { ...note, status: 'void' };
  world.put('creditNotes', voided);
  world.emit({
    at: world.now(),
    type: 'credit_note.voided',
    collection: 'creditNotes',
    id: note.id,
    previous: { status: 'issued' },
  });
  return voided;
}
