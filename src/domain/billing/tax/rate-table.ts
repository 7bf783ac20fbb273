import type { TaxTreatment } from './tax-rates.ts';

/** One row of a table of rates outside the EU's VAT. A company adds its own rows for where it is registered. */
export interface RateRow {
  /** "GB", or "US-NY" for a state. */
  jurisdiction: string;
  /** "GB VAT", "NY sales tax". */
  tax: string;
  productCode: string;
  ratePercent: string;
  treatment: Extract<TaxTreatment, 'standard' | 'reduced' | 'zero_rated' | 'exempt'>;
  /** Local days, the first taxed and the first no longer; null: until now. */
  from: string;
  to: string | null;
}

/**
 * Rates for electronic services outside the EU. National rates as the governments publish them (gov.uk, estv.admin.ch,
 * skatteetaten.no, ato.gov.au, ird.govt.nz, iras.gov.sg, nta.go.jp). Of the United States only state-level rates where
 * software as a service is taxed in full, and states that do not tax it: local rates on top need a tax service or rows
 * of the company's own.
 */
export const PUBLISHED_RATES: readonly RateRow[] = [
  standard('GB', 'GB VAT', '20', '2011-01-04'),
  { ...standard('CH', 'CH VAT', '7.7', '2018-01-01'), to: '2024-01-01' },
  standard('CH', 'CH VAT', '8.1', '2024-01-01'),
  standard('NO', 'NO VAT', '25', '2005-01-01'),
  standard('IS', 'IS VAT', '24', '2015-01-01'),
  standard('AU', 'AU GST', '10', '2000-07-01'),
  standard('NZ', 'NZ GST', '15', '2010-10-01'),
  { ...standard('SG', 'SG GST', '8', '2023-01-01'), to: '2024-01-01' },
  standard('SG', 'SG GST', '9', '2024-01-01'),
  standard('JP', 'JP consumption tax', '10', '2019-10-01'),
  standard('IN', 'IN IGST', '18', '2017-07-01'),
  standard('US-NY', 'NY sales tax', '4', '2005-06-01'),
  standard('US-PA', 'PA sales tax', '6', '2012-05-31'),
  standard('US-WA', 'WA sales tax', '6.5', '2009-07-26'),
  standard('US-MA', 'MA sales tax', '6.25', '2009-08-01'),
  exempt('US-CA', 'CA sales tax'),
  exempt('US-FL', 'FL sales tax'),
  exempt('US-VA', 'VA sales tax'),
  exempt('US-OR', 'OR (no sales tax)'),
  exempt('US-DE', 'DE (no sales tax)'),
  exempt('US-MT', 'MT (no sales tax)'),
  exempt('US-NH', 'NH (no sales tax)'),
];

function standard(jurisdiction: string, tax: string, ratePercent: string, from: string): RateRow {
  return {
    jurisdiction,
    tax,
    productCode: 'electronic_service',
    ratePercent,
    treatment: 'standard',
    from,
    to: null,
  };
}

function exempt(jurisdiction: string, tax: string): RateRow {
  return { ...standard(jurisdiction, tax, '0', '2000-01-01'), treatment: 'exempt' };
}

/** The row in force on a day; the last of several. */
export function findRate(
  rows: readonly RateRow[],
  wanted: { jurisdiction: string; productCode: string; day: string },
): RateRow | null {
  const inForce = (row: RateRow) =>
    row.jurisdiction === wanted.jurisdiction &&
    row.productCode === wanted.productCode &&
    row.from <= wanted.day &&
    (row.to === null || wanted.day < row.to);
  return rows.findLast(inForce) ?? null;
}
