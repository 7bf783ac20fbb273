import type { BillingConventions } from './conventions.ts';

export interface InvoiceToNumber {
  id: string;
  /** The customer's own running number in the entity ("001" of PSI-001-014). */
  customerSequence: number;
  /** When it is finalised, epoch ms; the order of numbers. */
  finalizedAt: number;
  /** The local year and month of the entity: "202310". */
  yearMonth: string;
  /** One that has a number keeps it; a draft (null and not to be finalised) has none. */
  number: string | null;
}

export interface NumberCounters {
  /** How many invoices of the entity have a number. */
  entity: number;
  /** By customer sequence. */
  customers: ReadonlyMap<number, number>;
}

export interface NumberPlan {
  numbers: ReadonlyMap<string, string>;
  counters: NumberCounters;
}

/**
 * Numbers without gaps: those who have one keep it, the others get the next in the order in which they are finalised
 * (then by id). A run that is repeated with its result gives the same. Per entity the count goes on over months, and
 * goes on from all already numbered when the scheme is switched; per customer each has its own.
 */
export function planNumbers(
  invoices: readonly InvoiceToNumber[],
  counters: NumberCounters,
  rule: BillingConventions['numbering'],
): NumberPlan {
  const numbers = new Map(
    invoices.flatMap(({ id, number }): [string, string][] => (number === null ? [] : [[id, number]])),
  );
  const customers = new Map(counters.customers);
  let entity = counters.entity;
  const waiting = invoices
    .filter(({ number }) => number === null)
    .sort((one, other) => one.finalizedAt - other.finalizedAt || (one.id < other.id ? -1 : 1));
  for (const invoice of waiting) {
    entity += 1;
    const ofCustomer = (customers.get(invoice.customerSequence) ?? 0) + 1;
    customers.set(invoice.customerSequence, ofCustomer);
    const parts =
      rule.scheme === 'per_customer'
        ? [padded(invoice.customerSequence), padded(ofCustomer)]
        : [invoice.yearMonth, padded(entity)];
    numbers.set(invoice.id, [rule.prefix, ...parts].join('-'));
  }
  return { numbers, counters: { entity, customers } };
}

/** What stands where a draft's number will be. */
export function draftNumber(rule: BillingConventions['numbering']): string {
  return `${rule.prefix}-DRAFT`;
}

function padded(value: number): string {
  return String(value).padStart(3, '0');
}
