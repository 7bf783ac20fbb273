import { UserError } from '../../../lib/errors.ts';
import {
  add,
  compare,
  divide,
  type Exact,
  greatest,
  isZero,
  least,
  multiply,
  roundTo,
  subtract,
  ZERO,
} from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { RatingStep } from '../invoice.ts';
import type { PriceModel } from '../price.ts';
import { type ReadTier, readModel } from './compile.ts';
import type { Rated } from './rate.ts';
import { once, priced, rounding, sumOfSteps } from './steps.ts';

/** Seats that come or go: `units` whole ones, and what is left of them over the period, both below 0 for seats that go. */
export interface SeatChange {
  units: Exact;
  proratedUnits: Exact;
}

/**
 * Graduated seats within a period (Lago, "prorated graduated"): the running number of whole units says which tier a
 * change fills or empties, its prorated units are what is priced, and each tier's flat amount is owed once when it is
 * first reached. A period that comes out below 0 is 0. Throws `invalid_input` for a price that is not graduated.
 */
export function rateSeatChanges(
  pricing: PriceModel,
  changes: readonly SeatChange[],
  conventions: BillingConventions,
): Rated {
  const model = readModel(pricing);
  if (model.model !== 'graduated') {
    throw new UserError('invalid_input', 'Only graduated prices fill tiers seat by seat.');
  }
  const steps: RatingStep[] = [];
  const reached = new Set<ReadTier>();
  let seats = ZERO;
  for (const change of changes) {
    const after = add(seats, change.units);
    for (const [tier, units] of tiersBetween(model.tiers, seats, after)) {
      const part = divide(multiply(change.proratedUnits, units), change.units);
      steps.push(priced(tier.name, part, tier.unitAmount));
      reached.add(tier);
    }
    seats = after;
  }
  for (const tier of reached) if (!isZero(tier.flatAmount)) steps.push(once(tier.flatName, tier.flatAmount));
  return finish(steps, conventions);
}

/** The units of each tier that lie between two running numbers; below 0 where the number falls. */
function* tiersBetween(tiers: readonly ReadTier[], from: Exact, to: Exact): Iterable<[ReadTier, Exact]> {
  const rises = compare(to, from) > 0;
  const [low, high] = rises ? [from, to] : [to, from];
  let start = ZERO;
  for (const tier of tiers) {
    const end = tier.upTo === null ? high : least(tier.upTo, high);
    const units = subtract(end, greatest(start, low));
    if (units.numerator > 0n) yield [tier, rises ? units : subtract(ZERO, units)];
    if (tier.upTo === null) return;
    start = tier.upTo;
  }
}

function finish(steps: RatingStep[], conventions: BillingConventions): Rated {
  const sum = sumOfSteps(steps);
  const whole = roundTo(sum, 0, conventions.rounding.line);
  const amountMinor = whole < 0n ? 0n : whole;
  if (sum.denominator === 1n && sum.numerator === amountMinor) return { exactMinor: sum, amountMinor, steps };
  return { exactMinor: sum, amountMinor, steps: [...steps, rounding(sum, amountMinor)] };
}
