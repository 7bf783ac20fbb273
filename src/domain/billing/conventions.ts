import { z } from 'zod';
import { ROUNDINGS } from '../money/exact.ts';

/**
 * The rules on which billing systems differ, one object per legal entity, so that an invoice can say by which rule a
 * cent came about. Every knob names what it decides; the defaults are Stripe's rule where Stripe has one.
 * Add a knob here, with its sources, rather than deciding in a calculation.
 */
export const BillingConventions = z.strictObject({
  rounding: z
    .strictObject({
      /** Of a line's amount to the currency's minor unit. */
      line: z.enum(ROUNDINGS).default('half_away'),
      /** Whether each tier's part is rounded by itself (Stripe, OpenMeter) or only the line (Lago, Kill Bill). */
      tiers: z.enum(['each', 'line']).default('line'),
    })
    .prefault({}),
  tiers: z
    .strictObject({
      /** Whether the first tier's flat amount is owed without usage (Lago) or not (OpenMeter's lines, Stripe). */
      zeroUsageFlat: z.enum(['charged', 'not_charged']).default('not_charged'),
      /** Whether a package price bills one package without usage (Chargebee). */
      zeroUsagePackage: z.enum(['none', 'one']).default('none'),
    })
    .prefault({}),
  proration: z
    .strictObject({
      /** By the second (Stripe), by whole days of the period's own length (Lago, Kill Bill), or 30-day months. */
      by: z.enum(['second', 'day', 'thirty_day_month', 'none']).default('second'),
      /** Decimals a share of a period is first rounded to (Kill Bill: 9); null where only the amount is rounded. */
      shareDigits: z.number().int().min(0).max(20).nullable().default(null),
      /** With days: whether the day of a change belongs to the new plan (Lago) or stays with the old one. */
      changeDay: z.enum(['new_plan', 'old_plan']).default('new_plan'),
      rounding: z.enum(ROUNDINGS).default('half_away'),
    })
    .prefault({}),
  tax: z
    .strictObject({
      /** One rounding per line, or one per rate over the invoice. */
      rounding: z.enum(['line', 'rate']).default('line'),
      /** Of prices that include tax: whether the tax or the net amount is what is rounded. */
      inclusiveRounds: z.enum(['tax', 'net']).default('tax'),
    })
    .prefault({}),
  credits: z
    .strictObject({
      /** Whether credits reduce what is taxed (OpenMeter) or what is owed after tax (Stripe, Lago). */
      apply: z.enum(['before_tax', 'after_tax']).default('after_tax'),
    })
    .prefault({}),
  discounts: z
    .strictObject({
      /** In which order a coupon and a maximum spend act. */
      beforeMaximum: z.boolean().default(true),
    })
    .prefault({}),
  lateUsage: z
    .strictObject({
      /** The age beyond which an event is refused, in days (Stripe: 35). */
      acceptedDays: z.number().int().positive().default(35),
      /** How far ahead of our clock an event may lie, in minutes (Stripe: 5). */
      acceptedAheadMinutes: z.number().nonnegative().default(5),
      /** What makes two events one: (source, id); (customer, id) as Lago on Postgres; or with meter and instant too. */
      dedupeBy: z.enum(['source_id', 'customer_id', 'customer_meter_id_time']).default('source_id'),
      /** Days a key is remembered for; null: forever. */
      dedupeDays: z.number().int().positive().nullable().default(null),
      /** Where usage of a closed period is billed: a line of the next invoice for the original or the current period. */
      closedPeriod: z
        .enum(['next_invoice_original_period', 'next_invoice_current_period', 'refuse'])
        .default('next_invoice_original_period'),
    })
    .prefault({}),
  numbering: z
    .strictObject({
      scheme: z.enum(['per_entity', 'per_customer']).default('per_entity'),
      prefix: z.string().min(1).default('PSI'),
    })
    .prefault({}),
  voiding: z
    .strictObject({
      /** Whether a paid invoice may be voided together with a credit note (Lago) or only credited (Stripe). */
      paidInvoice: z.enum(['credit_note', 'refused']).default('refused'),
    })
    .prefault({}),
  creditNotes: z
    .strictObject({
      /** Whether a credit note's total is the sum of its rounded net and tax, or its exact sum rounded (Lago before 2025-10). */
      total: z.enum(['rounded_parts', 'exact_sum']).default('rounded_parts'),
    })
    .prefault({}),
});

export type BillingConventions = z.infer<typeof BillingConventions>;

export const DEFAULT_CONVENTIONS: BillingConventions = BillingConventions.parse({});
