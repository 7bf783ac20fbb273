/**
 * Form and check digits of VAT ids, by ISO country. The algorithms are those the tax administrations publish or have
 * confirmed (European Commission, "VAT number algorithms", TAXUD; as collected by open libraries of standard numbers).
 * `unchecked`: the form is right and no digit can be checked, which is so only for new personal codes of Latvia (they
 * begin with 32) and Czech ids of 9 digits issued without a check digit.
 */
export type CheckOutcome = 'right' | 'wrong' | 'unchecked';

export interface VatScheme {
  /** Of what follows the country's letters. */
  form: RegExp;
  looks: string;
  check: (number: string) => CheckOutcome;
}

const LETTERS_IE = 'WABCDEFGHIJKLMNOPQRSTUV';
const LETTERS_ES_PERSON = 'TRWAGMYFPDXBNJZSQVHLCKE';
const LETTERS_ES_COMPANY = 'JABCDEFGHI';
const LETTERS_FR = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

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
  IT: scheme(/^\d{11}$/, '11 digits', (id) => italianOffice(id) && luhn(id)),
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

function digitAt(text: string, index: number): number {
  return Number(text[index] ?? Number.NaN);
}

function sumOf(digits: string, worth: (digit: number, index: number) => number): number {
  return [...digits].reduce((sum, digit, index) => sum + worth(Number(digit), index), 0);
}

/** Digits beyond the weights count nothing. */
function weighted(digits: string, weights: readonly number[]): number {
  return sumOf(digits, (digit, index) => digit * (weights[index] ?? 0));
}

function crossSum(value: number): number {
  return Math.floor(value / 10) + (value % 10);
}

function luhn(digits: string): boolean {
  const sum = sumOf([...digits].reverse().join(''), (digit, index) =>
    index % 2 === 1 ? crossSum(2 * digit) : digit,
  );
  return sum % 10 === 0;
}

/** ISO 7064 MOD 11,10. */
function elevenTen(digits: string): boolean {
  let product = 10;
  for (const digit of digits.slice(0, -1)) {
    const sum = (product + Number(digit)) % 10;
    product = (2 * (sum === 0 ? 10 : sum)) % 11;
  }
  return (product + digitAt(digits, digits.length - 1)) % 10 === 1;
}

/** 9 digits are a company's; 10 a person's number, a foreigner's, or another's. */
function bulgarian(id: string): boolean {
  if (id.length === 9) {
    const first = weighted(id, [1, 2, 3, 4, 5, 6, 7, 8]) % 11;
    const sum = first === 10 ? weighted(id, [3, 4, 5, 6, 7, 8, 9, 10]) % 11 : first;
    return sum % 10 === digitAt(id, 8);
  }
  const last = digitAt(id, 9);
  const person = (weighted(id, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10 === last;
  const foreigner = weighted(id, [21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 === last;
  const other = (11 - (weighted(id, [4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === last;
  return person || foreigner || other;
}

/** 8 digits are a company's (checked), 9 or 10 a person's birth number; 9 digits that begin with 6 are special. */
function czech(id: string): CheckOutcome {
  if (id.length === 8) {
    const rest = (11 - (weighted(id, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 10;
    return !id.startsWith('9') && rest === digitAt(id, 7) ? 'right' : 'wrong';
  }
  if (id.length === 10) return Number(id) % 11 === 0 || endsInTen(id) ? 'right' : 'wrong';
  if (!id.startsWith('6')) return 'unchecked';
  const special = [8, 7, 6, 5, 4, 3, 2];
  const rest = weighted(id.slice(1), special) % 11;
  return (8 - ((10 - rest + 11) % 11) + 10) % 10 === digitAt(id, 8) ? 'right' : 'wrong';
}

/** Birth numbers whose remainder was 10 were given the digit 0 until 1985. */
function endsInTen(id: string): boolean {
  return Number(id.slice(0, 9)) % 11 === 10 && id.endsWith('0');
}

function spanish(id: string): boolean {
  const first = id.charAt(0);
  const last = id.charAt(8);
  if (/\d/.test(first)) return LETTERS_ES_PERSON[Number(id.slice(0, 8)) % 23] === last;
  if (/[XYZ]/.test(first)) {
    return LETTERS_ES_PERSON[Number(`${'XYZ'.indexOf(first)}${id.slice(1, 8)}`) % 23] === last;
  }
  if (/[KLM]/.test(first)) return LETTERS_ES_PERSON[Number(id.slice(1, 8)) % 23] === last;
  if (!/[ABCDEFGHJNPQRSUVW]/.test(first)) return false;
  const sum = sumOf(id.slice(1, 8), (digit, index) => (index % 2 === 0 ? crossSum(2 * digit) : digit));
  const check = (10 - (sum % 10)) % 10;
  const letter = LETTERS_ES_COMPANY[check];
  if (/[NPQRSW]/.test(first)) return last === letter;
  if (/[ABEH]/.test(first)) return last === String(check);
  return last === letter || last === String(check);
}

function french(id: string): boolean {
  const siren = id.slice(2);
  const key = id.slice(0, 2);
  // Monaco's numbers are French VAT ids without a SIREN.
  if (!siren.startsWith('000') && !luhn(siren)) return false;
  if (/^\d\d$/.test(key)) return (12 + 3 * (Number(siren) % 97)) % 97 === Number(key);
  const [one, two] = [LETTERS_FR.indexOf(key.charAt(0)), LETTERS_FR.indexOf(key.charAt(1))];
  const value = /\d/.test(key.charAt(0)) ? one * 24 + two - 10 : one * 34 + two - 100;
  return (Number(siren) + 1 + Math.floor(value / 11)) % 11 === value % 11;
}

/** The old form has a letter in the second place; the new one a second letter at the end. */
function irish(id: string): boolean {
  const old = !/\d/.test(id.charAt(1));
  const digits = old ? `0${id.slice(2, 7)}${id.charAt(0)}` : id.slice(0, 7);
  const extra = id.length === 9 ? LETTERS_IE.indexOf(id.charAt(8)) * 9 : 0;
  const sum = weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + extra;
  return LETTERS_IE[sum % 23] === id.charAt(7);
}

function italianOffice(id: string): boolean {
  const office = Number(id.slice(7, 10));
  return (
    Number(id.slice(0, 7)) > 0 && ((office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office))
  );
}

function lithuanian(id: string): boolean {
  const body = id.slice(0, -1);
  const first = sumOf(body, (digit, index) => digit * (1 + (index % 9))) % 11;
  const sum = first === 10 ? sumOf(body, (digit, index) => digit * (1 + ((index + 2) % 9))) % 11 : first;
  return sum % 10 === digitAt(id, id.length - 1);
}

function latvian(id: string): CheckOutcome {
  if (id.startsWith('32')) return 'unchecked';
  if (digitAt(id, 0) > 3) {
    return weighted(id, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3 ? 'right' : 'wrong';
  }
  const check = ((1 + weighted(id, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10;
  return check === digitAt(id, 10) ? 'right' : 'wrong';
}

/** A company's number holds by elevens; a sole trader's since 2020 by ISO 7064 MOD 97,10 over "NL" and all of it. */
function dutch(id: string): boolean {
  if (
    weighted(id.slice(0, 8), [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === digitAt(id, 8) &&
    Number(id.slice(0, 9)) > 0
  )
    return true;
  const digits = [...`NL${id}`].map((sign) => Number.parseInt(sign, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}
