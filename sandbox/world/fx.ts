import { parseDay } from './calendar.ts';
import { hashText, mix, unit } from './random.ts';

export const CURRENCIES = ['USD', 'EUR', 'JPY'] as const;

const BASE: Record<string, number> = { USD: 1, EUR: 1.0875, JPY: 0.00668 };

/**
 * US dollars one unit of `currency` buys on a company day (`YYYY-MM-DD`), six decimals.
 * Throws RangeError for a currency or a day there is no rate of.
 */
export function fxRate(seed: number, currency: string, day: string): string {
  const base = BASE[currency];
  if (base === undefined) throw new RangeError(`there is no rate of ${currency}`);
  const number = parseDay(day);
  if (number === null) throw new RangeError(`${day} is not a day (YYYY-MM-DD)`);
  if (currency === 'USD') return '1.000000';
  const key = mix(seed, hashText(currency));
  const slow = Math.sin(number / 61 + unit(key, 1) * 6.28) * 0.032;
  const quick = Math.sin(number / 9.7 + unit(key, 2) * 6.28) * 0.007;
  const daily = (unit(key, number) - 0.5) * 0.008;
  return (Math.round(base * (1 + slow + quick + daily) * 1e6) / 1e6).toFixed(6);
}
