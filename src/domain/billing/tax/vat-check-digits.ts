import { crossSum, digitAt, elevenTen, luhn, sumOf, weighted } from './digit-sums.ts';
import {
  bulgarian,
  type CheckOutcome,
  czech,
  dutch,
  french,
  irish,
  italian,
  latvian,
  lithuanian,
  spanish,
} from './vat-several-forms.ts';

/**
 * Form and check digits of VAT ids, by ISO country. The algorithms are those the tax administrations publish or have
 * confirmed (European Commission, "VAT number algorithms", TAXUD; as collected by open libraries of standard numbers).
 * `unchecked`: the form is right and no digit can be checked, which is so only for new personal codes of Latvia (they
 * begin with 32) and Czech ids of 9 digits issued without a check digit.
 */
export interface VatScheme {
  /** Of what follows the country's letters. */
  form: RegExp;
  looks: string;
  check: (number: string) => CheckOutcome;
}

export const CHECKS: Readonly<Record<string, VatScheme>> = {
  AT: scheme(/^U\d{8}$/, 'U and 8 digits', (id) => {
    const digits = id.slice(1);
    const sum = sumOf(digits.slice(0, 7), (digit, index) => (index % 2 === 0 ? digit : crossSum(2 * digit)));
    return (10 - ((sum + 4) % 10)) % 10 === digitAt(digits, 7);
  }),
  BE: scheme(/^[01]?\d{9}$/, '10 digits', (id) => {
    const digits = id.padStart(10, '0');
    return 97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8));
  }),
  BG: scheme(/^\d{9,10}$/, '9 or 10 digits', bulgarian),
  CY: scheme(/^(?!12)\d{8}[A-Z]$/, '8 digits and a letter', (id) => {
    const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    const sum = sumOf(id.slice(0, 8), (digit, index) => (index % 2 === 0 ? (odd[digit] ?? 0) : digit));
    return String.fromCharCode(65 + (sum % 26)) === id[8];
  }),
  CZ: { form: /^\d{8,10}$/, looks: '8 to 10 digits', check: czech },
  DE: scheme(/^[1-9]\d{8}$/, '9 digits', elevenTen),
  DK: scheme(/^[1-9]\d{7}$/, '8 digits', (id) => weighted(id, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0),
  EE: scheme(/^\d{9}$/, '9 digits', (id) => weighted(id, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0),
  ES: scheme(/^[A-Z0-9]\d{7}[A-Z0-9]$/, 'a letter, 7 digits and a letter or digit', spanish),
  FI: scheme(/^\d{8}$/, '8 digits', (id) => weighted(id, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 === 0),
  FR: scheme(/^[A-HJ-NP-Z0-9]{2}\d{9}$/, '2 characters and 9 digits', french),
  GR: scheme(/^\d{9}$/, '9 digits', (id) => {
    return (weighted(id, [256, 128, 64, 32, 16, 8, 4, 2]) % 11) % 10 === digitAt(id, 8) && Number(id) > 0;
  }),
  HR: scheme(/^\d{11}$/, '11 digits', elevenTen),
  HU: scheme(/^\d{8}$/, '8 digits', (id) => weighted(id, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 === 0),
  IE: scheme(/^\d[A-Z0-9+*]\d{5}[A-W][A-I]?$/, '7 digits and 1 or 2 letters', irish),
  IT: scheme(/^\d{11}$/, '11 digits', italian),
  LT: scheme(/^(?:\d{7}1\d|\d{10}1\d)$/, '9 or 12 digits, 1 before the last', lithuanian),
  LU: scheme(/^\d{8}$/, '8 digits', (id) => Number(id.slice(0, 6)) % 89 === Number(id.slice(6))),
  LV: { form: /^\d{11}$/, looks: '11 digits', check: latvian },
  MT: scheme(/^[1-9]\d{7}$/, '8 digits', (id) => weighted(id, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 === 0),
  NL: scheme(/^\d{9}B\d{2}$/, '9 digits, B and 2 digits', dutch),
  PL: scheme(
    /^\d{10}$/,
    '10 digits',
    (id) => weighted(id, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digitAt(id, 9),
  ),
  PT: scheme(/^[1-9]\d{8}$/, '9 digits', (id) => {
    return ((11 - (weighted(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digitAt(id, 8);
  }),
  RO: scheme(/^[1-9]\d{1,9}$/, '2 to 10 digits', (id) => {
    const digits = id.padStart(10, '0');
    return ((10 * weighted(digits, [7, 5, 3, 2, 1, 7, 5, 3, 2])) % 11) % 10 === digitAt(digits, 9);
  }),
  SE: scheme(/^\d{10}(?:0[1-9]|[1-8]\d|9[0-4])$/, '12 digits', (id) => luhn(id.slice(0, 10))),
  SI: scheme(/^[1-9]\d{7}$/, '8 digits', (id) => {
    const rest = 11 - (weighted(id, [8, 7, 6, 5, 4, 3, 2]) % 11);
    return (rest === 10 ? 0 : rest) === digitAt(id, 7);
  }),
  SK: scheme(/^[1-9]\d[2-47-9]\d{7}$/, '10 digits', (id) => Number(id) % 11 === 0),
};

function scheme(form: RegExp, looks: string, holds: (number: string) => boolean): VatScheme {
  return { form, looks, check: (number) => (holds(number) ? 'right' : 'wrong') };
}
