import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { namedCustomer, pointedRecord } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { classifyDecline } from '../../domain/recovery/classify-decline.ts';
import type { FailedInvoice } from '../../domain/recovery/desk.ts';
import type { Collected } from '../../domain/recovery/gateways.ts';
import { declineFrom } from '../../domain/recovery/provider-decline.ts';
import type { Customer, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn, withoutCustomers } from '../request-wording.ts';
import { attemptOf, type Chargeable, chargeable, decisionOf, refusalOf } from './chargeable.ts';
import { dunningStateOf, holdWords } from './dunning-state.ts';

const input = z.strictObject({
  customer: customerInput.optional().describe('Customer id or name: their oldest failed payment is meant'),
  invoice: z.string().trim().min(1).max(100).optional().describe('Invoice id or number, when it is known'),
});

export default defineTool({
  name: 'retry_payment',
  description:
    "Proposes charging a customer's card again for an open invoice whose payment failed. Refused, with the reason, where the card network or the bank forbids another attempt. It only proposes: people approve. Not for invoices that are not due, and not for writing to the customer.",
  scope: 'billing:write',
  effect: 'consequential',
  about: ['charge', 'card'],
  movesMoney: true,
  input,
  examples: [
    { say: "retry Acme's failed payment", input: { customer: 'Acme' } },
    { say: "charge Acme's card again", input: { customer: 'Acme' } },
    { say: 'retry the payment of invoice in_123', input: { invoice: 'in_123' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe', 'psizero']);
    const { customer, failed } = await failedPayment(wanted, ctx);
    const charge = await chargeable(failed.id, ctx);
    const now = ctx.clock.now();
    const warnings = await holdWarnings(customer, ctx);
    const decision = decisionOf(charge, now);
    if (!decision.allowed) {
      // Written down so that what the refusal saved can be counted; it changes nothing for the customer.
      await ctx.recovery.refuseAttempt(attemptOf(charge, customer.id), decision.reason);
      throw refusalOf(decision, ctx.company.tz);
    }
    const policyAmount = await inCompanyCurrency(charge.invoice.amountRemaining, ctx);
    return planOf({ customer, failed, charge, policyAmount, warnings });
  },
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const { fingerprint, network, country, customerId, invoiceId, by } = facts;
    const amount = { minor: facts.amountMinor, currency: facts.currency };
    const settled = async (key: string, collected: Collected) => {
      const decline =
        collected.declined && declineFrom(collected.declined, { method: 'card' as const, network });
      const outcome = collected.outcome === 'paid' ? ('succeeded' as const) : ('declined' as const);
      await ctx.recovery.endAttempt(key, { outcome, chargeId: collected.chargeId, decline });
      const said = decline === null ? null : classifyDecline(decline).customerWords;
      const result = { outcome, charge: collected.chargeId, said };
      return { outsideId: collected.chargeId ?? invoiceId, result };
    };
    const { outcome, said, charge } = await effects.perform({
      kind: 'payment.retried',
      system: 'stripe',
      request: { invoice: invoiceId, method: facts.cardId, amount: amount.minor, currency: amount.currency },
      amount,
      send: async (key) => {
        const start = { fingerprint, network, country, amount, customerId, invoiceId, by };
        await ctx.recovery.beginAttempt({ id: key, ...start });
        const charged = { invoiceId, paymentMethodId: facts.cardId, idempotencyKey: key };
        const collected = await ctx.recovery.collection.collect(charged).catch(async (error: unknown) => {
          const unsent = { outcome: 'unsent', chargeId: null, decline: null } as const;
          if (error instanceof UserError) await ctx.recovery.endAttempt(key, unsent);
          throw error;
        });
        return settled(key, collected);
      },
      lookUp: async (key) => {
        const found = await ctx.recovery.collection.findCollected(invoiceId, facts.attemptCount);
        return found === null ? null : settled(key, found);
      },
    });
    const name = plan.customer?.name ?? 'the customer';
    const summary =
      outcome === 'succeeded'
        ? `Charged ${formatMoney(amount)} to ${name}. Invoice ${facts.number} is paid.`
        : `The charge of ${formatMoney(amount)} to ${name} was declined. The customer may be told: ${said ?? 'the bank declined it.'}`;
    return { summary, result: { outcome, charge, invoice: invoiceId } };
  },
});

const factsSchema = z.object({
  invoiceId: z.string(),
  number: z.string(),
  attemptCount: z.int(),
  amountMinor: z.int().positive(),
  currency: z.string(),
  cardId: z.string(),
  fingerprint: z.string(),
  network: z.string(),
  country: z.string().nullable(),
  customerId: z.string(),
  by: z.enum(['schedule', 'person']),
});

async function failedPayment(
  wanted: z.output<typeof input>,
  ctx: ToolContext,
): Promise<{ customer: Customer; failed: FailedInvoice }> {
  const record = wanted.invoice === undefined ? null : await ctx.records.getInvoice(wanted.invoice);
  if (wanted.invoice !== undefined && record === null)
    throw new UserError('not_found', `There is no invoice ${wanted.invoice}.`);
  if (record === null && wanted.customer === undefined)
    throw new UserError(
      'invalid_input',
      'It takes a customer or an invoice to charge.',
      'Name the customer.',
    );
  const customer =
    wanted.customer === undefined
      ? await ctx.customers.get(record?.customerId ?? '')
      : await ctx.customers.resolve(wanted.customer);
  if (customer === null) throw new UserError('not_found', 'The customer of that invoice is not known.');
  if (record !== null && record.customerId !== customer.id)
    throw new UserError('conflict', `Invoice ${record.number ?? record.id} is not one of ${customer.name}.`);
  const [failing] = await ctx.recovery.failing(customer.id);
  const failed = failing?.invoices.find(({ id }) => record === null || id === record.id);
  if (failed !== undefined) return { customer, failed };
  const about = record === null ? `${customer.name} has` : `Invoice ${record.number ?? record.id} has`;
  throw new UserError('conflict', `${about} no failed payment that is still open.`);
}

/** A dispute stops every charge; what else holds is a person's to overrule, and said on the card. */
async function holdWarnings(customer: Customer, ctx: ToolContext): Promise<string[]> {
  const [failing] = await ctx.recovery.failing(customer.id);
  const dunning = await ctx.recovery.dunningOf(customer.id);
  const ladder = dunning?.ladder ?? 'standard';
  const openedAt = dunning?.openedAt ?? failing?.invoices[0]?.firstFailedAt ?? ctx.clock.now();
  const state = await dunningStateOf({ customerId: customer.id, openedAt, ladder }, failing ?? null, ctx);
  const why = holdWords(state, ctx.clock.now());
  if (why === null) return [];
  if (ctx.principal.kind !== 'user' || failing?.disputed)
    throw new UserError('conflict', `${customer.name} is not charged now: ${why}.`);
  return [`Recovery stands still for them: ${why}.`];
}

function planOf(found: {
  customer: Customer;
  failed: FailedInvoice;
  charge: Chargeable;
  policyAmount: Money;
  warnings: string[];
}): Plan {
  const { customer, failed, charge } = found;
  const { invoice, card, request } = charge;
  const amount = invoice.amountRemaining;
  const number = invoice.number ?? invoice.id;
  const said = failed.lastDecline === null ? null : classifyDecline(failed.lastDecline);
  return {
    title: `Charge ${formatMoney(amount)} to ${customer.name} again`,
    subject: { kind: 'invoice', id: invoice.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: `Invoice ${number}`, before: `${formatMoney(amount)} open`, after: 'paid, if the bank agrees' },
      { what: 'Card', before: '', after: `${card.network} ending ${card.last4 ?? '?'}` },
      {
        what: 'Tried so far',
        before: '',
        after: `${invoice.attemptCount}, last declined: ${lastWords(said)}`,
      },
    ],
    touches: ['Their card is charged; the bank may tell them of the attempt'],
    amount,
    policyAmount: found.policyAmount,
    reversible: { possible: false, how: 'A charge that went through can only be refunded.' },
    warnings: found.warnings,
    facts: {
      invoiceId: invoice.id,
      number,
      status: invoice.status,
      attemptCount: invoice.attemptCount,
      amountMinor: amount.minor,
      currency: amount.currency,
      cardId: card.id,
      fingerprint: card.fingerprint,
      network: card.network,
      country: card.country,
      customerId: customer.id,
      by: request.by === 'schedule' ? 'schedule' : 'person',
    },
  };
}

