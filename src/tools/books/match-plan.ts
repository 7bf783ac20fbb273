import type { Plan } from '../../domain/approvals/plan.ts';
import type { Explanation } from '../../domain/books/explanation.ts';
import type { OpenInvoice } from '../../domain/books/payment-evidence.ts';
import { toSafeMinor } from '../../domain/money/arithmetic.ts';
import { formatMoney } from '../../domain/money/format.ts';
import type { Json, Money } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { inCompanyCurrency } from '../company-amount.ts';
import type { ToolContext } from '../define-tool.ts';
import { lineAmount, lineWords, readingWords, type WaitingLine, waitingLines } from './bank-readings.ts';
import { type LineWish, lineMeant, readingMeant } from './line-meant.ts';

/** What a bank line does to one invoice. */
export interface MatchPart {
  invoiceId: string;
  number: string;
  customerId: string;
  allocated: Money;
  received: Money;
  /** Nothing is owed on the invoice afterwards. */
  settles: boolean;
}

/** Other readings that the card names. */
const MOST_OTHERS = 2;

/** A plan for one bank line. Throws UserError `ambiguous` with the lines, or the readings, to choose from. */
export async function planOfLine(wanted: LineWish, ctx: ToolContext): Promise<Plan> {
  const { waiting, invoices } = await waitingLines(ctx);
  const found = await lineMeant(wanted, waiting, ctx);
  const reading = readingMeant(found, wanted.reading, invoices);
  const parts = partsOf(found, reading, invoices);
  for (const part of parts) await checkLive(part, invoices.get(part.invoiceId), ctx);
  const amount = lineAmount(found.line);
  return planFrom({
    lineId: found.line.id,
    title: `Match ${lineWords(found.line)}`,
    because: readingWords(reading, invoices),
    reading,
    parts,
    invoices,
    amount,
    policyAmount: await inCompanyCurrency(amount, ctx),
    warnings: [
      ...(reading === found.chosen ? [] : [found.unmatched ?? 'Another reading fits better.']),
      ...found.readings
        .filter((other) => other !== reading)
        .slice(0, MOST_OTHERS)
        .map((other) => `Another reading: it ${readingWords(other, invoices)}.`),
    ],
  });
}

/** A plan for an invoice that somebody says was paid outside, of which no statement has been imported. */
export async function planByHand(reference: string, ctx: ToolContext): Promise<Plan> {
  await ctx.sources.refresh(['stripe']);
  const record = await ctx.records.getInvoice(reference);
  if (record === null) throw new UserError('not_found', `There is no invoice ${reference}.`);
  const invoices = new Map((await ctx.books.openInvoices()).map((one) => [one.id, one]));
  const invoice = invoices.get(record.id);
  const number = record.number ?? record.id;
  if (invoice === undefined)
    throw new UserError('conflict', `Nothing is owed on invoice ${number}: it is ${record.status}.`);
  const amount = { minor: toSafeMinor(invoice.remainingMinor), currency: invoice.currency };
  const { id: invoiceId, customerId } = invoice;
  const part = { invoiceId, number, customerId, allocated: amount, received: amount, settles: true };
  await checkLive(part, invoice, ctx);
  return planFrom({
    lineId: null,
    title: `Mark invoice ${number} of ${invoice.customerName} as paid by bank transfer`,
    because: 'said to be paid; no bank line was imported for it',
    reading: { kind: 'exact', differenceMinor: 0n, unallocatedMinor: 0n },
    parts: [part],
    invoices,
    amount,
    policyAmount: await inCompanyCurrency(amount, ctx),
    warnings: ['No bank line shows the money. Check the account before you approve.'],
  });
}

/** What the bank received is shared out as the invoices are paid; the last one bears the fee. */
function partsOf(
  { line }: WaitingLine,
  { allocations, unallocatedMinor }: Explanation,
  invoices: ReadonlyMap<string, OpenInvoice>,
): MatchPart[] {
  let left = line.amountMinor - unallocatedMinor;
  return allocations.flatMap(({ invoiceId, amountMinor }, index) => {
    const invoice = invoices.get(invoiceId);
    if (invoice === undefined) return [];
    const isLast = index === allocations.length - 1;
    const receivedMinor = isLast || amountMinor > left ? left : amountMinor;
    left -= receivedMinor;
    return [
      {
        invoiceId,
        number: invoice.number,
        customerId: invoice.customerId,
        allocated: { minor: toSafeMinor(amountMinor), currency: invoice.currency },
        received: { minor: toSafeMinor(receivedMinor), currency: line.currency },
        settles: amountMinor === invoice.remainingMinor,
      },
    ];
  });
}

