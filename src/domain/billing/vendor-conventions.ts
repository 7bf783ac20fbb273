import { BillingConventions } from './conventions.ts';

export const CONVENTION_VENDORS = [
  'stripe',
  'lago',
  'openmeter',
  'killbill',
  'zuora',
  'chargebee',
  'metronome',
] as const;
export type ConventionVendor = (typeof CONVENTION_VENDORS)[number];

/**
 * Each billing system's rules, as its documentation or source words them, so that a company that comes from one can
 * keep its invoices as they were. What a vendor does not settle is Stripe's rule.
 */
export const VENDOR_CONVENTIONS: Readonly<Record<ConventionVendor, BillingConventions>> = {
  // docs.stripe.com: prorations by the second; each tier is a line of its own; meter events of the past 35 days, with
  // an identifier unique over a rolling day.
  stripe: BillingConventions.parse({
    rounding: { tiers: 'each' },
    lateUsage: { acceptedDays: 35, dedupeDays: 1 },
  }),
  // getlago.com/docs: the first tier's flat fee is owed without usage; whole days, the day of a change on the new
  // plan; one rounding of a rate's tax over the invoice; a transaction id is known forever.
  lago: BillingConventions.parse({
    tiers: { zeroUsageFlat: 'charged' },
    proration: { by: 'day', changeDay: 'new_plan' },
    tax: { rounding: 'rate' },
    lateUsage: { dedupeBy: 'customer_id', dedupeDays: null },
    voiding: { paidInvoice: 'credit_note' },
  }),
  // openmeterio/openmeter, billing/rating and ingest: components are rounded one by one, credits come before tax.
  openmeter: BillingConventions.parse({
    rounding: { tiers: 'each' },
    credits: { apply: 'before_tax' },
    discounts: { beforeMaximum: true },
    lateUsage: { dedupeBy: 'source_id', dedupeDays: 32 },
  }),
  // killbill/killbill, KillBillMoney and InvoiceDateUtils: HALF_UP, nine decimals in between, days of the stub's period.
  killbill: BillingConventions.parse({
    rounding: { line: 'half_away' },
    proration: { by: 'day', shareDigits: 9 },
  }),
  // knowledgecenter.zuora.com: of prices that include tax the net amount is rounded unless the tenant says otherwise.
  zuora: BillingConventions.parse({ proration: { by: 'day' }, tax: { inclusiveRounds: 'net' } }),
  // chargebee.com/docs, "Package pricing": at least one package a period.
  chargebee: BillingConventions.parse({ tiers: { zeroUsagePackage: 'one' } }),
  // docs.metronome.com, "Send usage events": 34 days back, and a transaction id known as long.
  metronome: BillingConventions.parse({ lateUsage: { acceptedDays: 34, dedupeDays: 34 } }),
};
