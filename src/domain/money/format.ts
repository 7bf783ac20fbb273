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
  const exponent = exponentOf(money.currency);
  const digits = String(Math.abs(money.minor)).padStart(exponent + 1, '0');
  const whole = groupDigits(exponent === 0 ? digits : digits.slice(0, -exponent));
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${money.minor < 0 ? '-' : ''}${symbolOf(money.currency)}${whole}${fraction}`;
}
