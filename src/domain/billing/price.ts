import { z } from 'zod';
import { compare, exact } from '../money/exact.ts';

/**
 * What a price says, as data. All amounts are decimal strings in MINOR units of the price's currency and may have
 * decimals (as Stripe's `unit_amount_decimal`: "0.05" is a twentieth of a cent); quantities are decimal strings.
 */
const Decimal = z.string().regex(/^\d+(?:\.\d+)?$/, 'a decimal number');

function aboveZero(decimal: string): boolean {
  return /[1-9]/.test(decimal);
}

/** A tier ends at `upTo` inclusive; the last is open (null). A tier begins where the one before ends. */
export const Tier = z.strictObject({
  upTo: Decimal.nullable(),
  unitAmount: Decimal,
  /** Charged once when the tier is reached. */
  flatAmount: Decimal,
});

/** A tier of a percentage: `ratePercent` of the part of the amount that falls in it. */
export const PercentageTier = z.strictObject({
  upTo: Decimal.nullable(),
  ratePercent: Decimal,
  flatAmount: Decimal,
});

/** Blocks of units, each begun block charged whole; `maxBlocks` of them fill the tier, null: any number. */
export const BlockTier = z.strictObject({
  blockSize: Decimal.refine(aboveZero, 'a block has a size above 0'),
  maxBlocks: z.number().int().positive().nullable(),
  blockAmount: Decimal,
});

interface Ends {
  readonly upTo: string | null;
}

/** Each tier ends above the one before it, and the last is open: every quantity has its tier. */
function ascending(tiers: readonly Ends[]): boolean {
  const ends = tiers.map(({ upTo }) => upTo);
  if (ends.at(-1) !== null) return false;
  return ends.slice(0, -1).every((end, at) => {
    const before = at === 0 ? '0' : ends[at - 1];
    return end !== null && typeof before === 'string' && compare(exact(end), exact(before)) > 0;
  });
}

const ASCENDING = 'tiers end in ascending order and only the last is open';
const Tiers = z.array(Tier).min(1).refine(ascending, ASCENDING);

export const PriceModel = z.discriminatedUnion('model', [
  z.strictObject({ model: z.literal('flat'), amount: Decimal }),
  z.strictObject({ model: z.literal('per_unit'), unitAmount: Decimal }),
  z.strictObject({
    model: z.literal('package'),
    packageSize: Decimal.refine(aboveZero, 'a package has a size above 0'),
    packageAmount: Decimal,
    freeUnits: Decimal.default('0'),
  }),
  /** Each tier prices the units that fall in it. */
  z.strictObject({ model: z.literal('graduated'), tiers: Tiers }),
  /** The tier the whole quantity falls in prices all of it. */
  z.strictObject({ model: z.literal('volume'), tiers: Tiers }),
  /** The tier the whole quantity falls in is a flat amount; unit amounts are 0. */
  z.strictObject({ model: z.literal('stairstep'), tiers: Tiers }),
  z.strictObject({ model: z.literal('graduated_blocks'), tiers: z.array(BlockTier).min(1) }),
  /** The tier the whole quantity falls in prices all blocks. */
  z.strictObject({ model: z.literal('volume_blocks'), tiers: z.array(BlockTier).min(1) }),
  /** The quantity is an amount in minor units. */
  z.strictObject({
    model: z.literal('graduated_percentage'),
    tiers: z.array(PercentageTier).min(1).refine(ascending, ASCENDING),
  }),
  /** Of an amount that passed through (payments handled), per event. */
  z.strictObject({
    model: z.literal('percentage'),
    ratePercent: Decimal,
    fixedPerEvent: Decimal.default('0'),
    freeEvents: z.number().int().nonnegative().nullable().default(null),
    freeTotal: Decimal.nullable().default(null),
    minPerEvent: Decimal.nullable().default(null),
    maxPerEvent: Decimal.nullable().default(null),
  }),
]);

/** Least and most that one period costs, in minor units, before discounts and tax. */
export const SpendLimits = z.strictObject({
  minimum: Decimal.nullable().default(null),
  maximum: Decimal.nullable().default(null),
});

/** One thing a plan charges for. */
export const Price = z.strictObject({
  id: z.string().min(1),
  /** As the invoice says it: "Geocoding calls". */
  name: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** The meter whose usage it prices; null for what is owed without usage (base fee, seats, add-ons). */
  meter: z.string().min(1).nullable(),
  /** In advance: at the beginning of the period for that period; in arrears: at its end. Usage is always in arrears. */
  billing: z.enum(['in_advance', 'in_arrears']),
  pricing: PriceModel,
  /** Units of the meter that the plan already contains, before pricing. */
  included: Decimal.default('0'),
  limits: SpendLimits.default({ minimum: null, maximum: null }),
  /** Whether a change in the middle of a period is prorated. */
  prorated: z.boolean().default(true),
});

export type Tier = z.infer<typeof Tier>;
export type PercentageTier = z.infer<typeof PercentageTier>;
export type BlockTier = z.infer<typeof BlockTier>;
export type PriceModel = z.infer<typeof PriceModel>;
export type SpendLimits = z.infer<typeof SpendLimits>;
export type Price = z.infer<typeof Price>;
