import { z } from 'zod';
import type { KeyValueStore } from '../core/types.ts';
import { Shelf } from './shelf.ts';

const metadata = z.record(z.string(), z.string());

/** What Stripe keeps beside a record of the books. */
const annotation = z.object({
  metadata: metadata.optional(),
  description: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
  /** Minor units; below zero is credit. */
  balance: z.number().optional(),
  autoAdvance: z.boolean().optional(),
  /** Of a finalised invoice: the customer's balance before and after it. */
  startingBalance: z.number().optional(),
  endingBalance: z.number().optional(),
  memo: z.string().nullable().optional(),
  active: z.boolean().optional(),
  deletedAt: z.number().optional(),
  voidedAt: z.number().optional(),
  /** What a credit note takes off which lines; without, it is one line of its own. */
  creditedLines: z
    .array(
      z.object({
        invoiceLineId: z.string().nullable(),
        description: z.string(),
        quantity: z.number(),
        amount: z.number(),
        discountAmount: z.number(),
        taxAmount: z.number(),
      }),
    )
    .optional(),
  outOfBandAmount: z.number().optional(),
  /** Made by a credit note, of which this is the annotation. */
  refunds: z.array(z.object({ id: z.string(), amount: z.number() })).optional(),
  cancellationReason: z.string().nullable().optional(),
});

const coupon = z.object({
  id: z.string(),
  name: z.string().nullable(),
  percentOff: z.number().nullable(),
  amountOff: z.number().nullable(),
  currency: z.string().nullable(),
  duration: z.enum(['once', 'repeating', 'forever']),
  months: z.number().nullable(),
  createdAt: z.number(),
  metadata,
});

const invoiceItem = z.object({
  id: z.string(),
  customerId: z.string(),
  invoiceId: z.string().nullable(),
  subscriptionId: z.string().nullable(),
  description: z.string(),
  priceId: z.string().nullable(),
  currency: z.string(),
  quantity: z.number(),
  unitAmount: z.number(),
  amount: z.number(),
  createdAt: z.number(),
  periodStartAt: z.number(),
  periodEndAt: z.number(),
  metadata,
});

const balanceTransaction = z.object({
  id: z.string(),
  customerId: z.string(),
  /** Minor units; below zero is credit. */
  amount: z.number(),
  currency: z.string(),
  endingBalance: z.number(),
  /** An adjustment by hand unless told. */
  type: z.enum(['applied_to_invoice', 'unapplied_from_invoice']).optional(),
  invoiceId: z.string().optional(),
  description: z.string().nullable(),
  createdAt: z.number(),
  metadata,
});

export type BalanceTransactionRecord = z.infer<typeof balanceTransaction>;
export type Annotation = z.infer<typeof annotation>;
export type CouponRecord = z.infer<typeof coupon>;
export type InvoiceItemRecord = z.infer<typeof invoiceItem>;

/** Everything Stripe's stand-in remembers by itself, apart from events and idempotency keys. */
export function createShelves(keep: KeyValueStore) {
  return {
    annotations: new Shelf<Annotation>(keep, 'stripe.annotations', annotation),
    balanceTransactions: new Shelf<BalanceTransactionRecord>(
      keep,
      'stripe.balance_transactions',
      balanceTransaction,
    ),
    coupons: new Shelf<CouponRecord>(keep, 'stripe.coupons', coupon),
    invoiceItems: new Shelf<InvoiceItemRecord>(keep, 'stripe.invoiceitems', invoiceItem),
  };
}

export type Shelves = ReturnType<typeof createShelves>;
