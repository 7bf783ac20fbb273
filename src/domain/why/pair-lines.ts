import type { PricedLine } from './priced-lines.ts';

export interface PairedLines {
  both: { before: PricedLine; after: PricedLine }[];
  ended: PricedLine[];
  added: PricedLine[];
}

/**
 * Which of a customer's lines before is which after: the same subscription; then, since a change of terms may come as
 * one subscription that ends and another that begins, one of the same plan; then any, in the order of plan, currency,
 * price and quantity. What is left was added or ended.
 */
export function pairLines(before: readonly PricedLine[], after: readonly PricedLine[]): PairedLines {
  const both: PairedLines['both'] = [];
  let ended = sorted(before);
  let added = sorted(after);
  for (const same of [sameSubscription, samePlan, () => true]) {
    const open = [...added];
    ended = ended.filter((line) => {
      const at = open.findIndex((other) => same(line, other));
      const [found] = at === -1 ? [] : open.splice(at, 1);
      if (found) both.push({ before: line, after: found });
      return !found;
    });
    added = open;
  }
  return { both, ended, added };
}

function sameSubscription(a: PricedLine, b: PricedLine): boolean {
  return a.factors.of === b.factors.of;
}

function samePlan(a: PricedLine, b: PricedLine): boolean {
  return a.plan === b.plan && a.factors.currency === b.factors.currency;
}

function sorted(lines: readonly PricedLine[]): PricedLine[] {
  const key = ({ plan, factors: { currency, price } }: PricedLine) => [plan ?? '', currency, price] as const;
  return [...lines].sort((a, b) => {
    const [planA, currencyA, priceA] = key(a);
    const [planB, currencyB, priceB] = key(b);
    return (
      compareText(planA, planB) ||
      compareText(currencyA, currencyB) ||
      priceA.unitAmountMinor - priceB.unitAmountMinor ||
      priceA.quantity - priceB.quantity ||
      compareText(a.factors.of, b.factors.of)
    );
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
