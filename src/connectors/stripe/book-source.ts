import { z } from 'zod';
import type { BookedNote } from '../../domain/books/book-records.ts';
import type { BookSource, OutsideDispute } from '../../domain/books/books-desk.ts';
import { DISPUTE_REASONS } from '../../domain/recovery/dispute.ts';
import { SystemError } from '../../lib/errors.ts';
import { isoMinor } from './amounts.ts';
import type { StripeConnection } from './client.ts';
import { PAGE, readable } from './lists.ts';
import { creditNoteSchema, reference } from './objects.ts';

const amount = z.int();

const noteSchema = creditNoteSchema.extend({
  total_taxes: z.array(z.object({ amount })).nullish(),
  pre_payment_amount: amount,
  out_of_band_amount: amount.nullish(),
  refunds: z.array(z.object({ amount_refunded: amount, refund: reference.nullish() })).nullish(),
  voided_at: z.int().nullish(),
});

const disputeSchema = z.object({
  id: z.string().min(1),
  amount,
  charge: reference,
  created: z.int(),
  currency: z.string().transform((code) => code.toUpperCase()),
  evidence_details: z.object({ due_by: z.int().nullish() }).nullish(),
  payment_method_details: z
    .object({ type: z.string(), card: z.object({ brand: z.string().nullish() }).nullish() })
    .nullish(),
  reason: z.string(),
  status: z.string(),
});

/** Credit notes and disputes, live and whole: there are few, and what they say of money may change. */
export function createBookSource({ client, call }: StripeConnection): BookSource {
  return {
    creditNotes: () =>
      everything(
        'credit note',
        noteSchema,
        (after) => call(async () => readable(await client.creditNotes.list({ limit: PAGE, ...after }))),
        noteOf,
      ),
    disputes: () =>
      everything(
        'dispute',
        disputeSchema,
        (after) => call(async () => readable(await client.disputes.list({ limit: PAGE, ...after }))),
        disputeOf,
      ),
  };
}

/** @throws SystemError `source_malformed` for one that cannot be read: the books are whole or not at all. */
async function everything<S extends z.ZodType, T>(
  what: string,
  schema: S,
  page: (after: { starting_after?: string }) => Promise<{ data: { id: string }[]; has_more: boolean }>,
  from: (object: z.output<S>) => T,
): Promise<T[]> {
  const all: T[] = [];
  for (let after: { starting_after?: string } = {}; ; ) {
    const { data, has_more } = await page(after);
    for (const object of data) {
      const read = schema.safeParse(object);
      if (!read.success)
        throw new SystemError('source_malformed', `Stripe's ${what} ${object.id} cannot be read`);
      all.push(from(read.data));
    }
    const last = data.at(-1);
    if (!has_more || last === undefined) return all;
    after = { starting_after: last.id };
  }
}

function noteOf(note: z.output<typeof noteSchema>): BookedNote {
  const { currency } = note;
  const iso = (stripeAmount: number) => BigInt(isoMinor(stripeAmount, currency));
  const refunds = note.refunds ?? [];
  return {
    id: note.id,
    invoiceId: note.invoice,
    customerId: note.customer,
    currency,
    at: note.created * 1000,
    totalMinor: iso(note.total),
    taxMinor: iso((note.total_taxes ?? []).reduce((sum, tax) => sum + tax.amount, 0)),
    beforePaymentMinor: iso(note.pre_payment_amount),
    refundedMinor: iso(refunds.reduce((sum, refund) => sum + refund.amount_refunded, 0)),
    outsideMinor: iso(note.out_of_band_amount ?? 0),
    refundIds: refunds.flatMap(({ refund }) => refund ?? []),
    voidedAt: note.status !== 'void' ? null : (note.voided_at ?? note.created) * 1000,
  };
}

function disputeOf(dispute: z.output<typeof disputeSchema>): OutsideDispute {
  const { currency, payment_method_details: method } = dispute;
  const dueBy = dispute.evidence_details?.due_by ?? null;
  return {
    id: dispute.id,
    chargeId: dispute.charge,
    amount: { minor: isoMinor(dispute.amount, currency), currency },
    // A reason Stripe adds one day is answered as the general one.
    reason: DISPUTE_REASONS.find((known) => known === dispute.reason) ?? 'general',
    network: method?.card?.brand ?? method?.type ?? 'card',
    openedAt: dispute.created * 1000,
    dueAt: dueBy === null || dueBy === 0 ? null : dueBy * 1000,
    inquiry: dispute.status.startsWith('warning_'),
    status: dispute.status,
  };
}
