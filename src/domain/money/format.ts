import type { Money } from '../types.ts';
import { divideHalfUp } from './arithmetic.ts';
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

function symbolOf(currency: string): string {
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

/** As `formatMoney`, without the fraction where it is zero: "€1,200", "$12.50". */
export function formatMoneyShort(money: Money): string {
  return formatMoney(money).replace(/\.0+$/, '');
}

const STEPS: readonly { size: bigint; suffix: string }[] = [
  { size: 1_000_000_000n, suffix: 'B' },
  { size: 1_000_000n, suffix: 'M' },
  { size: 1_000n, suffix: 'k' },
];

/** For headlines and chart labels, one decimal from a thousand on: "$86.2k", "$1.3M", "$950". */
export function formatMoneyCompact(money: Money): string {
  const unit = 10n ** BigInt(exponentOf(money.currency));
  const magnitude = BigInt(Math.abs(money.minor));
  const sign = money.minor < 0 ? '-' : '';
  for (const [index, step] of STEPS.entries()) {
    if (divideHalfUp(magnitude, unit) < step.size) continue;
    const tenths = divideHalfUp(magnitude * 10n, unit * step.size);
    const above = STEPS[index - 1];
    if (above && tenths >= 10_000n) return `${sign}${symbolOf(money.currency)}1.0${above.suffix}`;
    return `${sign}${symbolOf(money.currency)}${tenths / 10n}.${tenths % 10n}${step.suffix}`;
  }
  return `${sign}${symbolOf(money.currency)}${divideHalfUp(magnitude, unit)}`;
}
