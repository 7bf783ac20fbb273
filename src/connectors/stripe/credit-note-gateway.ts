import { z } from 'zod';
import type { CreditNote } from '../../domain/billing/credit-notes/plan-credit-note.ts';
import { planCreditNote, spreadCredit } from '../../domain/billing/credit-notes/plan-credit-note.ts';
import type { AskedCreditNote, CreditableInvoice, CreditNoteGateway } from '../../domain/billing/gateways.ts';
import { SystemError, UserError } from '../../lib/errors.ts';
import { OutsideError } from '../resilience.ts';
import { isoMinor, stripeMinor } from './amounts.ts';
import type { StripeConnection } from './client.ts';
import { keyedWrite } from './keyed-write.ts';
import { invoiceSchema } from './objects.ts';
import { EFFECT_KEY } from './write-doubt.ts';

const amounts = z.array(z.object({ amount: z.int() })).nullish();
const taxes = z
  .array(
    z.object({
      amount: z.int(),
      tax_behavior: z.string().nullish(),
      tax_rate_details: z.object({ tax_rate: z.string() }).nullish(),
    }),
  )
  .nullish();
const lineSchema = z.object({
  id: z.string().min(1),
  description: z.string().nullish(),
  amount: z.int(),
  discount_amounts: amounts,
  taxes,
});
const invoiceWithLines = invoiceSchema.extend({ lines: z.object({}).nullish() });
const noteSchema = z.object({
  id: z.string().min(1),
  number: z.string().nullish(),
  status: z.enum(['issued', 'void']),
  currency: z
    .string()
    .length(3)
    .transform((code) => code.toUpperCase()),
  total: z.int(),
  metadata: z.record(z.string(), z.string()).nullish(),
  lines: z.object({
    data: z.array(
      z.object({
        amount: z.int(),
        discount_amount: z.int().nullish(),
        invoice_line_item: z.string().nullish(),
        taxes,
      }),
    ),
  }),
});
type NoteAnswer = z.output<typeof noteSchema>;

/** Tax of a line is told apart by its rate. */
const rateOf = (tax: { tax_rate_details?: { tax_rate: string } | null | undefined }): string =>
  tax.tax_rate_details?.tax_rate ?? 'tax';

/** Credit notes at Stripe: live reads, previews and keyed writes. */
export function createCreditNoteGateway({ client, call }: StripeConnection): CreditNoteGateway {
  async function notesOf(invoiceId: string): Promise<NoteAnswer[]> {
    const notes: NoteAnswer[] = [];
    for (let after: string | null = null; ; ) {
      const cursor: { starting_after?: string } = after === null ? {} : { starting_after: after };
      const page = await call(() => client.creditNotes.list({ invoice: invoiceId, limit: 100, ...cursor }));
      notes.push(...page.data.map((note) => readable(noteSchema, note, `credit note ${note.id}`)));
      after = page.has_more ? (page.data.at(-1)?.id ?? null) : null;
      if (after === null) return notes;
    }
  }

  async function linesOf(invoiceId: string) {
    const lines: z.output<typeof lineSchema>[] = [];
    for (let after: string | null = null; ; ) {
      const cursor: { starting_after?: string } = after === null ? {} : { starting_after: after };
      const page = await call(() => client.invoices.listLineItems(invoiceId, { limit: 100, ...cursor }));
      lines.push(...page.data.map((line) => readable(lineSchema, line, `line of invoice ${invoiceId}`)));
      after = page.has_more ? (page.data.at(-1)?.id ?? null) : null;
      if (after === null) return lines;
    }
  }

  return {
    async getCreditable(invoiceId) {
      const answer = await call(() => client.invoices.retrieve(invoiceId)).catch((error: unknown) => {
        throw error instanceof OutsideError && error.status === 404
          ? new UserError('not_found', `Stripe has no invoice ${invoiceId}.`)
          : error;
      });
      const invoice = readable(invoiceWithLines, answer, `invoice ${invoiceId}`);
      const [lines, notes] = [await linesOf(invoiceId), await notesOf(invoiceId)];
      const money = (minor: number) => ({
        minor: isoMinor(minor, invoice.currency),
        currency: invoice.currency,
      });
      const creditable = lines.map((line) => creditableLine(line, invoice.currency));
      return {
        id: invoice.id,
        number: invoice.number ?? null,
        status: invoice.status ?? 'draft',
        stripeCustomerId: invoice.customer,
        total: money(invoice.total),
        amountPaid: money(invoice.amount_paid),
        amountRemaining: money(invoice.amount_remaining),
        lines: creditable,
        earlier: earlierNotes(creditable, notes.filter(({ status }) => status === 'issued').reverse()),
      };
    },
    async previewCreditNote(note) {
      const answer = await call(() => client.creditNotes.preview(paramsOf(note))).catch((error: unknown) => {
        if (
          error instanceof OutsideError &&
          error.status !== null &&
          error.status < 500 &&
          error.status !== 429
        )
          throw new UserError('conflict', `Stripe would not take this credit note: ${error.message}`);
        throw error;
      });
      const { total, currency } = readable(noteSchema, answer, 'preview of a credit note');
      return { minor: isoMinor(total, currency), currency };
    },
    async createCreditNote({ idempotencyKey, ...note }) {
      const made = await keyedWrite(call, {
        what: `the credit note for ${note.invoiceId}`,
        answer: noteSchema,
        send: () =>
          client.creditNotes.create(
            { ...paramsOf(note), metadata: { [EFFECT_KEY]: idempotencyKey } },
            { idempotencyKey },
          ),
      });
      return noteOf(made);
    },
    async findCreditNote(invoiceId, idempotencyKey) {
      const found = (await notesOf(invoiceId)).find((note) => note.metadata?.[EFFECT_KEY] === idempotencyKey);
      return found === undefined ? null : noteOf(found);
    },
    async voidCreditNote(id, idempotencyKey) {
      await keyedWrite(call, {
        what: `voiding credit note ${id}`,
        answer: noteSchema,
        send: () => client.creditNotes.voidCreditNote(id, {}, { idempotencyKey }),
      });
    },
  };
}

