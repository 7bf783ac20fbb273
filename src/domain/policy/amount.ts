import { code } from 'currency-codes';
import { Decimal } from 'decimal.js';
import type { Money } from '../types.ts';

/** ISO 4217 exponent: 2 for USD, 0 for JPY. */
export function exponentOf(currency: string): number {
  return code(currency)?.digits ?? 2;
}

/** "1,250.5", "$1250.50", "1250.50 USD" -> minor units; null for anything that is not one exact amount. */
export function parseAmount(text: string, currency: string): Money | null {
  const bare = text
    .trim()
    .replace(new RegExp(`^${currency}\\s*|\\s*${currency}$`, 'i'), '')
    .replace(/^[$€£¥]\s*|\s*[$€£¥]$/, '');
  if (!/^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(bare)) return null;
  const minor = new Decimal(bare.replaceAll(',', '')).times(new Decimal(10).pow(exponentOf(currency)));
  return minor.isInteger() && minor.lte(Number.MAX_SAFE_INTEGER)
    ? { minor: minor.toNumber(), currency }
    : null;
}

/** "$1,250.50": the amount as it stands on cards and in mails. */
export function formatAmount(money: Money): string {
  const digits = exponentOf(money.currency);
  const value = new Decimal(money.minor).div(new Decimal(10).pow(digits)).toFixed(digits);
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: money.currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(Number(value));
}

/** At a rate of `to`-units for one unit of the amount's currency, rounded half up (sandbox/TRUTH.md). */
export function convertAmount(money: Money, to: string, rate: string): Money {
  const scale = new Decimal(10).pow(exponentOf(to) - exponentOf(money.currency));
  const minor = new Decimal(money.minor).times(scale).times(rate).toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
  return { minor: minor.toNumber(), currency: to };
}
