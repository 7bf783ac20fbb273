import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { namedCustomer } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { classifyDecline } from '../../domain/recovery/classify-decline.ts';
import { draftMessage } from '../../domain/recovery/dunning-message.ts';
import { DEFAULT_LADDERS, type LadderStep } from '../../domain/recovery/ladder.ts';
import { planRestriction } from '../../domain/recovery/restriction.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { reachableContact } from '../invoices/reachable-contact.ts';
import { orderIn } from '../request-wording.ts';
import { totals } from '../wording.ts';
import { recoverySegmentOf } from './customer-segment.ts';
import { dunningStateOf, holdWords } from './dunning-state.ts';

const input = z.strictObject({
  customer: customerInput,
  step: z.string().max(40).optional().describe('Of their ladder; left out: the next'),
});

export default defineTool({
  name: 'send_recovery_mail',
  description:
    'Proposes the next mail of the recovery sequence to a customer whose payment failed: what is open, why, and a link to pay or change the card. It only proposes: people approve. Not for invoices that are merely unpaid.',
  scope: 'customers:contact',
  effect: 'consequential',
  about: ['mail', 'card'],
  movesMoney: false,
  input,
  examples: [
    { say: 'ask Acme to update their card', input: { customer: 'Acme' } },
    { say: 'mail Acme about their failed payment', input: { customer: 'Acme' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe', 'psizero']);
    const customer = await ctx.customers.resolve(wanted.customer);
    const [failing] = await ctx.recovery.failing(customer.id);
    const first = failing?.invoices[0];
    if (failing === undefined || first === undefined)
      throw new UserError('conflict', `${customer.name} owes nothing after a failed payment.`);
    const now = ctx.clock.now();
    const dunning = await ctx.recovery.dunningOf(customer.id);
    const ladder = dunning?.ladder ?? (await recoverySegmentOf(customer, ctx));
    const openedAt = dunning?.openedAt ?? first.firstFailedAt;
    const state = await dunningStateOf({ customerId: customer.id, openedAt, ladder }, failing, ctx);
    const why = holdWords(state, now);
    if (why !== null) throw new UserError('conflict', `${customer.name} is not written to now: ${why}.`);
    const step = mailStep(
      DEFAULT_LADDERS[ladder].steps,
      new Set(state.done.map(({ stepId }) => stepId)),
      wanted.step,
    );
    const to = await reachableContact(customer, ctx);
    const payUrl = failing.invoices.find(({ hostedUrl }) => hostedUrl !== null)?.hostedUrl;
    if (!payUrl) throw new UserError('conflict', 'Stripe gives no page on which they could pay.');
    const message = draftMessage(
      step,
      {
        customerName: to.name,
        invoices: failing.invoices.map(({ id, number, remaining }) => ({ number: number ?? id, remaining })),
        decline: first.lastDecline === null ? null : classifyDecline(first.lastDecline),
        payUrl,
        // Only what people have approved is announced.
        restrictions: state.rehearsal?.approvedAt == null ? [] : planRestriction(state, now),
        contact: ctx.company.name,
      },
      { now, tz: ctx.company.tz },
    );
    const text = [...message.paragraphs, `${message.action.label}: ${message.action.url}`].join('\n\n');
    return planOf({ customer, to, subject: message.subject, text, step, invoices: failing.invoices });
  },
  async apply(plan, ctx, effects) {
    const { to, subject, text, step, customerId } = factsSchema.parse(plan.facts);
    const sent = await effects.perform({
      kind: 'email.sent',
      system: 'mail',
      request: { to: to.email, subject, text, step },
      send: async (messageKey) => {
        const { messageId } = await ctx.mail.send({ to, subject, text, messageKey });
        return { outsideId: messageId, result: { messageId } };
      },
    });
    await ctx.recovery.note(customerId, { kind: 'step', step, untilAt: null, by: 'approval' });
    const name = plan.customer?.name ?? 'the customer';
    return { summary: `Wrote to ${name} at ${to.email}.`, result: { message: sent.messageId, step } };
  },
});

const factsSchema = z.object({
  customerId: z.string(),
  to: z.object({ email: z.string(), name: z.string() }),
  subject: z.string(),
  text: z.string(),
  step: z.string(),
});

/** The step asked for, else the next mail that was not sent yet, else the last one's tone once more. */
function mailStep(
  steps: readonly LadderStep[],
  done: ReadonlySet<string>,
  wanted: string | undefined,
): LadderStep {
  const mails = steps.filter(({ channel }) => channel === 'email');
  const found =
    wanted === undefined
      ? (mails.find(({ id }) => !done.has(id)) ?? mails.at(-1))
      : mails.find(({ id }) => id === wanted);
  if (found === undefined) throw new UserError('invalid_input', `Their ladder has no mail "${wanted}".`);
  return found;
}

function planOf(found: {
  customer: { id: string; name: string };
  to: { email: string; name: string };
  subject: string;
  text: string;
  step: LadderStep;
  invoices: readonly { id: string; remaining: { minor: number; currency: string } }[];
}): Plan {
  const { customer, to, subject, text, step, invoices } = found;
  const [sum, another] = totals(invoices.map(({ remaining }) => remaining));
  return {
    title: `Write to ${customer.name} about their failed payment (${step.tone})`,
    subject: { kind: 'customer', id: customer.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'Mail', before: 'not sent', after: `to ${to.name} <${to.email}>` },
      { what: 'Subject', before: '', after: subject },
      { what: 'Text', before: '', after: text },
    ],
    touches: [`${to.email} gets this mail`],
    amount: sum !== undefined && another === undefined ? sum : null,
    policyAmount: null,
    reversible: { possible: false, how: 'A mail that was sent cannot be taken back.' },
    warnings: [],
    facts: {
      customerId: customer.id,
      to,
      subject,
      text,
      step: step.id,
      invoices: invoices.map(({ id, remaining }) => ({ id, minor: remaining.minor })),
    },
  };
}

const ORDER =
  /^(?:ask\b.*\b(?:update|change|replace|fix|check)\b.*\b(?:card|payment method|payment details)|(?:mail|email|write(?: to)?|send|message)\b.*\b(?:failed|declined|bounced|card|payment method)\b|send\b.*\b(?:card update|recovery mail|dunning mail)\b)/;
const UNCLEAR = /\b(?:all|every|everyone|everybody|both|each|except|or|reminder|invoice)\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order)) return [];
  const customer = namedCustomer(utterance);
  if (customer === null || UNCLEAR.test(order))
    return [{ input: {}, confidence: 0.5, interpretation: 'Write to a customer about a failed payment' }];
  return [
    {
      input: { customer: customer.id },
      confidence: 0.9,
      interpretation: `Write to ${customer.name} about their failed payment`,
    },
  ];
}
