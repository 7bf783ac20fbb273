import { z } from 'zod';
import type { SyncRow } from '../../domain/sync.ts';
import { instant, name } from '../reading.ts';

/** The column must be there, or a renamed one would read as empty everywhere. */
const optionalInstant = instant.nullable();

export const subscriptionVersionSchema = z
  .object({
    subscription_id: z.string().min(1),
    version: z.int().nonnegative(),
    customer_id: z.string().min(1),
    plan: z.string(),
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
    currency: z.string().length(3),
    unit_amount: z.int(),
    quantity: z.int().nonnegative(),
    interval: z.enum(['day', 'week', 'month', 'year']),
    interval_count: z.int().positive(),
    discount_percent: z.union([z.number(), z.string()]).nullable(),
    discount_amount: z.int().nullable(),
    discount_duration: z.enum(['once', 'repeating', 'forever']).nullable(),
    cancel_at: optionalInstant,
    valid_from: instant,
    valid_to: optionalInstant,
    updated_at: instant,
  })
  .transform(
    ({
      unit_amount,
      discount_percent,
      discount_amount,
      discount_duration,
      currency,
      ...row
    }): SyncRow['subscription_versions'] => ({
      ...row,
      currency: currency.toUpperCase(),
      unit_amount_minor: unit_amount,
      discount_percent: discount_percent === null ? null : String(discount_percent),
      discount_amount_minor: discount_amount,
      discount_duration,
    }),
  );

/** Added to the table later: where it is missing nothing is known of it. */
const addedInstant = instant.nullish().transform((at) => at ?? null);

export const ticketSchema: z.ZodType<SyncRow['tickets']> = z.object({
  id: z.string().min(1),
  customer_id: z.string().min(1),
  subject: z.string(),
  body: z.string(),
  status: z.enum(['open', 'pending', 'closed']),
  priority: z.enum(['low', 'normal', 'high', 'urgent']),
  opened_at: instant,
  first_response_at: optionalInstant,
  closed_at: optionalInstant,
  csat_score: z
    .int()
    .min(1)
    .max(5)
    .nullish()
    .transform((score) => score ?? null),
  csat_rated_at: addedInstant,
  updated_at: instant,
});

export const userProfileSchema: z.ZodType<SyncRow['user_profiles']> = z.object({
  id: z.string().min(1),
  customer_id: z.string().min(1),
  email: z.string().min(3),
  full_name: name,
  role: z.string(),
  created_at: instant,
  last_seen_at: optionalInstant,
  updated_at: instant,
});
