import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Contribution, NOBODY } from '../../../src/domain/metrics/metric.ts';
import { ratioEffects } from '../../../src/domain/why/effects.ts';
import { RATIO_TOLERANCE, splitRatio } from '../../../src/domain/why/split-ratio.ts';

const calls = (category: string, amount: number, base: number): Contribution => ({
  ...NOBODY,
  category,
  amount,
  base,
});
const parts = (before: Contribution[], after: Contribution[]) =>
  (splitRatio(before, after, 'category')?.parts ?? []).map(({ kind, id, by }) => [
    kind,
    id,
    Number(by.toFixed(6)),
  ]);

describe('a change of a rate is put down to', () => {
  it.each<[string, Contribution[], Contribution[], unknown[]]>([
    [
      'the rate of a group, at its weight',
      [calls('a', 1, 50), calls('b', 0, 50)],
      [calls('a', 3, 50), calls('b', 0, 50)],
      [['rate', 'a', 0.02]],
    ],
    [
      'a shift towards the group that fails more',
      [calls('a', 5, 50), calls('b', 0, 50)],
      [calls('a', 10, 100), calls('b', 0, 0)],
      [
        ['mix', 'a', 0.0125],
        ['mix', 'b', 0.0375],
      ],
    ],
    [
      'a group that came',
      [calls('a', 1, 100)],
      [calls('a', 1, 100), calls('b', 9, 100)],
      [
        ['mix', 'a', 0.01],
        ['mix', 'b', 0.03],
      ],
    ],
    ['nothing, where nothing changed', [calls('a', 1, 9)], [calls('a', 1, 9)], []],
  ])('%s', (_name, before, after, expected) => {
    expect(parts(before, after)).toEqual(expected);
  });

  it('nothing where one side has no value', () => {
    expect(splitRatio([], [calls('a', 1, 9)], 'category')).toBeNull();
  });
});

const row = fc
  .tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    fc.nat({ max: 100 }),
    fc.integer({ min: 1, max: 1_000_000 }),
  )
  .map(([category, share, base]) => calls(category, Math.floor((share * base) / 100), base));
const side = fc.array(row, { minLength: 1, maxLength: 20 });

describe('whatever changed in a rate', () => {
  it('both ways of splitting it sum to the change, and the accounts to their effect', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const split = splitRatio(before, after, 'category');
        if (!split) throw new Error('no value');
        const change = split.after.value - split.before.value;
        const effects = ratioEffects(split.parts);
        const near = (sum: number, whole: number) =>
          expect(Math.abs(sum - whole)).toBeLessThan(RATIO_TOLERANCE);
        near(split.numerator + split.base, change);
        near(
          effects.reduce((sum, { value }) => sum + value, 0),
          change,
        );
        for (const { value, accounts, others } of effects) {
          near(
            accounts.reduce((sum, each) => sum + each.value, others?.value ?? 0),
            value,
          );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('the way back turns every sign', () => {
    fc.assert(
      fc.property(side, side, (before, after) => {
        const there = new Map(
          splitRatio(before, after, 'category')?.parts.map(({ kind, id, by }) => [`${kind} ${id}`, by]),
        );
        const back = splitRatio(after, before, 'category')?.parts ?? [];
        expect(back.length).toBe(there.size);
        for (const { kind, id, by } of back) expect(there.get(`${kind} ${id}`)).toBeCloseTo(-by, 12);
      }),
      { numRuns: 100 },
    );
  });
});
