import { UserError } from '../../lib/errors.ts';
import { dayNameAt } from '../periods/calendar.ts';
import type { Json } from '../types.ts';
import { accountOf, type BooksTarget, type ExportSettings, linesByCurrency, majorNumber } from './export.ts';
import type { JournalEntry, JournalLine } from './journal.ts';

/** DocNumber holds 21 characters. */
const LONGEST_NUMBER = 21;

/**
 * QuickBooks Online's journal entries (POST /v3/company/{id}/journalentry): positive amounts with a posting type, one
 * currency each, and a customer on every line of accounts receivable.
 */
export const QUICKBOOKS: BooksTarget = {
  name: 'QuickBooks',
  payloads: (entry, settings) =>
    [...linesByCurrency(entry)].map(([currency, lines]) => ({
      DocNumber: entry.key.slice(-LONGEST_NUMBER),
      TxnDate: dayNameAt(entry.at, settings.tz),
      PrivateNote: `${entry.words} (${entry.key})`,
      CurrencyRef: { value: currency },
      Line: lines.map((line, index) => lineOf(entry, line, index, settings)),
    })),
};

function lineOf(
  entry: JournalEntry,
  { account, amountMinor, currency }: JournalLine,
  index: number,
  settings: ExportSettings,
): Json {
  const detail: { [key: string]: Json } = {
    PostingType: amountMinor > 0n ? 'Debit' : 'Credit',
    AccountRef: { value: settings.accountIds?.[account] ?? accountOf(settings.chart, account).code },
  };
  if (account === 'receivable') {
    detail.Entity = { Type: 'Customer', EntityRef: { value: customerOf(entry, settings) } };
  }
  return {
    Id: String(index),
    Description: entry.invoiceId ?? entry.words,
    Amount: majorNumber(amountMinor < 0n ? -amountMinor : amountMinor, currency),
    DetailType: 'JournalEntryLineDetail',
    JournalEntryLineDetail: detail,
  };
}

function customerOf({ key, customerId }: JournalEntry, { customerIds }: ExportSettings): string {
  const id = customerId === null ? undefined : customerIds?.[customerId];
  if (id !== undefined) return id;
  throw new UserError(
    'unsupported',
    `QuickBooks wants a customer on accounts receivable, and ${key} has none there.`,
    'Add the customer in QuickBooks, then export again.',
  );
}
