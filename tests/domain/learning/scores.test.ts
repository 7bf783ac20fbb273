import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  calibrate,
  fitCalibration,
  fitIsotonic,
  fitPlatt,
} from '../../../src/domain/learning/calibration.ts';
import { cheapestThreshold, operatingPoint } from '../../../src/domain/learning/operating-point.ts';
import {
  brierScore,
  calibrationBins,
  expectedCalibrationError,
  logLoss,
} from '../../../src/domain/learning/probability-scores.ts';
import { areaUnderRoc, averagePrecision } from '../../../src/domain/learning/ranking.ts';
import { reportOn } from '../../../src/domain/learning/report.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';

const scores = Float64Array.of(0.1, 0.35, 0.35, 0.8, 0.65, 0.2, 0.9, 0.55, 0.35, 0.7);
const labels = Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1, 0, 1);

describe('scores of chances', () => {
  it('agree with scikit-learn 1.2', () => {
    expect(areaUnderRoc(scores, labels).estimate).toBeCloseTo(0.88, 12);
    expect(averagePrecision(scores, labels).estimate).toBeCloseTo(0.885, 12);
    expect(brierScore(scores, labels).estimate).toBeCloseTo(0.14825, 12);
    expect(logLoss(scores, labels).estimate).toBeCloseTo(0.45727301598206893, 12);
  });

  it("give the area DeLong's interval, by all pairs", () => {
    // numpy: sqrt(v10.var(ddof=1) / 5 + v01.var(ddof=1) / 5) = 0.10862780491
    const { low, high } = areaUnderRoc(scores, labels);
    expect(low).toBeCloseTo(0.6670934146528326, 9);
    expect(high).toBe(1);
  });

  it('rank pairs: the area is the share of pairs in the right order, ties half', () => {
    const row = fc.record({ score: fc.integer({ min: 0, max: 5 }), label: fc.constantFrom(0, 1) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
        const [ones, zeros] = [1, 0].map((label) => rows.filter((one) => one.label === label));
        fc.pre((ones?.length ?? 0) > 0 && (zeros?.length ?? 0) > 0);
        let right = 0;
        for (const one of ones ?? [])
          for (const zero of zeros ?? [])
            right += one.score > zero.score ? 1 : one.score === zero.score ? 0.5 : 0;
        const { estimate } = areaUnderRoc(
          Float64Array.from(rows, ({ score }) => score),
          Uint8Array.from(rows, ({ label }) => label),
        );
        expect(estimate).toBeCloseTo(right / ((ones?.length ?? 0) * (zeros?.length ?? 0)), 10);
      }),
    );
  });

  it('measure how far what was said is from what happened, over ten bins', () => {
    const chances = Float64Array.of(0.05, 0.05, 0.95, 0.95);
    const outcomes = Uint8Array.of(0, 1, 1, 1);
    expect(calibrationBins(chances, outcomes).map(({ rows, happened }) => [rows, happened])).toEqual([
      [2, 0.5],
      [2, 1],
    ]);
    expect(expectedCalibrationError(chances, outcomes)).toBeCloseTo(0.5 * 0.45 + 0.5 * 0.05, 12);
  });
});

