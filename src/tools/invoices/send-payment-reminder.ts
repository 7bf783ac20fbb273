import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { InvoiceRecord } from '../../domain/ports.ts';
import type { Customer } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { dayWords } from '../day-words.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn, withoutCustomers } from '../request-wording.ts';
import { reachableContact } from './reachable-contact.ts';

const NAME = 'send_payment_reminder';
const RECENTLY_MS = 7 * 86_400_000;

const input = z.strictObject({
  invoice: z.string().trim().min(1).max(100).optional().describe('Invoice id or number, when it is known'),
  customer: customerInput.optional().describe('Customer id or name: their oldest unpaid invoice is meant'),
  note: z.string().trim().min(1).max(500).optional().describe("The person's own words to put into the mail"),
});
type Input = z.output<typeof input>;
type LiveInvoice = Awaited<ReturnType<ToolContext['payments']['getInvoice']>>;

export default defineTool({
  name: NAME,
  description:
    "Proposes a mail to a customer's billing contact about an unpaid invoice. Use it when asked to remind, nudge or chase somebody about paying. It only proposes: people approve. Not for reminding a colleague, and not for paid invoices.",
  scope: 'customers:contact',
  effect: 'consequential',
  movesMoney: false,
  input,
  examples: [
    { say: 'remind Acme about their invoice', input: { customer: 'Acme' } },
    { say: 'nudge Acme to pay', input: { customer: 'Acme' } },
    { say: 'send a payment reminder for invoice in_123', input: { invoice: 'in_123' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe']);
    const record = await findInvoice(wanted, ctx);
    const customer = await ctx.customers.get(record.customerId);
    if (customer === null)
      throw new UserError('not_found', `The customer of invoice ${nameOf(record)} is not known.`);
    const live = await ctx.payments.getInvoice(record.id);
    checkUnpaid(live, customer);
    const to = await reachableContact(customer, ctx);
    const remindedAt = await lastReminderAt(record.id, customer.id, ctx);
    return planOf({ live, customer, to, note: wanted.note ?? null, remindedAt, ctx });
  },
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const sent = await effects.perform({
      kind: 'email.sent',
      system: 'mail',
      request: { to: facts.to.email, subject: facts.subject, text: facts.text, invoice: facts.invoiceId },
      send: async (messageKey) => {
        const { messageId } = await ctx.mail.send({
          to: facts.to,
          subject: facts.subject,
          text: facts.text,
          messageKey,
        });
        return { outsideId: messageId, result: { messageId } };
      },
    });
    const name = plan.customer?.name ?? 'the customer';
    return {
      summary: `Reminded ${name} at ${facts.to.email} about invoice ${facts.number}.`,
      result: { message: sent.messageId, invoice: facts.invoiceId },
    };
  },
});

const factsSchema = z.object({
  invoiceId: z.string(),
  number: z.string(),
  to: z.object({ email: z.string(), name: z.string() }),
  subject: z.string(),
  text: z.string(),
});

async function findInvoice(wanted: Input, ctx: ToolContext): Promise<InvoiceRecord> {
  const named = wanted.customer === undefined ? null : await ctx.customers.resolve(wanted.customer);
  if (wanted.invoice !== undefined) {
    const invoice = await ctx.records.getInvoice(wanted.invoice);
    if (invoice === null) throw new UserError('not_found', `There is no invoice ${wanted.invoice}.`);
    if (named !== null && invoice.customerId !== named.id) {
      throw new UserError('conflict', `Invoice ${nameOf(invoice)} is not one of ${named.name}.`);
    }
    return invoice;
  }
  if (named === null) {
    throw new UserError(
      'invalid_input',
      'It takes an invoice or a customer to remind.',
      'Name the customer.',
    );
  }
  for (const state of ['overdue', 'open'] as const) {
    const { rows } = await ctx.records.listInvoices({
      customerId: named.id,
      state,
      at: ctx.clock.now(),
      order: 'oldest',
      limit: 1,
    });
    if (rows[0] !== undefined) return rows[0];
  }
  throw new UserError(
    'conflict',
    `${named.name} has no unpaid invoice, so there is nothing to remind them of.`,
  );
}

const nameOf = (invoice: { id: string; number: string | null }): string => invoice.number ?? invoice.id;

function checkUnpaid(live: LiveInvoice, customer: Customer): void {
  const which = `Invoice ${nameOf(live)} of ${customer.name}`;
  const why: Record<string, string> = {
    paid: 'has been paid',
    draft: 'is a draft that has not been sent yet',
    void: 'was voided',
    uncollectible: 'was written off',
  };
  if (live.status !== 'open') {
    throw new UserError(
      'conflict',
      `${which} ${why[live.status] ?? `is ${live.status}`}, so there is nothing to remind of.`,
    );
  }
  if (live.amountRemaining.minor <= 0) throw new UserError('conflict', `${which} has nothing left to pay.`);
}

/** From the trail: when a reminder of this invoice last went out. */
async function lastReminderAt(
  invoiceId: string,
  customerId: string,
  ctx: ToolContext,
): Promise<number | null> {
  const { rows } = await ctx.approvals.audit({ subject: customerId, limit: 200 });
  const done = z.object({ tool: z.literal(NAME), about: z.literal(`invoice:${invoiceId}`) });
  const sent = rows.find((row) => row.action === 'approval.applied' && done.safeParse(row.details).success);
  return sent?.at ?? null;
}

function planOf(found: {
  live: LiveInvoice;
  customer: Customer;
  to: { email: string; name: string };
  note: string | null;
  remindedAt: number | null;
  ctx: ToolContext;
}): Plan {
  const { live, customer, to, remindedAt, ctx } = found;
  const mail = mailOf(found);
  const recently = remindedAt !== null && ctx.clock.now() - remindedAt < RECENTLY_MS;
  const early = live.dueAt !== null && live.dueAt > ctx.clock.now();
  return {
    title: `Remind ${customer.name} about ${formatMoney(live.amountRemaining)} on invoice ${nameOf(live)}`,
    subject: { kind: 'invoice', id: live.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'Mail', before: 'not sent', after: `to ${to.name} <${to.email}>` },
      { what: 'Subject', before: '', after: mail.subject },
      { what: 'Text', before: '', after: mail.text },
    ],
    touches: [`${to.email} gets this mail`],
    amount: live.amountRemaining,
    policyAmount: null,
    reversible: { possible: false, how: 'A mail that was sent cannot be taken back.' },
    warnings: [
      ...(recently ? [`They were last reminded on ${dayWords(remindedAt, ctx.company.tz)}.`] : []),
      ...(early ? ['The invoice is not due yet.'] : []),
    ],
    facts: {
      invoiceId: live.id,
      number: nameOf(live),
      status: live.status,
      amountRemainingMinor: live.amountRemaining.minor,
      currency: live.amountRemaining.currency,
      dueAt: live.dueAt,
      customerId: customer.id,
      lastReminderAt: remindedAt,
      to,
      subject: mail.subject,
      text: mail.text,
    },
  };
}

