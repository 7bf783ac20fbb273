import { UserError } from '../../lib/errors.ts';
import { majorUnits } from '../money/format.ts';
import { dayNameAt } from '../periods/calendar.ts';
import type { Exhibit, Json } from '../types.ts';
import type { AccountKey, Chart } from './chart.ts';
import type { JournalEntry, JournalLine } from './journal.ts';

/** A journal as it is handed to bookkeeping elsewhere. */
export interface BooksTarget {
  /** "Xero". */
  name: string;
  /** What is sent for an entry, one body each; throws `unsupported` with the reason when it cannot be. */
  payloads: (entry: JournalEntry, settings: ExportSettings) => Json[];
}

export interface ExportSettings {
  chart: Chart;
  /** Days are those of the company. */
  tz: string;
  /** The currency the other books are kept in. */
  baseCurrency: string;
  /** QuickBooks names accounts by ids of its own; left out: the chart's codes. */
  accountIds?: Readonly<Partial<Record<AccountKey, string>>>;
  /** Ids of customers in the other books, by ours. */
  customerIds?: Readonly<Record<string, string>>;
}

/** Major units as a JSON number. Throws `unsupported` beyond 15 digits, where a number would no longer be exact. */
export function majorNumber(minor: bigint, currency: string): number {
  if (String(minor).replace('-', '').length > 15) {
    throw new UserError('unsupported', 'The amount is too large to be handed over exactly.');
  }
  return Number(majorUnits(minor, currency));
}

export function accountOf(chart: Chart, key: AccountKey): Chart[number] {
  const account = chart.find((one) => one.key === key);
  if (!account) throw new UserError('not_ready', `The chart of accounts has no account for ${key}.`);
  return account;
}

/** The lines of an entry by currency; each part balances by itself. */
export function linesByCurrency({ lines }: JournalEntry): Map<string, JournalLine[]> {
  const parts = new Map<string, JournalLine[]>();
  for (const line of lines) parts.set(line.currency, [...(parts.get(line.currency) ?? []), line]);
  return parts;
}

/** One row a line, for a CSV file; cells are plain text, made harmless by whoever writes the file. */
export function journalTable(
  journal: readonly JournalEntry[],
  { chart, tz }: Pick<ExportSettings, 'chart' | 'tz'>,
): Extract<Exhibit, { kind: 'table' }> {
  const headers = [
    'Date',
    'Entry',
    'Description',
    'Account',
    'Account name',
    'Currency',
    'Debit',
    'Credit',
    'Customer',
    'Invoice',
  ];
  return {
    kind: 'table',
    title: 'Journal',
    columns: headers.map((header) => ({
      header,
      align: header === 'Debit' || header === 'Credit' ? 'right' : 'left',
    })),
    rows: journal.flatMap((entry) =>
      entry.lines.map(({ account: key, currency, amountMinor }) => {
        const account = accountOf(chart, key);
        return [
          dayNameAt(entry.at, tz),
          entry.key,
          entry.words,
          account.code,
          account.name,
          currency,
          amountMinor > 0n ? majorUnits(amountMinor, currency) : '',
          amountMinor < 0n ? majorUnits(-amountMinor, currency) : '',
          entry.customerId ?? '',
          entry.invoiceId ?? '',
        ];
      }),
    ),
  };
}
