import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import type { OutsideInvoice } from '../../domain/billing/gateways.ts';
import { planRollback, type RollbackStep } from '../../domain/billing/rollback.ts';
import type { RunInvoice } from '../../domain/billing/run/billing-desk.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { type PlannedCreditNote, plannedCreditNote } from '../credits/asked-credit-note.ts';
import { creditNoteFacts } from '../credits/credit-note-plan.ts';
import type { ToolContext } from '../define-tool.ts';

/** What `apply` needs of an invoice that is taken back, and what the stale-plan guard compares. */
export const unwindFacts = z.object({
  invoiceId: z.string(),
  stripeId: z.string(),
  number: z.string(),
  status: z.string(),
  paidMinor: z.number().int(),
  remainingMinor: z.number().int(),
  step: z.enum(['void', 'credit_note', 'nothing']),
  asked: creditNoteFacts.shape.asked.nullable(),
});

/** How one invoice of a close is taken back, by its state at Stripe now. */
export async function planUnwinding(invoice: RunInvoice, ctx: ToolContext): Promise<Plan> {
  const { basis } = invoice;
  const outside = await ctx.billing.invoices.getInvoice(stripeIdOf(invoice));
  const { step, credit } = await stepOf(invoice, outside, ctx);
  const number = invoice.number ?? invoice.id;
  const { total } = outside;
  const amount = credit === null ? total : { ...total, minor: Number(credit.note.totalMinor) };
  const nothing = formatMoney({ ...total, minor: 0 });
  const what = WORDS[step.do];
  return {
    title: `Take back invoice ${number} of ${basis.customerName} over ${formatMoney(total)}: ${what}`,
    subject: { kind: 'run_invoice', id: invoice.id },
    customer: { id: basis.customerId, name: basis.customerName },
    changes: [
      { what: 'Invoice', before: outside.status, after: step.do === 'nothing' ? outside.status : what },
      { what: 'Owed on it', before: formatMoney(outside.amountRemaining), after: nothing },
      ...(credit === null || credit.givenBack.minor === 0
        ? []
        : [{ what: 'Given back', before: nothing, after: formatMoney(credit.givenBack) }]),
    ],
    touches: [
      step.do === 'nothing'
        ? `Nothing at Stripe: ${step.because}`
        : `${basis.customerName} no longer owes it; its number stays taken`,
      'The month is open again and can be closed anew',
    ],
    amount,
    policyAmount: await inCompanyCurrency(amount, ctx),
    reversible: { possible: false, how: 'The month can be closed anew, with the next numbers.' },
    warnings: [],
    facts: unwindFacts.parse({
      invoiceId: invoice.id,
      stripeId: outside.id,
      number,
      status: outside.status,
      paidMinor: outside.amountPaid.minor,
      remainingMinor: outside.amountRemaining.minor,
      step: step.do,
      asked: credit?.asked ?? null,
    }),
  };
}

const WORDS: Readonly<Record<RollbackStep['do'], string>> = {
  delete: 'deleted',
  void: 'voided',
  credit_note: 'credited',
  nothing: 'nothing to do',
};

interface Unwinding {
  step: Exclude<RollbackStep, { do: 'delete' }>;
  credit: PlannedCreditNote | null;
}

async function stepOf(invoice: RunInvoice, outside: OutsideInvoice, ctx: ToolContext): Promise<Unwinding> {
  const { total, amountPaid, amountRemaining, status } = outside;
  const untouched = amountPaid.minor === 0 && amountRemaining.minor === total.minor;
  const creditable = untouched || status === 'void' ? null : await ctx.credits.getCreditable(outside.id);
  const [step] = planRollback([
    {
      id: invoice.id,
      state: status,
      issuedAt: invoice.issuedAt ?? 0,
      totalMinor: BigInt(total.minor),
      paidMinor: BigInt(amountPaid.minor),
      creditedMinor: (creditable?.earlier ?? []).reduce((sum, note) => sum + note.totalMinor, 0n),
    },
  ]);
  if (step === undefined || step.do === 'delete') {
    throw new UserError('conflict', `Invoice ${invoice.number} is a draft at Stripe still: delete it there.`);
  }
  if (step.do !== 'credit_note' || creditable === null) return { step, credit: null };
  const credit = plannedCreditNote(creditable, {
    wish: { kind: 'rest' },
    to: step.refundMinor > 0n ? 'card' : 'balance',
    reason: null,
    memo: `Taken back: invoice ${invoice.number ?? outside.id}`,
  });
  const theirs = await ctx.credits.previewCreditNote(credit.asked);
  if (theirs.minor !== Number(credit.note.totalMinor)) {
    const ours = formatMoney({ ...theirs, minor: Number(credit.note.totalMinor) });
    throw new UserError(
      'conflict',
      `By our sums this credit note is ${ours}, by Stripe's ${formatMoney(theirs)}.`,
    );
  }
  return { step, credit };
}

function stripeIdOf(invoice: RunInvoice): string {
  if (invoice.stripeInvoiceId !== null) return invoice.stripeInvoiceId;
  throw new SystemError('store_failed', `invoice ${invoice.id} was issued without one at Stripe`);
}
