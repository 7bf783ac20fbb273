import { z } from 'zod';

/**
 * An invoice as it is printed: everything a page or a machine-readable copy says, and nothing to look up. Amounts are
 * integer minor units of `currency`; days are calendar days of the seller's zone, both ends of a period included.
 * The same document gives the same bytes, so it is what is kept when an invoice is finalised.
 */
const Minor = z.number().int();
const Day = z.iso.date();
const Decimal = z.string().regex(/^-?\d+(?:\.\d+)?$/);
const Words = z.string().max(500);

export const LANGUAGES = ['en', 'de', 'fr', 'es'] as const;

/** UNTDID 5305 as EN 16931 allows it: standard, zero rated, exempt, reverse charge, within the EU, export, outside. */
export const TAX_CATEGORIES = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'] as const;

const Party = z.strictObject({
  name: Words.min(1),
  /** Street and whatever stands above the town. */
  street: z.array(Words).max(3),
  city: Words,
  postcode: Words,
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/),
  vatId: Words.nullable(),
  taxNumber: Words.nullable(),
  email: Words.nullable(),
});

const TaxKey = { category: z.enum(TAX_CATEGORIES), ratePercent: Decimal };

const DocumentLine = z.strictObject({
  name: Words.min(1),
  /** What of it: an API category. */
  detail: Words.nullable(),
  quantity: Decimal,
  unit: Words,
  /** Of one unit, in major units; null where tiers or packages made the amount. */
  unitPrice: Decimal.nullable(),
  startsOn: Day,
  endsOn: Day,
  amountMinor: Minor,
  ...TaxKey,
});

const DocumentDiscount = z.strictObject({ name: Words.min(1), amountMinor: Minor.nonnegative(), ...TaxKey });

const DocumentTax = z.strictObject({
  name: Words.min(1),
  ...TaxKey,
  baseMinor: Minor,
  amountMinor: Minor,
  /** Why nothing is charged, as the law wants it said. */
  note: Words.nullable(),
});

const UsageRow = z.strictObject({
  category: Words.min(1),
  unit: Words,
  quantity: Decimal,
  included: Decimal,
  billed: Decimal,
});

export const InvoiceDocument = z.strictObject({
  kind: z.enum(['invoice', 'credit_note', 'draft']),
  /** Null on a draft: numbers are given when it is finalised. */
  number: Words.min(1).nullable(),
  /** The number of the invoice a credit note corrects. */
  corrects: Words.min(1).nullable(),
  language: z.enum(LANGUAGES),
  currency: z.string().regex(/^[A-Z]{3}$/),
  issuedOn: Day,
  dueOn: Day.nullable(),
  startsOn: Day,
  endsOn: Day,
  seller: Party,
  buyer: Party,
  /** The buyer's own order number. */
  buyerReference: Words.nullable(),
  /** Amounts of lines include tax. Such an invoice carries no machine-readable copy: the standard knows net lines only. */
  taxIncluded: z.boolean(),
  lines: z.array(DocumentLine).min(1).max(2_000),
  discounts: z.array(DocumentDiscount),
  taxes: z.array(DocumentTax),
  usage: z.array(UsageRow),
  /** Calls a day over the period, oldest first; empty where nothing is metered. */
  daily: z.array(z.strictObject({ on: Day, quantity: z.number().nonnegative() })).max(400),
  totals: z.strictObject({
    subtotalMinor: Minor,
    discountMinor: Minor.nonnegative(),
    taxMinor: Minor,
    totalMinor: Minor,
    /** Credits and balance used, after tax. */
    creditedMinor: Minor.nonnegative(),
    paidMinor: Minor.nonnegative(),
    dueMinor: Minor,
  }),
  payment: z.strictObject({
    /** The customer's portal, where it is paid and disputed. */
    url: z.url().nullable(),
    iban: z.string().nullable(),
    bic: z.string().nullable(),
    reference: Words.nullable(),
  }),
  /** Paragraphs below the totals. */
  notes: z.array(Words),
});

export type InvoiceDocument = z.infer<typeof InvoiceDocument>;
export type DocumentParty = z.infer<typeof Party>;
export type DocumentLine = z.infer<typeof DocumentLine>;
export type DocumentTax = z.infer<typeof DocumentTax>;
export type TaxCategory = (typeof TAX_CATEGORIES)[number];
export type Language = (typeof LANGUAGES)[number];
