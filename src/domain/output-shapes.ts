import { z } from 'zod';
import { SOURCES } from './types.ts';

/** The shapes every output is made of. */

export const moneySchema = z.strictObject({ minor: z.int(), currency: z.string().length(3) });

const periodSchema = z.strictObject({
  startAt: z.int(),
  endAt: z.int(),
  tz: z.string(),
  label: z.string(),
});

/** What was measured and how, without the id that re-runs it. */
export const receiptSchema = z.strictObject({
  definition: z.strictObject({
    name: z.string(),
    version: z.int(),
    words: z.string(),
    grain: z.string().optional(),
    policy: z.string().optional(),
  }),
  period: periodSchema.nullable(),
  asOfAt: z.int(),
  rowCount: z.int(),
  freshness: z.array(
    z.strictObject({
      source: z.enum(SOURCES),
      throughAt: z.int().nullable(),
      stale: z.boolean(),
    }),
  ),
  reconciled: z.array(z.string()).optional(),
  notes: z.array(z.string()),
});

/** Records shown, in order. */
export const listedSchema = z.array(
  z.strictObject({ id: z.string(), label: z.string(), customerId: z.string().optional() }),
);
