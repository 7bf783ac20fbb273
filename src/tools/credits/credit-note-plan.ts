import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { CREDIT_REASONS, type CreditableInvoice } from '../../domain/billing/gateways.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Money } from '../../domain/types.ts';
import type { CreditPlace, PlannedCreditNote } from './asked-credit-note.ts';
import type { InvoiceAndCustomer } from './named-invoice.ts';

const moneySchema = z.object({ minor: z.number().int(), currency: z.string() });
/** What `apply` needs of a credit note that was approved. */
export const creditNoteFacts = z.object({
  number: z.string(),
  asked: z.object({
    invoiceId: z.string(),
    lines: z.array(
      z.object({
        invoiceLineId: z.string(),
        amount: moneySchema,
        taxes: z.array(z.object({ rate: z.string(), amount: moneySchema, taxable: moneySchema })),
      }),
    ),
    refund: moneySchema,
    balance: moneySchema,
    outOfBand: moneySchema,
    reason: z.enum(CREDIT_REASONS).nullable(),
    memo: z.string(),
  }),
});

export const totalOf = ({ note, creditable }: PlannedCreditNote): Money => ({
  minor: Number(note.totalMinor),
  currency: creditable.currency,
});

const GIVEN: Readonly<Record<CreditPlace, string>> = {
  balance: 'goes to their balance and lowers the next invoices',
  card: 'goes back the way it was paid',
  outside: 'is to be given back outside Stripe, by us',
};

export function creditNotePlan(found: {
  found: InvoiceAndCustomer;
  invoice: CreditableInvoice;
  planned: PlannedCreditNote;
  to: CreditPlace;
  policyAmount: Money;
}): Plan {
  const { invoice, planned, to } = found;
  const { customer } = found.found;
  const number = invoice.number ?? invoice.id;
  const { currency } = invoice.total;
  const say = (minor: bigint) => formatMoney({ minor: Number(minor), currency });
  const amount = totalOf(planned);
  const due = { ...invoice.amountRemaining, minor: invoice.amountRemaining.minor - planned.lowers.minor };
  return {
    title: `Credit note over ${formatMoney(amount)} for invoice ${number} of ${customer.name}`,
    subject: { kind: 'invoice', id: invoice.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      {
        what: 'Credited: without tax + tax',
        before: '',
        after: `${say(planned.note.netMinor)} + ${say(planned.note.taxMinor)}`,
      },
      {
        what: 'Left to credit of the invoice',
        before: formatMoney(planned.creditable),
        after: formatMoney(planned.left),
      },
      ...(planned.lowers.minor === 0
        ? []
        : [{ what: 'Due', before: formatMoney(invoice.amountRemaining), after: formatMoney(due) }]),
    ],
    touches:
      planned.givenBack.minor === 0
        ? [`${customer.email} gets the credit note from Stripe; nothing was paid, so nothing is given back`]
        : [
            `${formatMoney(planned.givenBack)} ${GIVEN[to]}`,
            `${customer.email} gets the credit note from Stripe`,
          ],
    amount,
    policyAmount: found.policyAmount,
    reversible:
      invoice.status === 'open' && due.minor > 0
        ? { possible: true, how: 'It can be voided while the invoice is open.' }
        : { possible: false, how: 'A credit note on a paid invoice stays.' },
    warnings:
      to === 'outside' && planned.givenBack.minor > 0
        ? ['Somebody has to send this money: Stripe does not.']
        : [],
    facts: {
      number,
      status: invoice.status,
      paidMinor: invoice.amountPaid.minor,
      remainingMinor: invoice.amountRemaining.minor,
      creditableMinor: planned.creditable.minor,
      customerId: customer.id,
      asked: creditNoteFacts.shape.asked.parse(planned.asked),
    },
  };
}
