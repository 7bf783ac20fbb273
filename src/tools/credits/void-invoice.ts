import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import type { OutsideInvoice } from '../../domain/billing/gateways.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Customer, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn } from '../request-wording.ts';
import { invoiceMeant } from './credit-note-words.ts';
import { namedInvoice } from './named-invoice.ts';

const input = z.strictObject({
  invoice: z.string().trim().min(1).max(100).optional().describe('Invoice id or printed number'),
  customer: customerInput.optional().describe('Instead of the invoice: their last one is meant'),
});

export default defineTool({
  name: 'void_invoice',
  description:
    'Proposes voiding an open invoice nobody has paid: it keeps its number and nothing is owed any more. Use it when asked to void an invoice. It only proposes: people approve. Not for paid invoices, which take a credit note.',
  scope: 'billing:write',
  effect: 'consequential',
  about: ['void'],
  movesMoney: true,
  input,
  examples: [{ say: 'void inv PSI-0042', input: { invoice: 'PSI-0042' } }],
  recognize,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe']);
    const { invoiceId, customer } = await namedInvoice(wanted, ctx);
    const invoice = await ctx.billing.invoices.getInvoice(invoiceId);
    checkVoidable(invoice);
    return planOf(invoice, customer, await inCompanyCurrency(invoice.total, ctx));
  },
  async apply(plan, ctx, effects) {
    const { invoiceId, number } = factsSchema.parse(plan.facts);
    const answered = (invoice: OutsideInvoice) => ({
      outsideId: invoice.id,
      result: { id: invoice.id, status: invoice.status },
    });
    await effects.perform({
      kind: 'invoice.voided',
      system: 'stripe',
      request: { invoice: invoiceId },
      ...(plan.amount === null ? {} : { amount: plan.amount }),
      send: async (key) => answered(await ctx.billing.invoices.voidInvoice(invoiceId, key)),
      lookUp: async () => {
        const found = await ctx.billing.invoices.getInvoice(invoiceId);
        return found.status === 'void' ? answered(found) : null;
      },
    });
    const name = plan.customer?.name ?? 'the customer';
    return { summary: `Voided invoice ${number} of ${name}.`, result: { invoice: invoiceId } };
  },
});

const factsSchema = z.object({ invoiceId: z.string(), number: z.string() });

function checkVoidable(invoice: OutsideInvoice): void {
  const named = `Invoice ${invoice.number ?? invoice.id}`;
  const creditInstead = 'Issue a credit note for it instead.';
  if (invoice.status === 'paid')
    throw new UserError('conflict', `${named} has been paid and cannot be voided.`, creditInstead);
  if (invoice.status !== 'open')
    throw new UserError('conflict', `${named} is ${invoice.status}: only open ones can be voided.`);
  if (invoice.amountPaid.minor > 0) {
    const paid = formatMoney(invoice.amountPaid);
    throw new UserError('conflict', `${paid} of ${named} has been paid: it cannot be voided.`, creditInstead);
  }
}

function planOf(invoice: OutsideInvoice, customer: Customer, policyAmount: Money): Plan {
  const number = invoice.number ?? invoice.id;
  const nothing = formatMoney({ ...invoice.total, minor: 0 });
  return {
    title: `Void invoice ${number} of ${customer.name} over ${formatMoney(invoice.total)}`,
    subject: { kind: 'invoice', id: invoice.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'Invoice', before: 'open', after: 'void' },
      { what: 'Owed on it', before: formatMoney(invoice.amountRemaining), after: nothing },
    ],
    touches: ['Nothing is collected on it any more; its number stays taken'],
    amount: invoice.total,
    policyAmount,
    reversible: { possible: false, how: 'A void invoice stays void; a new one would have to be issued.' },
    warnings: [],
    facts: {
      invoiceId: invoice.id,
      number,
      status: invoice.status,
      totalMinor: invoice.total.minor,
      remainingMinor: invoice.amountRemaining.minor,
      currency: invoice.total.currency,
      customerId: customer.id,
    },
  };
}

const ORDER = /^void\b/;
const SEVERAL = /\b(?:all|every|everyone|both|each|except|or|invoices)\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order)) return [];
  const which = SEVERAL.test(order) ? null : invoiceMeant(utterance);
  if (which === null) return [{ input: {}, confidence: 0.5, interpretation: 'Void an invoice' }];
  return [{ input: which.input, confidence: 0.9, interpretation: `Void ${which.words}` }];
}
