import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { InvoiceLine } from '../../../../src/domain/billing/invoice.ts';
import type { PriceModel } from '../../../../src/domain/billing/price.ts';
import { calculateDifference, originalKey } from '../../../../src/domain/billing/rating/difference.ts';
import { replays, sumOfSteps } from '../../../../src/domain/billing/rating/steps.ts';
import { exact } from '../../../../src/domain/money/exact.ts';
import { DECEMBER, usageLine } from './lines.ts';
import { models, quantities } from './models.ts';

const perUnit: PriceModel = { model: 'per_unit', unitAmount: '2.5' };

describe('a period that is rated again', () => {
  it('bills the difference alone, on a line of late usage', () => {
    const [line, ...others] = calculateDifference([usageLine(perUnit, '10')], [usageLine(perUnit, '14')]);
    expect(others).toEqual([]);
    expect(line).toMatchObject({ kind: 'late_usage', amountMinor: 10n, quantity: exact('4') });
  });

  it('gives back what was too much', () => {
    const [line] = calculateDifference([usageLine(perUnit, '10')], [usageLine(perUnit, '8')]);
    expect(line?.amountMinor).toBe(-5n);
  });

  it('bills a line that was missing, and gives back one that should not have been', () => {
    const other = { key: 'sub1/route/2026-11' };
    const differences = calculateDifference([usageLine(perUnit, '10')], [usageLine(perUnit, '4', other)]);
    expect(differences.map(({ key, amountMinor }) => [originalKey(key), amountMinor])).toEqual([
      ['sub1/route/2026-11', 10n],
      ['sub1/geo/2026-11', -25n],
    ]);
  });

  test('what is no usage is an adjustment', () => {
    const base = { kind: 'base' } as const;
    const [line] = calculateDifference([usageLine(perUnit, '1', base)], [usageLine(perUnit, '2', base)]);
    expect(line?.kind).toBe('adjustment');
  });

  test('the line names the current period where the convention books it there', () => {
    const [line] = calculateDifference([], [usageLine(perUnit, '1')], DECEMBER);
    expect(line?.period).toEqual(DECEMBER);
  });

  it('owes nothing when run again, whatever came before', () => {
    fc.assert(
      fc.property(models, fc.array(quantities, { minLength: 1, maxLength: 5 }), (pricing, asKnown) => {
        const billed: InvoiceLine[] = [];
        for (const quantity of asKnown) {
          billed.push(...calculateDifference(billed, [usageLine(pricing, quantity)]));
        }
        const last = asKnown.at(-1) ?? exact('0');
        const now = usageLine(pricing, last);
        expect(billed.reduce((sum, line) => sum + line.amountMinor, 0n)).toBe(now.amountMinor);
        expect(calculateDifference(billed, [now])).toEqual([]);
        expect(new Set(billed.map(({ key }) => key)).size).toBe(billed.length);
        for (const line of billed) {
          expect(line.steps.every(replays)).toBe(true);
          expect(sumOfSteps(line.steps)).toEqual(exact(line.amountMinor));
        }
      }),
    );
  });
});
