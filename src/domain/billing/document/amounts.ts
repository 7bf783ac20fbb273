import { groupDigits, majorUnits } from '../../money/format.ts';
import type { Language } from './invoice-document.ts';

/** How a language writes numbers and dates. Tables of our own: the runtime's differ between versions, and a printed invoice must not. */
interface Writing {
  decimal: string;
  group: string;
  /** The currency stands before the number without a space, or after it with one. */
  currency: 'before' | 'after';
  date(year: string, month: string, day: string): string;
}

/** A space a line is not broken at. */
const NARROW = '\u00a0';

const WRITING: Readonly<Record<Language, Writing>> = {
  en: {
    decimal: '.',
    group: ',',
    currency: 'before',
    date: (year, month, day) => `${Number(day)} ${ENGLISH_MONTHS[Number(month) - 1]} ${year}`,
  },
  de: { decimal: ',', group: '.', currency: 'after', date: (year, month, day) => `${day}.${month}.${year}` },
  fr: {
    decimal: ',',
    group: NARROW,
    currency: 'after',
    date: (year, month, day) => `${day}/${month}/${year}`,
  },
  es: { decimal: ',', group: '.', currency: 'after', date: (year, month, day) => `${day}/${month}/${year}` },
};

const ENGLISH_MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const SIGNS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

/** An amount as people of a language read it: "$1,234.50", "1.234,50 €"; other currencies by their code. */
export function writeAmount(minor: number, currency: string, language: Language): string {
  const number = writeDecimal(majorUnits(Math.abs(minor), currency), language);
  const sign = minor < 0 ? '\u2212' : '';
  const symbol = SIGNS[currency];
  if (WRITING[language].currency === 'after') return `${sign}${number}${NARROW}${symbol ?? currency}`;
  return symbol === undefined ? `${sign}${currency}${NARROW}${number}` : `${sign}${symbol}${number}`;
}

/** A decimal string with the separators of a language: "2,177.42". */
export function writeDecimal(decimal: string, language: Language): string {
  const { decimal: point, group } = WRITING[language];
  const negative = decimal.startsWith('-');
  const [whole = '0', fraction] = decimal.replace('-', '').split('.');
  const grouped = groupDigits(whole).replaceAll(',', group);
  return `${negative ? '\u2212' : ''}${grouped}${fraction === undefined ? '' : `${point}${fraction}`}`;
}

/** A day "2026-10-31" as a language writes it: "31 Oct 2026", "31.10.2026". */
export function writeDay(on: string, language: Language): string {
  const [year = '', month = '', day = ''] = on.split('-');
  return WRITING[language].date(year, month, day);
}
