import { UserError } from '../../../lib/errors.ts';
import { chiSquareTail } from '../../statistics/distributions.ts';
import { climb } from '../../statistics/newton.ts';
import { dot, type Factored, factor, type Matrix } from '../../statistics/positive-systems.ts';
import { partialLikelihood } from './likelihood.ts';
import { type CoxData, checkCoxData, type Ties } from './model.ts';

export interface ChiSquareTest {
  statistic: number;
  degreesOfFreedom: number;
  p: number;
}

export interface CoxCoefficient {
  name: string;
  coefficient: number;
  stdErr: number;
  /** Two-sided, by the normal distribution. */
  p: number;
}

export interface CoxFit {
  data: CoxData;
  ties: Ties;
  rows: number;
  events: number;
  /** With all coefficients zero, and at the maximum. */
  logLikelihoodNull: number;
  logLikelihood: number;
  coefficients: readonly CoxCoefficient[];
  variance: Matrix;
  tests: { likelihoodRatio: ChiSquareTest; wald: ChiSquareTest; score: ChiSquareTest };
  /** False where the likelihood still rose after the last step: a coefficient may be without bound. */
  converged: boolean;
}

/**
 * Cox's proportional-hazards model (JRSS B 34, 1972) by Newton-Raphson from zero, a step halved while the likelihood
 * does not rise. Throws `invalid_input` for data that make no sense, for no events, and for covariates of which one is
 * determined by the others, naming it.
 */
export function fitCox(data: CoxData, ties: Ties = 'efron'): CoxFit {
  checkCoxData(data);
  const centred = { ...data, covariates: centredColumns(data.covariates) };
  const none = data.names.map(() => 0);
  const start = partialLikelihood(centred, none, ties);
  const before = systemOf(start.information, data.names);
  const {
    at,
    theta: beta,
    converged,
  } = climb(
    { theta: none, at: start },
    (theta) => partialLikelihood(centred, theta, ties),
    (place) => systemOf(place.information, data.names).solve(place.score),
  );
  const system = systemOf(at.information, data.names);
  const variance = system.inverse();
  const size = data.names.length;
  const test = (statistic: number) => ({
    statistic,
    degreesOfFreedom: size,
    p: size === 0 ? 1 : chiSquareTail(statistic, size),
  });
  return {
    data,
    ties,
    rows: data.spells.length,
    events: data.spells.filter(({ event }) => event).length,
    logLikelihoodNull: start.value,
    logLikelihood: at.value,
    coefficients: data.names.map((name, one) => {
      const [coefficient, stdErr] = [beta[one] ?? 0, Math.sqrt(variance[one]?.[one] ?? 0)];
      return { name, coefficient, stdErr, p: chiSquareTail((coefficient / stdErr) ** 2, 1) };
    }),
    variance,
    tests: {
      likelihoodRatio: test(2 * (at.value - start.value)),
      wald: test(
        dot(
          beta,
          at.information.map((row) => dot(row, beta)),
        ),
      ),
      score: test(dot(start.score, before.solve(start.score))),
    },
    converged,
  };
}

function systemOf(information: Matrix, names: readonly string[]): Factored {
  const system = factor(information);
  if (!('dependent' in system)) return system;
  throw new UserError(
    'invalid_input',
    `The effect of ${names[system.dependent] ?? 'a covariate'} cannot be told apart: it does not vary among those at risk, or the covariates before it determine it.`,
  );
}

function centredColumns(covariates: readonly (readonly number[])[]): number[][] {
  const [first = []] = covariates;
  const means = first.map(
    (_, at) => covariates.reduce((sum, row) => sum + (row[at] ?? 0), 0) / covariates.length,
  );
  return covariates.map((row) => row.map((value, at) => value - (means[at] ?? 0)));
}
