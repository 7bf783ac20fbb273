import { UserError } from '../../lib/errors.ts';
import { dayNameAt } from '../periods/calendar.ts';
import { accountOf, type BooksTarget, linesByCurrency, majorNumber } from './export.ts';

/**
 * Xero's manual journals (PUT /api.xro/2.0/ManualJournals): debits positive, credits negative, amounts as they are.
 * They are always in the organisation's base currency, and Xero takes neither its bank accounts nor its own accounts
 * receivable in them: the chart's codes name clearing accounts there. Journals arrive as drafts, for a person to post.
 */
export const XERO: BooksTarget = {
  name: 'Xero',
  payloads: (entry, { chart, tz, baseCurrency }) => {
    const parts = linesByCurrency(entry);
    const foreign = [...parts.keys()].find((currency) => currency !== baseCurrency);
    if (foreign !== undefined) {
      throw new UserError(
        'unsupported',
        `Xero takes journals in ${baseCurrency} only, and ${entry.key} has lines in ${foreign}.`,
        'Export it as CSV, and enter it with the rate your accountant uses.',
      );
    }
    return [...parts.values()].map((lines) => ({
      Narration: `${entry.words} (${entry.key})`,
      Date: dayNameAt(entry.at, tz),
      Status: 'DRAFT',
      LineAmountTypes: 'NoTax',
      JournalLines: lines.map(({ account, currency, amountMinor }) => ({
        LineAmount: majorNumber(amountMinor, currency),
        AccountCode: accountOf(chart, account).code,
        Description: entry.invoiceId ?? entry.words,
        TaxType: 'NONE',
      })),
    }));
  },
};
