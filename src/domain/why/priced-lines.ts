import type { Contribution, Factors } from '../metrics/metric.ts';
import { convertMoney } from '../money/arithmetic.ts';
import { monthlyAmount, type RecurringPrice } from '../mrr/normalise.ts';
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

interface Step {
  kind: EffectKind;
  changed: boolean;
  take: (to: Terms) => Terms;
}

/** The factors of one line, each as a step from how it was to how it is. */
function stepsOf(before: PricedLine, after: PricedLine): Step[] {
  const [old, now] = [before.factors, after.factors];
  const { unitAmountMinor, interval, intervalCount, quantity, discount } = now.price;
  const terms = { unitAmountMinor, interval, intervalCount };
  // Another currency has no same amount to hold against a rate: it is part of the price.
  const recast = old.currency !== now.currency;
  const money = recast ? { currency: now.currency, rate: now.rate } : {};
  const repriced =
    recast ||
    old.price.unitAmountMinor !== unitAmountMinor ||
    old.price.interval !== interval ||
    old.price.intervalCount !== intervalCount;
  const replanned = before.plan !== after.plan;
  const withPrice = (to: Terms, price: Partial<RecurringPrice>): Terms => ({
    ...to,
    factors: { ...to.factors, price: { ...to.factors.price, ...price } },
  });
  return [
    {
      kind: replanned ? 'plan' : 'price',
      changed: replanned || repriced,
      take: ({ factors }) => withPrice({ plan: after.plan, factors: { ...factors, ...money } }, terms),
    },
    {
      kind: 'quantity',
      changed: old.price.quantity !== quantity,
      take: (to) => withPrice(to, { quantity }),
    },
    {
      kind: 'discount',
      changed:
        old.price.discount?.percent !== discount?.percent ||
        old.price.discount?.amountMinor !== discount?.amountMinor,
      take: (to) => withPrice(to, { discount }),
    },
    {
      kind: 'fx',
      changed: !recast && old.rate !== now.rate,
      take: (to) => ({ ...to, factors: { ...to.factors, rate: now.rate } }),
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
  const steps = stepsOf(before, after).filter((step) => step.changed);
  if (steps.length === 0 && before.amount === after.amount) return [];
  if (amountOf(before.factors, currency) !== before.amount) return null;
  if (amountOf(after.factors, currency) !== after.amount) return null;
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
