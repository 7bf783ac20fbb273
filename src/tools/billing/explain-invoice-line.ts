import { z } from 'zod';
import { explainLine } from '../../domain/billing/rating/explain-line.ts';
import { calculateUsageInvoice } from '../../domain/billing/run/basis.ts';
import type { RunInvoice } from '../../domain/billing/run/billing-desk.ts';
import { basisWords } from '../../domain/billing/run/usage-evidence.ts';
import { namedCustomer, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { ledgerReceipt } from '../receipt.ts';

const input = z.strictObject({
  invoice: z.string().trim().min(1).max(60).optional().describe('Number (PSI-...) or id (rinv_...)'),
  customer: customerInput.optional().describe('Their newest such invoice'),
});

const output = z.strictObject({
  customer: z.string(),
  invoice: z.string(),
  period: z.string(),
  amount: moneySchema,
  /** How it came about, step by step. */
  steps: z.array(z.string()),
  /** Whether calculating it again from what was kept gives the same. */
  same: z.boolean(),
  proof: z.string(),
  flags: z.array(z.string()),
  receipt: receiptSchema,
  listed: z.array(z.object({ id: z.string(), label: z.string(), customerId: z.string() })),
});

export default defineTool({
  name: 'explain_invoice_line',
  description:
    'How the sum of an invoice for calls beyond the plan came about: calls, allowance, price, rounding rule, and both computations. Not for what is owed so far.',
  scope: 'billing:read',
  effect: 'read',
  about: ['draft', 'overage', 'close'],
  input,
  output,
  examples: [{ say: "explain Acme's usage invoice", input: { customer: 'Acme' } }],
  recognize,
  async run(wanted, ctx) {
    const invoice = await findInvoice(wanted, ctx);
    const { basis } = invoice;
    const { conventions } = ctx.billing.settings().entity;
    const again = calculateUsageInvoice(basis, conventions);
    const { currency } = basis;
    const { billed, found, holds, difference } = invoice.proof;
    const found2 = formatMoney({ minor: found.minor, currency });
    return {
      customer: basis.customerName,
      invoice: invoice.number ?? invoice.id,
      period: makePeriod(basis.startAt, basis.endAt, basis.tz).label,
      amount: { minor: invoice.subtotalMinor, currency },
      steps: again.lines.flatMap((line) => explainLine(line, { currency, unit: 'calls' }, conventions)),
      same: Number(again.subtotalMinor) === invoice.subtotalMinor,
      proof: holds
        ? `Computed a second time from ${basisWords(invoice.proof.basis)}: ${billed.calls.toLocaleString('en-US')} calls and ${found2}, the same.`
        : `The second computation differs: ${difference}.`,
      flags: [...invoice.problems, ...invoice.flags],
      listed: [{ id: invoice.id, label: basis.customerName, customerId: basis.customerId }],
      receipt: ledgerReceipt(
        { name: 'Invoice line', words: 'Calculated again from what the invoice was made of, as it was kept' },
        ctx.clock.now(),
        1,
      ),
    };
  },
  narrate: ({ customer, invoice, period, amount, steps, same, proof, flags }) =>
    [
      `${invoice} of ${customer}, ${period}: ${formatMoney(amount)} before tax.`,
      ...steps,
      same
        ? 'Calculated again now, it is the same.'
        : 'Calculated again now, it differs: the rules in billing.yml have changed.',
      proof,
      ...flags,
    ].join('\n'),
});

async function findInvoice(
  { invoice, customer: reference }: z.output<typeof input>,
  ctx: ToolContext,
): Promise<RunInvoice> {
  const { runs } = ctx.billing;
  if (invoice !== undefined) {
    const found = (await runs.get(invoice)) ?? (await runs.numbered(invoice));
    if (found === null) {
      throw new UserError('not_found', `There is no invoice ${invoice} for calls beyond the plan.`);
    }
    return found;
  }
  if (reference === undefined) {
    throw new UserError('invalid_input', 'It takes an invoice or a customer.', 'Name the customer.');
  }
  const customer = await ctx.customers.resolve(reference);
  const [newest] = (await runs.ofCustomer(customer.id)).sort(
    (one, other) => other.basis.startAt - one.basis.startAt,
  );
  if (newest === undefined) {
    throw new UserError('not_found', `${customer.name} has no invoice for calls beyond the plan.`);
  }
  return newest;
}

function recognize(utterance: Utterance): Reading[] {
  if (!says(utterance, 'explain', 'how did', 'how was', 'how is', 'where does', 'break down')) return [];
  const id = /\b(?:rinv_\w+|[A-Z]{2,}-\d{6}-\d{3,})\b/.exec(utterance.text)?.[0];
  if (id !== undefined) {
    return [{ input: { invoice: id }, confidence: 0.96, interpretation: `How invoice ${id} came about` }];
  }
  const customer = namedCustomer(utterance);
  const usage = says(
    utterance,
    'usage invoice',
    'overage invoice',
    'usage line',
    'overage line',
    'overage charge',
  );
  if (customer === null || !usage) return [];
  return [
    {
      input: { customer: customer.id },
      confidence: 0.96,
      interpretation: `How the usage invoice of ${customer.name} came about`,
    },
  ];
}