describe('calibration', () => {
  const random = seededRandom('calibration');
  const margins = Float64Array.from({ length: 3000 }, () => 6 * random() - 3);
  // Twice as sure as is right, and off by one.
  const outcomes = Uint8Array.from(margins, (margin) =>
    random() < 1 / (1 + Math.exp(-margin / 2 - 1)) ? 1 : 0,
  );

  it('by Platt finds how much too sure scores are', () => {
    const fitted = fitPlatt(margins, outcomes);
    if (fitted.kind !== 'platt') throw new Error(fitted.kind);
    expect(fitted.slope).toBeCloseTo(0.5, 1);
    // Its standard error is 0.045.
    expect(Math.abs(fitted.intercept - 1)).toBeLessThan(0.14);
  });

  it.each([
    ['the one that fits best of its own accord', fitCalibration],
    ['isotonic', fitIsotonic],
    ['Platt', fitPlatt],
  ])('makes chances mean what they say: %s', (_, method) => {
    const fitted = method(margins, outcomes);
    const chances = margins.map((margin) => calibrate(fitted, margin));
    expect(expectedCalibrationError(chances, outcomes)).toBeLessThan(0.02);
  });

  it('leaves alone what is right already', () => {
    const right = Uint8Array.from(margins, (margin) => (random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0));
    const fitted = fitCalibration(margins, right);
    for (const margin of [-2, 0, 2]) {
      expect(calibrate(fitted, margin)).toBeCloseTo(1 / (1 + Math.exp(-margin)), 1);
    }
  });

  it('never turns an order round, and says neither never nor always', () => {
    const row = fc.tuple(fc.double({ min: -9, max: 9, noNaN: true }), fc.constantFrom(0, 1));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), (rows) => {
        const given = Float64Array.from(rows, ([score]) => score);
        const happened = Uint8Array.from(rows, ([, label]) => label);
        for (const method of [fitIsotonic, fitPlatt]) {
          const fitted = method(given, happened);
          const chances = given
            .slice()
            .sort()
            .map((score) => calibrate(fitted, score));
          chances.forEach((chance, at) => {
            expect(chance).toBeGreaterThan(0);
            expect(chance).toBeLessThan(1);
            expect(chance).toBeGreaterThanOrEqual((chances[at - 1] ?? 0) - 1e-12);
          });
        }
      }),
    );
  });

  it('takes a score that points the wrong way for one that says nothing', () => {
    const fitted = fitPlatt(Float64Array.of(-2, -1, 1, 2), Uint8Array.of(1, 1, 0, 0));
    expect(calibrate(fitted, -2)).toBeCloseTo(0.5, 9);
    expect(calibrate(fitted, 2)).toBeCloseTo(0.5, 9);
  });
});

describe('an operating point', () => {
  it('counts what acting on it would have meant', () => {
    const point = operatingPoint([{ chances: scores, labels, threshold: 0.6 }]);
    expect(point).toMatchObject({
      flagged: 4,
      precision: { count: 3, of: 4, share: 0.75 },
      recall: { count: 3, of: 5, share: 0.6 },
      falsePositiveRate: { count: 1, of: 5, share: 0.2 },
      lift: { estimate: 1.5 },
    });
    // Wilson, 3 of 4.
    expect(point.precision.low).toBeCloseTo(0.3006, 4);
    expect(point.precision.high).toBeCloseTo(0.9544, 4);
  });

  it('adds sets of rows up, each by its own threshold', () => {
    const point = operatingPoint([
      { chances: scores, labels, threshold: Infinity },
      { chances: scores, labels, threshold: 0.8 },
    ]);
    expect(point).toMatchObject({ threshold: 0.8, flagged: 2, recall: { count: 2, of: 10 } });
  });

  it.each([
    ['dear misses: everybody that might leave', { falseAlarm: 1, miss: 10 }, 0.35, 3],
    ['dear alarms: only the surest', { falseAlarm: 10, miss: 1 }, 0.7, 2],
  ])('costs least with %s', (_, costs, threshold, cost) => {
    expect(cheapestThreshold(scores, labels, costs)).toEqual({ threshold, cost });
  });

  it('is nobody where an alarm costs more than it can ever save', () => {
    const outcomes = Uint8Array.of(0, 0, 1);
    expect(cheapestThreshold(Float64Array.of(0.9, 0.8, 0.1), outcomes, { falseAlarm: 9, miss: 1 })).toEqual({
      threshold: Infinity,
      cost: 1,
    });
  });

  it('counts 80% precision and recall as met only where held-out rows show both', () => {
    const costs = { falseAlarm: 1, miss: 5 };
    const target = { precision: 0.8, recall: 0.8 };
    const sure = { chances: Float64Array.of(0.9, 0.8, 0.2, 0.1), labels: Uint8Array.of(1, 1, 0, 0) };
    const unsure = { chances: Float64Array.of(0.9, 0.8, 0.2, 0.1), labels: Uint8Array.of(1, 0, 1, 0) };
    expect(reportOn([{ heldOut: sure, chosenOn: sure }], { costs, target }).atTarget?.met).toBe(true);
    const report = reportOn([{ heldOut: unsure, chosenOn: sure }], { costs, target });
    expect(report.atTarget).toMatchObject({ met: false, precision: { share: 0.5 } });
    expect(report.atLeastCost.cost).toBe(6);
    expect(report.baseRate.share).toBe(0.5);
  });
});
