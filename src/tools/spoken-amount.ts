import type { Utterance } from '../domain/language/utterance.ts';
import { formatMoney, majorUnits } from '../domain/money/format.ts';
import type { Json } from '../domain/types.ts';

/**
 * The sum an order names, as a tool takes it: "$50" or a bare "50"; `unclear` where there are several numbers.
 * `rest`: the text without names of customers.
 */
export function spokenAmount(
  utterance: Utterance,
  rest: string,
): { input: { [key: string]: Json }; words: string } | null | 'unclear' {
  const [money, another] = utterance.amounts;
  if (another !== undefined) return 'unclear';
  if (money !== undefined) {
    const amount = majorUnits(money.minor, money.currency);
    return { input: { amount, currency: money.currency }, words: formatMoney(money) };
  }
  const bare = rest.replace(/\b(?:ch|py|in)_\w+|#\d+|\b\d+(?:st|nd|rd|th)\b/g, ' ').match(/\d[\d.,]*/g) ?? [];
  const [number, second] = bare.map((text) => text.replace(/[.,]+$/, ''));
  if (number === undefined) return null;
  return second === undefined ? { input: { amount: number }, words: number } : 'unclear';
}
