import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselinesOf, predictSurvival } from '../../../src/domain/survival/cox/baseline.ts';
import { concordanceOf } from '../../../src/domain/survival/cox/concordance.ts';
import { fitCox } from '../../../src/domain/survival/cox/fit-cox.ts';
import { type CoxData, linearPredictors, type Ties } from '../../../src/domain/survival/cox/model.ts';
import { testProportionalHazards } from '../../../src/domain/survival/cox/proportional-hazards.ts';
import { everybody, late, lateCovariates, untreated } from './gehan.ts';

const gehan: CoxData = { spells: everybody, covariates: untreated, names: ['untreated'] };

/** R: f <- coxph(Surv(tt, ss) ~ x, ties = ...); vcov, f$loglik, f$score, f$wald.test, concordance(f), cox.zph(f). */
const GEHAN = [
  {
    ties: 'efron',
    of: [
      1.572125148829, 0.412396717709, -93.184269996848, -85.008424577372, 17.246536795717, 14.532617063374,
    ],
    zph: 0.0228633780528,
  },
  {
    ties: 'breslow',
    of: [
      1.509191412586, 0.409564406367, -93.985050478245, -86.379622071146, 15.930539564033, 13.578263650923,
    ],
    zph: 0.064179686381,
  },
  {
    ties: 'exact',
    of: [
      1.628243951592, 0.433131296485, -82.669279252792, -74.543101164519, 16.792940989217, 14.131875944892,
    ],
    zph: 0.0925142268942,
  },
] as const;

describe("Cox's model", () => {
  test.each(GEHAN)('fits tied times by $ties as R does', ({ ties, of, zph }) => {
    const fit = fitCox(gehan, ties);
    const [one] = fit.coefficients;
    const { score, wald } = fit.tests;
    const got = [
      one?.coefficient,
      one?.stdErr,
      fit.logLikelihoodNull,
      fit.logLikelihood,
      score.statistic,
      wald.statistic,
    ];
    expect(got).toEqual(of.map((value) => expect.closeTo(value, 7)));
    expect(fit.converged).toBe(true);
    expect(
      concordanceOf(
        everybody,
        untreated.map(([x = 0]) => x),
      ),
    ).toBeCloseTo(0.690042075736, 10);
    expect(testProportionalHazards(fit).byCovariate[0]?.test?.statistic).toBeCloseTo(zph, 6);
  });

  test('fits people who come under observation late as R does', () => {
    // R: coxph(Surv(en, ex, ev) ~ z)
    const fit = fitCox({ spells: late, covariates: lateCovariates, names: ['z'] });
    const [z] = fit.coefficients;
    expect([z?.coefficient, z?.stdErr, fit.logLikelihoodNull, fit.logLikelihood]).toEqual(
      [0.420667052532, 0.398522097016, -10.04498711481, -9.478717796992].map((value) =>
        expect.closeTo(value, 7),
      ),
    );
    const eta = linearPredictors(lateCovariates, [z?.coefficient ?? 0]);
    expect(concordanceOf(late, eta)).toBeCloseTo(0.642857142857, 10);
    expect(testProportionalHazards(fit).all?.p).toBeCloseTo(0.69111578996, 6);
  });

  test('says which covariate cannot be told apart', () => {
    const twice = {
      ...gehan,
      covariates: untreated.map(([x = 0]) => [x, 2 * x + 1]),
      names: ['one', 'other'],
    };
    expect(() => fitCox(twice)).toThrow('The effect of other cannot be told apart');
    const constant = { ...gehan, covariates: untreated.map(() => [4]) };
    expect(() => fitCox(constant)).toThrow('The effect of untreated cannot be told apart');
  });

  test.each([
    {
      name: 'no events',
      data: { ...gehan, spells: everybody.map((one) => ({ ...one, event: false })) },
      says: 'Nobody had',
    },
    {
      name: 'a covariate that is no number',
      data: { ...gehan, covariates: untreated.map((row, at) => (at === 3 ? [Number.NaN] : row)) },
      says: 'Row 4 does not have a number',
    },
    { name: 'fewer covariates than rows', data: { ...gehan, covariates: [[1]] }, says: 'Every row needs' },
  ])('is refused for $name', ({ data, says }) => {
    expect(() => fitCox(data)).toThrow(says);
  });

  test('ends, and says so, where an effect has no bound', () => {
    const spells = [1, 2, 3, 4, 5, 6].map((stop) => ({ start: 0, stop, event: stop <= 3 }));
    const fit = fitCox({ spells, covariates: [[1], [1], [1], [0], [0], [0]], names: ['split'] });
    expect(fit.coefficients[0]?.coefficient).toBeGreaterThan(10);
    expect(Number.isFinite(fit.logLikelihood)).toBe(true);
  });

  test('predicts a curve that never rises, from 1, for a stratum it knows', () => {
    const strata = everybody.map((_, at) => (at % 2 === 0 ? 'even' : 'odd'));
    const fit = fitCox({ ...gehan, strata });
    const curve = predictSurvival(fit, [1], [0, 2, 5, 12, 40], 'even');
    expect(curve[0]).toBe(1);
    expect(curve).toEqual(curve.toSorted((a, b) => b - a));
    expect(() => predictSurvival(fit, [1], [5], 'neither')).toThrow('no stratum "neither"');
  });
});