function lastWords(said: ReturnType<typeof classifyDecline> | null): string {
  return said === null ? 'no reason given' : said.category.replaceAll('_', ' ');
}

const ORDER =
  /^(?:retry|reattempt|recharge|rerun|charge\b.*\bagain|re charge|try\b.*\b(?:payment|card|charge|charging|invoice)\b.*\bagain|try again\b.*\b(?:payment|card|charge|invoice)|run\b.*\b(?:payment|card|charge)\b.*\bagain|(?:have|take|make) another (?:go|attempt|try)\b.*\b(?:payment|card|charge|invoice))\b/;
const ABOUT = /\b(?:payments?|cards?|charges?|charging|invoices?|collection)\b/;
const UNCLEAR = /\b(?:all|every|everyone|everybody|both|each|except|or|tomorrow|later|next)\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order)) return [];
  const id =
    /\bin_[A-Za-z0-9]+/.exec(utterance.text)?.[0] ??
    /\b[A-Z0-9]{3,}-\d{3,}\b/.exec(withoutCustomers(utterance))?.[0];
  const customer = namedCustomer(utterance);
  const pointed = customer === null && utterance.customers.length === 0 ? pointedRecord(utterance) : null;
  if (!ABOUT.test(order) && customer === null && id === undefined) return [];
  const unsure: Reading[] = [{ input: {}, confidence: 0.5, interpretation: 'Charge a card again' }];
  if (UNCLEAR.test(order) || utterance.customers.length > 1 || utterance.amounts.length > 0) return unsure;
  if (id !== undefined)
    return [{ input: { invoice: id }, confidence: 0.9, interpretation: `Charge invoice ${id} again` }];
  const whom = customer?.id ?? pointed?.customerId;
  if (whom === undefined) return unsure;
  const name = customer?.name ?? pointed?.label ?? 'them';
  return [
    { input: { customer: whom }, confidence: 0.9, interpretation: `Charge ${name}'s failed payment again` },
  ];
}
