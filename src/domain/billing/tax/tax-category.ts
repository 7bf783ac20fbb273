import type { TaxCategory } from '../document/invoice-document.ts';
import type { TaxTreatment } from './tax-rates.ts';

/** The letters of EN 16931 (UNCL 5305). A reduced rate is a standard one of another percentage there. */
const CATEGORIES: Readonly<Record<TaxTreatment, TaxCategory>> = {
  standard: 'S',
  reduced: 'S',
  zero_rated: 'Z',
  exempt: 'E',
  reverse_charge: 'AE',
  out_of_scope: 'O',
};

export function taxCategory(treatment: TaxTreatment): TaxCategory {
  return CATEGORIES[treatment];
}
