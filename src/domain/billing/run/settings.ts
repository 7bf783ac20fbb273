import { z } from 'zod';
import { BillingConventions } from '../conventions.ts';
import { DeliverySettings } from '../delivery/settings.ts';
import { LANGUAGES } from '../document/invoice-document.ts';

const Text = z.string().trim().min(1).max(200);
const Country = z.string().regex(/^[A-Z]{2}$/, 'a country like US');

/** What is known of a buyer beyond the customer's record, by customer id. */
const BuyerTax = z.strictObject({
  business: z.boolean().default(true),
  tax_id: Text.nullable().default(null),
  region: Text.nullable().default(null),
  exempt: z.boolean().default(false),
});

/** One seller: who it is, what it charges as tax, how it counts and numbers, and when its invoices are due. */
const LegalEntity = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a short name like "us"'),
  name: Text,
  street: z.array(Text).max(3).default([]),
  city: Text,
  postcode: Text,
  country: Country,
  vat_id: Text.nullable().default(null),
  tax_number: Text.nullable().default(null),
  email: Text.nullable().default(null),
  iban: Text.nullable().default(null),
  bic: Text.nullable().default(null),
  tax: z
    .strictObject({
      /** `none`: this seller is registered nowhere and charges no tax. */
      charge: z.enum(['none', 'registered']).default('none'),
      prices_include_tax: z.boolean().default(false),
      registrations: z.array(Text).default([]),
      one_stop_shop: z.boolean().default(false),
      below_consumer_threshold: z.boolean().default(false),
      buyers: z.record(z.string(), BuyerTax).default({}),
    })
    .prefault({}),
  /** Days until an invoice is due; null: the card on file is charged. */
  days_until_due: z.number().int().min(0).max(365).nullable().default(14),
  /** Of the printed invoice, by the buyer's country; others get the first. */
  languages: z
    .strictObject({
      default: z.enum(LANGUAGES).default('en'),
      countries: z.record(Country, z.enum(LANGUAGES)).default({}),
    })
    .prefault({}),
  conventions: BillingConventions.prefault({}),
});

/** billing.yml. */
export const billingSettingsSchema = z.strictObject({
  version: z.literal(1),
  entity: LegalEntity,
  delivery: DeliverySettings.prefault({}),
});

export type BillingSettings = z.output<typeof billingSettingsSchema>;
export type LegalEntity = BillingSettings['entity'];
