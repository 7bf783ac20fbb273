import type { Explanation } from '../../domain/books/explanation.ts';
import { nameLikeness, type OpenInvoice } from '../../domain/books/payment-evidence.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';
import { lineWords, readingWords, type WaitingLine } from './bank-readings.ts';

const MOST_CHOICES = 3;
/** So much of a payer's name is the customer's. */
const ALIKE = 0.67;

export interface LineWish {
  line?: string | undefined;
  customer?: string | undefined;
  reading?: number | undefined;
}

/** The one bank line meant. Throws UserError `ambiguous` with those that may be, or `not_found`. */
export async function lineMeant(
  wanted: LineWish,
  waiting: readonly WaitingLine[],
  ctx: ToolContext,
): Promise<WaitingLine> {
  if (waiting.length === 0) {
    throw new UserError(
      'not_found',
      'No bank line waits to be matched.',
      'Import a statement first: psi import-bank FILE.csv',
    );
  }
  if (wanted.line !== undefined) {
    const found = waiting.find(({ line }) => line.id === wanted.line);
    if (found) return found;
    throw new UserError('not_found', `There is no open bank line ${wanted.line}; it may be matched already.`);
  }
  const customer = wanted.customer === undefined ? null : await ctx.customers.resolve(wanted.customer);
  const open = new Set(
    customer === null
      ? []
      : (await ctx.books.openInvoices())
          .filter(({ customerId }) => customerId === customer.id)
          .map(({ id }) => id),
  );
  const theirs =
    customer === null
      ? [...waiting]
      : waiting.filter(
          ({ line, readings }) =>
            nameLikeness(line.payer ?? line.reference, customer.name) >= ALIKE ||
            readings.some(({ allocations }) => allocations.some(({ invoiceId }) => open.has(invoiceId))),
        );
  const [only, another] = theirs;
  if (only === undefined)
    throw new UserError('not_found', `No bank line points to ${customer?.name ?? 'anybody'}.`);
  if (another === undefined) return only;
  throw new UserError(
    'ambiguous',
    `${theirs.length} bank lines wait${customer === null ? '' : ` that may be of ${customer.name}`}. Which one?`,
    undefined,
    theirs.slice(0, MOST_CHOICES).map(({ line }) => ({
      label: lineWords(line).slice(0, 75),
      say: `match bank line ${line.id}`,
    })),
  );
}

/** The reading asked for, or the one that stands alone. Throws UserError `ambiguous` with the best of them. */
export function readingMeant(
  { line, readings, chosen, unmatched }: WaitingLine,
  wanted: number | undefined,
  invoices: ReadonlyMap<string, OpenInvoice>,
): Explanation {
  if (wanted !== undefined) {
    const reading = readings[wanted - 1];
    if (reading) return reading;
    throw new UserError('not_found', `That bank line has ${readings.length} readings, not ${wanted}.`);
  }
  if (chosen) return chosen;
  throw new UserError(
    readings.length === 0 ? 'conflict' : 'ambiguous',
    `${lineWords(line)}: ${unmatched ?? 'it cannot be read.'}`,
    undefined,
    readings.slice(0, MOST_CHOICES).map((reading, index) => ({
      label: `It ${readingWords(reading, invoices)}`.slice(0, 75),
      say: `match bank line ${line.id} reading ${index + 1}`,
    })),
  );
}
