import { z } from 'zod';
import { namedPeriod, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import { periodArgument } from '../../domain/periods/period-argument.ts';
import type { PaymentRecord } from '../../domain/ports.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool, type ToolContext } from '../define-tool.ts';
import { customerInput, limitInput, periodInput } from '../inputs.ts';
import {
  amountInput,
  amountWords,
  excludeInput,
  filtersIn,
  keepRows,
  keptAmounts,
  keptCustomers,
  MOST_NARROWED,
  requireWhole,
  whereInput,
  whereWords,
} from '../list-filters.ts';
import { looksLikeText } from '../outside-text.ts';
import { periodOptions } from '../period-options.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, right, sayDay } from '../wording.ts';

const STATUSES = ['succeeded', 'failed', 'pending'] as const;

const input = z.strictObject({
  customer: customerInput.optional(),
  status: z.enum(STATUSES).optional(),
  period: periodInput.optional(),
  limit: limitInput.optional(),
  amount: amountInput,
  where: whereInput,
  exclude: excludeInput,
});

const output = z.strictObject({
  status: z.enum(STATUSES).nullable(),
  customer: z.string().nullable(),
  total: z.int(),
  /** What else the list is narrowed by, in words. */
  narrowed: z.string().optional(),
  rows: z.array(
    z.strictObject({
      id: z.string(),
      invoiceId: z.string().nullable(),
      customerId: z.string(),
      customer: z.string(),
      status: z.string(),
      amount: moneySchema,
      refunded: moneySchema,
      declineCode: z.string().nullable(),
      disputed: z.boolean(),
      on: z.string(),
      createdAt: z.int(),
    }),
  ),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'list_payments',
  description:
    "Lists payments and failed attempts to charge, newest first, with amounts, refunds and decline codes. Use it for a customer's last payment or for what failed and why. Not for a count of failures over time, which is a metric, and not for invoices.",
  scope: 'billing:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'list failed payments', input: { status: 'failed' } },
    { say: "what was Acme's last payment?", input: { customer: 'Acme', status: 'succeeded', limit: 1 } },
    { say: 'show charges last week', input: { period: 'last week' } },
  ],
  recognize,
  async run(wanted, ctx) {
    const { customer: reference, status, period: words, limit = 10 } = wanted;
    const customer = reference === undefined ? null : await ctx.customers.resolve(reference);
    const { tz } = ctx.principal;
    const period = words === undefined ? null : parsePeriod(words, await periodOptions(ctx, words));
    const receipt = await openReceipt(ctx, {
      name: 'Payments',
      version: 1,
      words: `Stripe charges${status ? ` that ${status === 'pending' ? 'are pending' : status}` : ''}, newest first`,
      sources: ['stripe'],
      period,
    });
    const narrowed = narrowedWords(wanted);
    const found = await ctx.records.listPayments({
      ...(customer ? { customerId: customer.id } : {}),
      ...(status ? { status } : {}),
      ...(period ? { createdIn: period } : {}),
      limit: narrowed === null ? limit : MOST_NARROWED,
    });
    if (narrowed !== null) requireWhole(found);
    const kept = narrowed === null ? found.rows : await narrow(found.rows, wanted, ctx);
    const total = narrowed === null ? found.total : kept.length;
    const rows = kept.slice(0, limit).map((payment) => ({
      id: payment.id,
      invoiceId: payment.invoiceId,
      customerId: payment.customerId,
      customer: payment.customerName,
      status: payment.status,
      amount: payment.amount,
      refunded: payment.amountRefunded,
      declineCode: payment.declineCode,
      disputed: payment.disputed,
      on: sayDay(payment.createdAt, tz),
      createdAt: payment.createdAt,
    }));
    return {
      status: status ?? null,
      customer: customer?.name ?? null,
      total,
      ...(narrowed === null ? {} : { narrowed }),
      rows,
      listed: rows.map((row) => ({
        id: row.id,
        label: `${formatMoney(row.amount)} on ${row.on}`,
        customerId: row.customerId,
      })),
      receipt: receipt(total, [
        ...(narrowed === null ? [] : [`Narrowed: ${narrowed}`]),
        ...(rows.length < total ? [`${rows.length} of ${total} shown`] : []),
      ]),
    };
  },
  narrate({ status, customer, total, rows, narrowed }) {
    const kind = status === 'succeeded' ? 'successful payment' : status ? `${status} payment` : 'payment';
    const [first] = rows;
    const whose = `${customer ? ` of ${customer}` : ''}${narrowed === undefined ? '' : ` (${narrowed})`}`;
    if (!first) return `No ${kind}s${whose}.`;
    const what = `${formatMoney(first.amount)} of ${first.customer} on ${first.on}, ${first.status}`;
    const why = first.declineCode ? ` (${first.declineCode.replaceAll('_', ' ')})` : '';
    if (total === 1) return `One ${kind}${narrowed === undefined ? '' : ` (${narrowed})`}: ${what}${why}.`;
    const listed = rows.length > 1 && rows.length < total ? ` The newest ${rows.length} are listed.` : '';
    return `${count(total, kind)}${whose}. The last: ${what}${why}.${listed}`;
  },
  exhibits({ rows }) {
    if (rows.length < 2) return [];
    return [
      {
        kind: 'table',
        title: 'Payments',
        columns: [...left('Date', 'Customer', 'Status'), ...right('Amount', 'Refunded'), ...left('Reason')],
        rows: rows.map((row) => [
          row.on,
          row.customer,
          row.disputed ? `${row.status}, disputed` : row.status,
          formatMoney(row.amount),
          row.refunded.minor > 0 ? formatMoney(row.refunded) : '',
          row.declineCode?.replaceAll('_', ' ') ?? '',
        ]),
      },
    ];
  },
  untrusted: ({ rows }) => rows.some((row) => looksLikeText(row.customer)),
});

