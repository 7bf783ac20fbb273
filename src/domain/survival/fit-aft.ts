import { UserError } from '../../lib/errors.ts';
import { climb } from '../statistics/newton.ts';
import { factor, zeroMatrix } from '../statistics/positive-systems.ts';
import {
  LOG_TIME_DISTRIBUTIONS,
  type LogTimeDistribution,
  type LogTimeName,
} from './log-time-distributions.ts';
import { checkSpells, type Spell } from './spells.ts';

export interface AftFit {
  distribution: LogTimeName;
  rows: number;
  /** "(Intercept)" first, then the covariates in their order. Standard errors from the information matrix. */
  coefficients: readonly { name: string; coefficient: number; stdErr: number }[];
  /** Of the error; Weibull's shape is one over it. */
  scale: number;
  logLikelihood: number;
  converged: boolean;
  /** The share still without the event at a time, for covariates in the order of the fit. */
  survivalAt(time: number, covariates: readonly number[]): number;
}

/**
 * The accelerated failure time model log T = x'b + scale W by Newton's method over b and log(scale), a step halved
 * while the likelihood does not rise (Kalbfleisch and Prentice 2002, 3.6). The likelihood is of T, not of log T. Throws
 * `invalid_input` for times that are not positive, for spells that begin late, for no events, and for
 * covariates of which one is determined by the others.
 */
export function fitAft(
  spells: readonly Spell[],
  covariates: readonly (readonly number[])[],
  names: readonly string[],
  distribution: LogTimeName,
): AftFit {
  checkAft(spells);
  const law: LogTimeDistribution = LOG_TIME_DISTRIBUTIONS[distribution];
  const rows = spells.map(({ stop, event }, at) => ({
    y: Math.log(stop),
    event,
    x: [1, ...(covariates[at] ?? [])],
  }));
  const all = ['(Intercept)', ...names];
  const evaluate = (theta: readonly number[]) => likelihoodOf(rows, theta, law);
  const begin = startOf(rows, all, law);
  const start = { theta: begin, at: evaluate(begin) };
  const { theta, at, converged } = climb(start, evaluate, (place) => directionOf(place, all));
  const variance = inverseOf(at.information, all);
  const scale = law.fixedScale ?? Math.exp(theta[all.length] ?? 0);
  const coefficients = all.map((name, one) => ({
    name,
    coefficient: theta[one] ?? 0,
    stdErr: Math.sqrt(variance[one]?.[one] ?? 0),
  }));
  const survivalAt = (time: number, x: readonly number[]) => {
    if (time <= 0) return 1;
    const centre = [1, ...x].reduce((sum, value, one) => sum + value * (theta[one] ?? 0), 0);
    return Math.exp(law.logSurvival((Math.log(time) - centre) / scale).value);
  };
  return {
    distribution,
    rows: rows.length,
    coefficients,
    scale,
    logLikelihood: at.value,
    converged,
    survivalAt,
  };
}

function checkAft(spells: readonly Spell[]): void {
  checkSpells(spells);
  const late = spells.findIndex(({ start, stop }) => start > 0 || stop <= 0);
  if (late >= 0) {
    throw new UserError(
      'invalid_input',
      `Row ${late + 1} begins after 0 or ends at 0: such a model needs whole lifetimes above zero.`,
    );
  }
  if (!spells.some(({ event }) => event)) {
    throw new UserError('invalid_input', 'Nobody had the event, so there is nothing to fit.');
  }
}

interface Row {
  y: number;
  event: boolean;
  x: readonly number[];
}

interface Likelihood {
  value: number;
  gradient: number[];
  information: number[][];
}

function likelihoodOf(rows: readonly Row[], theta: readonly number[], law: LogTimeDistribution): Likelihood {
  const size = rows[0]?.x.length ?? 0;
  const fitsScale = law.fixedScale === undefined;
  const scale = law.fixedScale ?? Math.exp(theta[size] ?? 0);
  const total = size + (fitsScale ? 1 : 0);
  const gradient = new Array<number>(total).fill(0);
  const information = zeroMatrix(total);
  let value = 0;
  for (const { y, event, x } of rows) {
    const z = (y - x.reduce((sum, one, at) => sum + one * (theta[at] ?? 0), 0)) / scale;
    const jet = event ? law.logDensity(z) : law.logSurvival(z);
    value += jet.value - (event ? Math.log(scale) + y : 0);
    // z falls by x/scale with b, and by itself with log(scale).
    const slopes = fitsScale ? [...x.map((one) => -one / scale), -z] : x.map((one) => -one / scale);
    for (const [one, slope] of slopes.entries()) {
      gradient[one] = (gradient[one] ?? 0) + jet.first * slope - (one === size && event ? 1 : 0);
      const own = information[one] ?? [];
      for (const [other, another] of slopes.entries()) {
        // The slopes themselves fall with log(scale): d(-x/scale) = x/scale, d(-z) = z.
        const bend = one === size ? -another : other === size ? -slope : 0;
        own[other] = (own[other] ?? 0) - jet.second * slope * another - jet.first * bend;
      }
    }
  }
  return { value, gradient, information };
}

/** Least squares of log time, as if nobody were censored. */
function startOf(rows: readonly Row[], names: readonly string[], law: LogTimeDistribution): number[] {
  const size = names.length;
  const cross = zeroMatrix(size);
  const right = new Array<number>(size).fill(0);
  for (const { y, x } of rows) {
    for (const [one, value] of x.entries()) {
      right[one] = (right[one] ?? 0) + value * y;
      const own = cross[one] ?? [];
      for (const [other, another] of x.entries()) own[other] = (own[other] ?? 0) + value * another;
    }
  }
  const system = factor(cross);
  if ('dependent' in system) throw dependentOn(names[system.dependent]);
  const beta = system.solve(right);
  const squares = rows.reduce(
    (sum, { y, x }) => sum + (y - x.reduce((fit, value, at) => fit + value * (beta[at] ?? 0), 0)) ** 2,
    0,
  );
  return law.fixedScale === undefined ? [...beta, 0.5 * Math.log(squares / rows.length + 1e-6)] : beta;
}

/** Newton's step; where the likelihood is not concave yet, with as much of the gradient as makes it so. */
function directionOf({ gradient, information }: Likelihood, names: readonly string[]): number[] {
  const largest = Math.max(...information.map((row, at) => Math.abs(row[at] ?? 0)));
  for (let ridge = 0; ridge <= 1e6; ridge = ridge === 0 ? 1e-4 : ridge * 10) {
    const system = factor(
      information.map((row, at) => row.map((value, other) => value + (at === other ? ridge * largest : 0))),
    );
    if (!('dependent' in system)) return system.solve(gradient);
  }
  throw dependentOn(names[0]);
}

function inverseOf(information: number[][], names: readonly string[]): number[][] {
  const system = factor(information);
  if ('dependent' in system) throw dependentOn(names[system.dependent]);
  return system.inverse();
}

function dependentOn(name: string | undefined): UserError {
  return new UserError(
    'invalid_input',
    `The effect of ${name ?? 'the scale'} cannot be told apart from the others.`,
  );
}
