import { z } from 'zod';
import { explainLine } from '../../domain/billing/rating/explain-line.ts';
import { calculateUsageInvoice } from '../../domain/billing/run/basis.ts';
import { monthNamed, monthOf } from '../../domain/billing/run/month.ts';
import { namedCustomer, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput } from '../inputs.ts';
import { periodOptions } from '../period-options.ts';
import { openReceipt } from '../receipt.ts';
import { left, right } from '../wording.ts';
import { monthBases } from './month-bases.ts';

const input = z.strictObject({
  customer: customerInput,
  month: z.string().trim().min(1).max(60).optional().describe('Default this month so far'),
});

const output = z.strictObject({
  customer: z.string(),
  period: z.string(),
  over: z.boolean(),
  plan: z.string(),
  calls: z.int(),
  included: z.int(),
  perThousand: moneySchema.nullable(),
  amount: moneySchema,
  categories: z.array(z.strictObject({ category: z.string(), calls: z.int() })),
  steps: z.array(z.string()),
  receipt: receiptSchema,
  listed: z.array(z.object({ id: z.string(), label: z.string(), customerId: z.string() })),
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'rate_usage',
  description:
    'What one customer owes for calls beyond the plan in a month, or this month so far, with every step of the sum. Not for overage of all customers, and it bills nothing.',
  scope: 'billing:read',
  effect: 'read',
  about: ['draft', 'overage', 'close'],
  input,
  output,
  examples: [
    { say: 'what would Acme owe for usage so far this month', input: { customer: 'Acme' } },
    { say: "rate Acme's usage for October", input: { customer: 'Acme', month: 'October' } },
  ],
  recognize,
  async run({ customer: reference, month: words }, ctx) {
    const { company, clock } = ctx;
    const { tz } = company;
    const customer = await ctx.customers.resolve(reference);
    const asked =
      words === undefined
        ? monthNamed(monthOf(clock.now(), tz), tz)
        : parsePeriod(words, { ...(await periodOptions(ctx, words)), tz });
    const period = monthNamed(monthOf(asked.startAt, tz), tz);
    if (asked.endAt > period.endAt || period.startAt > clock.now()) {
      throw new UserError('invalid_input', 'I rate one month at a time, this one at the latest.');
    }
    const receipt = await openReceipt(ctx, {
      name: 'Usage beyond the plan, rated',
      version: 1,
      words:
        "Calls of the company month above what the customer's plan includes, at the plan's price of a thousand, rounded once; before tax",
      sources: ['psizero', 'supabase'],
      period,
    });
    const [basis] = await monthBases(ctx, period, customer.id);
    if (basis === undefined) {
      throw new UserError('not_found', `${customer.name} had no plan with a limit in ${period.label}.`);
    }
    const { conventions } = ctx.billing.settings().entity;
    const invoice = calculateUsageInvoice(basis, conventions);
    const { currency } = basis;
    return {
      customer: customer.name,
      period: period.label,
      over: period.endAt <= clock.now(),
      plan: basis.plan,
      calls: basis.calls,
      included: basis.included,
      perThousand: basis.perThousand === null ? null : { minor: basis.perThousand, currency },
      amount: { minor: Number(invoice.subtotalMinor), currency },
      categories: basis.categories,
      steps: invoice.lines.flatMap((line) => explainLine(line, { currency, unit: 'calls' }, conventions)),
      listed: [{ id: customer.id, label: customer.name, customerId: customer.id }],
      receipt: receipt(1, basis.perThousand === null ? ['There is no price in the plan catalogue'] : []),
    };
  },
  narrate,
  exhibits: (data) => [
    {
      kind: 'table',
      title: `${data.customer}, ${data.period}`,
      columns: [...left('Category'), ...right('Calls')],
      rows: [
        ...data.categories.map(({ category, calls }) => [category, calls.toLocaleString('en-US')]),
        ['Together', data.calls.toLocaleString('en-US')],
      ],
    },
  ],
});

function narrate(data: Output): string {
  const { customer, period, over, calls, included, plan, amount } = data;
  const used = `${calls.toLocaleString('en-US')} of ${included.toLocaleString('en-US')} calls that ${plan} includes`;
  if (calls <= included) {
    return `${customer} owes nothing beyond the plan for ${period}${over ? '' : ' so far'}: ${used}.`;
  }
  const owes = over ? 'owes' : 'would owe';
  const when = over ? period : `${period} so far`;
  return [
    `${customer} ${owes} ${formatMoney(amount)} for calls beyond the plan, ${when}: ${used}.`,
    ...data.steps,
  ].join('\n');
}

function recognize(utterance: Utterance): Reading[] {
  const customer = namedCustomer(utterance);
  if (customer === null) return [];
  const usage = says(utterance, 'usage', 'overage', 'calls', 'beyond the plan', 'over the plan');
  const owing = says(
    utterance,
    'would owe',
    'will owe',
    'owe so far',
    'owe for usage',
    'owe for calls',
    'owe for overage',
    'be billed',
    'be charged',
    'bill so far',
    'rate',
  );
  const wanted = says(utterance, 'would owe', 'owe so far', 'bill so far') || (usage && owing);
  if (!wanted || says(utterance, 'error rate', 'rate limit', 'growth rate')) return [];
  const [mention, another] = utterance.periods;
  if (another) return [];
  const month: { [key: string]: Json } = mention?.period ? { month: mention.text } : {};
  return [
    {
      input: { customer: customer.id, ...month },
      confidence: 0.96,
      interpretation: `Usage of ${customer.name}, rated${mention?.period ? `, ${mention.period.label}` : ''}`,
    },
  ];
}
