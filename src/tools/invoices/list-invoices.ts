import { z } from 'zod';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { InvoiceRecord, InvoiceState } from '../../domain/ports.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import {
  amountWords,
  keepRows,
  keptAmounts,
  keptCustomers,
  requireWhole,
  whereWords,
} from '../list-filters.ts';
import { looksLikeText } from '../outside-text.ts';
import { periodOptions } from '../period-options.ts';
import { openReceipt } from '../receipt.ts';
import { count, daysBetween, left, right, sayDay, sayMoneys, totals } from '../wording.ts';
import { input, isUnpaid, STATES, titleOf } from './invoice-list.ts';
import { recognizeInvoices } from './invoice-questions.ts';

const NAME = 'list_invoices';
/** Totals cover everything that matches up to here; beyond, the answer says that they do not. */
const MOST_ROWS = 2_000;

const row = z.strictObject({
  id: z.string(),
  number: z.string().nullable(),
  customerId: z.string(),
  customer: z.string(),
  status: z.string(),
  amount: moneySchema,
  dueAt: z.int().nullable(),
  dueOn: z.string().nullable(),
  daysOverdue: z.int(),
});

const output = z.strictObject({
  state: z.enum(STATES).nullable(),
  customer: z.string().nullable(),
  order: z.enum(['oldest', 'newest', 'largest']),
  total: z.int(),
  overdue: z.int(),
  sums: z.array(moneySchema),
  sumsCoverAll: z.boolean(),
  rows: z.array(row),
  /** What else the list is narrowed by, in words. */
  narrowed: z.string().optional(),
  listed: listedSchema,
  receipt: receiptSchema,
});

type Output = z.output<typeof output>;

export default defineTool({
  name: NAME,
  description:
    'Lists invoices with amounts, due dates and days overdue, oldest first when unpaid, with the total per currency. Use it for "who has not paid us", overdue or a customer\'s invoices. Not for a single number such as total receivables, nor for one invoice whose number is known.',
  scope: 'billing:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: "who hasn't paid us?", input: { state: 'open', order: 'oldest' } },
    { say: 'list overdue invoices', input: { state: 'overdue', order: 'oldest' } },
    { say: "show Acme's invoices", input: { customer: 'Acme' } },
    { say: 'largest unpaid invoices', input: { state: 'open', order: 'largest' } },
    {
      say: 'unpaid invoices over $5,000',
      input: { state: 'open', order: 'oldest', amount: { op: 'gt', value: 5000 } },
    },
    { say: 'invoices paid last month', input: { state: 'paid', period: 'last month' } },
  ],
  recognize: (utterance) => {
    const latest = utterance.previous[0];
    return recognizeInvoices(utterance, latest?.tool === NAME ? latest : null);
  },
  async run(wanted, ctx) {
    const { customer: reference, state, period: words, order: asked, limit = 10 } = wanted;
    const { records, clock, principal } = ctx;
    const customer = reference === undefined ? null : await ctx.customers.resolve(reference);
    const nowAt = clock.now();
    const period = words === undefined ? null : parsePeriod(words, await periodOptions(ctx, words));
    const order = asked ?? (isUnpaid(state) ? 'oldest' : 'newest');
    const receipt = await openReceipt(ctx, {
      name: 'Invoices',
      version: 1,
      words: definition(state ?? null),
      sources: ['stripe'],
      period,
    });
    const found = await records.listInvoices({
      ...(customer ? { customerId: customer.id } : {}),
      ...(state ? { state } : {}),
      ...(period ? { createdIn: period } : {}),
      at: nowAt,
      order,
      limit: MOST_ROWS,
    });
    const listed = found.rows.map((record) => toRow(record, nowAt, principal.tz));
    const narrowed = narrowedWords(wanted);
    if (narrowed !== null) requireWhole(found);
    const all = narrowed === null ? listed : await narrow(listed, wanted, ctx);
    const total = narrowed === null ? found.total : all.length;
    const rows = all.slice(0, limit);
    return {
      state: state ?? null,
      customer: customer?.name ?? null,
      order,
      total,
      overdue: all.filter((one) => one.daysOverdue > 0).length,
      sums: totals(all.map((one) => one.amount)),
      sumsCoverAll: total <= all.length,
      rows,
      ...(narrowed === null ? {} : { narrowed }),
      listed: rows.map((one) => ({ id: one.id, label: one.number ?? one.id, customerId: one.customerId })),
      receipt: receipt(total, [
        ...(narrowed === null ? [] : [`Narrowed: ${narrowed}`]),
        ...(rows.length < total ? [`${rows.length} of ${total} shown`] : []),
      ]),
    };
  },
  narrate,
  exhibits(data) {
    if (data.rows.length === 0) return [];
    // A column that says the same in every row says nothing.
    return [
      {
        kind: 'table',
        title: titleOf(data),
        columns: [
          ...left('Customer', 'Invoice', ...(data.state === null ? ['Status'] : [])),
          ...right('Amount'),
          ...left('Due'),
          ...right('Days overdue'),
        ],
        rows: data.rows.map((one) => [
          one.customer,
          one.number ?? one.id,
          ...(data.state === null ? [one.status] : []),
          formatMoney(one.amount),
          one.dueOn ?? 'when issued',
          one.daysOverdue > 0 ? String(one.daysOverdue) : '',
        ]),
      },
    ];
  },
  untrusted: ({ rows }) => rows.some((one) => looksLikeText(one.customer)),
});

