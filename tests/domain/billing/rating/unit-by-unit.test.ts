import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import type { PriceModel } from '../../../../src/domain/billing/price.ts';
import { rate } from '../../../../src/domain/billing/rating/rate.ts';
import { exact } from '../../../../src/domain/money/exact.ts';

/** Tiers by their widths, in whole minor units, so that plain numbers tell what is right. */
const tiers = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.nat(50), fc.nat(200)), { minLength: 1, maxLength: 4 })
  .map((found) => found.map(([width, unit, flat]) => ({ width, unit, flat })));

type Widths = { width: number; unit: number; flat: number }[];

function written(found: Widths) {
  let end = 0;
  return found.map(({ width, unit, flat }, at) => {
    end += width;
    const upTo = at === found.length - 1 ? null : String(end);
    return { upTo, unitAmount: String(unit), flatAmount: String(flat) };
  });
}

/** The tier of the nth unit, by counting widths off. */
function tierOfUnit(found: Widths, unit: number): number {
  let left = unit;
  for (const [at, { width }] of found.entries()) {
    if (left <= width || at === found.length - 1) return at;
    left -= width;
  }
  return 0;
}

const cost = (pricing: PriceModel, quantity: number) =>
  Number(rate(pricing, exact(BigInt(quantity)), DEFAULT_CONVENTIONS).amountMinor);

describe('counted unit by unit', () => {
  it('graduated tiers price each unit by its own tier, and each tier reached once', () => {
    fc.assert(
      fc.property(tiers, fc.nat(60), (found, quantity) => {
        const reached = new Set<number>();
        let expected = 0;
        for (let unit = 1; unit <= quantity; unit += 1) {
          const at = tierOfUnit(found, unit);
          expected += (found[at]?.unit ?? 0) + (reached.has(at) ? 0 : (found[at]?.flat ?? 0));
          reached.add(at);
        }
        expect(cost({ model: 'graduated', tiers: written(found) }, quantity)).toBe(expected);
      }),
    );
  });

  it('volume prices every unit by the tier of the last', () => {
    fc.assert(
      fc.property(tiers, fc.integer({ min: 1, max: 60 }), (found, quantity) => {
        const last = found[tierOfUnit(found, quantity)];
        const expected = quantity * (last?.unit ?? 0) + (last?.flat ?? 0);
        expect(cost({ model: 'volume', tiers: written(found) }, quantity)).toBe(expected);
      }),
    );
  });

  it('blocks are paid when their first unit is used', () => {
    fc.assert(
      fc.property(tiers, fc.integer({ min: 1, max: 9 }), fc.nat(90), (found, size, quantity) => {
        const blockTiers = found.map(({ width, unit }, at) => ({
          blockSize: String(size),
          maxBlocks: at === found.length - 1 ? null : width,
          blockAmount: String(unit),
        }));
        let expected = 0;
        for (let unit = 1; unit <= quantity; unit += 1) {
          const isFirst = (unit - 1) % size === 0;
          const block = (unit - 1) / size + 1;
          if (isFirst) expected += found[tierOfUnit(found, block)]?.unit ?? 0;
        }
        expect(cost({ model: 'graduated_blocks', tiers: blockTiers }, quantity)).toBe(expected);
      }),
    );
  });

  it('packages are begun by the first unit beyond the free ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(20), fc.nat(60), (size, free, quantity) => {
        let expected = 0;
        for (let unit = free + 1; unit <= quantity; unit += 1)
          if ((unit - free - 1) % size === 0) expected += 7;
        const pricing: PriceModel = {
          model: 'package',
          packageSize: String(size),
          packageAmount: '7',
          freeUnits: String(free),
        };
        expect(cost(pricing, quantity)).toBe(expected);
      }),
    );
  });
});
