import type { Explanation, MatchKind } from '../../domain/books/explanation.ts';
import { matchPayments } from '../../domain/books/match-payments.ts';
import type { IncomingPayment, OpenInvoice } from '../../domain/books/payment-evidence.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import { toSafeMinor } from '../../domain/money/arithmetic.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Money } from '../../domain/types.ts';
import type { ToolContext } from '../define-tool.ts';
import { sayList } from '../wording.ts';

/** A bank line that waits, with the ways it can be read, best first. */
export interface WaitingLine {
  line: IncomingPayment;
  readings: Explanation[];
  /** The one that stands alone; null where a person has to choose. */
  chosen: Explanation | null;
  unmatched: string | null;
}

/** Every incoming bank line that nobody has matched, read together: what one pays, no other does. */
export async function waitingLines(
  ctx: Pick<ToolContext, 'books' | 'sources'>,
): Promise<{ waiting: WaitingLine[]; invoices: ReadonlyMap<string, OpenInvoice> }> {
  await ctx.sources.refresh(['stripe']);
  const { books } = ctx;
  const lines = await books.openLines();
  const open = await books.openInvoices();
  const matches = lines.length === 0 ? [] : matchPayments(lines, open, await books.matchSettings());
  const byId = new Map(lines.map((line) => [line.id, line]));
  const waiting = matches.flatMap(({ paymentId, explanations, chosen, unmatched }) => {
    const line = byId.get(paymentId);
    return line === undefined ? [] : [{ line, readings: explanations, chosen, unmatched }];
  });
  return { waiting, invoices: new Map(open.map((invoice) => [invoice.id, invoice])) };
}

export function lineAmount({ amountMinor, currency }: IncomingPayment): Money {
  return { minor: toSafeMinor(amountMinor), currency };
}

/** "EUR 1,200.00 from Acme GmbH, INV-0042"; what an outsider wrote, made harmless. */
export function lineWords(line: IncomingPayment): string {
  const said = [line.payer === null ? '' : `from ${plainCell(line.payer)}`, plainCell(line.reference)];
  return [formatMoney(lineAmount(line)), ...said.filter((words) => words !== '')].join(' ').slice(0, 160);
}

const KIND_WORDS: Readonly<Record<MatchKind, string>> = {
  exact: 'pays exactly',
  bundled: 'pays together',
  fee_deducted: 'pays, less a fee,',
  fx: 'pays in another currency',
  partial: 'pays a part of',
  overpaid: 'pays, and more than is owed,',
};

/** "pays exactly INV-0042 of Acme Robotics (the reference names the invoice)". */
export function readingWords(reading: Explanation, invoices: ReadonlyMap<string, OpenInvoice>): string {
  const named = reading.allocations.flatMap(({ invoiceId }) => invoices.get(invoiceId) ?? []);
  const names = [...new Set(named.map(({ customerName }) => plainCell(customerName)))];
  const numbers = sayList(named.map(({ number }) => plainCell(number)));
  return `${KIND_WORDS[reading.kind]} ${numbers} of ${sayList(names)} (${reading.why.join(', ')})`;
}
