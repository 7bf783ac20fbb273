import { z } from 'zod';

/** What Psi reads of Stripe's objects (API 2026-10-28). Unix seconds; amounts in Stripe's minor units. */
export const reference = z
  .union([z.string().min(1), z.object({ id: z.string().min(1) })])
  .transform((value) => (typeof value === 'string' ? value : value.id));
const seconds = z.number().int().nonnegative();
const amount = z.int();
const currency = z
  .string()
  .length(3)
  .transform((code) => code.toUpperCase());

export const invoiceSchema = z.object({
  id: z.string().min(1),
  number: z.string().nullish(),
  customer: reference,
  status: z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']).nullable(),
  currency,
  collection_method: z.string().nullish(),
  subtotal: amount,
  total: amount,
  total_taxes: z.array(z.object({ amount, tax_behavior: z.string().nullish() })).nullish(),
  total_discount_amounts: z.array(z.object({ amount })).nullish(),
  amount_due: amount,
  amount_paid: amount,
  amount_remaining: amount,
  starting_balance: amount.nullish(),
  ending_balance: amount.nullish(),
  attempt_count: amount,
  hosted_invoice_url: z.string().nullish(),
  created: seconds,
  due_date: seconds.nullish(),
  status_transitions: z.object({
    finalized_at: seconds.nullish(),
    marked_uncollectible_at: seconds.nullish(),
    paid_at: seconds.nullish(),
    voided_at: seconds.nullish(),
  }),
  parent: z.object({ subscription_details: z.object({ subscription: reference }).nullish() }).nullish(),
  lines: z
    .object({
      data: z.array(
        z.object({ amount: amount.nullish(), period: z.object({ start: seconds, end: seconds }).nullish() }),
      ),
      has_more: z.boolean().nullish(),
    })
    .nullish(),
});
export type StripeInvoice = z.output<typeof invoiceSchema>;

export const chargeSchema = z.object({
  id: z.string().min(1),
  payment_intent: reference.nullish(),
  customer: reference,
  status: z.enum(['succeeded', 'failed', 'pending']),
  currency,
  amount,
  amount_refunded: amount,
  disputed: z.boolean(),
  failure_code: z.string().nullish(),
  outcome: z
    .object({
      reason: z.string().nullish(),
      advice_code: z.string().nullish(),
      network_advice_code: z.string().nullish(),
      network_decline_code: z.string().nullish(),
    })
    .nullish(),
  payment_method_details: z
    .object({
      type: z.string(),
      card: z
        .object({
          brand: z.string().nullish(),
          last4: z.string().nullish(),
          country: z.string().nullish(),
          fingerprint: z.string().nullish(),
        })
        .nullish(),
    })
    .nullish(),
  created: seconds,
});
export type StripeCharge = z.output<typeof chargeSchema>;

export const refundSchema = z.object({
  id: z.string().min(1),
  charge: reference,
  customer: reference.nullish(),
  status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']),
  currency,
  amount,
  reason: z.string().nullish(),
  created: seconds,
  metadata: z.record(z.string(), z.string()).nullish(),
});
export type StripeRefund = z.output<typeof refundSchema>;

export const creditNoteSchema = z.object({
  id: z.string().min(1),
  invoice: reference,
  customer: reference,
  status: z.enum(['issued', 'void']),
  currency,
  total: amount,
  created: seconds,
});
export type StripeCreditNote = z.output<typeof creditNoteSchema>;

const itemSchema = z.object({
  quantity: z.int().nonnegative().optional(),
  current_period_start: seconds,
  current_period_end: seconds,
  price: z.object({
    id: z.string(),
    unit_amount: amount.nullish(),
    nickname: z.string().nullish(),
    lookup_key: z.string().nullish(),
    metadata: z.record(z.string(), z.string()).nullish(),
    recurring: z.object({ interval: z.string(), interval_count: z.int().positive() }).nullish(),
  }),
});

export const subscriptionSchema = z.object({
  id: z.string().min(1),
  customer: reference,
  status: z.enum([
    'incomplete',
    'incomplete_expired',
    'trialing',
    'active',
    'past_due',
    'canceled',
    'unpaid',
    'paused',
  ]),
  currency,
  start_date: seconds,
  trial_end: seconds.nullish(),
  cancel_at_period_end: z.boolean(),
  cancel_at: seconds.nullish(),
  canceled_at: seconds.nullish(),
  ended_at: seconds.nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  items: z.object({ data: z.array(itemSchema).min(1) }),
});
export type StripeSubscription = z.output<typeof subscriptionSchema>;

export const invoicePaymentSchema = z.object({
  invoice: reference,
  payment: z.object({ payment_intent: reference.nullish() }),
});

export const balanceTransactionSchema = z.object({
  id: z.string().min(1),
  source: reference.nullish(),
  reporting_category: z.string(),
  currency,
  exchange_rate: z.number().nullish(),
  amount,
  fee: amount,
  net: amount,
  created: seconds,
});
export type StripeBalanceTransaction = z.output<typeof balanceTransactionSchema>;

const funds = z.array(z.object({ amount, currency }));
export const balanceSchema = z.object({
  available: funds,
  pending: funds,
  connect_reserved: funds.nullish(),
});

export const eventSchema = z.object({
  id: z.string().min(1),
  type: z.string().min(1),
  created: seconds,
  data: z.object({ object: z.looseObject({ id: z.string().optional(), object: z.string() }) }),
});
export type StripeEvent = z.output<typeof eventSchema>;
