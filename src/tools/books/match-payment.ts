import { z } from 'zod';
import type { OutsideInvoice } from '../../domain/billing/gateways.ts';
import { MATCH_KINDS } from '../../domain/books/explanation.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { type MatchPart, planByHand, planOfLine } from './match-plan.ts';
import { recognizeMatch } from './match-words.ts';

const input = z.strictObject({
  line: z.string().trim().min(1).max(100).optional().describe('Bank line id (bl_...)'),
  customer: customerInput.optional().describe('Whose bank line, where its id is not known'),
  reading: z.int().min(1).max(10).optional().describe('Which of its ranked readings; default the sure one'),
  invoice: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .optional()
    .describe('Without a bank line: the invoice that was paid outside Stripe'),
});

export default defineTool({
  name: 'match_payment',
  description:
    'Proposes what a bank line pays (one invoice, several, a part, less a fee, in another currency), or that an invoice was paid by bank transfer; approved, Stripe marks it paid. It only proposes. Not for card payments or refunds.',
  scope: 'billing:write',
  effect: 'consequential',
  about: ['bank', 'transfer', 'reconciliation'],
  movesMoney: true,
  input,
  examples: [
    { say: "match Acme's bank payment", input: { customer: 'Acme' } },
    { say: 'invoice PSI-0042 was paid by bank transfer', input: { invoice: 'PSI-0042' } },
  ],
  recognize: recognizeMatch,
  plan: (wanted, ctx) =>
    wanted.invoice === undefined ? planOfLine(wanted, ctx) : planByHand(wanted.invoice, ctx),
  async apply(plan, ctx, effects) {
    const facts = factsSchema.parse(plan.facts);
    for (const part of facts.parts.filter(({ settles }) => settles)) {
      await effects.perform({
        kind: 'invoice.paid',
        system: 'stripe',
        request: { invoice: part.invoiceId, outside: true },
        amount: part.allocated,
        send: async (key) => answered(await ctx.billing.invoices.payOutside(part.invoiceId, key)),
        lookUp: async () => {
          const found = await ctx.billing.invoices.getInvoice(part.invoiceId);
          return found.status === 'paid' ? answered(found) : null;
        },
      });
    }
    await keep(facts, ctx);
    return {
      summary: summaryOf(facts.parts),
      result: { invoices: facts.parts.map(({ invoiceId }) => invoiceId) },
    };
  },
});

const money = z.object({ minor: z.int(), currency: z.string() });
const factsSchema = z.object({
  lineId: z.string().nullable(),
  kind: z.enum(MATCH_KINDS),
  parts: z
    .array(
      z.object({
        invoiceId: z.string(),
        number: z.string(),
        customerId: z.string(),
        allocated: money,
        received: money,
        settles: z.boolean(),
      }),
    )
    .min(1),
  surplusMinor: z.int().nonnegative(),
});

/** After the outside, so that a crash between finds the invoice paid and writes the match down. */
async function keep(
  facts: z.output<typeof factsSchema>,
  { books }: Pick<ToolContext, 'books'>,
): Promise<void> {
  const { lineId, kind, parts, surplusMinor } = facts;
  if (lineId !== null) await books.confirm({ lineId, kind, parts, surplusMinor });
}

function answered(invoice: OutsideInvoice) {
  if (invoice.status !== 'paid')
    throw new UserError('conflict', `Stripe did not take ${invoice.id} as paid.`);
  return { outsideId: invoice.id, result: { id: invoice.id, status: invoice.status } };
}

function summaryOf(parts: readonly Pick<MatchPart, 'number' | 'settles'>[]): string {
  const paid = parts.filter(({ settles }) => settles).map(({ number }) => number);
  const part = parts.filter(({ settles }) => !settles).map(({ number }) => number);
  const words = [
    paid.length === 0 ? '' : `Marked ${paid.join(', ')} as paid outside Stripe.`,
    part.length === 0
      ? ''
      : `Booked a part of ${part.join(', ')}; at Stripe it stays open until the rest has come.`,
  ];
  return words.filter((one) => one !== '').join(' ');
}
