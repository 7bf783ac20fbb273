import { z } from 'zod';
import type { CreditNoteRecord, InvoiceLineRecord, InvoiceRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { invalidRequest, noSuch, parameterMissing } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { integer, oneOf, positiveInteger, text } from '../parameters.ts';
import type { Annotation } from '../shelves.ts';
import { discountId, discountOfLine, taxes } from './invoice-render.ts';
import { spokenAmount } from './refunds.ts';

export type CreditedLine = NonNullable<Annotation['creditedLines']>[number];

export const creditLinesParameter = z.array(
  z.strictObject({
    type: oneOf(['invoice_line_item', 'custom_line_item']),
    amount: positiveInteger.optional(),
    invoice_line_item: text.optional(),
    description: text.optional(),
    quantity: positiveInteger.optional(),
    unit_amount: integer.optional(),
    tax_amounts: z
      .array(z.strictObject({ amount: integer, tax_rate: text, taxable_amount: integer }))
      .optional(),
  }),
);
type Asked = z.infer<typeof creditLinesParameter>[number];

/** What the lines asked for come to: their amount less its share of the discount, with its share of the tax. */
export function creditedLines(books: Books, invoice: InvoiceRecord, asked: readonly Asked[]): CreditedLine[] {
  return asked.map((line, index) => {
    const param = `lines[${index}]`;
    return line.type === 'invoice_line_item'
      ? invoiceLine(books, invoice, line, param)
      : customLine(line, param);
  });
}

export function totalOf(lines: readonly CreditedLine[]): number {
  return lines.reduce((sum, line) => sum + line.amount - line.discountAmount + line.taxAmount, 0);
}

function invoiceLine(books: Books, invoice: InvoiceRecord, asked: Asked, param: string): CreditedLine {
  const { invoice_line_item: id } = asked;
  if (id === undefined) throw parameterMissing(`${param}[invoice_line_item]`);
  const line = invoice.lines.find((one) => one.id === id);
  if (!line) throw noSuch('invoice line item', id, `${param}[invoice_line_item]`);
  const quantity = asked.quantity ?? line.quantity;
  const amount = asked.amount ?? line.unitAmount * quantity;
  const left = line.amount - creditedOf(books, invoice, line);
  if (amount > left)
    throw invalidRequest(
      `The credit note line amount (${spokenAmount(amount, invoice.currency)}) is more than what is left to credit of the invoice line (${spokenAmount(left, invoice.currency)}).`,
      { param: `${param}[amount]` },
    );
  return {
    invoiceLineId: line.id,
    description: line.description,
    quantity,
    amount,
    discountAmount: share(discountOfLine(invoice, line), amount, line.amount),
    taxAmount: givenTax(asked) ?? share(line.taxAmount, amount, line.amount),
  };
}

function customLine(asked: Asked, param: string): CreditedLine {
  if (asked.unit_amount === undefined) throw parameterMissing(`${param}[unit_amount]`);
  if (asked.description === undefined) throw parameterMissing(`${param}[description]`);
  const quantity = asked.quantity ?? 1;
  return {
    invoiceLineId: null,
    description: asked.description,
    quantity,
    amount: asked.unit_amount * quantity,
    discountAmount: 0,
    taxAmount: givenTax(asked) ?? 0,
  };
}

function givenTax(asked: Asked): number | undefined {
  return asked.tax_amounts?.reduce((sum, { amount }) => sum + amount, 0);
}

/** Half up. */
function share(whole: number, part: number, of: number): number {
  return of === 0 ? 0 : Math.round((whole * part) / of);
}

function creditedOf(books: Books, invoice: InvoiceRecord, line: InvoiceLineRecord): number {
  return books.index.creditNotes
    .by('invoice', invoice.id)
    .filter(({ id }) => books.world.get('creditNotes', id)?.status === 'issued')
    .flatMap(({ id }) => books.annotation(id).creditedLines ?? [])
    .filter(({ invoiceLineId }) => invoiceLineId === line.id)
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** The sums and lines of a credit note as Stripe shows them. */
export function renderCreditedLines(
  note: CreditNoteRecord,
  invoice: InvoiceRecord | undefined,
  kept: readonly CreditedLine[],
): JsonObject {
  const discount = kept.reduce((sum, line) => sum + line.discountAmount, 0);
  const tax = kept.reduce((sum, line) => sum + line.taxAmount, 0);
  const subtotal = kept.reduce((sum, line) => sum + line.amount, 0);
  const discounts = (amount: number) =>
    amount === 0 || !invoice ? [] : [{ amount, discount: discountId(invoice) }];
  return {
    discount_amount: discount,
    discount_amounts: discounts(discount),
    lines: {
      object: 'list',
      data: kept.map((line, index) => ({
        id: note.id.replace(/^cn_/, `cnli_${index + 1}`),
        object: 'credit_note_line_item',
        amount: line.amount,
        description: line.description,
        discount_amount: line.discountAmount,
        discount_amounts: discounts(line.discountAmount),
        ...(line.invoiceLineId === null ? {} : { invoice_line_item: line.invoiceLineId }),
        livemode: false,
        metadata: {},
        pretax_credit_amounts: [],
        quantity: line.quantity,
        tax_rates: [],
        taxes: taxes(line.taxAmount, line.amount - line.discountAmount),
        type: line.invoiceLineId === null ? 'custom_line_item' : 'invoice_line_item',
        unit_amount: null,
        unit_amount_decimal: null,
      })),
      has_more: false,
      url: `/v1/credit_notes/${note.id}/lines`,
    },
    subtotal,
    subtotal_excluding_tax: subtotal,
    total_excluding_tax: subtotal - discount,
    total_taxes: taxes(tax, subtotal - discount),
  };
}
