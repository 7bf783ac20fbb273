import { type Exact, greatest, isZero, least, roundTo, subtract, ZERO } from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { RatingStep } from '../invoice.ts';
import type { PriceModel } from '../price.ts';
import { type ReadModel, readModel } from './compile.ts';
import { percentageSteps } from './percentage.ts';
import { free, once, priced, rounding, subtractSteps, sumOfSteps } from './steps.ts';
import { graduatedBlockSteps, graduatedSteps, packageSteps, volumeBlockSteps, volumeSteps } from './tiers.ts';

/** What is priced beside the quantity itself. */
export interface RatingContext {
  /** Units the plan already contains, taken before any tier. */
  included?: Exact;
  /** How much of the quantity earlier runs of the same period have priced; only what it adds is billed. */
  previousQuantity?: Exact;
  /** The amounts of the single events in their order, of a percentage price; without, the quantity is one event. */
  events?: readonly Exact[];
  /** How many of `events` earlier runs have priced. */
  previousEvents?: number;
}

/** An amount and how it came about. `steps` sum to `amountMinor`; without their rounding, to `exactMinor`. */
export interface Rated {
  exactMinor: Exact;
  amountMinor: bigint;
  steps: readonly RatingStep[];
}

/**
 * The price of a quantity, in minor units. `quantity` is the period's whole so far, earlier runs included; amounts of
 * successive runs sum to the amount of one run over all of it, rounding included. A quantity below 0 counts as 0.
 */
export function rate(
  pricing: PriceModel,
  quantity: Exact,
  conventions: BillingConventions,
  context: RatingContext = {},
): Rated {
  const model = readModel(pricing);
  const now = stepsFor(model, quantity, conventions, context.included, context.events);
  const whole = rounded(now, conventions);
  const before = previousSteps(model, conventions, context);
  if (before === null) return finish(now, sumOfSteps(now), whole);
  const steps = subtractSteps(now, before);
  return finish(steps, sumOfSteps(steps), whole - rounded(before, conventions));
}

function finish(steps: RatingStep[], exactMinor: Exact, amountMinor: bigint): Rated {
  if (exactMinor.denominator === 1n && exactMinor.numerator === amountMinor) {
    return { exactMinor, amountMinor, steps };
  }
  return { exactMinor, amountMinor, steps: [...steps, rounding(exactMinor, amountMinor)] };
}

function previousSteps(
  model: ReadModel,
  conventions: BillingConventions,
  { included, previousQuantity, events, previousEvents }: RatingContext,
): RatingStep[] | null {
  if (previousQuantity === undefined && previousEvents === undefined) return null;
  const earlier = events?.slice(0, previousEvents ?? 0);
  return stepsFor(model, previousQuantity ?? ZERO, conventions, included, earlier);
}

function rounded(steps: readonly RatingStep[], { rounding: rules }: BillingConventions): bigint {
  if (rules.tiers === 'line') return roundTo(sumOfSteps(steps), 0, rules.line);
  return steps.reduce((sum, step) => sum + roundTo(step.amount, 0, rules.line), 0n);
}

function stepsFor(
  model: ReadModel,
  quantity: Exact,
  conventions: BillingConventions,
  included: Exact | undefined,
  events: readonly Exact[] | undefined,
): RatingStep[] {
  const used = quantity.numerator < 0n ? ZERO : quantity;
  if (included === undefined || isZero(included) || model.model === 'percentage') {
    return modelSteps(model, used, conventions, events);
  }
  const covered = least(used, included);
  const beyond = greatest(subtract(used, covered), ZERO);
  const steps = modelSteps(model, beyond, conventions, events);
  return isZero(covered) ? steps : [free('included', covered), ...steps];
}

function modelSteps(
  model: ReadModel,
  quantity: Exact,
  { tiers: rules }: BillingConventions,
  events: readonly Exact[] | undefined,
): RatingStep[] {
  switch (model.model) {
    case 'flat':
      return [once('flat', model.amount)];
    case 'per_unit':
      return isZero(quantity) ? [] : [priced('unit', quantity, model.unitAmount)];
    case 'package':
      return packageSteps(model, quantity, rules);
    case 'graduated':
      return graduatedSteps(model.tiers, quantity, rules);
    case 'volume':
      return volumeSteps(model.tiers, quantity, rules);
    case 'graduated_blocks':
      return graduatedBlockSteps(model.tiers, quantity);
    case 'volume_blocks':
      return volumeBlockSteps(model.tiers, quantity);
    case 'percentage':
      return percentageSteps(model, events ?? (isZero(quantity) ? [] : [quantity]));
  }
}
