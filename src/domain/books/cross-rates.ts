import { divide, exact, toDecimal } from '../money/exact.ts';
import type { MatchSettings } from './match-settings.ts';

/** Rates between any two of the currencies, from rates to the company's own (units of it that one unit buys). */
export function crossRates(
  published: readonly { currency: string; rate: string }[],
  companyCurrency: string,
): MatchSettings['rates'] {
  const all = [
    ...published.filter(({ currency }) => currency !== companyCurrency),
    { currency: companyCurrency, rate: '1' },
  ];
  return all.flatMap((from) =>
    all
      .filter((to) => to.currency !== from.currency)
      .map((to) => ({
        from: from.currency,
        to: to.currency,
        rate: toDecimal(divide(exact(from.rate), exact(to.rate)), 12),
      })),
  );
}
