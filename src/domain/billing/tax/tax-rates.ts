/** One tax on one line. */
export interface TaxRate {
  /** "DE VAT 19%". */
  name: string;
  /** "DE", "US-NY". */
  jurisdiction: string;
  /** Decimal string: "19", "25.5". */
  ratePercent: string;
  /** Whether the line's amount already contains it. */
  inclusive: boolean;
  treatment: TaxTreatment;
  /** The words the law wants on the invoice; null where none. */
  note: string | null;
}

export const TAX_TREATMENTS = [
  'standard',
  'reduced',
  'zero_rated',
  'exempt',
  'reverse_charge',
  'out_of_scope',
] as const;
export type TaxTreatment = (typeof TAX_TREATMENTS)[number];

export interface TaxSeller {
  /** ISO 3166 alpha-2, Greece as GR. */
  country: string;
  /** Prices include tax. */
  pricesIncludeTax: boolean;
  /** Where the seller is registered to charge tax: "DE", "US-NY". */
  registrations: readonly string[];
  /** Whether sales to EU consumers are declared through the One-Stop-Shop. */
  oneStopShop: boolean;
  /**
   * An EU seller established in one state whose sales to consumers of all others stay under 10,000 EUR a year may charge
   * its own country's VAT (Art. 59c of Directive 2006/112/EC).
   */
  belowConsumerThreshold: boolean;
}

export interface TaxBuyer {
  country: string;
  /** State or province ("NY"); null where it does not matter. */
  region: string | null;
  business: boolean;
  /** As given; null for none. */
  taxId: string | null;
  /** Declared free of tax by a certificate that is on file. */
  exempt: boolean;
}

export interface TaxQuery {
  seller: TaxSeller;
  buyer: TaxBuyer;
  /** "electronic_service" is what an API is; others come from the table of rates. */
  productCode: string;
  at: number;
}

/** Why a rate was taken, or what is missing to take one: an invoice is not finalised on a guess. */
export type TaxDecision =
  | { decided: true; rates: readonly TaxRate[]; because: string }
  | { decided: false; missing: string };

/** Where rates come from: tables, or a tax service. */
export interface TaxRates {
  ratesFor(query: TaxQuery): Promise<TaxDecision>;
}
