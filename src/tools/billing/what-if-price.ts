import { z } from 'zod';
import type { UsageBasis } from '../../domain/billing/run/basis.ts';
import { monthNamed, monthOf, monthsBefore } from '../../domain/billing/run/month.ts';
import { whatIf } from '../../domain/billing/run/what-if.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { makePeriod } from '../../domain/periods/describe-period.ts';
import type { Json } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, right, sayMoneys, totals } from '../wording.ts';
import { monthBases } from './month-bases.ts';

const MONTHS = 3;

const input = z.strictObject({
  percent: z
    .string()
    .regex(/^[+-]?\d{1,3}(?:\.\d+)?$/)
    .optional()
    .describe('Of the price of overage: "20" is more, "-10" less'),
  plan: z.string().trim().min(1).max(60).optional(),
  included: z.int().min(0).optional().describe('Calls the plan would include'),
  months: z.int().min(1).max(12).optional().describe('Past whole months, default 3'),
});

const row = z.strictObject({
  customerId: z.string(),
  customer: z.string(),
  before: moneySchema,
  after: moneySchema,
  difference: moneySchema,
});

const output = z.strictObject({
  change: z.string(),
  period: z.string(),
  customers: z.int(),
  before: z.array(moneySchema),
  after: z.array(moneySchema),
  rows: z.array(row),
  receipt: receiptSchema,
  listed: z.array(z.object({ id: z.string(), label: z.string(), customerId: z.string() })),
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'what_if_price',
  description:
    'Who would have been billed differently in past months had overage cost more or less, or a plan included more or fewer calls. It changes nothing. Not a forecast.',
  scope: 'billing:read',
  effect: 'read',
  about: ['draft', 'overage', 'close'],
  input,
  output,
  examples: [
    { say: 'what if overage cost 20% more?', input: { percent: '20' } },
    { say: 'what if the growth plan included 500,000 calls?', input: { plan: 'growth', included: 500_000 } },
  ],
  recognize,
  async run(wanted, ctx) {
    const { percent = null, included = null, months = MONTHS } = wanted;
    const plan = await knownPlan(
      wanted.plan,
      (await ctx.facts.planCatalogue()).map((one) => one.plan),
    );
    if (percent === null && included === null) {
      throw new UserError(
        'invalid_input',
        'It takes a change: of the price in percent, or of the calls included.',
      );
    }
    if (percent !== null && Number(percent) < -100) {
      throw new UserError('invalid_input', 'A price cannot fall by more than 100%.');
    }
    if (included !== null && plan === null) {
      throw new UserError('invalid_input', 'Which plan would include so many calls?', 'Name the plan.');
    }
    const { tz } = ctx.company;
    const past = monthsBefore(monthNamed(monthOf(ctx.clock.now(), tz), tz), months);
    const period = makePeriod(
      Math.min(...past.map(({ startAt }) => startAt)),
      Math.max(...past.map(({ endAt }) => endAt)),
      tz,
    );
    const receipt = await openReceipt(ctx, {
      name: 'Overage under another price',
      version: 1,
      words: 'Every past month rated again under the changed price or allowance, before tax; usage as it was',
      sources: ['psizero', 'supabase'],
      period,
    });
    const bases: UsageBasis[] = [];
    for (const month of past) bases.push(...(await monthBases(ctx, month)));
    const names = new Map(bases.map(({ customerId, customerName }) => [customerId, customerName]));
    const found = whatIf(bases, { plan, percent, included }, ctx.billing.settings().entity.conventions);
    const rows = found.map((one) => {
      const money = (minor: bigint) => ({ minor: Number(minor), currency: one.currency });
      return {
        customerId: one.customerId,
        customer: names.get(one.customerId) ?? one.customerId,
        before: money(one.beforeMinor),
        after: money(one.afterMinor),
        difference: money(one.differenceMinor),
      };
    });
    return {
      change: changeWords(plan, percent, included),
      period: period.label,
      customers: rows.length,
      before: totals(rows.map((one) => one.before)),
      after: totals(rows.map((one) => one.after)),
      rows,
      listed: rows.map(({ customerId, customer }) => ({ id: customerId, label: customer, customerId })),
      receipt: receipt(bases.length),
    };
  },
  narrate,
  exhibits: (data) =>
    data.rows.length === 0
      ? []
      : [
          {
            kind: 'table',
            title: `${data.change}, ${data.period}`,
            columns: [...left('Customer'), ...right('Billed', 'Would be', 'Difference')],
            rows: data.rows.map((one) => [
              one.customer,
              formatMoney(one.before),
              formatMoney(one.after),
              formatMoney(one.difference),
            ]),
          },
        ],
  untrusted: () => true,
});

async function knownPlan(said: string | undefined, plans: readonly string[]): Promise<string | null> {
  if (said === undefined) return null;
  const plan = plans.find((one) => one.toLowerCase() === said.toLowerCase());
  if (plan === undefined) {
    throw new UserError('not_found', `There is no plan ${said}.`, `There are ${plans.join(', ')}.`);
  }
  return plan;
}

function changeWords(plan: string | null, percent: string | null, included: number | null): string {
  const whose = plan === null ? 'Overage' : `Overage of ${plan}`;
  const parts = [
    percent === null ? '' : `${whose} at ${Number(percent) >= 0 ? '+' : ''}${Number(percent)}%`,
    included === null ? '' : `${plan} with ${included.toLocaleString('en-US')} calls included`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function narrate({ change, period, customers, before, after }: Output): string {
  if (customers === 0) return `${change}: nobody would have been billed differently in ${period}.`;
  return `${change}: ${count(customers, 'customer')} would have been billed differently in ${period}, ${sayMoneys(after)} instead of ${sayMoneys(before)}.`;
}

const PERCENT = /(\d+(?:\.\d+)?)\s*(?:%|percent)/;
const LESS = /\b(?:less|lower|cheaper|down|cut|reduced|fell|dropped)\b/i;
const INCLUDED = /\binclud\w*\s+([\d,.]*\d)\s*(k|m|million|thousand)?\b/i;

function recognize(utterance: Utterance): Reading[] {
  const { text } = utterance;
  if (!/\bwhat if\b|\bwhat would (?:change|happen)\b/i.test(text)) return [];
  const percent = PERCENT.exec(text)?.[1];
  const included = includedIn(text);
  const plan = /\b(?:the )?(\w+) plan\b/i.exec(text)?.[1]?.toLowerCase();
  const named: { [key: string]: Json } = plan === undefined || plan === 'the' ? {} : { plan };
  if (included !== null && named.plan !== undefined) {
    return [
      {
        input: { ...named, included },
        confidence: 1,
        interpretation: `${plan} with ${included} calls included`,
      },
    ];
  }
  if (percent === undefined || !/\b(?:overage|calls? beyond|price per (?:thousand|call))\b/i.test(text))
    return [];
  const change = LESS.test(text) ? `-${percent}` : percent;
  return [{ input: { percent: change, ...named }, confidence: 1, interpretation: `Overage at ${change}%` }];
}

function includedIn(text: string): number | null {
  const match = INCLUDED.exec(text);
  if (!match) return null;
  const value = Number((match[1] ?? '').replaceAll(',', ''));
  const unit = match[2]?.toLowerCase();
  const times = unit === undefined ? 1 : unit.startsWith('k') || unit === 'thousand' ? 1_000 : 1_000_000;
  return Number.isSafeInteger(value * times) ? value * times : null;
}
