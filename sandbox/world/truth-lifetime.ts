import { paidSpans, paysAt } from './truth-movements.ts';
import type { Scope, Truth } from './truth-scope.ts';

const MONTH = (365.2425 / 12) * 86_400_000;

/** Months from the first paid instant to the last or to now, and whether it is over. */
function lifetimes(scope: Scope): { months: number; over: boolean }[] {
  return [...paidSpans(scope).values()].flatMap((own) => {
    const paid = own.filter(
      (version) => version.validFrom <= scope.at && paysAt([version], version.validFrom) > 0n,
    );
    if (paid.length === 0) return [];
    const from = Math.min(...paid.map(({ validFrom }) => validFrom));
    const over = paysAt(own, scope.at) === 0n;
    const to = over ? Math.max(...paid.map(({ validTo }) => validTo ?? scope.at)) : scope.at;
    return to > from ? [{ months: (to - from) / MONTH, over }] : [];
  });
}

/** The product over every age up to a year at which somebody left of the share of those observed who stayed. */
function stayedAYear(scope: Scope): Truth {
  const all = lifetimes(scope);
  const ages = new Set(all.filter(({ months, over }) => over && months <= 12).map(({ months }) => months));
  let share = 1;
  for (const age of ages) {
    const observed = all.filter(({ months }) => months >= age).length;
    const left = all.filter(({ months, over }) => over && months === age).length;
    share *= (observed - left) / observed;
  }
  const seen = all.some(({ months }) => months >= 12);
  return { value: seen ? share : null, unit: 'ratio', rows: all.length };
}

export const LIFETIME_TRUTHS: Record<string, (scope: Scope) => Truth> = {
  stayed_12_months: stayedAYear,
};
