import {
  compare,
  divide,
  type Exact,
  exact,
  greatest,
  isZero,
  least,
  multiply,
  roundUp,
  subtract,
  ZERO,
} from '../../money/exact.ts';
import type { BillingConventions } from '../conventions.ts';
import type { RatingStep } from '../invoice.ts';
import type { ReadBlockTier, ReadModel, ReadTier } from './compile.ts';
import { free, once, priced } from './steps.ts';

type TierRules = BillingConventions['tiers'];

/** Each tier prices the units that fall in it; its flat amount is owed once when it is reached. */
export function graduatedSteps(tiers: readonly ReadTier[], quantity: Exact, rules: TierRules): RatingStep[] {
  const steps: RatingStep[] = [];
  let from = ZERO;
  for (const tier of tiers) {
    if (compare(quantity, from) <= 0 && !owedUnused(from, rules)) break;
    const to = tier.upTo === null ? quantity : least(tier.upTo, quantity);
    stepsOfTier(tier, subtract(to, from), steps);
    if (tier.upTo === null || compare(quantity, tier.upTo) <= 0) break;
    from = tier.upTo;
  }
  return steps;
}

function owedUnused(from: Exact, rules: TierRules): boolean {
  return isZero(from) && rules.zeroUsageFlat === 'charged';
}

/** The tier the whole quantity falls in prices all of it. */
export function volumeSteps(tiers: readonly ReadTier[], quantity: Exact, rules: TierRules): RatingStep[] {
  if (isZero(quantity) && rules.zeroUsageFlat === 'not_charged') return [];
  const tier = tiers.find(({ upTo }) => upTo === null || compare(quantity, upTo) <= 0);
  const steps: RatingStep[] = [];
  if (tier) stepsOfTier(tier, quantity, steps);
  return steps;
}

/** A tier that is only a flat amount has no line of units at 0. */
function stepsOfTier(tier: ReadTier, units: Exact, steps: RatingStep[]): void {
  const hasFlat = !isZero(tier.flatAmount);
  if (!isZero(units) && !(hasFlat && isZero(tier.unitAmount))) {
    steps.push(priced(tier.name, units, tier.unitAmount));
  }
  if (hasFlat) steps.push(once(tier.flatName, tier.flatAmount));
}

/** Begun packages beyond the free units. */
export function packageSteps(
  { size, amount, freeUnits }: Extract<ReadModel, { model: 'package' }>,
  quantity: Exact,
  rules: TierRules,
): RatingStep[] {
  const begun = countPackages(greatest(subtract(quantity, freeUnits), ZERO), size);
  const packages = begun === 0n && rules.zeroUsagePackage === 'one' ? 1n : begun;
  const notCharged = least(quantity, freeUnits);
  const steps = isZero(notCharged) ? [] : [free('free units', notCharged)];
  return packages === 0n ? steps : [...steps, priced('package', exact(packages), amount)];
}

/** Packages of `size` that a quantity begins: 10 of 10 is one, 10.5 of 10 two. */
export function countPackages(quantity: Exact, size: Exact): bigint {
  return roundUp(divide(quantity, size));
}

/** Each tier's begun blocks; what lies beyond the last tier's most is priced as the last tier's. */
export function graduatedBlockSteps(tiers: readonly ReadBlockTier[], quantity: Exact): RatingStep[] {
  const steps: RatingStep[] = [];
  let left = quantity;
  for (const [at, tier] of tiers.entries()) {
    if (left.numerator <= 0n) break;
    const wanted = countPackages(left, tier.blockSize);
    const most = at === tiers.length - 1 ? null : tier.maxBlocks;
    const blocks = most !== null && wanted > most ? most : wanted;
    steps.push(priced(tier.name, exact(blocks), tier.blockAmount));
    left = subtract(left, multiply(exact(blocks), tier.blockSize));
  }
  return steps;
}

/** The tier in which the quantity ends prices it from the first unit; beyond the last tier's most, the last. */
export function volumeBlockSteps(tiers: readonly ReadBlockTier[], quantity: Exact): RatingStep[] {
  if (isZero(quantity)) return [];
  const tier = tierOfBlocks(tiers, quantity);
  if (!tier) return [];
  return [priced(tier.name, exact(countPackages(quantity, tier.blockSize)), tier.blockAmount)];
}

function tierOfBlocks(tiers: readonly ReadBlockTier[], quantity: Exact): ReadBlockTier | undefined {
  let left = quantity;
  for (const tier of tiers) {
    if (tier.maxBlocks === null || countPackages(left, tier.blockSize) <= tier.maxBlocks) return tier;
    left = subtract(left, multiply(exact(tier.maxBlocks), tier.blockSize));
  }
  return tiers.at(-1);
}
