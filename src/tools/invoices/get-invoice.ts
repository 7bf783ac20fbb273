import { z } from 'zod';
import { pointedAt, says } from '../../domain/language/match-words.ts';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { formatMoney } from '../../domain/money/format.ts';
import { listedSchema, moneySchema, receiptSchema } from '../../domain/output-shapes.ts';
import { UserError } from '../../lib/errors.ts';
import { defineTool } from '../define-tool.ts';
import { looksLikeText } from '../outside-text.ts';
import { openReceipt } from '../receipt.ts';
import { count, daysBetween, sayDay } from '../wording.ts';
import { deliveryWords } from './delivery-words.ts';

const input = z.strictObject({
  invoice: z.string().trim().min(2).max(100).describe('Printed number or Stripe id of one invoice'),
});

const output = z.strictObject({
  id: z.string(),
  number: z.string().nullable(),
  customerId: z.string(),
  customer: z.string(),
  status: z.string(),
  total: moneySchema,
  tax: moneySchema,
  paid: moneySchema,
  remaining: moneySchema,
  attempts: z.int(),
  issuedOn: z.string().nullable(),
  dueOn: z.string().nullable(),
  paidOn: z.string().nullable(),
  daysOverdue: z.int(),
  /** How its way to the customer stands; null where Psi did not send it. */
  delivery: z.string().nullable(),
  payments: z.array(
    z.strictObject({
      id: z.string(),
      status: z.string(),
      amount: moneySchema,
      on: z.string(),
      declineCode: z.string().nullable(),
    }),
  ),
  listed: listedSchema,
  receipt: receiptSchema,
});

export default defineTool({
  name: 'get_invoice',
  description:
    'Shows one invoice: status, total, tax, what remains, due date and every attempt to pay it. Use it when its number or id is known or it was in the list before. Not for searching.',
  scope: 'billing:read',
  effect: 'read',
  input,
  output,
  examples: [
    { say: 'show invoice PSI-0042', input: { invoice: 'PSI-0042' } },
    { say: 'what is the status of invoice in_123', input: { invoice: 'in_123' } },
  ],
  recognize,
  async run({ invoice: reference }, ctx) {
    const receipt = await openReceipt(ctx, {
      name: 'Invoice',
      version: 1,
      words: 'One invoice and the charges made for it, as Stripe has them',
      sources: ['stripe'],
    });
    const issued = await ctx.billing.runs.numbered(reference);
    const invoice = await ctx.records.getInvoice(issued?.stripeInvoiceId ?? reference);
    if (!invoice) {
      throw new UserError(
        'not_found',
        `There is no invoice "${reference}".`,
        'List the invoices of the customer to see their numbers.',
      );
    }
    const { rows } = await ctx.records.listPayments({ invoiceId: invoice.id, limit: 10 });
    const day = (at: number | null) => (at === null ? null : sayDay(at, ctx.principal.tz));
    const [delivery] = await ctx.deliveries.ofInvoice(invoice.id);
    const dueAt = invoice.dueAt ?? invoice.finalizedAt;
    return {
      id: invoice.id,
      number: invoice.number,
      customerId: invoice.customerId,
      customer: invoice.customerName,
      status: invoice.status,
      total: invoice.total,
      tax: invoice.tax,
      paid: invoice.amountPaid,
      remaining: invoice.amountRemaining,
      attempts: invoice.attemptCount,
      issuedOn: day(invoice.finalizedAt),
      dueOn: day(invoice.dueAt),
      paidOn: day(invoice.paidAt),
      daysOverdue: invoice.status === 'open' && dueAt !== null ? daysBetween(dueAt, ctx.clock.now()) : 0,
      delivery: delivery === undefined ? null : deliveryWords(delivery, ctx.principal.tz),
      payments: rows.map((payment) => ({
        id: payment.id,
        status: payment.status,
        amount: payment.amount,
        on: sayDay(payment.createdAt, ctx.principal.tz),
        declineCode: payment.declineCode,
      })),
      listed: [{ id: invoice.id, label: invoice.number ?? invoice.id, customerId: invoice.customerId }],
      receipt: receipt(1 + rows.length),
    };
  },
  narrate(data) {
    const name = `Invoice ${data.number ?? data.id} of ${data.customer}`;
    const way = data.delivery === null ? '' : ` Delivery: ${data.delivery}.`;
    if (data.status === 'paid')
      return `${name}: ${formatMoney(data.total)}, paid${data.paidOn ? ` on ${data.paidOn}` : ''}.${way}`;
    if (data.status !== 'open') return `${name}: ${formatMoney(data.total)}, ${data.status}.${way}`;
    const late =
      data.daysOverdue > 0
        ? `, ${count(data.daysOverdue, 'day')} overdue`
        : data.dueOn
          ? `, due ${data.dueOn}`
          : '';
    return `${name}: ${formatMoney(data.remaining)} of ${formatMoney(data.total)} still to be paid${late}.${way}`;
  },
  exhibits(data) {
    const last = data.payments[0];
    return [
      {
        kind: 'fields',
        title: `Invoice ${data.number ?? data.id}`,
        fields: [
          { label: 'Customer', value: data.customer },
          { label: 'Status', value: data.status },
          { label: 'Total', value: `${formatMoney(data.total)} (tax ${formatMoney(data.tax)})` },
          { label: 'Remaining', value: formatMoney(data.remaining) },
          { label: 'Issued', value: data.issuedOn ?? 'not yet' },
          { label: 'Due', value: data.dueOn ?? 'when issued' },
          { label: 'Attempts to charge', value: String(data.attempts) },
          ...(data.delivery === null ? [] : [{ label: 'Delivery', value: data.delivery }]),
          ...(last
            ? [
                {
                  label: 'Last attempt',
                  value: `${last.status} on ${last.on}${last.declineCode ? ` (${last.declineCode})` : ''}`,
                },
              ]
            : []),
        ],
      },
    ];
  },
  untrusted: ({ customer }) => looksLikeText(customer),
});

function recognize(utterance: Utterance): Reading[] {
  // How an invoice of usage came about is told elsewhere, by the numbers Psi gives.
  if (says(utterance, 'explain') && /\b[A-Z]{2,}-\d{6}-\d{3,}\b/.test(utterance.text)) return [];
  if (says(utterance, 'refund', 'remind', 'reminder', 'chase', 'send', 'resend', 'void', 'email')) return [];
  const named = utterance.text.match(/\b(in_\w{2,}|[A-Za-z0-9]{2,}(?:-[A-Za-z0-9]+)*-\d{2,})\b/);
  if (named?.[1] && !/^\d{4}-\d{2}/.test(named[1])) {
    return [{ input: { invoice: named[1] }, confidence: 0.92, interpretation: `Invoice ${named[1]}` }];
  }
  const item = pointedAt(utterance);
  if (!item?.id.startsWith('in_') || utterance.words.length > 8) return [];
  return [{ input: { invoice: item.id }, confidence: 0.9, interpretation: `Invoice ${item.label}` }];
}
