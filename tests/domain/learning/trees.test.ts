import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binTable, fitBinning } from '../../../src/domain/learning/bins.ts';
import { BOOSTING_DEFAULTS, boostedMargins, fitBoosting } from '../../../src/domain/learning/boosting.ts';
import { FOREST_DEFAULTS, fitForest, forestChances } from '../../../src/domain/learning/forest.ts';
import { binOffsets, sumByBin } from '../../../src/domain/learning/histogram.ts';
import { sigmoid } from '../../../src/domain/learning/log-odds.ts';
import { fitLogistic } from '../../../src/domain/learning/logistic.ts';
import { areaUnderRoc } from '../../../src/domain/learning/ranking.ts';
import { allRows, featureTable } from '../../../src/domain/learning/table.ts';
import { exclusiveOr, rising } from './worlds.ts';

const QUICK = { ...BOOSTING_DEFAULTS, rounds: 60, learningRate: 0.1 };

describe('bins', () => {
  it('give each of few values its own, halfway between neighbours', () => {
    const table = featureTable(['x'], [Float64Array.of(3, 1, 2, 2, Number.NaN)]);
    const binning = fitBinning(table);
    expect([...(binning.edges[0] ?? [])]).toEqual([1.5, 2.5]);
    const binned = binTable(table, binning);
    expect([...(binned.bins[0] ?? [])]).toEqual([2, 0, 1, 1, 3]);
    expect(binned.hasMissing).toEqual([true]);
  });

  it('hold about equally many rows each where values are many, in at most 255', () => {
    const table = featureTable(['x'], [Float64Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 10_007)]);
    const binned = binTable(table, fitBinning(table));
    const counts = new Array<number>(255).fill(0);
    for (const bin of binned.bins[0] ?? []) counts[bin] = (counts[bin] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(38);
    expect(Math.max(...counts)).toBeLessThanOrEqual(41);
  });

  it('sum to the same whether features that exclude each other are counted together or one by one', () => {
    const level = fc.constantFrom(0, 1, 2);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(level, fc.double({ min: -5, max: 5, noNaN: true })), { minLength: 4 }),
        (rows) => {
          const columns = [0, 1, 2].map((one) => Float64Array.from(rows, ([of]) => (of === one ? 1 : 0)));
          const binned = binTable(
            featureTable(['p', 'q', 'r'], columns),
            fitBinning(featureTable(['p', 'q', 'r'], columns)),
          );
          const derivatives = {
            gradient: Float64Array.from(rows, ([, value]) => value),
            hessian: new Float64Array(rows.length).fill(0.5),
          };
          const span = { rows: allRows(rows.length), start: 0, end: rows.length };
          const offsets = binOffsets(binned);
          const [together, apart] = [0, 1].map(() => new Float64Array((offsets[3] ?? 0) * 3));
          const alone = [0, 1, 2].map((one) => ({ features: Int32Array.of(one), codes: null }));
          const buffer = new Float64Array(2 * rows.length);
          if (together === undefined || apart === undefined) throw new Error('no histograms');
          sumByBin(binned, offsets, binned.bundles, derivatives, span, together, buffer);
          sumByBin(binned, offsets, alone, derivatives, span, apart, buffer);
          for (const [cell, sum] of together.entries()) expect(sum).toBeCloseTo(apart[cell] ?? 0, 9);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('boosting', () => {
  it('finds what only two features together say', () => {
    const { table, labels } = exclusiveOr(1500, 'learned');
    const fresh = exclusiveOr(800, 'fresh');
    const { model } = fitBoosting(table, labels, QUICK);
    expect(areaUnderRoc(boostedMargins(model, fresh.table), fresh.labels).estimate).toBeGreaterThan(0.85);
  });

  it.each(['leaf', 'depth'] as const)('gives the same model for the same seed, growing by %s', (growth) => {
    const { table, labels } = exclusiveOr(400, 'seeded');
    const options = { ...QUICK, rounds: 10, rowShare: 0.7, columnShare: 0.7, growth };
    const [first, second, other] = ['s', 's', 't'].map((seed) =>
      fitBoosting(table, labels, { ...options, seed }),
    );
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
  });

  it('learns to which side rows belong whose value is missing', () => {
    const x = Float64Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? Number.NaN : i));
    const labels = Uint8Array.from(x, (value) => (Number.isNaN(value) ? 1 : 0));
    const { model } = fitBoosting(featureTable(['x'], [x]), labels, QUICK);
    const margins = boostedMargins(model, featureTable(['x'], [Float64Array.of(Number.NaN, 4, 280)]));
    expect([...margins].map((margin) => sigmoid(margin) > 0.5)).toEqual([true, false, false]);
  });

  it('sends a value that was never missing before to the larger side', () => {
    const x = Float64Array.from({ length: 100 }, (_, i) => i);
    const labels = Uint8Array.from(x, (value) => (value >= 70 ? 1 : 0));
    const { model } = fitBoosting(featureTable(['x'], [x]), labels, { ...QUICK, mostLeaves: 2 });
    const [missing, low] = boostedMargins(model, featureTable(['x'], [Float64Array.of(Number.NaN, 3)]));
    expect(missing).toBe(low);
  });

  it('never falls along a feature that may only rise, nor rises along one that may only fall', () => {
    const { table, labels } = rising(600, 'monotone');
    const monotone = Int8Array.of(1, -1);
    const { model } = fitBoosting(table, labels, { ...QUICK, monotone, minRows: 5, mostLeaves: 16 });
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(unit, unit, unit, (low, high, other) => {
        const [a, b] = [Math.min(low, high), Math.max(low, high)];
        const up = boostedMargins(
          model,
          featureTable(['up', 'down'], [Float64Array.of(a, b), Float64Array.of(other, other)]),
        );
        const down = boostedMargins(
          model,
          featureTable(['up', 'down'], [Float64Array.of(other, other), Float64Array.of(a, b)]),
        );
        expect((up[1] ?? 0) - (up[0] ?? 0)).toBeGreaterThanOrEqual(-1e-12);
        expect((down[1] ?? 0) - (down[0] ?? 0)).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  it('stops once rows it does not learn from get no better, and keeps the best round', () => {
    const { table, labels } = rising(300, 'learned');
    const fresh = rising(300, 'watched');
    const watched = { ...fresh, patience: 5 };
    const fit = fitBoosting(table, labels, { ...QUICK, rounds: 500, mostLeaves: 16, minRows: 2 }, watched);
    expect(fit.grown.trees.length).toBeLessThan(500);
    expect(fit.losses.indexOf(Math.min(...fit.losses))).toBe(fit.model.trees.length);
    expect(fit.grown.trees.length - fit.model.trees.length).toBe(5);
  });

  it.each([
    ['outcomes that are all the same', Uint8Array.of(1, 1), 'nothing to learn'],
    ['fewer outcomes than rows', Uint8Array.of(1), '1 outcomes for 2 rows'],
    ['an outcome that is neither', Uint8Array.of(1, 2), 'not 0 or 1'],
  ])('refuses %s', (_, labels, words) => {
    expect(() => fitBoosting(featureTable(['x'], [Float64Array.of(1, 2)]), labels, QUICK)).toThrow(words);
  });
});

describe('a forest', () => {
  it('judges each row by trees that did not see it about as well as fresh rows', () => {
    const { table, labels } = exclusiveOr(800, 'learned');
    const fresh = exclusiveOr(800, 'fresh');
    const { forest, outOfBag } = fitForest(table, labels, { ...FOREST_DEFAULTS, trees: 60 });
    const seen = areaUnderRoc(outOfBag, labels).estimate;
    const unseen = areaUnderRoc(forestChances(forest, fresh.table), fresh.labels).estimate;
    expect(unseen).toBeGreaterThan(0.84);
    expect(Math.abs(seen - unseen)).toBeLessThan(0.05);
  });

  it('gives the same trees for the same seed', () => {
    const { table, labels } = exclusiveOr(200, 'seeded');
    const options = { ...FOREST_DEFAULTS, trees: 5 };
    expect(fitForest(table, labels, options)).toEqual(fitForest(table, labels, options));
  });
});

describe('logistic regression', () => {
  it('agrees with scikit-learn on standardised columns', () => {
    // LogisticRegression(C=1, tol=1e-12).fit((X - X.mean(0)) / X.std(0), t)
    const columns = [Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), Float64Array.of(2, 1, 5, 3, 8, 4, 9, 6)];
    const { intercept, terms } = fitLogistic(
      featureTable(['a', 'b'], columns),
      Uint8Array.of(0, 0, 0, 1, 0, 1, 1, 1),
      1,
    );
    expect(intercept).toBeCloseTo(0.00524889, 6);
    expect(terms.map(({ coefficient }) => coefficient)).toEqual([
      expect.closeTo(1.18596449, 6),
      expect.closeTo(-0.12987773, 6),
    ]);
  });

  it('gives a missing value a term of its own, and a column that never changes none', () => {
    const columns = [Float64Array.of(1, Number.NaN, 3, Number.NaN), Float64Array.of(2, 2, 2, 2)];
    const { terms } = fitLogistic(featureTable(['a', 'same'], columns), Uint8Array.of(0, 1, 0, 1));
    expect(terms.map(({ column, of }) => [column, of])).toEqual([
      [0, 'value'],
      [0, 'missing'],
    ]);
    expect(terms[1]?.coefficient).toBeGreaterThan(0.5);
  });
});
