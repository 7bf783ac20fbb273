import { z } from 'zod';
import { CREDIT_REASONS } from '../../domain/billing/gateways.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { PLACES, type PlannedCreditNote, plannedCreditNote } from './asked-credit-note.ts';
import { creditNoteFacts, creditNotePlan, totalOf } from './credit-note-plan.ts';
import { readCreditNoteOrder } from './credit-note-words.ts';
import { wishOf } from './credit-wish-words.ts';
import { namedInvoice } from './named-invoice.ts';

const input = z.strictObject({
  invoice: z.string().trim().min(1).max(100).optional().describe('Invoice id or printed number'),
  customer: customerInput.optional().describe('Instead of the invoice: their last one is meant'),
  amount: z.string().trim().max(30).optional().describe('Decimal with tax; default all that is left'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  percent: z
    .string()
    .regex(/^(half|\d{1,3}(\.\d{1,4})?)$/)
    .optional()
    .describe('"half" or a percentage of the invoice, instead of amount'),
  line: z.string().trim().min(1).max(200).optional().describe('Words of one line, instead of amount'),
  to: z.enum(PLACES).optional().describe('Where what was paid goes; default balance'),
  reason: z.enum(CREDIT_REASONS).optional(),
  memo: z.string().trim().min(1).max(300).optional().describe('Printed on the note'),
});

export default defineTool({
  name: 'issue_credit_note',
  description:
    'Proposes a credit note for an open or paid invoice: in full, a sum, a percentage or a line. Use it when asked for a credit note or to correct an invoice. It only proposes: people approve. Not for a plain credit to a balance or a refund without an invoice.',
  scope: 'billing:write',
  effect: 'consequential',
  about: ['credit'],
  movesMoney: true,
  input,
  examples: [
    { say: 'credit note for invoice PSI-0042, half', input: { invoice: 'PSI-0042', percent: 'half' } },
    { say: 'issue a credit note for in_123', input: { invoice: 'in_123' } },
  ],
  recognize: readCreditNoteOrder,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe']);
    const found = await namedInvoice(wanted, ctx);
    const invoice = await ctx.credits.getCreditable(found.invoiceId);
    const planned = plannedCreditNote(invoice, {
      wish: wishOf(wanted, invoice),
      to: wanted.to ?? 'balance',
      reason: wanted.reason ?? null,
      memo: wanted.memo ?? `Credit for invoice ${invoice.number ?? invoice.id}`,
    });
    await comparePreview(planned, await ctx.credits.previewCreditNote(planned.asked));
    const policyAmount = await inCompanyCurrency(totalOf(planned), ctx);
    return creditNotePlan({ found, invoice, planned, to: wanted.to ?? 'balance', policyAmount });
  },
  async apply(plan, ctx, effects) {
    const { asked, number } = creditNoteFacts.parse(plan.facts);
    const answered = (note: { id: string; number: string | null; total: Money }) => ({
      outsideId: note.id,
      result: { id: note.id, number: note.number, totalMinor: note.total.minor },
    });
    const note = await effects.perform({
      kind: 'credit_note.created',
      system: 'stripe',
      request: { ...asked },
      ...(plan.amount === null ? {} : { amount: plan.amount }),
      send: async (idempotencyKey) =>
        answered(await ctx.credits.createCreditNote({ ...asked, idempotencyKey })),
      lookUp: async (key) => {
        const found = await ctx.credits.findCreditNote(asked.invoiceId, key);
        return found === null ? null : answered(found);
      },
    });
    const sum = plan.amount === null ? '' : ` over ${formatMoney(plan.amount)}`;
    return {
      summary: `Issued credit note ${note.number ?? note.id}${sum} for invoice ${number}.`,
      result: { creditNote: note.id, number: note.number, totalMinor: note.totalMinor },
    };
  },
  async undo(applied, plan, ctx, effects) {
    const { asked, number } = creditNoteFacts.parse(plan.facts);
    const id = z.string().parse(applied.result.creditNote);
    const { status } = await ctx.credits.getCreditable(asked.invoiceId);
    if (status !== 'open') {
      throw new UserError(
        'conflict',
        `Invoice ${number} is ${status}: a credit note can be voided only while its invoice is open.`,
      );
    }
    await effects.perform({
      kind: 'credit_note.voided',
      system: 'stripe',
      request: { creditNote: id },
      send: async (idempotencyKey) => {
        await ctx.credits.voidCreditNote(id, idempotencyKey);
        return { outsideId: id, result: null };
      },
    });
    return { summary: `Voided the credit note for invoice ${number}.`, result: { creditNote: id } };
  },
});
async function comparePreview(planned: PlannedCreditNote, preview: Money): Promise<void> {
  const ours = totalOf(planned);
  if (preview.minor === ours.minor && preview.currency === ours.currency) return;
  throw new UserError(
    'conflict',
    `By our sums this credit note is ${formatMoney(ours)}, by Stripe's ${formatMoney(preview)}.`,
    'Look at the invoice at Stripe before anything is credited.',
  );
}
