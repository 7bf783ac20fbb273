import { finalizeInvoice } from '../../world/operations.ts';
import type { InvoiceRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { noSuch } from '../errors.ts';
import type { StripeObject } from '../json.ts';
import type { Call } from '../route.ts';
import { applyBalance } from './applied-balance.ts';
import { renderInvoice } from './invoice-render.ts';

/** The invoice of the path; throws the StripeFault for one that does not exist. */
export function invoiceNamed(books: Books, id: string): InvoiceRecord {
  if (books.annotation(id).deletedAt !== undefined) throw noSuch('invoice', id);
  return books.require('invoices', 'invoice', id);
}

/** Records the effect and gives the invoice as it is now. `amount` is what the step was about, minor units. */
export function announce(
  call: Call<unknown>,
  kind: string,
  invoice: InvoiceRecord,
  amount: number,
): StripeObject {
  const rendered = renderInvoice(invoice, call.books);
  call.effect({
    kind,
    customer: invoice.customerId,
    amountMinor: amount,
    currency: invoice.currency,
    payload: rendered,
  });
  return rendered;
}

/** Stripe collects by itself only what it was told to advance. */
export function finalized(books: Books, draft: InvoiceRecord): InvoiceRecord {
  applyBalance(books, draft);
  const open = finalizeInvoice(books.world, draft.id);
  if (books.annotation(draft.id).autoAdvance || open.nextAttemptAt === null) return open;
  const left: InvoiceRecord = { ...open, nextAttemptAt: null };
  books.world.put('invoices', left);
  return left;
}
