import { z } from 'zod';

/** The shape of a golden file of kind `billing`. Amounts are in major units unless a key ends in `_minor`. */
export const BillingCase = z.looseObject({
  id: z.string().min(1),
  kind: z.string().default('unnamed'),
  /** Whose rule it is: a repository's file or a page. */
  source: z.string().default(''),
  input: z.record(z.string(), z.json()).default({}),
  expected: z.record(z.string(), z.json()).default({}),
  convention: z.string().optional(),
});

export const BillingFile = z.looseObject({
  kind: z.literal('billing'),
  cases: z.array(BillingCase).default([]),
});

export type BillingCase = z.infer<typeof BillingCase>;
