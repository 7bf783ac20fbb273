import { z } from 'zod';
import type { BooksDesk } from '../domain/books/books-desk.ts';
import { ACCOUNTS } from '../domain/books/chart.ts';
import { contentOf, type JournalEntry, trialBalance, unposted } from '../domain/books/journal.ts';
import { toSafeMinor } from '../domain/money/arithmetic.ts';
import { ledgerTransaction } from './ledger.ts';
import type { Store } from './open-store.ts';

const account = z.enum(ACCOUNTS);

interface LineRow {
  key: string;
  at: number;
  words: string;
  customer_id: string | null;
  invoice_id: string | null;
  balance_transaction_id: string | null;
  account: string;
  currency: string;
  amount_minor: number;
}

/** The journal as it is kept: it only grows. */
export interface Journal extends Pick<BooksDesk, 'entries' | 'trialBalance' | 'movements' | 'movedBefore'> {
  has(key: string): boolean;
  /** Adds what is not there; @returns how many were added, and the keys that are there with another content. */
  add(entries: readonly JournalEntry[], postedAt: number): Promise<{ posted: number; changed: string[] }>;
}

export function createJournal(store: Store): Journal {
  const { sqlite } = store;
  const known = sqlite.prepare<[string], { key: string; content: string }>(
    'SELECT key, content FROM journal_entries WHERE key IN (SELECT value FROM json_each(?))',
  );
  const hasKey = sqlite.prepare<[string], { key: string }>('SELECT key FROM journal_entries WHERE key = ?');
  const insertEntry = sqlite.prepare(
    `INSERT INTO journal_entries (key, at, words, customer_id, invoice_id, balance_transaction_id, content, posted_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const insertLine = sqlite.prepare(
    'INSERT INTO journal_lines (entry_key, line, at, account, currency, amount_minor) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const between = sqlite.prepare<[number, number], LineRow>(
    `SELECT e.key, e.at, e.words, e.customer_id, e.invoice_id, e.balance_transaction_id,
       l.account, l.currency, l.amount_minor
     FROM journal_entries e JOIN journal_lines l ON l.entry_key = e.key
     WHERE e.at >= ? AND e.at < ? ORDER BY e.at, e.key, l.line`,
  );
  const sums = sqlite.prepare<[number], { account: string; currency: string; debit: number; credit: number }>(
    `SELECT account, currency, SUM(MAX(amount_minor, 0)) AS debit, SUM(MIN(amount_minor, 0)) AS credit
     FROM journal_lines WHERE at < ? GROUP BY account, currency`,
  );
  const movements = sqlite.prepare<
    [number, number],
    {
      id: string;
      category: string;
      created_at: number;
      currency: string;
      amount_minor: number;
      fee_minor: number;
      net_minor: number;
    }
  >('SELECT * FROM balance_transactions WHERE created_at >= ? AND created_at < ? ORDER BY created_at, id');
  const moved = sqlite.prepare<[number], { currency: string; net: number }>(
    'SELECT currency, SUM(net_minor) AS net FROM balance_transactions WHERE created_at < ? GROUP BY currency ORDER BY currency',
  );

  return {
    has: (key) => hasKey.get(key) !== undefined,
    add: (entries, postedAt) =>
      ledgerTransaction(store, () => {
        const keys = JSON.stringify(entries.map(({ key }) => key));
        const contents = new Map(known.all(keys).map(({ key, content }) => [key, content]));
        const { fresh, changed } = unposted(contents, entries);
        for (const entry of fresh) {
          const { key, at, words, customerId, invoiceId, balanceTransactionId } = entry;
          const content = contentOf(entry);
          insertEntry.run(key, at, words, customerId, invoiceId, balanceTransactionId, content, postedAt);
          entry.lines.forEach(({ account: name, currency, amountMinor }, line) => {
            insertLine.run(key, line, at, name, currency, toSafeMinor(amountMinor));
          });
        }
        return { posted: fresh.length, changed: changed.map(({ key }) => key) };
      }),
    entries: async ({ startAt, endAt }) => entriesFrom(between.all(startAt, endAt)),
    trialBalance: async (beforeAt) => {
      // One entry that stands for all: its debits and credits are the sums of theirs.
      const lines = sums
        .all(beforeAt)
        .flatMap(({ account: name, currency, debit, credit }) =>
          [debit, credit]
            .filter((minor) => minor !== 0)
            .map((minor) => ({ account: account.parse(name), currency, amountMinor: BigInt(minor) })),
        );
      const whole = { key: 'all', at: beforeAt - 1, words: '', customerId: null, invoiceId: null, lines };
      return trialBalance([{ ...whole, balanceTransactionId: null }], beforeAt);
    },
    movements: async ({ startAt, endAt }) =>
      movements.all(startAt, endAt).map((row) => ({
        id: row.id,
        type: row.category,
        at: row.created_at,
        currency: row.currency,
        amountMinor: BigInt(row.amount_minor),
        feeMinor: BigInt(row.fee_minor),
        netMinor: BigInt(row.net_minor),
      })),
    movedBefore: async (at) =>
      moved.all(at).map(({ currency, net }) => ({ currency, netMinor: BigInt(net) })),
  };
}

function entriesFrom(rows: readonly LineRow[]): JournalEntry[] {
  const byKey = new Map<string, JournalEntry & { lines: JournalEntry['lines'][number][] }>();
  for (const row of rows) {
    const entry = byKey.get(row.key) ?? {
      key: row.key,
      at: row.at,
      words: row.words,
      customerId: row.customer_id,
      invoiceId: row.invoice_id,
      balanceTransactionId: row.balance_transaction_id,
      lines: [],
    };
    entry.lines.push({
      account: account.parse(row.account),
      currency: row.currency,
      amountMinor: BigInt(row.amount_minor),
    });
    byKey.set(row.key, entry);
  }
  return [...byKey.values()];
}
