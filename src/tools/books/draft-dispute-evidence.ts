import { z } from 'zod';
import type { OutsideDispute } from '../../domain/books/books-desk.ts';
import { namedCustomer, pointedRecord, says } from '../../domain/language/match-words.ts';
import { plainCell } from '../../domain/language/safe-text.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import type { PaymentRecord } from '../../domain/ports.ts';
import { draftEvidence } from '../../domain/recovery/dispute-evidence.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, sayDay, sayList } from '../wording.ts';
import { disputeRecords } from './dispute-records.ts';

const MOST_CHOICES = 3;
/** Nothing can be answered any more. */
const OVER = new Set(['won', 'lost', 'warning_closed', 'prevented']);

const output = z.strictObject({
  dispute: z.string(),
  payment: z.string(),
  customer: z.string(),
  reason: z.string(),
  amount: moneySchema,
  openedOn: z.string(),
  dueOn: z.string().nullable(),
  deadline: z.string(),
  state: z.enum(['open', 'urgent', 'over', 'final']),
  sections: z.array(z.strictObject({ title: z.string(), needed: z.boolean(), lines: z.array(z.string()) })),
  missing: z.array(z.string()),
  missingNeeded: z.int(),
  warnings: z.array(z.string()),
  listed: listedSchema,
  receipt: receiptSchema,
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'draft_dispute_evidence',
  description:
    'Drafts the answer to a disputed payment from our records: facts by what the reason asks for, what is missing, what speaks against answering, the deadline. Nothing is submitted. Not for refunds.',
  scope: 'billing:read',
  effect: 'read',
  about: ['dispute', 'chargeback', 'evidence'],
  input: z.strictObject({
    dispute: z.string().trim().min(1).max(100).optional().describe('Dispute (dp_...) or payment id'),
    customer: customerInput.optional(),
  }),
  output,
  examples: [
    { say: 'draft the evidence for the dispute', input: {} },
    { say: "draft an answer to Acme's chargeback", input: { customer: 'Acme' } },
  ],
  furtherScopes: () => ['customers:read'],
  recognize,
  async run(wanted, ctx) {
    const receipt = await openReceipt(ctx, {
      name: 'Dispute evidence',
      version: 1,
      words:
        'Payments, invoices and subscriptions from Stripe, API calls from PsiZero, tickets from Supabase; each line is a record with its date',
      sources: ['stripe', 'psizero', 'supabase'],
    });
    const { dispute, payment, customer } = await disputeMeant(wanted, ctx);
    const records = await disputeRecords({ dispute, payment, customer }, ctx);
    const pack = draftEvidence(dispute, records, { now: ctx.clock.now(), tz: ctx.company.tz });
    const { deadline } = pack;
    return {
      dispute: dispute.id,
      payment: payment.id,
      customer: customer.name,
      reason: dispute.reason,
      amount: dispute.amount,
      openedOn: sayDay(dispute.openedAt, ctx.company.tz),
      dueOn: deadline.contestable ? sayDay(deadline.dueAt, ctx.company.tz) : null,
      deadline: deadline.words,
      state: deadline.contestable ? deadline.state : ('final' as const),
      sections: pack.sections.map(({ title, needed, lines }) => ({ title, needed, lines })),
      missing: pack.missing.map(({ title }) => title),
      missingNeeded: pack.missing.filter(({ needed }) => needed).length,
      warnings: pack.warnings,
      listed: [
        { id: payment.id, label: `the disputed payment of ${customer.name}`, customerId: customer.id },
      ],
      receipt: receipt(pack.sections.reduce((sum, { lines }) => sum + lines.length, 0)),
    };
  },
  narrate,
  exhibits: ({ sections, customer }) =>
    sections.length === 0
      ? []
      : [
          {
            kind: 'table',
            title: `Evidence for the dispute of ${plainCell(customer)}`,
            columns: left('Part', 'Needed', 'From our records'),
            rows: sections.map(({ title, needed, lines }) => [
              title,
              needed ? 'yes' : '',
              lines.map(plainCell).join('; '),
            ]),
          },
        ],
  // Names and subjects of tickets are written by outsiders.
  untrusted: () => true,
});

