import type { Money } from '../../domain/types.ts';

/** An overdue invoice as the list gives it. */
export interface OverdueInvoice {
  id: string;
  number: string | null;
  customerId: string;
  customer: string;
  amount: Money;
  daysOverdue: number;
}

/** One reminder: a customer's oldest overdue invoice, and the others they owe. */
export interface Reminder {
  customerId: string;
  customer: string;
  invoice: OverdueInvoice;
  others: OverdueInvoice[];
}

/**
 * One a customer, in the order in which their first invoice comes: the list knows how amounts of different
 * currencies compare. Each is about the invoice that is overdue longest.
 */
export function remindersFor(invoices: readonly OverdueInvoice[]): Reminder[] {
  const byCustomer = new Map<string, OverdueInvoice[]>();
  for (const invoice of new Map(invoices.map((one) => [one.id, one])).values()) {
    byCustomer.set(invoice.customerId, [...(byCustomer.get(invoice.customerId) ?? []), invoice]);
  }
  return [...byCustomer.values()].flatMap((theirs) => {
    const [invoice, ...others] = theirs.toSorted((a, b) => b.daysOverdue - a.daysOverdue);
    if (invoice === undefined) return [];
    return [{ customerId: invoice.customerId, customer: invoice.customer, invoice, others }];
  });
}

/** The reminders asked for: all, or the first few by their largest overdue invoice or by the one overdue longest. */
export function pickReminders(
  invoices: readonly OverdueInvoice[],
  { top, by }: { top: number | null; by: 'amount' | 'age' },
): Reminder[] {
  const all = remindersFor(invoices);
  const ordered = by === 'age' ? all.toSorted((a, b) => b.invoice.daysOverdue - a.invoice.daysOverdue) : all;
  return top === null ? ordered : ordered.slice(0, top);
}
