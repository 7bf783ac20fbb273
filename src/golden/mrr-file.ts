import { z } from 'zod';

/** The shape of a golden file of kind `mrr`. Amounts are minor units of the primary currency. */
const Instant = z.iso.datetime({ offset: true });
const Minor = z.number().int();

const RawDiscount = z.looseObject({
  percent: z.number().min(0).max(100).nullish(),
  amount: Minor.nonnegative().nullish(),
  duration: z.string().optional(),
  months: z.number().int().positive().nullish(),
});

export const RawEvent = z.looseObject({
  at: Instant,
  type: z.string(),
  customer: z.string().optional(),
  subscription: z.string().optional(),
  unit_amount: Minor.optional(),
  quantity: z.number().int().nonnegative().optional(),
  interval: z.string().optional(),
  interval_count: z.number().int().positive().optional(),
  currency: z.string().optional(),
  count: z.number().int().positive().max(1_000_000).optional(),
  discount: RawDiscount.nullish(),
  percent: z.number().min(0).max(100).nullish(),
  amount: Minor.nullish(),
  months: z.number().int().positive().nullish(),
  duration: z.string().optional(),
  trial_end: Instant.nullish(),
  first_invoice_paid_at: Instant.nullish(),
  tax: z.looseObject({ inclusive: z.boolean().optional(), percent: z.number().optional() }).nullish(),
  effective: z.string().optional(),
  effective_at: Instant.nullish(),
  service_period_end: Instant.nullish(),
  recurring: z.boolean().optional(),
  status: z.string().optional(),
});

const Month = z.looseObject({
  month: z.string().regex(/^\d{4}-\d{2}$/),
  opening: Minor,
  new: Minor,
  expansion: Minor,
  contraction: Minor,
  churn: Minor,
  reactivation: Minor,
  fx: Minor.default(0),
  closing: Minor,
  active_customers: z.number().int().optional(),
});

export const MrrCase = z.looseObject({
  id: z.string().min(1),
  policy: z.looseObject({ vendor: z.string() }),
  input: z.looseObject({ primary_currency: z.string(), events: z.array(RawEvent) }),
  expected: z.looseObject({ monthly: z.array(Month).min(1) }),
});

export const FormulaCase = z.looseObject({
  id: z.string().min(1),
  input: z.record(z.string(), z.number()),
  expected: z.record(z.string(), z.number()),
});

export const MrrFile = z.looseObject({
  kind: z.literal('mrr'),
  cases: z.array(MrrCase).default([]),
  metric_cases: z.array(FormulaCase).default([]),
});

export type RawEvent = z.infer<typeof RawEvent>;
export type RawDiscount = z.infer<typeof RawDiscount>;
export type MrrCase = z.infer<typeof MrrCase>;
export type FormulaCase = z.infer<typeof FormulaCase>;
export type ExpectedMonth = z.infer<typeof Month>;
