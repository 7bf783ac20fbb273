import { crossSum, digitAt, luhn, sumOf, weighted } from './digit-sums.ts';

/** `unchecked`: the form is right, and ids of this form have no check digit. */
export type CheckOutcome = 'right' | 'wrong' | 'unchecked';

const LETTERS_IE = 'WABCDEFGHIJKLMNOPQRSTUV';
const LETTERS_ES_PERSON = 'TRWAGMYFPDXBNJZSQVHLCKE';
const LETTERS_ES_COMPANY = 'JABCDEFGHI';
const LETTERS_FR = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** 9 digits are a company's; 10 a person's number, a foreigner's, or another's. */
export function bulgarian(id: string): boolean {
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
export function czech(id: string): CheckOutcome {
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

export function spanish(id: string): boolean {
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

export function french(id: string): boolean {
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
export function irish(id: string): boolean {
  const old = !/\d/.test(id.charAt(1));
  const digits = old ? `0${id.slice(2, 7)}${id.charAt(0)}` : id.slice(0, 7);
  const extra = id.length === 9 ? LETTERS_IE.indexOf(id.charAt(8)) * 9 : 0;
  const sum = weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + extra;
  return LETTERS_IE[sum % 23] === id.charAt(7);
}

/** The tax office stands in digits 8 to 10. */
export function italian(id: string): boolean {
  const office = Number(id.slice(7, 10));
  const known = (office >= 1 && office <= 100) || [120, 121, 888, 999].includes(office);
  return known && Number(id.slice(0, 7)) > 0 && luhn(id);
}

export function lithuanian(id: string): boolean {
  const body = id.slice(0, -1);
  const first = sumOf(body, (digit, index) => digit * (1 + (index % 9))) % 11;
  const sum = first === 10 ? sumOf(body, (digit, index) => digit * (1 + ((index + 2) % 9))) % 11 : first;
  return sum % 10 === digitAt(id, id.length - 1);
}

export function latvian(id: string): CheckOutcome {
  if (id.startsWith('32')) return 'unchecked';
  if (digitAt(id, 0) > 3) {
    return weighted(id, [9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 === 3 ? 'right' : 'wrong';
  }
  const check = ((1 + weighted(id, [10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11) % 10;
  return check === digitAt(id, 10) ? 'right' : 'wrong';
}

/** A company's number holds by elevens; a sole trader's since 2020 by ISO 7064 MOD 97,10 over "NL" and all of it. */
export function dutch(id: string): boolean {
  if (
    weighted(id.slice(0, 8), [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === digitAt(id, 8) &&
    Number(id.slice(0, 9)) > 0
  )
    return true;
  const digits = [...`NL${id}`].map((sign) => Number.parseInt(sign, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}