/** "last payment", "when did they last pay", "the last time they paid us". */
const LAST =
  /\b(?:last|latest|most recent) (?:payment|charge)\b|\blast (?:pay|pays|paid)\b|\blast time (?:\w+ ){0,2}paid\b|\bpaid (?:us )?last$/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  const last = LAST.test(phrase);
  const paid =
    (utterance.customers.length > 0 || says(utterance, 'they')) &&
    /\b(?:what|how much) (?:did|has|have)\b.*\b(?:pay|paid)\b/.test(phrase);
  if (
    !last &&
    !paid &&
    !says(
      utterance,
      'payment',
      'payments',
      'charge',
      'charges',
      'paid us',
      'declined',
      'card decline',
      'card fail',
      'bounced',
    )
  )
    return [];
  if (
    says(
      utterance,
      'refund',
      'remind',
      'reminder',
      'chase',
      'send',
      'not paid',
      'hasnt paid',
      'havent paid',
      'who hasnt',
      'reimburse',
      'money back',
      'payment back',
      'rate',
      'share',
      'percent',
    )
  )
    return [];
  const failed = says(utterance, 'failed', 'fail', 'fails', 'failing', 'declined', 'bounced', 'failures');
  const counting = says(utterance, 'how many', 'number of', 'count');
  const listing = says(utterance, 'list', 'show', 'which', 'who', 'what', 'why');
  const said = filtersIn(utterance, { amounts: true });
  const customer = said.several ? null : (said.customer?.customer ?? null);
  const period = namedPeriod(utterance);
  const status = failed ? 'failed' : last || says(utterance, 'successful', 'paid us') ? 'succeeded' : null;
  const input: { [key: string]: Json } = {
    ...(customer ? { customer: customer.id } : {}),
    ...(status ? { status } : {}),
    ...(period && !last ? { period: periodArgument(period) } : {}),
    ...(last ? { limit: 1 } : utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
    ...said.input,
  };
  const kind = failed ? 'Failed payments' : last ? 'Last payment' : 'Payments';
  const interpretation = [kind, customer?.name, period && !last ? period.label : null, ...said.words]
    .filter(Boolean)
    .join(', ');
  const unread = [...said.unread, ...said.days.map(({ text }) => `I could not place "${text}".`)];
  // An amount that bounds nothing ("payments of $50") is not what this lists by.
  const byAmount = utterance.amounts.length > 0 && said.input.amount === undefined;
  const confidence =
    counting || byAmount || unread.length > 0 || said.several
      ? 0.45
      : says(utterance, 'list', 'show', 'which')
        ? 1
        : last || listing || customer
          ? 0.9
          : 0.75;
  const caveat = unread.join(' ');
  return [{ input, confidence, interpretation, ...(caveat === '' ? {} : { caveat }) }];
}

type Wanted = z.output<typeof input>;

async function narrow(
  rows: readonly PaymentRecord[],
  wanted: Wanted,
  ctx: ToolContext,
): Promise<PaymentRecord[]> {
  const customers = await keptCustomers(wanted, ctx);
  const amounts = keptAmounts(wanted.amount, ctx);
  return await keepRows(rows, [
    customers && (({ customerId }) => customers(customerId)),
    amounts && (({ amount }) => amounts(amount)),
  ]);
}

function narrowedWords({ amount, where, exclude }: Wanted): string | null {
  const words = [
    ...(amount === undefined ? [] : [amountWords(amount)]),
    ...(where === undefined ? [] : [whereWords(where)]),
    ...(exclude === undefined
      ? []
      : [`without ${exclude.length === 1 ? 'one customer' : `${exclude.length} customers`}`]),
  ];
  return words.length > 0 ? words.join(', ') : null;
}
