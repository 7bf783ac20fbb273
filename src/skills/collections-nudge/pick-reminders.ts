import { exponentOf } from '../../domain/money/exponents.ts';
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

/** One a customer, those who owe most first, then those who owe longest. Sums are compared in major units. */
export function remindersFor(invoices: readonly OverdueInvoice[]): Reminder[] {
  const byCustomer = new Map<string, OverdueInvoice[]>();
  for (const invoice of new Map(invoices.map((one) => [one.id, one])).values()) {
    byCustomer.set(invoice.customerId, [...(byCustomer.get(invoice.customerId) ?? []), invoice]);
  }
  return [...byCustomer.values()]
    .flatMap((theirs) => {
      const [invoice, ...others] = theirs.toSorted(
        (a, b) => b.daysOverdue - a.daysOverdue || majorOf(b) - majorOf(a),
      );
      if (invoice === undefined) return [];
      const { customerId, customer } = invoice;
      const owed = theirs.reduce((sum, one) => sum + majorOf(one), 0);
      return [{ reminder: { customerId, customer, invoice, others }, owed }];
    })
    .sort((a, b) => b.owed - a.owed || b.reminder.invoice.daysOverdue - a.reminder.invoice.daysOverdue)
    .map(({ reminder }) => reminder);
}

const majorOf = ({ amount }: OverdueInvoice): number => amount.minor / 10 ** exponentOf(amount.currency);
