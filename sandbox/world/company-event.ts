import { z } from 'zod';
import { PLACES } from './geography.ts';
import { PLANS } from './plans.ts';

const id = z.string().min(1);
const plan = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(PLANS));
const countries = PLACES.map(([{ country }]) => country);

/** What the control API may ask to happen. */
export const companyEvent = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('signup'),
    plan,
    name: z.string().trim().min(2).max(120).optional(),
    /** The same as `name`: it has no id yet. */
    customer: z.string().trim().min(2).max(120).optional(),
    country: z.enum(countries).optional(),
    trial_days: z.int().min(0).max(90).optional(),
  }),
  z.strictObject({ type: z.literal('usage'), customer: id, calls: z.int().min(1).max(1_000_000_000) }),
  z.strictObject({
    type: z.literal('usage_drop'),
    customer: id,
    percent: z.number().gt(0).max(100),
    days: z.int().min(1).max(365).default(14),
  }),
  z.strictObject({
    type: z.literal('payment_failed'),
    customer: id.optional(),
    invoice: id.optional(),
    decline_code: z.string().default('generic_decline'),
  }),
  z.strictObject({ type: z.literal('payment_succeeded'), customer: id.optional(), invoice: id.optional() }),
  z.strictObject({ type: z.literal('card_updated'), customer: id }),
  /** The bank takes the same card again: its details were updated, or there is money on it. Nothing is charged. */
  z.strictObject({ type: z.literal('payment_method_updated'), customer: id }),
  z.strictObject({ type: z.literal('dispute_opened'), customer: id.optional(), payment: id.optional() }),
  z.strictObject({
    type: z.literal('ticket_opened'),
    customer: id,
    text: z.string().trim().min(1).max(20_000),
    subject: z.string().trim().min(1).max(300).optional(),
    priority: z.enum(['low', 'normal', 'high', 'urgent']).optional(),
  }),
  z.strictObject({
    type: z.literal('plan_changed'),
    customer: id,
    plan,
    quantity: z.int().min(1).max(10_000).optional(),
  }),
  z.strictObject({ type: z.literal('cancelled'), customer: id, at_period_end: z.boolean().default(false) }),
  z.strictObject({
    type: z.literal('outage_started'),
    title: z.string().trim().min(1).max(200).default('API outage'),
    severity: z.enum(['minor', 'major', 'critical']).default('critical'),
  }),
  z.strictObject({ type: z.literal('outage_ended'), incident: id.optional() }),
  z.strictObject({ type: z.literal('competitor_page_changed') }),
  /** The books go wrong: a line of an invoice says more (or less) than the invoice's total. */
  z.strictObject({
    type: z.literal('invoice_misstated'),
    customer: id.optional(),
    invoice: id.optional(),
    amount: z.int().default(1),
  }),
]);

export type CompanyEvent = z.infer<typeof companyEvent>;
export type EventOf<T extends CompanyEvent['type']> = Extract<CompanyEvent, { type: T }>;
