import { z } from 'zod';
import type { Plan } from '../../domain/approvals/plan.ts';
import { namedCustomer, pointedRecord, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { parseAmount } from '../../domain/policy/amount.ts';
import type { Customer, Json, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn, withoutCustomers } from '../request-wording.ts';
import { spokenAmount } from '../spoken-amount.ts';
import { findPayment, type LivePayment, refundable } from './refundable-payment.ts';

const REASONS = ['requested_by_customer', 'duplicate', 'fraudulent'] as const;

const input = z.strictObject({
  payment: z.string().trim().min(1).max(100).optional().describe('Payment id (ch_...), when it is known'),
  customer: customerInput.optional(),
  which: z.enum(['last', 'largest']).optional().describe("Which of the customer's payments; default last"),
  amount: z
    .string()
    .trim()
    .max(30)
    .optional()
    .describe('Decimal in the currency of the payment, like 50.00; default all that is left'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .describe('Currency of amount as the person said it; refused if the payment has another'),
  reason: z.enum(REASONS).optional(),
});
type Input = z.output<typeof input>;

export default defineTool({
  name: 'refund_payment',
  description:
    "Proposes giving back all or part of one successful payment at Stripe. Use it when asked to refund a payment, by its id or as a customer's last. It only proposes: people approve. Not for credit notes, invoices that are unpaid, or questions about refunds.",
  scope: 'billing:write',
  effect: 'consequential',
  movesMoney: true,
  input,
  examples: [
    { say: "refund Acme's last payment", input: { customer: 'Acme' } },
    { say: 'give Acme their money back', input: { customer: 'Acme' } },
    { say: 'refund $50 to Acme', input: { customer: 'Acme', amount: '50.00', currency: 'USD' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    const { payment, customer, warnings } = await findPayment(wanted, ctx);
    const left = refundable(payment);
    const amount = amountOf(wanted, left, payment);
    return planOf({
      payment,
      customer,
      amount,
      wanted,
      warnings,
      policyAmount: await inCompanyCurrency(amount, ctx),
    });
  },
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const amount = { minor: facts.amountMinor, currency: facts.currency };
    const answered = (refund: { id: string; status: string }) => ({
      outsideId: refund.id,
      result: { id: refund.id, status: refund.status },
    });
    const refund = await effects.perform({
      kind: 'refund.created',
      system: 'stripe',
      request: {
        payment: facts.paymentId,
        amount: facts.amountMinor,
        currency: facts.currency,
        reason: facts.reason,
      },
      amount,
      send: async (key) =>
        answered(
          await ctx.payments.createRefund({
            paymentId: facts.paymentId,
            amount,
            reason: facts.reason,
            idempotencyKey: key,
          }),
        ),
      lookUp: async (key) => {
        const found = await ctx.payments.findRefund(facts.paymentId, key);
        return found === null ? null : answered(found);
      },
    });
    const to = plan.customer === null ? '' : ` to ${plan.customer.name}`;
    const done =
      refund.status === 'failed' || refund.status === 'canceled'
        ? `Stripe took the refund of ${formatMoney(amount)}${to}, but could not pay it out (${refund.status}).`
        : refund.status === 'pending'
          ? `The refund of ${formatMoney(amount)}${to} is on its way.`
          : `Refunded ${formatMoney(amount)}${to}.`;
    return { summary: done, result: { refund: refund.id, status: refund.status } };
  },
});

const factsSchema = z.object({
  paymentId: z.string(),
  amountMinor: z.number().int().positive(),
  currency: z.string(),
  reason: z.enum(REASONS),
});

function amountOf(wanted: Input, left: Money, payment: LivePayment): Money {
  if (wanted.amount === undefined) return left;
  if (wanted.currency !== undefined && wanted.currency !== left.currency) {
    throw new UserError(
      'invalid_input',
      `That payment was made in ${left.currency}, not ${wanted.currency}.`,
      `Say the amount in ${left.currency}.`,
    );
  }
  const amount = parseAmount(wanted.amount, left.currency);
  if (amount === null || amount.minor === 0) {
    throw new UserError('invalid_input', `"${wanted.amount}" is not an amount in ${left.currency}.`);
  }
  if (amount.minor <= left.minor) return amount;
  const given =
    payment.amountRefunded.minor > 0
      ? `, after ${formatMoney(payment.amountRefunded)} given back before`
      : '';
  throw new UserError(
    'invalid_input',
    `${formatMoney(amount)} is more than the ${formatMoney(left)} left of that payment${given}.`,
  );
}

function planOf(found: {
  payment: LivePayment;
  customer: Customer | null;
  amount: Money;
  wanted: Input;
  warnings: string[];
  policyAmount: Money;
}): Plan {
  const { payment, customer, amount } = found;
  const { currency } = amount;
  const after = { minor: payment.amountRefunded.minor + amount.minor, currency };
  const kept = (refunded: Money) => formatMoney({ minor: payment.amount.minor - refunded.minor, currency });
  return {
    title: `Refund ${formatMoney(amount)} to ${customer?.name ?? `the payer of ${payment.id}`}`,
    subject: { kind: 'payment', id: payment.id },
    customer: customer === null ? null : { id: customer.id, name: customer.name },
    changes: [
      {
        what: `Given back of the ${formatMoney(payment.amount)} paid`,
        before: formatMoney({ ...payment.amountRefunded, currency }),
        after: formatMoney(after),
      },
      { what: 'Kept', before: kept(payment.amountRefunded), after: kept(after) },
    ],
    touches: [
      `${customer?.email ?? 'The customer'} gets the money back the way it was paid, and Stripe's refund receipt`,
    ],
    amount,
    policyAmount: found.policyAmount,
    reversible: {
      possible: false,
      how: 'Stripe cannot take a refund back; it would have to be charged again.',
    },
    warnings: found.warnings,
    facts: {
      paymentId: payment.id,
      status: payment.status,
      paidMinor: payment.amount.minor,
      refundedMinor: payment.amountRefunded.minor,
      amountMinor: amount.minor,
      currency,
      disputed: payment.disputed,
      invoice: payment.invoiceId,
      reason: found.wanted.reason ?? 'requested_by_customer',
      customerId: customer?.id ?? null,
    },
  };
}

const ORDER =
  /^(?:(?:an? )?refund\b(?! (?:rate|rates|policy|status|amount|was|is|were|has|total|totals|history)\b)|(?:issue|make|create|process|do|send|give)\b.* refund\b|(?:give|send|return|pay)\b.*\bmoney back\b|(?:give|pay) back\b|return\b.*\b(?:payment|charge)\b|reimburse\b|(?:give|send|return|pay|transfer|wire)\b.*\bback\b(?! (?:to me|the alert)\b)|credit\b.*\bback\b)/;
/** Words that pick payments in ways this action does not know: better asked than guessed. */
const UNCLEAR =
  /\b(?:half|third|quarter|percent|partial|partially|part|all|every|everyone|everybody|both|each|previous|earlier|oldest|except|or)\b/;

/** More than one payment at once: never read as the last alone. */
const SEVERAL =
  /\bpayments\b|\b(?:last|latest|both|newest) (?:\d+|two|three|four|five|six|seven|eight|nine|ten)\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  // An alert, or access, is given back without any money going anywhere.
  if (order === null || !ORDER.test(order)) return [];
  if (says(utterance, 'alert', 'alerts', 'access', 'service')) return [];
  const unsure: Reading[] = [{ input: {}, confidence: 0.5, interpretation: 'Refund a payment' }];
  if (SEVERAL.test(order) || utterance.customers.length > 1) return oneOfSeveral(utterance) ?? unsure;
  const rest = withoutCustomers(utterance);
  const amount = spokenAmount(utterance, rest);
  if (amount === 'unclear' || UNCLEAR.test(order) || rest.includes('%') || utterance.periods.length > 0)
    return unsure;
  const words = amount === null ? '' : ` ${amount.words} of`;
  const given: { [key: string]: Json } = amount === null ? {} : amount.input;
  const id = /\b(?:ch|py)_[A-Za-z0-9]+/.exec(utterance.text)?.[0];
  if (id !== undefined) {
    return [
      { input: { payment: id, ...given }, confidence: 0.9, interpretation: `Refund${words} payment ${id}` },
    ];
  }
  const customer = namedCustomer(utterance);
  if (customer !== null) {
    if (utterance.ordinal !== null && utterance.ordinal !== -1) return unsure;
    const which: { [key: string]: Json } = /\b(?:largest|biggest)\b/.test(order) ? { which: 'largest' } : {};
    const named = which.which === undefined ? 'last' : 'largest';
    return [
      {
        input: { customer: customer.id, ...which, ...given },
        confidence: 0.9,
        interpretation: `Refund${words} ${customer.name}'s ${named} payment`,
      },
    ];
  }
  if (utterance.customers.length > 0) return unsure;
  const pointed = pointedRecord(utterance);
  if (pointed === null) return unsure;
  if (/^(?:ch|py)_/.test(pointed.id)) {
    return [
      {
        input: { payment: pointed.id, ...given },
        confidence: 0.9,
        interpretation: `Refund${words} ${pointed.label}`,
      },
    ];
  }
  if (pointed.customerId !== pointed.id) return unsure;
  return [
    {
      input: { customer: pointed.id, ...given },
      confidence: 0.9,
      interpretation: `Refund${words} ${pointed.label}'s last payment`,
    },
  ];
}

/** Several refunds in one order: each customer's last payment is offered, none is taken for the others. */
function oneOfSeveral({ customers }: Utterance): Reading[] | null {
  const known = customers.flatMap(({ text, candidates: [only, another] }) =>
    only && !another ? [{ text, name: only.name }] : [],
  );
  const [first] = known;
  if (first === undefined) return null;
  const caveat = `I refund one payment at a time, each with an approval of its own. Say "payments of ${first.name}" to see them, then "refund the second one".`;
  return known.map(({ text, name }) => ({
    input: { customer: text },
    confidence: 0.5,
    interpretation: `Refund ${name}'s last payment`,
    caveat,
  }));
}