function paramsOf(note: AskedCreditNote) {
  const amount = (money: { minor: number; currency: string }) => stripeMinor(money.minor, money.currency);
  return {
    invoice: note.invoiceId,
    lines: note.lines.map((line) => ({
      type: 'invoice_line_item' as const,
      invoice_line_item: line.invoiceLineId,
      amount: amount(line.amount),
      ...(line.taxes.length === 0
        ? {}
        : {
            tax_amounts: line.taxes.map((tax) => ({
              amount: amount(tax.amount),
              tax_rate: tax.rate,
              taxable_amount: amount(tax.taxable),
            })),
          }),
    })),
    ...(note.refund.minor === 0 ? {} : { refund_amount: amount(note.refund) }),
    ...(note.balance.minor === 0 ? {} : { credit_amount: amount(note.balance) }),
    ...(note.outOfBand.minor === 0 ? {} : { out_of_band_amount: amount(note.outOfBand) }),
    ...(note.reason === null ? {} : { reason: note.reason }),
    memo: note.memo,
  };
}

function creditableLine(
  line: z.output<typeof lineSchema>,
  currency: string,
): CreditableInvoice['lines'][number] {
  const minor = (amount: number) => BigInt(isoMinor(amount, currency));
  const off = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + minor(amount), 0n);
  const own = line.taxes ?? [];
  const included = own
    .filter((tax) => tax.tax_behavior === 'inclusive')
    .reduce((sum, { amount }) => sum + minor(amount), 0n);
  return {
    lineKey: line.id,
    description: line.description ?? 'Line',
    grossMinor: minor(line.amount),
    netMinor: minor(line.amount) - off - included,
    taxes: own.map((tax) => ({ name: rateOf(tax), amountMinor: minor(tax.amount) })),
  };
}

/** Oldest first: a note that names no lines is spread over what was left then. */
function earlierNotes(lines: CreditableInvoice['lines'], notes: readonly NoteAnswer[]): CreditNote[] {
  const read: CreditNote[] = [];
  for (const note of notes) read.push(earlierNote(lines, read, note));
  return read;
}

function earlierNote(
  lines: CreditableInvoice['lines'],
  before: readonly CreditNote[],
  note: NoteAnswer,
): CreditNote {
  const minor = (amount: number) => BigInt(isoMinor(amount, note.currency));
  const named = note.lines.data.flatMap((line) => {
    if (line.invoice_line_item == null) return [];
    const own = (line.taxes ?? []).map((tax) => ({ name: rateOf(tax), amountMinor: minor(tax.amount) }));
    const netMinor = minor(line.amount) - minor(line.discount_amount ?? 0);
    return [{ lineKey: line.invoice_line_item, netMinor, taxes: own }];
  });
  const totalMinor = minor(note.total);
  if (named.length > 0) {
    const taxMinor = named.flatMap((line) => line.taxes).reduce((sum, tax) => sum + tax.amountMinor, 0n);
    return { lines: named, netMinor: totalMinor - taxMinor, taxMinor, totalMinor };
  }
  const net = lines.reduce((sum, line) => sum + line.netMinor, 0n);
  const tax = lines.flatMap((line) => line.taxes).reduce((sum, one) => sum + one.amountMinor, 0n);
  const netMinor = net + tax === 0n ? 0n : (totalMinor * net) / (net + tax);
  return { ...planCreditNote(lines, before, spreadCredit(lines, before, netMinor), 'half_away'), totalMinor };
}

function noteOf(note: NoteAnswer) {
  return {
    id: note.id,
    number: note.number ?? null,
    total: { minor: isoMinor(note.total, note.currency), currency: note.currency },
  };
}

function readable<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new SystemError('source_malformed', `Stripe's ${what} cannot be read`);
}
