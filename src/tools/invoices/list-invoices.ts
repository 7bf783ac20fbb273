import { z } from 'zod';
import { namedCustomer, namedPeriod, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { InvoiceRecord, InvoiceState } from '../../domain/ports.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput, limitInput, periodArgument, periodInput } from '../inputs.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { count, daysBetween, left, right, sayDay, sayMoneys, totals } from '../wording.ts';

const STATES = ['open', 'overdue', 'paid', 'draft', 'void', 'uncollectible'] as const;
/** Totals cover everything that matches up to here; beyond, the answer says that they do not. */
const MOST_ROWS = 2_000;

const input = z.strictObject({
  customer: customerInput.optional(),
  state: z.enum(STATES).optional().describe('open: not paid yet, overdue ones included'),
  period: periodInput.optional().describe('When they were created, as words or START/END'),
  order: z.enum(['oldest', 'newest', 'largest']).optional(),
  limit: limitInput.optional(),
});

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
  listed: listedSchema,
  receipt: receiptSchema,
});

type Output = z.output<typeof output>;

export default defineTool({
  name: 'list_invoices',
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
    { say: 'invoices paid last month', input: { state: 'paid', period: 'last month' } },
  ],
  recognize,
  async run({ customer: reference, state, period: words, order: asked, limit = 10 }, ctx) {
    const { records, clock, principal } = ctx;
    const customer = reference === undefined ? null : await ctx.customers.resolve(reference);
    const nowAt = clock.now();
    const period = words === undefined ? null : parsePeriod(words, { nowAt, tz: principal.tz });
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
    const all = found.rows.map((record) => toRow(record, nowAt, principal.tz));
    const rows = all.slice(0, limit);
    return {
      state: state ?? null,
      customer: customer?.name ?? null,
      order,
      total: found.total,
      overdue: all.filter((one) => one.daysOverdue > 0).length,
      sums: totals(all.map((one) => one.amount)),
      sumsCoverAll: found.total <= all.length,
      rows,
      listed: rows.map((one) => ({ id: one.id, label: one.number ?? one.id, customerId: one.customerId })),
      receipt: receipt(
        found.total,
        rows.length < found.total ? [`${rows.length} of ${found.total} shown`] : [],
      ),
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

function isUnpaid(state: InvoiceState | undefined): boolean {
  return state === 'open' || state === 'overdue';
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

function titleOf({ state, customer }: Pick<Output, 'state' | 'customer'>): string {
  const kind =
    state === 'open'
      ? 'Unpaid invoices'
      : state
        ? `${state[0]?.toUpperCase()}${state.slice(1)} invoices`
        : 'Invoices';
  return customer ? `${kind}, ${customer}` : kind;
}

function narrate(data: Output): string {
  const whose = data.customer ? ` of ${data.customer}` : '';
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

function recognize(utterance: Utterance): Reading[] {
  const owing = says(
    utterance,
    'who hasnt paid',
    'who has not paid',
    'hasnt paid',
    'havent paid',
    'not paid',
    'who owes',
    'owes us',
    'owe us',
    'still owe',
    'who is late',
    'are late',
    'is late',
    'paying late',
    'behind on payments',
    'whos late',
    'late payers',
    'unpaid',
    'not paid us',
    'didnt pay',
    'owe anything',
    'they owe',
  );
  const invoices = says(utterance, 'invoice', 'invoices', 'bill', 'bills');
  const overdue = says(utterance, 'overdue', 'past due');
  const customer = namedCustomer(utterance);
  const theirDebt = customer !== null && says(utterance, 'owe', 'owes', 'owing', 'owed');
  const who = says(
    utterance,
    'who',
    'which',
    'list',
    'show',
    'any',
    'anything',
    'anyone',
    'anybody',
    'something',
  );
  const hasPaid = customer !== null && says(utterance, 'has paid', 'did pay', 'have paid');
  const next = goesOn(utterance);
  if (next !== null) return [next];
  if (!owing && !theirDebt && !invoices && !hasPaid && !(overdue && who)) return [];
  if (says(utterance, 'refund', 'remind', 'reminder', 'chase', 'send', 'email')) return [];
  const counting = says(utterance, 'how much', 'how many', 'total');
  const one = /\b(?:in_\w+|[A-Z0-9]{2,}-\d{2,})\b/.test(utterance.text) || utterance.ordinal !== null;
  const confidence =
    (one || counting || narrowsOtherwise(utterance)) && !theirDebt
      ? 0.5
      : owing || theirDebt || (invoices && (overdue || who || utterance.customers.length > 0))
        ? 0.9
        : 0.8;
  return [toReading(utterance, stateOf(utterance, owing || hasPaid || theirDebt, overdue), confidence)];
}

/** By due date or by amount: not what this lists by, so it is offered rather than taken. */
function narrowsOtherwise(utterance: Utterance): boolean {
  const byDueDate = says(utterance, 'due') && !says(utterance, 'past due') && utterance.periods.length > 0;
  return (
    byDueDate || utterance.amounts.length > 0 || says(utterance, 'above', 'more than', 'at least', 'below')
  );
}

/** "Just the overdue ones", "largest first", "show 20": the list before, narrowed, turned round or made longer. */
function goesOn(utterance: Utterance): Reading | null {
  const [last] = utterance.previous;
  const before = input.safeParse(last?.input);
  if (last?.tool !== 'list_invoices' || !before.success || utterance.words.length > 6) return null;
  if (utterance.customers.length > 0 || utterance.periods.length > 0 || utterance.ordinal !== null)
    return null;
  const phrase = utterance.words.join(' ');
  const narrowed =
    /^(?:and |only |just |show |show me |the )*(overdue|open|unpaid|paid)(?: ones?| only)?$/.exec(
      phrase,
    )?.[1];
  const state = narrowed === 'unpaid' ? 'open' : (STATES.find((one) => one === narrowed) ?? null);
  const turned =
    /^(?:sort(?:ed)? by|order(?:ed)? by|by) (?:amount|size|value)$|^(?:the )?(?:largest|biggest) first$/.test(
      phrase,
    )
      ? 'largest'
      : (/^(?:the )?(oldest|newest) first$/.exec(phrase)?.[1] ?? null);
  const longer = Number(/^(?:show|list|give me)(?: me)? (\d{1,2})(?: more)?$/.exec(phrase)?.[1] ?? 0);
  if (state === null && turned === null && longer === 0) return null;
  const changed: { [key: string]: Json } = {
    ...before.data,
    ...(state ? { state } : {}),
    ...(turned ? { order: turned } : {}),
    ...(longer > 0 ? { limit: longer } : {}),
  };
  return { input: changed, confidence: 0.92, interpretation: `The same invoices, ${phrase}` };
}

function stateOf(utterance: Utterance, owing: boolean, overdue: boolean): InvoiceState | null {
  if (overdue || says(utterance, 'late')) return 'overdue';
  if (owing || says(utterance, 'open', 'outstanding', 'unpaid', 'pending', 'due')) return 'open';
  if (says(utterance, 'paid')) return 'paid';
  if (says(utterance, 'draft', 'drafts')) return 'draft';
  if (says(utterance, 'void', 'voided')) return 'void';
  return says(utterance, 'uncollectible', 'written off', 'bad debt') ? 'uncollectible' : null;
}

function toReading(utterance: Utterance, state: InvoiceState | null, confidence: number): Reading {
  const customer = namedCustomer(utterance);
  const period = namedPeriod(utterance);
  const largest = says(utterance, 'largest', 'biggest', 'highest', 'most');
  const newest = says(utterance, 'newest', 'latest', 'recent', 'last invoice');
  const order = largest
    ? 'largest'
    : newest
      ? 'newest'
      : says(utterance, 'oldest') || (state && isUnpaid(state))
        ? 'oldest'
        : null;
  const input: { [key: string]: Json } = {
    ...(customer ? { customer: customer.id } : {}),
    ...(state ? { state } : {}),
    ...(period ? { period: periodArgument(period) } : {}),
    ...(order ? { order } : {}),
    ...(utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
  };
  const parts = [
    titleOf({ state, customer: customer?.name ?? null }),
    period?.label,
    order ? `${order} first` : null,
  ];
  return { input, confidence, interpretation: parts.filter(Boolean).join(', ') };
}
