import type { Contribution, Factors } from '../metrics/metric.ts';
import { convertMoney } from '../money/arithmetic.ts';
import { monthlyAmount } from '../mrr/normalise.ts';
import { fraction } from './fraction.ts';
import type { EffectKind } from './moves.ts';
import { roundToSum, shapley } from './shapley.ts';

/** A contribution that is the product of a price and a quantity. */
export type PricedLine = Contribution & { factors: Factors };

export function isPriced(line: Contribution): line is PricedLine {
  return line.factors !== undefined && line.factors !== null;
}

/** The line's amount from its factors, by the very arithmetic that made it; company minor units. */
export function amountOf({ price, currency, rate, times }: Factors, companyCurrency: string): number {
  const money = { minor: monthlyAmount(price), currency };
  return (
    times * (currency === companyCurrency ? money.minor : convertMoney(money, companyCurrency, rate).minor)
  );
}

/** Which lines count: all of them, or those of one plan. */
export type Counts = (plan: string | null) => boolean;

/** The factors of one line, each as a step from how it was to how it is. */
function stepsOf(before: PricedLine, after: PricedLine): { kind: EffectKind; take: (to: Terms) => Terms }[] {
  const { factors } = after;
  const { unitAmountMinor, interval, intervalCount, quantity, discount } = factors.price;
  const terms = { unitAmountMinor, interval, intervalCount };
  // Another currency has no same amount to hold against a rate: it is part of the price.
  const recast = before.factors.currency !== factors.currency;
  const money = recast ? { currency: factors.currency, rate: factors.rate } : {};
  return [
    {
      kind: before.plan === after.plan ? 'price' : 'plan',
      take: (to) => ({
        plan: after.plan,
        factors: { ...to.factors, ...money, price: { ...to.factors.price, ...terms } },
      }),
    },
    {
      kind: 'quantity',
      take: (to) => ({ ...to, factors: { ...to.factors, price: { ...to.factors.price, quantity } } }),
    },
    {
      kind: 'discount',
      take: (to) => ({ ...to, factors: { ...to.factors, price: { ...to.factors.price, discount } } }),
    },
    {
      kind: 'fx',
      take: (to) => (recast ? to : { ...to, factors: { ...to.factors, rate: factors.rate } }),
    },
  ];
}

interface Terms {
  plan: string | null;
  factors: Factors;
}

/**
 * The change of one subscription that was there before and after, by factor; whole units that sum to the change. Null
 * where the factors do not give the amounts they came with, so that nothing is said of them.
 */
export function splitLine(
  before: PricedLine,
  after: PricedLine,
  options: { currency: string; counts: Counts },
): { kind: EffectKind; by: bigint }[] | null {
  const { currency, counts } = options;
  if (amountOf(before.factors, currency) !== before.amount) return null;
  if (amountOf(after.factors, currency) !== after.amount) return null;
  const steps = stepsOf(before, after);
  const valueAt = (mask: number) => {
    let terms: Terms = { plan: before.plan, factors: before.factors };
    for (const [index, step] of steps.entries()) if (mask & (1 << index)) terms = step.take(terms);
    return counts(terms.plan) ? amountOf(terms.factors, currency) : 0;
  };
  const total = BigInt(valueAt(2 ** steps.length - 1) - valueAt(0));
  const shares = shapley(steps.length, (mask) => fraction(BigInt(valueAt(mask))));
  return roundToSum(shares, total).flatMap((by, index) => {
    const kind = steps[index]?.kind;
    return kind === undefined || by === 0n ? [] : [{ kind, by }];
  });
}
