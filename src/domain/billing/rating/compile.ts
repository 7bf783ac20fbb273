import { divide, type Exact, exact, ZERO } from '../../money/exact.ts';
import type { PriceModel } from '../price.ts';

/** A tier with its amounts read. A percentage tier's unit is one minor unit of the amount that passed through. */
export interface ReadTier {
  name: string;
  flatName: string;
  /** null: open. */
  upTo: Exact | null;
  unitAmount: Exact;
  flatAmount: Exact;
}

export interface ReadBlockTier {
  name: string;
  blockSize: Exact;
  maxBlocks: bigint | null;
  blockAmount: Exact;
}

export interface ReadPercentage {
  model: 'percentage';
  /** 0.013 of 1.3%. */
  rate: Exact;
  fixed: Exact;
  freeEvents: number | null;
  freeTotal: Exact | null;
  least: Exact | null;
  most: Exact | null;
}

/** A price model whose decimals are read. Stairstep is volume; a graduated percentage is graduated. */
export type ReadModel =
  | { model: 'flat'; amount: Exact }
  | { model: 'per_unit'; unitAmount: Exact }
  | { model: 'package'; size: Exact; amount: Exact; freeUnits: Exact }
  | { model: 'graduated' | 'volume'; tiers: readonly ReadTier[] }
  | { model: 'graduated_blocks' | 'volume_blocks'; tiers: readonly ReadBlockTier[] }
  | ReadPercentage;

const HUNDRED = exact(100n);

/** A month's close asks for the same few prices a million times; a price is never changed once it is made. */
const known = new WeakMap<PriceModel, ReadModel>();

/** Throws `invalid_input` for an amount that is not a decimal number. */
export function readModel(pricing: PriceModel): ReadModel {
  const kept = known.get(pricing);
  if (kept) return kept;
  const read = compile(pricing);
  known.set(pricing, read);
  return read;
}

function compile(pricing: PriceModel): ReadModel {
  switch (pricing.model) {
    case 'flat':
      return { model: 'flat', amount: exact(pricing.amount) };
    case 'per_unit':
      return { model: 'per_unit', unitAmount: exact(pricing.unitAmount) };
    case 'package':
      return {
        model: 'package',
        size: exact(pricing.packageSize),
        amount: exact(pricing.packageAmount),
        freeUnits: exact(pricing.freeUnits),
      };
    case 'graduated':
      return { model: 'graduated', tiers: readTiers(pricing.tiers) };
    case 'volume':
    case 'stairstep':
      return { model: 'volume', tiers: readTiers(pricing.tiers) };
    case 'graduated_percentage':
      return { model: 'graduated', tiers: readTiers(pricing.tiers) };
    case 'graduated_blocks':
    case 'volume_blocks':
      return { model: pricing.model, tiers: readBlockTiers(pricing.tiers) };
    case 'percentage':
      return readPercentage(pricing);
  }
}

interface WrittenTier {
  upTo: string | null;
  unitAmount?: string;
  ratePercent?: string;
  flatAmount: string;
}

function readTiers(tiers: readonly WrittenTier[]): ReadTier[] {
  return tiers.map(({ upTo, unitAmount, ratePercent, flatAmount }, at) => ({
    name: ratePercent === undefined ? `tier ${at + 1}` : `tier ${at + 1} rate`,
    flatName: `tier ${at + 1} flat`,
    upTo: upTo === null ? null : exact(upTo),
    unitAmount: ratePercent === undefined ? exact(unitAmount ?? '0') : divide(exact(ratePercent), HUNDRED),
    flatAmount: exact(flatAmount),
  }));
}

function readBlockTiers(
  tiers: Extract<PriceModel, { model: 'graduated_blocks' | 'volume_blocks' }>['tiers'],
): ReadBlockTier[] {
  return tiers.map(({ blockSize, maxBlocks, blockAmount }, at) => ({
    name: `tier ${at + 1}`,
    blockSize: exact(blockSize),
    maxBlocks: maxBlocks === null ? null : BigInt(maxBlocks),
    blockAmount: exact(blockAmount),
  }));
}

function readPercentage(pricing: Extract<PriceModel, { model: 'percentage' }>): ReadPercentage {
  const optional = (decimal: string | null) => (decimal === null ? null : exact(decimal));
  return {
    model: 'percentage',
    rate: divide(exact(pricing.ratePercent), HUNDRED),
    fixed: pricing.fixedPerEvent === '0' ? ZERO : exact(pricing.fixedPerEvent),
    freeEvents: pricing.freeEvents,
    freeTotal: optional(pricing.freeTotal),
    least: optional(pricing.minPerEvent),
    most: optional(pricing.maxPerEvent),
  };
}
