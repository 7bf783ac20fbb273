import { setImmediate } from 'node:timers/promises';
import type { BookedInvoice } from '../domain/books/book-records.ts';
import type { BookSource, BooksDesk } from '../domain/books/books-desk.ts';
import { type BookClock, invoiceFacts, isSettled } from '../domain/books/invoice-facts.ts';
import { grantFact, lostDisputeFact, movementFacts, surplusFact } from '../domain/books/movement-facts.ts';
import { type BookFact, entryOf } from '../domain/books/postings.ts';
import type { Clock } from '../lib/clock.ts';
import { createBookRecords, grouped } from './book-records.ts';
import type { Journal } from './journal.ts';
import type { Store } from './open-store.ts';

type BroughtUp = Awaited<ReturnType<BooksDesk['bringUp']>>;

/** Posts what the records say, a page at a time; whoever asks while it works waits for the same work. */
export function createBringUp(parts: {
  store: Store;
  journal: Journal;
  source: BookSource;
  clock: Clock;
  tz: string;
}): BooksDesk['bringUp'] {
  const { journal, source } = parts;
  const records = createBookRecords(parts.store);
  /** As these invoices were when nothing more could come of them; forgotten at a restart, when all are looked at. */
  const settled = new Map<string, string>();
  let running: Promise<BroughtUp> | null = null;

  async function work(): Promise<BroughtUp> {
    const clock: BookClock = { nowAt: parts.clock.now(), tz: parts.tz };
    const notes = await source.creditNotes();
    const disputes = await source.disputes();
    const done: BroughtUp = { posted: 0, changed: [] };
    const add = async (facts: readonly BookFact[]) => {
      const { posted, changed } = await journal.add(facts.map(entryOf), clock.nowAt);
      done.posted += posted;
      done.changed.push(...changed);
      await setImmediate();
    };
    const byInvoice = grouped(notes, ({ invoiceId }) => invoiceId);
    for (let after = ''; ; ) {
      const page = records.invoicesAfter(after, byInvoice);
      const last = page.at(-1);
      if (last === undefined) break;
      const open = page.filter((invoice) => settled.get(invoice.id) !== stateOf(invoice));
      await add(open.flatMap((invoice) => invoiceFacts(invoice, clock)));
      for (const invoice of open) if (isSettled(invoice, clock)) settled.set(invoice.id, stateOf(invoice));
      after = last.id;
    }
    const creditedRefunds = new Set(notes.flatMap(({ refundIds }) => refundIds));
    for (let after = ''; ; ) {
      const page = records.unpostedMovementsAfter(after);
      const last = page.at(-1);
      if (last === undefined) break;
      await add(page.flatMap((movement) => movementFacts(movement, creditedRefunds)));
      after = last.id;
    }
    const lost = disputes
      .filter(({ id, status }) => status === 'lost' && !journal.has(`dispute_lost:${id}`))
      .map(({ id, amount, chargeId }) =>
        lostDisputeFact({
          ...{ id, at: clock.nowAt, currency: amount.currency, amountMinor: BigInt(amount.minor) },
          customerId: records.customerOfPayment(chargeId),
        }),
      );
    await add([...records.grants().map(grantFact), ...records.surpluses().map(surplusFact), ...lost]);
    return done;
  }

  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}

/** Everything of a finalised invoice that can still change. */
function stateOf({ paidAt, voidedAt, uncollectibleAt, amountPaidMinor, ...more }: BookedInvoice): string {
  const notes = more.notes.map(({ id, voidedAt: at }) => `${id} ${at}`);
  const came = [more.charges.length, more.bankPayments.length, amountPaidMinor];
  return [paidAt, voidedAt, uncollectibleAt, ...came, ...notes].join();
}