type Wanted = z.output<typeof input>;
type Row = z.output<typeof row>;

async function narrow(rows: readonly Row[], wanted: Wanted, ctx: ToolContext): Promise<Row[]> {
  const { minDaysOverdue: min = 0, maxDaysOverdue: max = Number.POSITIVE_INFINITY } = wanted;
  const customers = await keptCustomers(wanted, ctx);
  const amounts = keptAmounts(wanted.amount, ctx);
  return await keepRows(rows, [
    async ({ daysOverdue }) => daysOverdue >= min && daysOverdue <= max,
    customers && (({ customerId }) => customers(customerId)),
    amounts && (({ amount }) => amounts(amount)),
  ]);
}

/** "at least 61 days overdue, over 5,000 USD"; null when nothing narrows. */
function narrowedWords({
  amount,
  minDaysOverdue: min,
  maxDaysOverdue: max,
  where,
  exclude,
}: Wanted): string | null {
  const words = [
    ...(min === undefined ? [] : [`at least ${min} days overdue`]),
    ...(max === undefined ? [] : [`at most ${max} days overdue`]),
    ...(amount === undefined ? [] : [amountWords(amount)]),
    ...(where === undefined ? [] : [whereWords(where)]),
    ...(exclude === undefined
      ? []
      : [`without ${exclude.length === 1 ? 'one customer' : `${exclude.length} customers`}`]),
  ];
  return words.length > 0 ? words.join(', ') : null;
}

function definition(state: InvoiceState | null): string {
  if (state === 'overdue')
    return 'Invoices issued, not paid, and due before now; charged ones are due when issued';
  if (state === 'open')
    return 'Invoices issued and not paid, voided or written off; the amount is what remains due';
  return `Invoices${state ? ` that are ${state}` : ''} as Stripe has them`;
}

function toRow(record: InvoiceRecord, nowAt: number, tz: string): z.output<typeof row> {
  const unpaid = record.status === 'open';
  const dueAt = record.dueAt ?? record.finalizedAt;
  return {
    id: record.id,
    number: record.number,
    customerId: record.customerId,
    customer: record.customerName,
    status: record.status,
    amount: unpaid ? record.amountRemaining : record.total,
    dueAt: record.dueAt,
    dueOn: record.dueAt === null ? null : sayDay(record.dueAt, tz),
    daysOverdue: unpaid && dueAt !== null ? daysBetween(dueAt, nowAt) : 0,
  };
}

function narrate(data: Output): string {
  const narrowed = data.narrowed === undefined ? '' : ` (${data.narrowed})`;
  const whose = `${data.customer ? ` of ${data.customer}` : ''}${narrowed}`;
  const kind = data.state === 'open' ? 'unpaid ' : data.state ? `${data.state} ` : '';
  if (data.total === 0) return `No ${kind}invoices${whose}.`;
  const sum = `${sayMoneys(data.sums)}${data.sumsCoverAll ? '' : ' in the newest of them'}`;
  const sentences = [`${count(data.total, `${kind}invoice`)}${whose}, ${sum} in total.`];
  if (data.state === 'open' && data.overdue > 0)
    sentences.push(`${data.overdue.toLocaleString('en-US')} of them overdue.`);
  const [first] = data.rows;
  if (first && first.daysOverdue > 0 && data.order === 'oldest') {
    sentences.push(
      `The oldest is ${first.number ?? first.id} of ${first.customer}: ${formatMoney(first.amount)}, ${count(first.daysOverdue, 'day')} overdue.`,
    );
  }
  const { length } = data.rows;
  if (length > 1 && length < data.total) sentences.push(`The first ${length} are listed.`);
  return sentences.join(' ');
}
