import type { CreditNoteRecord, InvoiceRecord, World } from '../../world/records.ts';

/** Takes `amount` off an invoice: off what is open, or as money or credit owed on a paid one. */
export function createCreditNote(
  world: World,
  invoice: InvoiceRecord,
  of: { amount: number; reason: string | null },
): CreditNoteRecord {
  const at = world.now();
  const earlier = world.of('creditNotes', invoice.customerId).filter((note) => note.invoiceId === invoice.id);
  const note: CreditNoteRecord = {
    id: world.newId('cn'),
    number: `${invoice.number ?? invoice.id}-CN-${String(earlier.length + 1).padStart(2, '0')}`,
    invoiceId: invoice.id,
    customerId: invoice.customerId,
    amount: of.amount,
    currency: invoice.currency,
    status: 'issued',
    reason: of.reason,
    createdAt: at,
  };
  world.put('creditNotes', note);
  world.emit({ at, type: 'credit_note.created', collection: 'creditNotes', id: note.id });
  return note;
}

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
