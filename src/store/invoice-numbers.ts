import type { BillingConventions } from '../domain/billing/conventions.ts';
import { planNumbers } from '../domain/billing/numbering.ts';
import type { GivenNumber } from '../domain/billing/run/billing-desk.ts';
import { dayNameAt } from '../domain/periods/calendar.ts';
import { SystemError } from '../lib/errors.ts';
import { allRows, change } from './ledger.ts';
import type { Store } from './open-store.ts';

/**
 * The number of an invoice: the one it has, or the next of its entity. Called inside a ledger transaction, so that no
 * two get the same and none is left out.
 */
export function numberInvoice(
  store: Store,
  invoice: { id: string; entity: string; customer_id: string },
  rule: BillingConventions['numbering'],
  when: { at: number; tz: string },
): GivenNumber {
  const { db } = store;
  const given = allRows(
    store,
    db.selectFrom('invoice_numbers').selectAll().where('entity', '=', invoice.entity).compile(),
  );
  const own = given.find((row) => row.run_invoice_id === invoice.id);
  if (own) return { number: own.number, givenAt: own.given_at };
  const sequences = new Map(given.map((row) => [row.customer_id, row.customer_sequence]));
  const customerSequence = sequences.get(invoice.customer_id) ?? sequences.size + 1;
  const customers = new Map<number, number>();
  for (const row of given)
    customers.set(row.customer_sequence, (customers.get(row.customer_sequence) ?? 0) + 1);
  const { numbers, counters } = planNumbers(
    [
      {
        id: invoice.id,
        customerSequence,
        finalizedAt: when.at,
        yearMonth: dayNameAt(when.at, when.tz).slice(0, 7).replace('-', ''),
        number: null,
      },
    ],
    { entity: given.length, customers },
    rule,
  );
  const number = numbers.get(invoice.id);
  if (number === undefined) throw new SystemError('store_failed', `no number for invoice ${invoice.id}`);
  const row = {
    number,
    entity: invoice.entity,
    sequence: counters.entity,
    customer_id: invoice.customer_id,
    customer_sequence: customerSequence,
    run_invoice_id: invoice.id,
    given_at: when.at,
  };
  change(store, db.insertInto('invoice_numbers').values(row).compile());
  return { number, givenAt: when.at };
}
