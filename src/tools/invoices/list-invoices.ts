import { z } from 'zod';
import { namedPeriod, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { InvoiceRecord, InvoiceState } from '../../domain/ports.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput, limitInput, periodArgument, periodInput } from '../inputs.ts';
import {
  amountInput,
  amountWords,
  daysText,
  excludeInput,
  filtersIn,
  keepRows,
  keptAmounts,
  keptCustomers,
  requireWhole,
  type SaidFilters,
  whereInput,
  whereWords,
  wholeDays,
} from '../list-filters.ts';
import { looksLikeText } from '../outside-text.ts';
import { periodOptions } from '../period-options.ts';
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
  amount: amountInput,
  minDaysOverdue: z.int().optional(),
  maxDaysOverdue: z.int().optional(),
  where: whereInput,
  exclude: excludeInput,
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
  /** What else the list is narrowed by, in words. */
  narrowed: z.string().optional(),
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
    {
      say: 'unpaid invoices over $5,000',
      input: { state: 'open', order: 'oldest', amount: { op: 'gt', value: 5000 } },
    },
    { say: 'invoices paid last month', input: { state: 'paid', period: 'last month' } },
  ],
  recognize,
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

function titleOf({ state, customer, narrowed }: Pick<Output, 'state' | 'customer' | 'narrowed'>): string {
  const kind =
    state === 'open'
      ? 'Unpaid invoices'
      : state
        ? `${state[0]?.toUpperCase()}${state.slice(1)} invoices`
        : 'Invoices';
  return [kind, customer, narrowed].filter(Boolean).join(', ');
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
    'still has to pay',
    'still have to pay',
    'has to pay us',
    'yet to pay',
    'needs to pay',
    'still needs to pay',
    'still to pay',
    'hasnt settled',
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
  const invoices = says(
    utterance,
    'invoice',
    'invoices',
    'bill',
    'bills',
    'been billed',
    'been invoiced',
    'we billed',
    'we invoiced',
    'we bill',
    'we invoice',
  );
  const said = filtersIn(utterance, { amounts: true });
  const overdue =
    says(utterance, 'overdue', 'past due') || (says(utterance, 'outstanding') && said.days.length > 0);
  const customer = said.customer?.customer ?? null;
  const theirDebt = customer !== null && says(utterance, 'owe', 'owes', 'owing', 'owed');
  const sorted = says(utterance, 'biggest first', 'largest first', 'oldest first', 'newest first');
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
  const hasPaid =
    customer !== null &&
    says(utterance, 'has paid', 'did pay', 'have paid') &&
    !/^(?:and |so )*(?:what|how much)\b/.test(utterance.words.join(' '));
  const next = goesOn(utterance);
  if (next !== null) return [next];
  const debts = (overdue || says(utterance, 'outstanding')) && (who || sorted || said.days.length > 0);
  if (!owing && !theirDebt && !invoices && !hasPaid && !debts) return [];
  if (says(utterance, 'refund', 'remind', 'reminder', 'chase', 'send', 'email', 'nudge', 'dun')) return [];
  const counting = says(utterance, 'how much', 'how many', 'total');
  const pointed = utterance.ordinal !== null && !sorted;
  const one = /\b(?:in_\w+|[A-Z0-9]{2,}-\d{2,})\b/.test(utterance.text) || pointed;
  const unsure = one || counting || byDueDate(utterance) || said.several || said.unread.length > 0;
  const narrowed = said.words.length > 0 || said.days.length > 0;
  const sure =
    owing ||
    theirDebt ||
    debts ||
    (invoices && (overdue || who || narrowed || utterance.customers.length > 0));
  const confidence = unsure && !theirDebt ? 0.5 : sure ? 0.9 : 0.8;
  const named = stateOf(utterance, owing || hasPaid || theirDebt, overdue);
  const state = named ?? (said.days.length > 0 ? 'overdue' : null);
  return [toReading(utterance, state, confidence, said)];
}

/** By due date: not what this lists by, so it is offered rather than taken. */
function byDueDate(utterance: Utterance): boolean {
  return says(utterance, 'due') && !says(utterance, 'past due') && utterance.periods.length > 0;
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

function toReading(
  utterance: Utterance,
  state: InvoiceState | null,
  confidence: number,
  said: SaidFilters,
): Reading {
  const customer = said.several ? null : (said.customer?.customer ?? null);
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
  const { min, max } = wholeDays(said.days);
  const late = daysText(said.days);
  const input: { [key: string]: Json } = {
    ...(customer ? { customer: customer.id } : {}),
    ...(state ? { state } : {}),
    ...(period ? { period: periodArgument(period) } : {}),
    ...(order ? { order } : {}),
    ...(utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
    ...(min === undefined ? {} : { minDaysOverdue: min }),
    ...(max === undefined ? {} : { maxDaysOverdue: max }),
    ...said.input,
  };
  const parts = [
    titleOf({ state, customer: customer?.name ?? null }),
    period?.label,
    late === null ? null : /late|overdue|past due/i.test(late) ? late : `${late} overdue`,
    ...said.words,
    order ? `${order} first` : null,
  ];
  const several = said.several ? ['I list the invoices of one customer at a time.'] : [];
  const caveat = [...said.unread, ...several].join(' ');
  return {
    input,
    confidence,
    interpretation: parts.filter(Boolean).join(', '),
    ...(caveat === '' ? {} : { caveat }),
  };
}
