import { add, compare, type Exact, exact, isZero, multiply, negate, ZERO } from '../../money/exact.ts';
import type { RatingStep } from '../invoice.ts';

const ONE: Exact = exact(1n);

/** `quantity` units at `unitAmount` minor units each. */
export function priced(rule: string, quantity: Exact, unitAmount: Exact): RatingStep {
  return { rule, quantity, unitAmount, amount: multiply(quantity, unitAmount) };
}

/** An amount owed once, whatever the quantity. */
export function once(rule: string, amount: Exact): RatingStep {
  return { rule, quantity: ONE, unitAmount: amount, amount };
}

export function free(rule: string, quantity: Exact): RatingStep {
  return { rule, quantity, unitAmount: ZERO, amount: ZERO };
}

/** What brings `before` to a whole number of minor units. Its quantity is the amount that was rounded. */
export function rounding(before: Exact, toMinor: bigint): RatingStep {
  return {
    rule: 'rounding',
    quantity: before,
    unitAmount: null,
    amount: add(exact(toMinor), negate(before)),
  };
}

/** In minor units. */
export function sumOfSteps(steps: readonly RatingStep[]): Exact {
  let sum = ZERO;
  for (const step of steps) sum = add(sum, step.amount);
  return sum;
}

/**
 * Whether a step gives its own amount again: quantity times unit amount, or, of a rounding, a whole number of minor
 * units.
 */
export function replays(step: RatingStep): boolean {
  if (step.unitAmount === null) return add(step.quantity, step.amount).denominator === 1n;
  return compare(multiply(step.quantity, step.unitAmount), step.amount) === 0;
}

/** What is left of `now` after `before`, rule by rule: the amounts sum to the difference of both sums. */
export function subtractSteps(now: readonly RatingStep[], before: readonly RatingStep[]): RatingStep[] {
  const left = new Map<string, RatingStep>();
  for (const step of now) take(left, step);
  for (const step of before) {
    take(left, { ...step, quantity: negate(step.quantity), amount: negate(step.amount) });
  }
  return [...left.values()].filter((step) => !isZero(step.quantity) || !isZero(step.amount));
}

function take(into: Map<string, RatingStep>, step: RatingStep): void {
  const price = step.unitAmount;
  const key = price === null ? step.rule : `${step.rule}@${price.numerator}/${price.denominator}`;
  const kept = into.get(key);
  into.set(
    key,
    kept
      ? { ...kept, quantity: add(kept.quantity, step.quantity), amount: add(kept.amount, step.amount) }
      : step,
  );
}