function narrate(data: Output): string {
  const { customer, amount, reason, openedOn, dueOn, deadline, missing, missingNeeded, warnings } = data;
  const due = dueOn === null ? deadline : `Evidence is due ${dueOn}: ${deadline}`;
  const lacks =
    missing.length === 0
      ? ''
      : `Not in our records${missingNeeded > 0 ? `, and ${missingNeeded} of it needed` : ''}: ${sayList(missing.map((one) => one.toLowerCase()))}.`;
  return [
    `Draft for the dispute of ${formatMoney(amount)} by ${plainCell(customer)} (reason: ${reason.replaceAll('_', ' ')}), opened ${openedOn}.`,
    due,
    `${count(data.sections.length, 'part')} from our records.`,
    lacks,
    ...warnings,
    'Nothing was submitted: whether to answer is for a person, at Stripe.',
  ]
    .filter((words) => words !== '')
    .join(' ');
}

interface Disputed {
  dispute: OutsideDispute;
  payment: PaymentRecord;
  customer: Customer;
}

/** The one dispute meant. Throws UserError `ambiguous` with those that are open, or `not_found`. */
async function disputeMeant(
  wanted: { dispute?: string | undefined; customer?: string | undefined },
  ctx: ToolContext,
): Promise<Disputed> {
  const named = wanted.customer === undefined ? null : await ctx.customers.resolve(wanted.customer);
  const all = await ctx.books.source.disputes();
  const asked = all.filter(({ id, chargeId, status }) =>
    wanted.dispute === undefined ? !OVER.has(status) : id === wanted.dispute || chargeId === wanted.dispute,
  );
  const found = (await Promise.all(asked.map((dispute) => withCustomer(dispute, ctx))))
    .flatMap((one) => one ?? [])
    .filter(({ customer }) => named === null || customer.id === named.id)
    .sort((one, other) => (one.dispute.dueAt ?? 0) - (other.dispute.dueAt ?? 0));
  const [only, another] = found;
  if (only === undefined)
    throw new UserError(
      'not_found',
      `${named === null ? 'No payment' : `No payment of ${named.name}`} is disputed.`,
    );
  if (another === undefined) return only;
  throw new UserError(
    'ambiguous',
    `${found.length} payments are disputed. Which one?`,
    undefined,
    found.slice(0, MOST_CHOICES).map(({ dispute, customer }) => ({
      label: `${formatMoney(dispute.amount)} of ${plainCell(customer.name)}`.slice(0, 75),
      say: `draft the evidence for dispute ${dispute.id}`,
    })),
  );
}

async function withCustomer(dispute: OutsideDispute, ctx: ToolContext): Promise<Disputed | null> {
  const payment = await ctx.records.getPayment(dispute.chargeId);
  const customer = payment === null ? null : await ctx.customers.get(payment.customerId);
  return payment === null || customer === null ? null : { dispute, payment, customer };
}

function recognize(utterance: Utterance): Reading[] {
  const about = says(utterance, 'dispute', 'disputes', 'disputed', 'chargeback', 'chargebacks');
  const wants = says(
    ...[
      utterance,
      'evidence',
      'draft',
      'answer',
      'respond',
      'response',
      'fight',
      'contest',
      'challenge',
      ...['prepare', 'which', 'show', 'list', 'any'],
    ],
  );
  if (!about || !wants || utterance.periods.length > 0) return [];
  const id = /\b(?:dp|du|ch|py)_[A-Za-z0-9]+/.exec(utterance.text)?.[0];
  if (id !== undefined) return [sure({ dispute: id }, `Evidence for dispute ${id}`)];
  const customer = namedCustomer(utterance);
  if (customer !== null)
    return [sure({ customer: customer.id }, `Evidence for the dispute of ${customer.name}`)];
  if (utterance.customers.length > 0) return [];
  const pointed = pointedRecord(utterance);
  if (pointed !== null && /^(?:ch|py)_/.test(pointed.id))
    return [sure({ dispute: pointed.id }, `Evidence for the dispute of ${pointed.label}`)];
  return [sure({}, 'Evidence for the open dispute')];
}

function sure(input: { [key: string]: string }, interpretation: string): Reading {
  return { input, confidence: 0.93, interpretation };
}