const row = fc.record({
  start: fc.integer({ min: 0, max: 3 }),
  length: fc.integer({ min: 2, max: 20 }),
  event: fc.boolean(),
  x: fc.double({ min: -2, max: 2, noNaN: true }),
  y: fc.double({ min: -2, max: 2, noNaN: true }),
});
const people = fc.array(row, { minLength: 12, maxLength: 40 }).map(
  (rows): CoxData => ({
    spells: [
      ...rows.map(({ start, length, event }) => ({ start, stop: start + length, event })),
      // Somebody of either kind at every time, so that every set can be fitted.
      ...[1, 4, 8, 12].flatMap((stop) => [
        { start: 0, stop, event: true },
        { start: 0, stop: 25, event: false },
        { start: 0, stop: stop + 1, event: true },
      ]),
    ],
    covariates: [
      ...rows.map(({ x, y }) => [x, y]),
      ...[0.3, -0.9, 0.6, -0.2].flatMap((x, at) => [
        [x, -x + at / 3],
        [-x, x],
        [x / 2, 0.4],
      ]),
    ],
    names: ['x', 'y'],
  }),
);
const methods = fc.constantFrom<Ties>('efron', 'breslow', 'exact');
const fitted = (data: CoxData, ties: Ties) => {
  const fit = fitCox(data, ties);
  return [fit.logLikelihood, ...fit.coefficients.flatMap(({ coefficient, stdErr }) => [coefficient, stdErr])];
};
const alike = (a: readonly number[], b: readonly number[]) => {
  expect(a).toEqual(b.map((value) => expect.closeTo(value, 6)));
};

describe('any model of Cox', () => {
  test('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(people, methods, fc.integer(), (data, ties, turn) => {
        const order = data.spells
          .map((_, at) => at)
          .toSorted((a, b) => ((a * 7919 + turn) % 101) - ((b * 7919 + turn) % 101));
        const shuffled = {
          ...data,
          spells: order.flatMap((at) => data.spells[at] ?? []),
          covariates: order.map((at) => data.covariates[at] ?? []),
        };
        alike(fitted(shuffled, ties), fitted(data, ties));
      }),
      { numRuns: 40 },
    );
  });

  test('does not change when rows are cut in two', () => {
    fc.assert(
      fc.property(people, methods, (data, ties) => {
        const cut = data.spells.flatMap((spell, at) => {
          const x = data.covariates[at] ?? [];
          const middle = (spell.start + spell.stop) / 2;
          return [
            { spell: { ...spell, stop: middle, event: false }, x },
            { spell: { ...spell, start: middle }, x },
          ];
        });
        const parts = { ...data, spells: cut.map(({ spell }) => spell), covariates: cut.map(({ x }) => x) };
        alike(fitted(parts, ties), fitted(data, ties));
      }),
      { numRuns: 40 },
    );
  });

  test('is the same by Efron, Breslow and exactly where nobody is tied', () => {
    fc.assert(
      fc.property(people, (data) => {
        const apart = {
          ...data,
          spells: data.spells.map((spell, at) => ({ ...spell, stop: spell.stop + at / 1000 })),
        };
        const efron = fitted(apart, 'efron');
        alike(fitted(apart, 'breslow'), efron);
        alike(fitted(apart, 'exact'), efron);
      }),
      { numRuns: 40 },
    );
  });

  test('has a baseline that never falls', () => {
    fc.assert(
      fc.property(people, methods, (data, ties) => {
        const points = baselinesOf(fitCox(data, ties)).flatMap((one) => one.points);
        for (const [at, { cumulativeHazard }] of points.entries()) {
          expect(cumulativeHazard).toBeGreaterThanOrEqual(points[at - 1]?.cumulativeHazard ?? 0);
        }
      }),
      { numRuns: 20 },
    );
  });
});
