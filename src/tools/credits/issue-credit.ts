import { z } from 'zod';
import type { EffectRunner, Plan } from '../../domain/approvals/plan.ts';
import { namedCustomer, pointedRecord, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Customer, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { orderIn, withoutCustomers } from '../request-wording.ts';
import { spokenAmount } from '../spoken-amount.ts';
import { statedAmount } from '../stated-amount.ts';
import { spokenReason } from './spoken-reason.ts';
import { stripeCustomerOf } from './stripe-customer.ts';

const input = z.strictObject({
  customer: customerInput,
  amount: z.string().trim().min(1).max(30).describe("Decimal in the customer's currency, like 50.00"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .describe('Currency of amount as the person said it'),
  reason: z.string().trim().min(1).max(300).optional().describe('What it is for, in the words of the person'),
});

export default defineTool({
  name: 'issue_credit',
  description:
    "Proposes a credit to a customer's balance, which lowers their next invoices. Use it when asked to credit a customer a sum. It only proposes: people approve. Not for giving money back to a card, and not for correcting an invoice.",
  scope: 'billing:write',
  effect: 'consequential',
  about: ['credit', 'goodwill'],
  movesMoney: true,
  input,
  examples: [
    {
      say: 'credit Acme $50 for the outage',
      input: { customer: 'Acme', amount: '50.00', currency: 'USD', reason: 'the outage' },
    },
    { say: 'give Acme a $20 credit', input: { customer: 'Acme', amount: '20.00', currency: 'USD' } },
  ],
  recognize,
  async plan(wanted, ctx) {
    await ctx.sources.refresh(['stripe']);
    const customer = await ctx.customers.resolve(wanted.customer);
    const stripeCustomerId = stripeCustomerOf(customer);
    const balance = await ctx.credits.getBalance(stripeCustomerId);
    const amount = statedAmount(wanted, balance.currency, `The balance of ${customer.name}`);
    const description = wanted.reason === undefined ? 'Credit' : `Credit: ${wanted.reason}`;
    const policyAmount = await inCompanyCurrency(amount, ctx);
    return planOf({ customer, stripeCustomerId, balance, amount, policyAmount, description });
  },
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const amount = { minor: facts.amountMinor, currency: facts.currency };
    const credit = await toBalance({ ...facts, amount }, ctx, effects);
    const name = plan.customer?.name ?? 'the customer';
    return {
      summary: `Credited ${formatMoney(amount)} to ${name}. Their balance is ${formatMoney(balanceOf(credit))} in credit.`,
      result: credit,
    };
  },
  async undo(_applied, plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    const amount = { minor: facts.amountMinor, currency: facts.currency };
    const left = await ctx.credits.getBalance(facts.stripeCustomerId);
    if (left.minor < amount.minor) {
      throw new UserError(
        'conflict',
        `Only ${formatMoney(left)} of their credit is left: the rest has gone into an invoice and cannot be taken back.`,
      );
    }
    const back = { minor: -amount.minor, currency: amount.currency };
    const credit = await toBalance(
      { ...facts, amount: back, description: `Taken back: ${facts.description}` },
      ctx,
      effects,
    );
    const name = plan.customer?.name ?? 'the customer';
    return { summary: `Took the credit of ${formatMoney(amount)} to ${name} back.`, result: credit };
  },
});

const factsSchema = z.object({
  stripeCustomerId: z.string(),
  amountMinor: z.number().int().positive(),
  currency: z.string(),
  description: z.string(),
});

interface BalanceEntry {
  [key: string]: string | number;
  credit: string;
  balanceMinor: number;
  currency: string;
}

const balanceOf = (entry: BalanceEntry): Money => ({ minor: entry.balanceMinor, currency: entry.currency });

function toBalance(
  credit: { stripeCustomerId: string; amount: Money; description: string },
  ctx: Pick<ToolContext, 'credits'>,
  effects: EffectRunner,
): Promise<BalanceEntry> {
  const answered = (entry: { id: string; balance: Money }) => ({
    outsideId: entry.id,
    result: { credit: entry.id, balanceMinor: entry.balance.minor, currency: entry.balance.currency },
  });
  const { stripeCustomerId, amount, description } = credit;
  return effects.perform<BalanceEntry>({
    kind: 'credit.applied',
    system: 'stripe',
    request: { customer: stripeCustomerId, amount: amount.minor, currency: amount.currency, description },
    amount,
    send: async (idempotencyKey) => answered(await ctx.credits.creditBalance({ ...credit, idempotencyKey })),
    lookUp: async (key) => {
      const found = await ctx.credits.findBalanceCredit(stripeCustomerId, key);
      return found === null ? null : answered(found);
    },
  });
}

function planOf(found: {
  customer: Customer;
  stripeCustomerId: string;
  balance: Money;
  amount: Money;
  policyAmount: Money;
  description: string;
}): Plan {
  const { customer, balance, amount } = found;
  const after = { minor: balance.minor + amount.minor, currency: amount.currency };
  return {
    title: `Credit ${formatMoney(amount)} to ${customer.name}`,
    subject: { kind: 'customer', id: customer.id },
    customer: { id: customer.id, name: customer.name },
    changes: [
      { what: 'In credit with us', before: formatMoney(balance), after: formatMoney(after) },
      { what: 'Kept as', before: '', after: found.description },
    ],
    touches: ['Their next invoices are lower by it, until it is used up; no money moves now'],
    amount,
    policyAmount: found.policyAmount,
    reversible: { possible: true, how: 'It can be taken back while no invoice has used it.' },
    warnings:
      balance.minor < 0
        ? [
            `They owe ${formatMoney({ ...balance, minor: -balance.minor })} from before, which it lowers first.`,
          ]
        : [],
    facts: {
      stripeCustomerId: found.stripeCustomerId,
      balanceMinor: balance.minor,
      amountMinor: amount.minor,
      currency: amount.currency,
      description: found.description,
      customerId: customer.id,
    },
  };
}

const ORDER =
  /^(?:credit\b(?! (?:note|notes|card|cards|memo|limit|was|is|were|has|total|totals|history|balance|balances)\b)|(?:give|issue|add|apply|grant|put|book|post|send)\b.*\bcredits?\b|(?:put|add|book)\b.*\b(?:on|to|onto)\b.*\b(?:balance|account)\b)/;
/** Another correction, or a sum this action does not know: better asked than guessed. */
const ANOTHER = /\b(?:credit (?:note|memo)s?|coupons?|invoices?|discounts?)\b/;
const UNCLEAR = /\b(?:half|third|quarter|percent|all|every|everyone|everybody|both|each|except|or)\b/;

function recognize(utterance: Utterance): Reading[] {
  const order = orderIn(utterance);
  if (order === null || !ORDER.test(order) || ANOTHER.test(order)) return [];
  const unsure: Reading[] = [{ input: {}, confidence: 0.5, interpretation: 'Credit a customer' }];
  const rest = withoutCustomers(utterance);
  const amount = spokenAmount(utterance, rest);
  // "add Kim to the account list" is about no money at all.
  if (amount === null && !/\bcredits?\b/.test(order)) return [];
  if (amount === null || amount === 'unclear' || UNCLEAR.test(order) || rest.includes('%')) return unsure;
  const customer = namedCustomer(utterance);
  const pointed = customer === null && utterance.customers.length === 0 ? pointedRecord(utterance) : null;
  const id = customer?.id ?? pointed?.customerId;
  if (id === undefined || says(utterance, 'card')) return unsure;
  const reason = spokenReason(utterance);
  const name = customer?.name ?? pointed?.label ?? 'them';
  return [
    {
      input: { customer: id, ...amount.input, ...(reason === null ? {} : { reason }) },
      confidence: 0.9,
      interpretation: `Credit ${amount.words} to ${name}${reason === null ? '' : ` for ${reason}`}`,
    },
  ];
}