/** Straight from Stripe. Throws `conflict` when it owes another sum than our records say. */
async function checkLive(
  { invoiceId, number }: MatchPart,
  invoice: OpenInvoice | undefined,
  { billing, records }: Pick<ToolContext, 'billing' | 'records'>,
): Promise<void> {
  const live = await billing.invoices.getInvoice(invoiceId);
  const stored = await records.getInvoice(invoiceId);
  const open = live.status === 'open' || live.status === 'uncollectible';
  if (open && invoice !== undefined && stored?.amountRemaining.minor === live.amountRemaining.minor) return;
  throw new UserError(
    'conflict',
    open
      ? `Invoice ${number} has changed at Stripe: ${formatMoney(live.amountRemaining)} is owed on it now.`
      : `Invoice ${number} is ${live.status} at Stripe.`,
    'Ask again in a minute.',
  );
}

function planFrom(found: {
  lineId: string | null;
  title: string;
  because: string;
  reading: Pick<Explanation, 'kind' | 'differenceMinor' | 'unallocatedMinor'>;
  parts: MatchPart[];
  invoices: ReadonlyMap<string, OpenInvoice>;
  amount: Money;
  policyAmount: Money;
  warnings: string[];
}): Plan {
  const { parts, invoices, reading, amount } = found;
  const customers = [...new Set(parts.map(({ customerId }) => customerId))];
  const [customerId] = customers;
  const name = parts.flatMap((part) => invoices.get(part.invoiceId)?.customerName ?? [])[0];
  const whole = customers.length === 1 && customerId !== undefined && name !== undefined;
  const surplusMinor = toSafeMinor(reading.unallocatedMinor);
  return {
    title: found.title,
    subject:
      found.lineId === null
        ? { kind: 'invoice', id: parts[0]?.invoiceId ?? '' }
        : { kind: 'bank_line', id: found.lineId },
    customer: whole ? { id: customerId, name } : null,
    changes: [
      ...parts.map((part) => changeOf(part, invoices.get(part.invoiceId))),
      ...(surplusMinor === 0
        ? []
        : [{ what: 'For no invoice', before: '', after: formatMoney({ ...amount, minor: surplusMinor }) }]),
      { what: 'Because it', before: '', after: found.because },
    ],
    touches: parts.some(({ settles }) => settles)
      ? ['Stripe marks what is settled as paid outside it: reminders and retries end, no money moves there']
      : ['Only the books: at Stripe the invoice stays open, and its reminders go on'],
    amount,
    policyAmount: found.policyAmount,
    reversible: {
      possible: false,
      how: 'An invoice that Stripe has as paid stays paid; a credit note corrects it.',
    },
    warnings: [...lossWords(parts), ...surplusWords(surplusMinor, amount), ...found.warnings],
    facts: factsOf(found.lineId, reading.kind, parts, surplusMinor),
  };
}

function changeOf(
  { number, allocated, settles }: MatchPart,
  invoice: OpenInvoice | undefined,
): Plan['changes'][number] {
  const { currency } = allocated;
  const before = { minor: toSafeMinor(invoice?.remainingMinor ?? 0n), currency };
  const after = { minor: before.minor - allocated.minor, currency };
  return {
    what: `Owed on ${number}${invoice === undefined ? '' : ` of ${invoice.customerName}`}`,
    before: formatMoney(before),
    after: settles ? `${formatMoney(after)}, paid` : formatMoney(after),
  };
}

function lossWords(parts: readonly MatchPart[]): string[] {
  return parts.flatMap(({ number, allocated, received }) => {
    if (allocated.currency !== received.currency)
      return [
        `${formatMoney(received)} came for ${formatMoney(allocated)} of ${number}; the difference goes to currency exchange.`,
      ];
    const lost = allocated.minor - received.minor;
    return lost === 0
      ? []
      : [`${formatMoney({ ...allocated, minor: lost })} of ${number} did not arrive and is booked as a fee.`];
  });
}

function surplusWords(surplusMinor: number, amount: Money): string[] {
  if (surplusMinor === 0) return [];
  return [
    `${formatMoney({ ...amount, minor: surplusMinor })} is kept in the books as the customer's; Stripe does not know of it. Credit it or send it back.`,
  ];
}

function factsOf(
  lineId: string | null,
  kind: string,
  parts: readonly MatchPart[],
  surplusMinor: number,
): { [key: string]: Json } {
  const listed = parts.map(({ allocated, received, ...part }) => ({
    ...part,
    allocated: { minor: allocated.minor, currency: allocated.currency },
    received: { minor: received.minor, currency: received.currency },
  }));
  return { lineId, kind, parts: listed, surplusMinor };
}
