import type { Money } from '../types.ts';
import { exponentOf } from './exponents.ts';

const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ['USD', '$'],
  ['EUR', '€'],
  ['GBP', '£'],
  ['JPY', '¥'],
  ['INR', '₹'],
  ['KRW', '₩'],
  ['CAD', 'CA$'],
  ['AUD', 'A$'],
  ['BRL', 'R$'],
]);

/** "12500" as "12,500". */
export function groupDigits(integer: string): string {
  return integer.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** What stands before an amount: "$", "CHF ". */
export function symbolOf(currency: string): string {
  return SYMBOLS.get(currency.toUpperCase()) ?? `${currency.toUpperCase()} `;
}

/** For people, exact to the minor unit: "$12,500.00", "€1,200.50", "¥120,000", "-$3.00", "CHF 10.00". */
export function formatMoney(money: Money): string {
  const [whole = '', fraction] = majorUnits(Math.abs(money.minor), money.currency).split('.');
  const decimals = fraction === undefined ? '' : `.${fraction}`;
  return `${money.minor < 0 ? '-' : ''}${symbolOf(money.currency)}${groupDigits(whole)}${decimals}`;
}

/** For machines: a decimal in major units, "-12.50", "1200" in a currency without decimals. */
export function majorUnits(minor: number | bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = String(minor < 0 ? -minor : minor).padStart(exponent + 1, '0');
  const sign = minor < 0 ? '-' : '';
  return exponent === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
