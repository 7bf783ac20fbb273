import { baselinesOf, predictSurvival } from '../../domain/survival/cox/baseline.ts';
import { concordanceOf } from '../../domain/survival/cox/concordance.ts';
import { type ChiSquareTest, type CoxFit, fitCox } from '../../domain/survival/cox/fit-cox.ts';
import { linearPredictors, type Ties } from '../../domain/survival/cox/model.ts';
import { testProportionalHazards } from '../../domain/survival/cox/proportional-hazards.ts';
import type { CoxCase } from './file.ts';
import type { Frame } from './frame.ts';
import type { Comparison } from './judge.ts';

const TIES: ReadonlyMap<string, Ties> = new Map([
  ['efron', 'efron'],
  ['breslow', 'breslow'],
  ['exact', 'exact'],
]);

/** R prints Wald's statistic with two decimals, its p of the whole. */
const WALD_ROUNDED = 0.005;

export function runCoxCase(
  golden: CoxCase,
  frame: Frame,
  comparison: Comparison,
): { unsupported: string } | undefined {
  const { formula, spells, covariates } = frame;
  const ties = TIES.get(golden.ties);
  if (!ties) return { unsupported: `the method "${golden.ties}" for ties is not one this product has` };
  if (!covariates) return { unsupported: 'a covariate is not a number' };
  const strata =
    formula.strata.length === 0 ? null : frame.labels(formula.strata).map((row) => row.join(', '));
  const fit = fitCox({ spells, covariates, names: formula.covariates, strata }, ties);
  comparison.number('n', fit.rows, golden.n);
  comparison.number('events', fit.events, golden.events);
  comparison.number('loglik_null', fit.logLikelihoodNull, golden.loglik_null);
  comparison.number('loglik', fit.logLikelihood, golden.loglik);
  const column = (of: 'coefficient' | 'stdErr' | 'p') =>
    new Map(fit.coefficients.map((one) => [one.name, one[of]]));
  comparison.names('coef', column('coefficient'), golden.coef);
  comparison.names('se', column('stdErr'), golden.se);
  comparison.names('p', column('p'), golden.p);
  const { likelihoodRatio, wald, score } = fit.tests;
  compareTest(comparison, 'lr_test', likelihoodRatio, golden.lr_test);
  compareTest(comparison, 'wald', wald, golden.wald, WALD_ROUNDED);
  compareTest(comparison, 'score', score, golden.score);
  const eta = linearPredictors(covariates, [...column('coefficient').values()]);
  comparison.number('concordance', concordanceOf(spells, eta, strata), golden.concordance);
  compareBaseline(comparison, fit, golden);
  if (golden.zph_p) comparison.names('zph_p', proportionalHazards(fit), golden.zph_p);
  return comparePredictions(comparison, fit, frame, golden);
}

function compareTest(
  comparison: Comparison,
  what: string,
  test: ChiSquareTest,
  expected: readonly [number, number, number] | undefined,
  margin = 0,
): void {
  comparison.number(what, test.statistic, expected?.[0], margin);
  comparison.number(`${what} df`, test.degreesOfFreedom, expected?.[1]);
  comparison.number(`${what} p`, test.p, expected?.[2]);
}

function proportionalHazards(fit: CoxFit): Map<string, number | null> {
  const { byCovariate, all } = testProportionalHazards(fit);
  return new Map([
    ...byCovariate.map(({ name, test }) => [name, test?.p ?? null] as const),
    ['GLOBAL', all?.p ?? null] as const,
  ]);
}

/** The reference gives the first times of the strata one after another, and the very last. */
function compareBaseline(comparison: Comparison, fit: CoxFit, golden: CoxCase): void {
  const expected = golden.breslow_or_efron_cumhaz_at_zero_covariates;
  if (!expected) return;
  const points = baselinesOf(fit).flatMap((one) => one.points);
  const first = points.slice(0, expected.time.length);
  comparison.list(
    'baseline time',
    first.map(({ time }) => time),
    expected.time,
  );
  comparison.list(
    'baseline hazard',
    first.map(({ cumulativeHazard }) => cumulativeHazard),
    expected.hazard,
  );
  comparison.number('last baseline hazard', points.at(-1)?.cumulativeHazard ?? null, expected.last);
}

function comparePredictions(
  comparison: Comparison,
  fit: CoxFit,
  { formula }: Frame,
  { predict }: CoxCase,
): { unsupported: string } | undefined {
  if (!predict) return undefined;
  const columns = formula.covariates.map((name) => predict.newdata[name] ?? []);
  const strata = formula.strata.map((name) => predict.newdata[name] ?? []);
  const count = Math.max(...[...columns, ...strata].map((column) => column.length));
  for (let person = 0; person < count; person += 1) {
    const x = columns.map((column) => column[person]).filter((cell) => typeof cell === 'number');
    if (x.length < columns.length) return { unsupported: 'newdata lacks a number for a covariate' };
    const stratum = strata.map((column) => String(column[person])).join(', ');
    const survival = predictSurvival(fit, x, predict.times, stratum);
    comparison.list(
      `survival of person ${person + 1}`,
      survival,
      predict.survival.map((row) => row[person] ?? null),
    );
  }
  return undefined;
}
