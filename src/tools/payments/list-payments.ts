import { z } from 'zod';
import { namedCustomer, namedPeriod, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { parsePeriod } from '../../domain/periods/parse-period.ts';
import type { Json } from '../../domain/types.ts';
import { defineTool } from '../define-tool.ts';
import { customerInput, limitInput, periodArgument, periodInput } from '../inputs.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { count, left, right, sayDay } from '../wording.ts';

const STATUSES = ['succeeded', 'failed', 'pending'] as const;

const input = z.strictObject({
  customer: customerInput.optional(),
  status: z.enum(STATUSES).optional(),
  period: periodInput.optional(),
  limit: limitInput.optional(),
});

const output = z.strictObject({
  status: z.enum(STATUSES).nullable(),
  customer: z.string().nullable(),
  total: z.int(),
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
  async run({ customer: reference, status, period: words, limit = 10 }, ctx) {
    const customer = reference === undefined ? null : await ctx.customers.resolve(reference);
    const { tz } = ctx.principal;
    const period = words === undefined ? null : parsePeriod(words, { nowAt: ctx.clock.now(), tz });
    const receipt = await openReceipt(ctx, {
      name: 'Payments',
      version: 1,
      words: `Stripe charges${status ? ` that ${status === 'pending' ? 'are pending' : status}` : ''}, newest first`,
      sources: ['stripe'],
      period,
    });
    const found = await ctx.records.listPayments({
      ...(customer ? { customerId: customer.id } : {}),
      ...(status ? { status } : {}),
      ...(period ? { createdIn: period } : {}),
      limit,
    });
    const rows = found.rows.map((payment) => ({
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
      total: found.total,
      rows,
      listed: rows.map((row) => ({
        id: row.id,
        label: `${formatMoney(row.amount)} on ${row.on}`,
        customerId: row.customerId,
      })),
      receipt: receipt(
        found.total,
        rows.length < found.total ? [`${rows.length} of ${found.total} shown`] : [],
      ),
    };
  },
  narrate({ status, customer, total, rows }) {
    const kind = status === 'succeeded' ? 'successful payment' : status ? `${status} payment` : 'payment';
    const [first] = rows;
    if (!first) return `No ${kind}s${customer ? ` of ${customer}` : ''}.`;
    const what = `${formatMoney(first.amount)} of ${first.customer} on ${first.on}, ${first.status}`;
    const why = first.declineCode ? ` (${first.declineCode.replaceAll('_', ' ')})` : '';
    if (total === 1) return `One ${kind}: ${what}${why}.`;
    const listed = rows.length > 1 && rows.length < total ? ` The newest ${rows.length} are listed.` : '';
    return `${count(total, kind)}${customer ? ` of ${customer}` : ''}. The last: ${what}${why}.${listed}`;
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
  const last = LAST.test(utterance.words.join(' '));
  if (!last && !says(utterance, 'payment', 'payments', 'charge', 'charges', 'paid us', 'declined')) return [];
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
    )
  )
    return [];
  const failed = says(utterance, 'failed', 'fail', 'fails', 'failing', 'declined', 'bounced', 'failures');
  const counting = says(utterance, 'how many', 'number of', 'count');
  const listing = says(utterance, 'list', 'show', 'which', 'who', 'what', 'why');
  const customer = namedCustomer(utterance);
  const period = namedPeriod(utterance);
  const status = failed ? 'failed' : last || says(utterance, 'successful', 'paid us') ? 'succeeded' : null;
  const input: { [key: string]: Json } = {
    ...(customer ? { customer: customer.id } : {}),
    ...(status ? { status } : {}),
    ...(period && !last ? { period: periodArgument(period) } : {}),
    ...(last ? { limit: 1 } : utterance.top && utterance.top <= 100 ? { limit: utterance.top } : {}),
  };
  const kind = failed ? 'Failed payments' : last ? 'Last payment' : 'Payments';
  const interpretation = [kind, customer?.name, period && !last ? period.label : null]
    .filter(Boolean)
    .join(', ');
  const byAmount = utterance.amounts.length > 0;
  const confidence =
    counting || byAmount
      ? 0.45
      : says(utterance, 'list', 'show', 'which')
        ? 1
        : last || listing || customer
          ? 0.9
          : 0.75;
  return [{ input, confidence, interpretation }];
}
