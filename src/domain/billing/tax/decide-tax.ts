import { dayNameAt } from '../../periods/calendar.ts';
import { EU_ZONES, isEuState, standardVatRate } from './eu-vat-rates.ts';
import { findRate, PUBLISHED_RATES, type RateRow } from './rate-table.ts';
import type {
  TaxBuyer,
  TaxDecision,
  TaxQuery,
  TaxRate,
  TaxRates,
  TaxSeller,
  TaxTreatment,
} from './tax-rates.ts';
import { checkVatId } from './vat-id.ts';

const REVERSE_CHARGE = 'Reverse charge';
const ELECTRONIC = 'electronic_service';

/** Rates from published tables and the company's own rows, without any network. */
export function offlineTaxRates(rows: readonly RateRow[] = PUBLISHED_RATES): TaxRates {
  return { ratesFor: async (query) => decideTax(query, rows) };
}

/**
 * Where a sale is taxed, and at which rate. Place of supply of electronic services after Directive 2006/112/EC: a
 * business is taxed where it is established (Art. 44) and, in another member state, accounts for the tax itself (Art.
 * 196, note after Art. 226(11a)); a consumer where they live (Art. 58), or at the seller's under the threshold of Art.
 * 59c. A buyer in the EU counts as a business only with a VAT id whose check digits hold. What cannot be decided says
 * what is missing.
 */
export function decideTax(query: TaxQuery, rows: readonly RateRow[] = PUBLISHED_RATES): TaxDecision {
  const { seller, buyer } = query;
  if (buyer.country === '') return { decided: false, missing: "the buyer's country" };
  if (buyer.exempt) {
    const rate = rateOf(seller, buyer.country, 'Tax exempt', '0', 'exempt', 'Exempt by certificate');
    return { decided: true, rates: [rate], because: 'a certificate of exemption is on file' };
  }
  if (isEuState(buyer.country)) return decideInEu(query);
  return decideByTable(query, rows);
}

function decideInEu(query: TaxQuery): TaxDecision {
  const { seller, buyer, at } = query;
  if (query.productCode !== ELECTRONIC) {
    return { decided: false, missing: `a rule for the VAT of "${query.productCode}"` };
  }
  if (seller.country === buyer.country) return vatOf(seller, buyer.country, at, 'a domestic sale');
  if (buyer.business) return decideForBusiness(seller, buyer);
  if (isEuState(seller.country) && seller.belowConsumerThreshold) {
    return vatOf(seller, seller.country, at, "the seller's country, under the 10,000 EUR threshold");
  }
  if (!seller.oneStopShop && !seller.registrations.includes(buyer.country)) {
    return {
      decided: false,
      missing: `a registration for VAT in ${buyer.country} (its own, or the One-Stop-Shop)`,
    };
  }
  const because = 'a consumer is taxed in their own country';
  const note = seller.oneStopShop ? 'VAT declared through the One-Stop-Shop' : null;
  return vatOf(seller, buyer.country, at, because, note);
}

function decideForBusiness(seller: TaxSeller, buyer: TaxBuyer): TaxDecision {
  if (buyer.taxId === null) {
    return { decided: false, missing: `the VAT id of a business in ${buyer.country}` };
  }
  const checked = checkVatId(buyer.taxId);
  if (!checked.valid) return { decided: false, missing: `a valid VAT id: ${checked.reason}` };
  if (checked.country !== buyer.country) {
    return {
      decided: false,
      missing: `a VAT id of ${buyer.country}: "${buyer.taxId}" is one of ${checked.country}`,
    };
  }
  return reverseCharge(seller, buyer.country);
}

function reverseCharge(seller: TaxSeller, country: string): TaxDecision {
  const rate = rateOf(seller, country, `${country} VAT 0%`, '0', 'reverse_charge', REVERSE_CHARGE);
  return {
    decided: true,
    rates: [rate],
    because: 'a business in another country accounts for the VAT itself',
  };
}

function vatOf(
  seller: TaxSeller,
  country: string,
  at: number,
  because: string,
  note: string | null = null,
): TaxDecision {
  const day = dayNameAt(at, EU_ZONES[country] ?? 'UTC');
  const percent = standardVatRate(country, day);
  if (percent === null) return { decided: false, missing: `the VAT rate of ${country} on ${day}` };
  const rate = rateOf(seller, country, `${country} VAT ${percent}%`, percent, 'standard', note);
  return { decided: true, rates: [rate], because };
}

function decideByTable({ seller, buyer, productCode, at }: TaxQuery, rows: readonly RateRow[]): TaxDecision {
  if (
    buyer.country === 'US' &&
    buyer.region === null &&
    seller.registrations.some((one) => one.startsWith('US-'))
  ) {
    return { decided: false, missing: "the buyer's state" };
  }
  const jurisdiction = buyer.region === null ? buyer.country : `${buyer.country}-${buyer.region}`;
  const registered = [jurisdiction, buyer.country].some((one) => seller.registrations.includes(one));
  if (!registered) {
    const rate = rateOf(
      seller,
      jurisdiction,
      'No tax',
      '0',
      'out_of_scope',
      outOfScope(seller, jurisdiction),
    );
    return { decided: true, rates: [rate], because: `not registered to charge tax in ${jurisdiction}` };
  }
  const day = dayNameAt(at, 'UTC');
  const row =
    findRate(rows, { jurisdiction, productCode, day }) ??
    findRate(rows, { jurisdiction: buyer.country, productCode, day });
  if (!row) return { decided: false, missing: `the rate of ${jurisdiction} for "${productCode}" on ${day}` };
  const name = row.treatment === 'exempt' ? row.tax : `${row.tax} ${row.ratePercent}%`;
  return {
    decided: true,
    rates: [rateOf(seller, row.jurisdiction, name, row.ratePercent, row.treatment, reasonOf(row))],
    because: `the published rate of ${row.jurisdiction}`,
  };
}

/** An invoice that charges no tax says why. */
function outOfScope(seller: TaxSeller, jurisdiction: string): string {
  if (isEuState(seller.country)) return 'Not subject to EU VAT (place of supply outside the EU)';
  return `No tax is due in ${jurisdiction} from this seller`;
}

function reasonOf(row: RateRow): string | null {
  return row.treatment === 'exempt' ? `Not taxable in ${row.jurisdiction}` : null;
}

function rateOf(
  seller: TaxSeller,
  jurisdiction: string,
  name: string,
  ratePercent: string,
  treatment: TaxTreatment,
  note: string | null,
): TaxRate {
  const inclusive = seller.pricesIncludeTax && ratePercent !== '0';
  return { name, jurisdiction, ratePercent, inclusive, treatment, note };
}
