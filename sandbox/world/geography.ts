export interface Place {
  country: string;
  region: string;
  currency: string;
  /** Percent of sales tax or VAT on invoices; 0 where PsiZero charges none. */
  taxPercent: number;
  tld: string;
}

const place = (
  country: string,
  region: string,
  currency: string,
  taxPercent: number,
  tld: string,
): Place => ({
  country,
  region,
  currency,
  taxPercent,
  tld,
});

/** Where customers are, with how common each is. */
export const PLACES: readonly [readonly [Place, number], ...(readonly [Place, number])[]] = [
  [place('US', 'north_america', 'USD', 0, 'com'), 46],
  [place('CA', 'north_america', 'USD', 5, 'ca'), 6],
  [place('GB', 'europe', 'USD', 20, 'co.uk'), 8],
  [place('DE', 'europe', 'EUR', 19, 'de'), 10],
  [place('FR', 'europe', 'EUR', 20, 'fr'), 7],
  [place('NL', 'europe', 'EUR', 21, 'nl'), 5],
  [place('IE', 'europe', 'EUR', 23, 'ie'), 3],
  [place('JP', 'asia_pacific', 'JPY', 10, 'co.jp'), 8],
  [place('SG', 'asia_pacific', 'USD', 0, 'sg'), 3],
  [place('AU', 'asia_pacific', 'USD', 0, 'com.au'), 4],
];

/** Throws when the company sells nothing there. */
export function placeOf(country: string): Place {
  const found = PLACES.find(([candidate]) => candidate.country === country);
  if (!found) throw new RangeError(`PsiZero has no customers in ${country}`);
  return found[0];
}
