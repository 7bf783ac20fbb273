import { z } from 'zod';
import { monthNamed, monthOf, monthsBefore } from '../../domain/billing/run/month.ts';
import { says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool } from '../define-tool.ts';
import { periodOptions } from '../period-options.ts';
import { ledgerReceipt } from '../receipt.ts';
import { count, left, right, sayMoneys, totals } from '../wording.ts';

const STATES = ['draft', 'blocked', 'issued', 'unwound'] as const;

const row = z.strictObject({
  id: z.string(),
  customerId: z.string(),
  customer: z.string(),
  state: z.enum(STATES),
  amount: moneySchema,
  number: z.string().nullable(),
  remarks: z.string(),
});

const input = z.strictObject({
  month: z.string().trim().min(1).max(60).optional().describe('Default last month'),
  state: z.enum(STATES).optional(),
});

const output = z.strictObject({
  month: z.string(),
  begun: z.boolean(),
  closed: z.boolean(),
  rows: z.array(row),
  sums: z.array(moneySchema),
  receipt: receiptSchema,
  listed: z.array(z.object({ id: z.string(), label: z.string(), customerId: z.string() })),
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'list_drafts',
  description:
    'The invoices of a month-close: drafted, blocked with the reason, or issued, with what is unusual. Not for invoices at Stripe in general.',
  scope: 'billing:read',
  effect: 'read',
  about: ['draft', 'overage', 'close'],
  input,
  output,
  examples: [
    { say: 'show the drafts', input: {} },
    { say: 'which drafts are blocked?', input: { state: 'blocked' } },
  ],
  recognize,
  async run({ month: words, state }, ctx) {
    const { tz } = ctx.company;
    const nowAt = ctx.clock.now();
    const [before] = monthsBefore(monthNamed(monthOf(nowAt, tz), tz), 1);
    const asked =
      words === undefined ? null : parsePeriod(words, { ...(await periodOptions(ctx, words)), tz });
    const period = monthNamed(monthOf(asked?.startAt ?? before?.startAt ?? nowAt, tz), tz);
    const { runs } = ctx.billing;
    const run = await runs.ofMonth(ctx.billing.settings().entity.id, monthOf(period.startAt, tz));
    const all = run === null ? [] : await runs.list(run.id);
    const rows = all
      .filter((invoice) => state === undefined || invoice.state === state)
      .map((invoice) => ({
        id: invoice.id,
        customerId: invoice.basis.customerId,
        customer: invoice.basis.customerName,
        state: invoice.state,
        amount: { minor: invoice.totalMinor, currency: invoice.basis.currency },
        number: invoice.number,
        remarks: [...invoice.problems, ...invoice.flags].join(' '),
      }));
    return {
      month: period.label,
      begun: run !== null,
      closed: run?.closedAt != null,
      rows,
      sums: totals(rows.filter((one) => one.state !== 'unwound').map(({ amount }) => amount)),
      listed: rows.map(({ id, customer, customerId }) => ({ id, label: customer, customerId })),
      receipt: ledgerReceipt(
        {
          name: 'Invoices of a month-close',
          words: 'As Psi keeps them; before approval nothing is at Stripe',
        },
        nowAt,
        rows.length,
      ),
    };
  },
  narrate,
  exhibits: (data) =>
    data.rows.length === 0
      ? []
      : [
          {
            kind: 'table',
            title: `Invoices of ${data.month}`,
            columns: [...left('Customer', 'State'), ...right('Amount'), ...left('Number', 'Remarks')],
            rows: data.rows.map((one) => [
              one.customer,
              one.state,
              formatMoney(one.amount),
              one.number ?? '',
              one.remarks,
            ]),
          },
        ],
  // Names are chosen by outsiders.
  untrusted: () => true,
});

function narrate({ month, begun, closed, rows, sums }: Output): string {
  if (!begun) return `The close of ${month} has not been started, so there are no drafts.`;
  if (rows.length === 0) return `No such invoice in the close of ${month}.`;
  const issued = rows.filter(({ state }) => state === 'issued').length;
  const blocked = rows.filter(({ state }) => state === 'blocked').length;
  const unwound = rows.filter(({ state }) => state === 'unwound').length;
  const drafted = rows.length - issued - blocked - unwound;
  const parts = [
    `${count(rows.length, 'invoice')} of ${month}, ${sayMoneys(sums)}: ${issued} issued, ${drafted} drafted, ${blocked} blocked.`,
    unwound === 0 ? '' : `${unwound} taken back.`,
    closed ? 'The month is closed.' : '',
  ];
  return parts.filter((one) => one !== '').join(' ');
}

function recognize(utterance: Utterance): Reading[] {
  const drafts = says(utterance, 'drafts', 'drafted invoices', 'invoice drafts', 'draft invoices');
  if (!drafts || utterance.customers.length > 0) return [];
  const state: { [key: string]: Json } = says(utterance, 'blocked')
    ? { state: 'blocked' }
    : says(utterance, 'issued')
      ? { state: 'issued' }
      : {};
  const [mention, another] = utterance.periods;
  if (another) return [];
  const month: { [key: string]: Json } = mention?.period ? { month: mention.text } : {};
  return [{ input: { ...month, ...state }, confidence: 0.92, interpretation: 'Invoices of the month-close' }];
}
