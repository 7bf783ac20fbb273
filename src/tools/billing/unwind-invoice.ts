import { z } from 'zod';
import type { OutsideInvoice } from '../../domain/billing/gateways.ts';
import type { RunInvoice } from '../../domain/billing/run/billing-desk.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Money } from '../../domain/types.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { orderIn } from '../request-wording.ts';
import { planUnwinding, unwindFacts } from './unwind-plan.ts';

const input = z.strictObject({
  invoice: z.string().trim().min(1).max(60).describe('Number (PSI-...) or id (rinv_...)'),
});

export default defineTool({
  name: 'unwind_invoice',
  description:
    'Proposes taking back one invoice that a month-close issued, as its state allows: voided, or credited with what was paid refunded. It only proposes. Not for a whole month, nor for other invoices.',
  scope: 'billing:write',
  effect: 'consequential',
  movesMoney: true,
  about: ['rollback'],
  input,
  examples: [{ say: 'take back invoice PSI-202611-004', input: { invoice: 'PSI-202611-004' } }],
  recognize(utterance) {
    const order = orderIn(utterance);
    const id = /\b(?:rinv_\w+|[A-Z]{2,}-\d{6}-\d{3,})\b/.exec(utterance.text)?.[0];
    if (order === null || id === undefined || !/^(?:unwind|take back|roll back|rollback)\b/.test(order))
      return [];
    return [{ input: { invoice: id }, confidence: 0.92, interpretation: `Take back invoice ${id}` }];
  },
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe']);
    const { runs } = ctx.billing;
    const invoice = (await runs.get(wanted.invoice)) ?? (await runs.numbered(wanted.invoice));
    if (invoice === null)
      throw new UserError('not_found', `No month-close has an invoice ${wanted.invoice}.`);
    await checkUnwindable(invoice, ctx);
    return planUnwinding(invoice, ctx);
  },
  async apply(plan, ctx, effects) {
    const facts = unwindFacts.parse(plan.facts);
    const { step, stripeId, invoiceId } = facts;
    const amount = plan.amount === null ? {} : { amount: plan.amount };
    const voided = (found: OutsideInvoice) => ({ outsideId: found.id, result: { id: found.id } });
    const noted = (note: { id: string; number: string | null; total: Money }) => ({
      outsideId: note.id,
      result: { id: note.id, number: note.number },
    });
    const { asked } = facts;
    if (step === 'void') {
      await effects.perform({
        ...{ kind: 'invoice.voided', system: 'stripe', request: { invoice: stripeId } },
        ...amount,
        send: async (key) => voided(await ctx.billing.invoices.voidInvoice(stripeId, key)),
        lookUp: async () => {
          const found = await ctx.billing.invoices.getInvoice(stripeId);
          return found.status === 'void' ? voided(found) : null;
        },
      });
    } else if (step === 'credit_note' && asked !== null) {
      await effects.perform({
        ...{ kind: 'credit_note.created', system: 'stripe', request: { ...asked } },
        ...amount,
        send: async (idempotencyKey) =>
          noted(await ctx.credits.createCreditNote({ ...asked, idempotencyKey })),
        lookUp: async (key) => {
          const found = await ctx.credits.findCreditNote(asked.invoiceId, key);
          return found === null ? null : noted(found);
        },
      });
    }
    await forget(invoiceId, DONE[step], ctx);
    const total = plan.amount === null ? '' : ` over ${formatMoney(plan.amount)}`;
    return {
      summary: `Took back invoice ${facts.number}${total}: ${DONE[step]}.`,
      result: { invoice: invoiceId, number: facts.number, how: DONE[step] },
    };
  },
});

const DONE = { void: 'voided', credit_note: 'credited', nothing: 'found taken back' } as const;

/** Its month is open again, and what it billed for closed months is owed again. May run again after a crash. */
async function forget(invoiceId: string, how: string, ctx: ToolContext): Promise<void> {
  const { runs, metering } = ctx.billing;
  const invoice = await runs.get(invoiceId);
  if (invoice === null) throw new SystemError('store_failed', `invoice ${invoiceId} is gone`);
  await runs.markUnwound(invoiceId, how);
  const { basis } = invoice;
  const nowAt = ctx.clock.now();
  metering.reopenPeriod(basis.customerId, { startAt: basis.startAt, endAt: basis.endAt }, nowAt);
  for (const { now } of basis.late) metering.unsettlePeriod(basis.customerId, now);
}

/** A later invoice may bill what came late for this one's month: that one goes first. */
async function checkUnwindable(invoice: RunInvoice, ctx: ToolContext): Promise<void> {
  const { basis } = invoice;
  const named = invoice.number ?? invoice.id;
  if (invoice.state === 'unwound')
    throw new UserError('conflict', `Invoice ${named} was taken back already.`);
  if (invoice.state !== 'issued') {
    throw new UserError('conflict', `Invoice ${named} was never issued, so there is nothing to take back.`);
  }
  const later = (await ctx.billing.runs.ofCustomer(basis.customerId)).find(
    (one) => one.state === 'issued' && one.basis.late.some(({ now }) => now.startAt === basis.startAt),
  );
  if (later !== undefined) {
    throw new UserError(
      'conflict',
      `Invoice ${later.number ?? later.id} bills usage that came late for the month of ${named}.`,
      'Take that one back first.',
    );
  }
}
