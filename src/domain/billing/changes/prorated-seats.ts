import {
  add,
  compare,
  divide,
  type Exact,
  exact,
  greatest,
  least,
  multiply,
  subtract,
  ZERO,
} from '../exact.ts';
import type { RatingStep } from '../invoice.ts';
import type { Tier } from '../price.ts';

/** Seats added (or, negative, taken away) at one moment, and how many whole-period seats that is worth. */
export interface SeatChange {
  units: Exact;
  proratedUnits: Exact;
}

/**
 * Graduated prices of something held over time: full units decide in which tiers a change falls, prorated units are
 * what it pays there, spread evenly over its units. A tier's flat amount is owed once any unit was in it. Never
 * below 0. After Lago's prorated graduated charge.
 */
export function ratedSeats(
  tiers: readonly Tier[],
  changes: readonly SeatChange[],
): { amount: Exact; steps: RatingStep[] } {
  const prorated = tiers.map(() => ZERO);
  const reached = tiers.map(() => false);
  let held = ZERO;
  for (const { units, proratedUnits } of changes) {
    const next = greatest(ZERO, add(held, units));
    const moved = subtract(next, held);
    tiers.forEach((tier, index) => {
      const part = subtract(within(tiers, tier, index, next), within(tiers, tier, index, held));
      if (part.numerator === 0n) return;
      prorated[index] = add(prorated[index] ?? ZERO, divide(multiply(proratedUnits, part), moved));
      reached[index] = true;
    });
    held = next;
  }
  const steps = tiers.flatMap((tier, index) =>
    tierSteps(tier, index, prorated[index] ?? ZERO, reached[index] ?? false),
  );
  const sum = add(...steps.map(({ amount }) => amount));
  return { amount: greatest(ZERO, sum), steps };
}

/** How many of `held` units stand in a tier. */
function within(tiers: readonly Tier[], tier: Tier, index: number, held: Exact): Exact {
  const from = exact(tiers[index - 1]?.upTo ?? '0');
  const to = tier.upTo === null ? held : least(held, exact(tier.upTo));
  return compare(to, from) > 0 ? subtract(to, from) : ZERO;
}

function tierSteps(tier: Tier, index: number, quantity: Exact, reached: boolean): RatingStep[] {
  if (!reached) return [];
  const unitAmount = exact(tier.unitAmount);
  const flat = exact(tier.flatAmount);
  const rule = `tier ${index + 1}`;
  const usage = { rule, quantity, unitAmount, amount: multiply(quantity, unitAmount) };
  if (flat.numerator === 0n) return [usage];
  return [usage, { rule: 'flat', quantity: exact(1n), unitAmount: flat, amount: flat }];
}
