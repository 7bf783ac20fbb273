import * as fc from 'fast-check';
import type { PriceModel } from '../../../../src/domain/billing/price.ts';
import { type Exact, fraction } from '../../../../src/domain/money/exact.ts';

/** "0", "12", "0.0375": up to four decimals. */
export const amounts = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 9999 }), fc.boolean())
  .map(([whole, decimals, isWhole]) =>
    isWhole ? String(whole) : `${whole}.${String(decimals).padStart(4, '0')}`,
  );

/** Quantities with and without decimals. */
export const quantities: fc.Arbitrary<Exact> = fc
  .tuple(fc.integer({ min: 0, max: 200_000 }), fc.constantFrom(1n, 1n, 2n, 10n, 1000n))
  .map(([units, of]) => fraction(BigInt(units), of));

/** Ascending ends, the last open. */
const ends = fc
  .uniqueArray(fc.integer({ min: 1, max: 5000 }), { maxLength: 4 })
  .map((found) => [...found.sort((a, b) => a - b).map(String), null]);

const tiers = ends.chain((upTos) =>
  fc.array(fc.tuple(amounts, amounts), { minLength: upTos.length, maxLength: upTos.length }).map((prices) =>
    upTos.map((upTo, at) => ({
      upTo,
      unitAmount: prices[at]?.[0] ?? '0',
      flatAmount: prices[at]?.[1] ?? '0',
    })),
  ),
);

const blocks = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 100 }), amounts), {
    minLength: 1,
    maxLength: 4,
  })
  .map((found) =>
    found.map(([size, most, blockAmount], at) => ({
      blockSize: String(size),
      maxBlocks: at === found.length - 1 ? null : most,
      blockAmount,
    })),
  );

/** Models that never cost less for more. */
export const monotone: fc.Arbitrary<PriceModel> = fc.oneof(
  amounts.map((amount): PriceModel => ({ model: 'flat', amount })),
  amounts.map((unitAmount): PriceModel => ({ model: 'per_unit', unitAmount })),
  fc.tuple(fc.integer({ min: 1, max: 1000 }), amounts, fc.integer({ min: 0, max: 2000 })).map(
    ([size, packageAmount, free]): PriceModel => ({
      model: 'package',
      packageSize: String(size),
      packageAmount,
      freeUnits: String(free),
    }),
  ),
  tiers.map((found): PriceModel => ({ model: 'graduated', tiers: found })),
  tiers.map(
    (found): PriceModel => ({
      model: 'graduated_percentage',
      tiers: found.map(({ upTo, unitAmount, flatAmount }) => ({ upTo, ratePercent: unitAmount, flatAmount })),
    }),
  ),
  blocks.map((found): PriceModel => ({ model: 'graduated_blocks', tiers: found })),
);

export const models: fc.Arbitrary<PriceModel> = fc.oneof(
  monotone,
  tiers.map((found): PriceModel => ({ model: 'volume', tiers: found })),
  blocks.map((found): PriceModel => ({ model: 'volume_blocks', tiers: found })),
);