/** Dates, not "days ago": the mail approved is the mail sent, whenever that is. */
function mailOf(found: { live: LiveInvoice; to: { name: string }; note: string | null; ctx: ToolContext }): {
  subject: string;
  text: string;
} {
  const { live, to, note, ctx } = found;
  const amount = formatMoney(live.amountRemaining);
  const dueOn = live.dueAt === null ? null : dayWords(live.dueAt, ctx.company.tz);
  const which = `nvoice ${nameOf(live)} for ${amount}`;
  const lines = [
    `Hello ${to.name},`,
    `i${which}${dueOn === null ? '' : `, due ${dueOn},`} is still open. Could you have a look?`,
    ...(note === null ? [] : [note]),
    ...(live.hostedUrl === null ? [] : [`You can see and pay it here: ${live.hostedUrl}`]),
    'If you have paid in the meantime, please ignore this mail. If something is wrong with the invoice, just reply.',
    `Kind regards\n${ctx.company.name}`,
  ];
  return { subject: `I${which}${dueOn === null ? '' : `, due ${dueOn}`}`, text: lines.join('\n\n') };
}

const VERB =
  /^(?:remind|nudge|chase|ping|dun|dunn|poke|prod|email|mail|follow up with|chase up|check in with|bug|hound|get after|go after)\b(?! (?:me|us|myself|ourselves)\b)|^(?:send|shoot|drop|write|fire off)\b.*\b(?:reminder|nudge|dunning (?:mail|email|notice))\b/;
const ABOUT =
  /\b(?:invoices?|bills?|pay|paying|payment|payments|overdue|owes?|owed|outstanding|unpaid|due|balance|debt)\b/;
const BARE = /^(?:remind|nudge|chase|chase up|dun|dunn|poke|prod|send (?:them |a |the )*reminder(?: to)?)$/;
/** The invoice itself, a second time, is no reminder of it. */
const ONCE_MORE =
  /^(?:email|mail)\b(?!.*\b(?:remind|pay|overdue|unpaid|owe|outstanding)).*\b(?:again|once more)\b/;
const UNCLEAR = /\b(?:all|every|everyone|everybody|both|each|except|or)\b/;

/** "Remind them" after records that are all of one customer: that customer. */
function theirs({
  words,
  customers,
  previous,
}: Utterance): { id: string; label: string; customerId: string } | null {
  if (customers.length > 0 || !/\b(?:them|they)\b/.test(words.join(' '))) return null;
  const [only, another] = new Set(previous[0]?.listed.map(({ customerId }) => customerId));
  if (only === undefined || another !== undefined) return null;
  return { id: only, label: previous[0]?.customerName ?? 'their unpaid invoice', customerId: only };
}

const FAILED = /\bfailed (?:payment|charge|card)s?\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  // A payment that failed has a mail of its own.
  if (order === null || !VERB.test(order) || ONCE_MORE.test(order) || FAILED.test(order)) return [];
  const customer = namedCustomer(utterance);
  const id =
    /\bin_[A-Za-z0-9]+/.exec(utterance.text)?.[0] ??
    /\b[A-Z0-9]{3,}-\d{3,}\b/.exec(withoutCustomers(utterance))?.[0];
  const pointed = pointedRecord(utterance) ?? theirs(utterance);
  const aboutPaying = ABOUT.test(order) || (customer !== null && BARE.test(order.trim()));
  if (!aboutPaying && id === undefined && pointed === null) return [];
  const unsure: Reading[] = [
    { input: {}, confidence: 0.5, interpretation: 'Remind a customer about an invoice' },
  ];
  if (UNCLEAR.test(order)) return unsure;
  if (id !== undefined) {
    return [{ input: { invoice: id }, confidence: 0.9, interpretation: `Send a reminder of invoice ${id}` }];
  }
  if (customer !== null) {
    return [
      {
        input: { customer: customer.id },
        confidence: 0.9,
        interpretation: `Remind ${customer.name} about their unpaid invoice`,
      },
    ];
  }
  if (utterance.customers.length > 0 || pointed === null) return unsure;
  const isInvoice = /^in_/.test(pointed.id);
  if (!isInvoice && pointed.customerId === undefined) return unsure;
  return [
    {
      input: isInvoice ? { invoice: pointed.id } : { customer: pointed.customerId ?? pointed.id },
      confidence: 0.9,
      interpretation: `Send a reminder about ${pointed.label}`,
    },
  ];
}
