import type { BookSource, BooksDesk } from './domain/books/books-desk.ts';
import type { Clock } from './lib/clock.ts';
import { createBankLines } from './store/bank-lines.ts';
import { createBringUp } from './store/bring-up-books.ts';
import { createJournal } from './store/journal.ts';
import type { Store } from './store/open-store.ts';

/** The books, fitted together: journal, bank lines, and what the provider says of credit notes and disputes. */
export function connectBooks(parts: {
  store: Store;
  clock: Clock;
  company: { currency: string; tz: string };
  source: BookSource;
}): BooksDesk {
  const { store, clock, company, source } = parts;
  const journal = createJournal(store);
  return {
    entries: journal.entries,
    trialBalance: journal.trialBalance,
    movements: journal.movements,
    movedBefore: journal.movedBefore,
    ...createBankLines(store, clock, company.currency),
    bringUp: createBringUp({ store, journal, source, clock, tz: company.tz }),
    source,
  };
}
