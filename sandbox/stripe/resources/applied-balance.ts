import type { InvoiceRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';

/**
 * What finalising does with the customer's balance: credit (below zero) pays what it can, what is owed from before is
 * asked for with it. What remains in the customer's favour stays on the balance.
 */
export function applyBalance(books: Books, draft: InvoiceRecord): void {
  const stripeId = books.stripeIdOf(draft.customerId);
  const startingBalance = books.annotation(stripeId).balance ?? 0;
  if (startingBalance === 0 || draft.total <= 0) return;
  const together = draft.total + startingBalance;
  const endingBalance = Math.min(0, together);
  const amountDue = Math.max(0, together);
  books.world.put('invoices', { ...draft, amountDue, amountRemaining: amountDue });
  books.annotate(draft.id, { startingBalance, endingBalance });
  move(books, draft, stripeId, { change: endingBalance - startingBalance, type: 'applied_to_invoice' });
}

/** A void invoice gives back what it took of the balance. */
export function returnBalance(books: Books, voided: InvoiceRecord): void {
  const { startingBalance = 0, endingBalance = 0 } = books.annotation(voided.id);
  const change = startingBalance - endingBalance;
  if (change === 0) return;
  move(books, voided, books.stripeIdOf(voided.customerId), { change, type: 'unapplied_from_invoice' });
}

function move(
  books: Books,
  invoice: InvoiceRecord,
  stripeId: string,
  { change, type }: { change: number; type: 'applied_to_invoice' | 'unapplied_from_invoice' },
): void {
  const before = books.annotation(stripeId).balance ?? 0;
  const at = books.now();
  const id = books.world.newId('cbtxn');
  books.shelves.balanceTransactions.set(id, {
    ...{ id, type, customerId: invoice.customerId, invoiceId: invoice.id, amount: change },
    ...{ currency: invoice.currency, endingBalance: before + change, description: null },
    ...{ createdAt: at, metadata: {} },
  });
  books.annotate(stripeId, { balance: before + change });
  books.world.emit({
    ...{ at, type: 'customer.updated', collection: 'customers', id: invoice.customerId },
    previous: { balance: before },
  });
}
