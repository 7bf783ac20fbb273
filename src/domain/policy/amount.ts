import { exact } from '../money/exact.ts';
import { exponentOf } from '../money/exponents.ts';
import type { Money } from '../types.ts';

/** "1,250.5", "$1250.50", "1250.50 USD" -> minor units; null for anything that is not one exact amount. */
export function parseAmount(text: string, currency: string): Money | null {
  const bare = text
    .trim()
    .replace(new RegExp(`^${currency}\\s*|\\s*${currency}$`, 'i'), '')
    .replace(/^[$€£¥]\s*|\s*[$€£¥]$/, '');
  if (!/^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(bare)) return null;
  const { numerator, denominator } = exact(bare.replaceAll(',', ''));
  const scaled = numerator * 10n ** BigInt(exponentOf(currency));
  if (scaled % denominator !== 0n) return null;
  const minor = Number(scaled / denominator);
  return Number.isSafeInteger(minor) ? { minor, currency } : null;
}
