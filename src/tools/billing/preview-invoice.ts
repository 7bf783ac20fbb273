import { z } from 'zod';
import { InvoiceDocument } from '../../domain/billing/document/invoice-document.ts';
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
import { basesWithLate } from './late-usage.ts';
import { printedInvoice } from './printed-invoice.ts';

const input = z.strictObject({
  customer: customerInput,
  month: z.string().trim().min(1).max(60).optional().describe('Default this month so far'),
});

const output = z.strictObject({
  customer: z.string(),
  period: z.string(),
  over: z.boolean(),
  /** The number of the month's invoice where it was issued already. */
  issued: z.string().nullable(),
  total: moneySchema,
  document: InvoiceDocument,
  missing: z.string().nullable(),
  receipt: receiptSchema,
  listed: z.array(z.object({ id: z.string(), label: z.string(), customerId: z.string() })),
});
type Output = z.output<typeof output>;

export default defineTool({
  name: 'preview_invoice',
  description:
    "What one customer's usage invoice of a month would be: lines, tax, total, as a PDF draft in the thread. Issues nothing. Not for invoices that exist.",
  scope: 'billing:read',
  effect: 'read',
  about: ['preview'],
  input,
  output,
  examples: [
    { say: "preview Acme's invoice", input: { customer: 'Acme' } },
    { say: "preview Acme's invoice for October", input: { customer: 'Acme', month: 'October' } },
  ],
  recognize,
  async run({ customer: reference, month: words }, ctx) {
    const { company, clock, billing } = ctx;
    const { tz } = company;
    const nowAt = clock.now();
    const customer = await ctx.customers.resolve(reference);
    const asked =
      words === undefined
        ? monthNamed(monthOf(nowAt, tz), tz)
        : parsePeriod(words, { ...(await periodOptions(ctx, words)), tz });
    const period = monthNamed(monthOf(asked.startAt, tz), tz);
    if (asked.endAt > period.endAt || period.startAt > nowAt) {
      throw new UserError('invalid_input', 'An invoice is of one month, this one at the latest.');
    }
    const receipt = await openReceipt(ctx, {
      name: 'Invoice, previewed',
      version: 1,
      words: 'As the close of the month would calculate it now, under the conventions of billing.yml',
      sources: ['psizero', 'supabase'],
      period,
    });
    const basis = (await basesWithLate(ctx, period, customer.id)).find(
      ({ customerId }) => customerId === customer.id,
    );
    if (basis === undefined) {
      throw new UserError('not_found', `${customer.name} had no plan with a limit in ${period.label}.`);
    }
    const printed = { number: null, dueMinor: null, dueAt: null, payUrl: null, reference: null, note: null };
    const document = await printedInvoice(basis, { ...printed, issuedAt: nowAt }, ctx);
    const issued = (await billing.runs.ofCustomer(customer.id)).find(
      (one) => one.state === 'issued' && one.basis.startAt === period.startAt,
    );
    return {
      customer: customer.name,
      period: period.label,
      over: period.endAt <= nowAt,
      issued: issued?.number ?? null,
      total: { minor: document.totals.totalMinor, currency: document.currency },
      document,
      missing: basis.taxMissing,
      listed: [{ id: customer.id, label: customer.name, customerId: customer.id }],
      receipt: receipt(
        1,
        basis.taxMissing === null ? [] : [`To tax it, this is missing: ${basis.taxMissing}`],
      ),
    };
  },
  narrate,
  exhibits,
  // Names are chosen by outsiders.
  untrusted: () => true,
});

function narrate({ customer, period, over, issued, total, document, missing }: Output): string {
  const when = over ? period : `${period} so far`;
  const money = (minor: number) => formatMoney({ minor, currency: document.currency });
  const { subtotalMinor, taxMinor } = document.totals;
  const parts = [
    total.minor === 0
      ? `${customer} would get no invoice for calls beyond the plan, ${when}: nothing is owed.`
      : `The invoice of ${customer} for calls beyond the plan, ${when}, would be ${formatMoney(total)}: ${money(subtotalMinor)} and ${money(taxMinor)} tax. It is a draft; nothing was issued.`,
    issued === null ? '' : `This month was billed already, as ${issued}.`,
    missing === null ? '' : `It could not be issued yet: to tax it, ${missing} is missing.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function exhibits({ customer, period, document, total }: Output) {
  if (total.minor === 0) return [];
  const { currency, lines, taxes, totals } = document;
  const money = (minor: number) => formatMoney({ minor, currency });
  const title = `Draft invoice of ${customer}, ${period}`;
  return [
    {
      kind: 'table' as const,
      title,
      columns: [...left('Line', 'Of'), ...right('Amount')],
      rows: [
        ...lines.map(({ name, detail, amountMinor }) => [name, detail ?? '', money(amountMinor)]),
        ...taxes.map(({ name, amountMinor, note }) => [name, note ?? '', money(amountMinor)]),
        ['Total', '', money(totals.totalMinor)],
      ],
    },
    { kind: 'document' as const, title, alt: `${title}: ${money(totals.totalMinor)}`, document },
  ];
}

function recognize(utterance: Utterance): Reading[] {
  const customer = namedCustomer(utterance);
  if (customer === null || utterance.negated) return [];
  const preview = says(utterance, 'preview', 'draft invoice', 'invoice draft');
  const wouldBe = says(utterance, 'would', 'will', 'look like') && says(utterance, 'invoice');
  if (!(preview && says(utterance, 'invoice', 'bill')) && !wouldBe) return [];
  const [mention, another] = utterance.periods;
  if (another) return [];
  const month: { [key: string]: Json } = mention?.period ? { month: mention.text } : {};
  return [
    {
      input: { customer: customer.id, ...month },
      confidence: 0.97,
      interpretation: `The invoice of ${customer.name}, previewed${mention?.period ? `, ${mention.period.label}` : ''}`,
    },
  ];
}
