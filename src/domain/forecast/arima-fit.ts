import { leastSquares } from '../statistics/linear.ts';
import { type Minimum, minimise, withDifferences } from '../statistics/minimise.ts';
import { type ArimaOrder, countOfWeights, OrderPolynomials } from './arima-order.ts';
import { differenced } from './differences.ts';
import { KalmanFilter } from './kalman.ts';

export interface ArimaFit {
  order: ArimaOrder;
  /** As searched: hyperbolic arc tangents of partial autocorrelations (p, q, seasonal P, seasonal Q). */
  weights: Float64Array;
  ar: Float64Array;
  ma: Float64Array;
  /** Of the regressors in their order; the constant, if any, last (a mean, or the step of the differenced series). */
  coefficients: Float64Array;
  variance: number;
  logLikelihood: number;
  aicc: number;
  /** Whether all roots keep their distance from the unit circle. */
  sound: boolean;
}

export interface FitEffort {
  /** Iterations of the exact likelihood; the conditional sum of squares before it always runs to its end. */
  iterations: number;
  /** Whether its gradient is taken one-sided: half the time, and enough to tell orders apart. */
  rough?: boolean;
  /** Weights to start from instead of zeros. */
  start?: Float64Array;
}

/**
 * Fits one order: conditional sum of squares from zero, then the exact likelihood from there. Regressors, given at the
 * level of the series, are differenced with it, and their coefficients follow from the weights by generalised least
 * squares. Null where the series is too short or no stationary start exists.
 */
export function fitArima(
  values: Float64Array,
  order: ArimaOrder,
  regressors: readonly Float64Array[] = [],
  effort: FitEffort = { iterations: 60 },
): ArimaFit | null {
  const n = values.length - order.d - order.seasonalD * order.period;
  const counted = countOfWeights(order) + regressors.length + (order.constant ? 1 : 0) + 1;
  if (n - counted - 1 <= 0) return null;
  const likelihood = new Likelihood(values, order, regressors);
  const start = effort.start ?? likelihood.conditionalStart();
  const found = minimise(
    withDifferences((at) => likelihood.exact(at), effort.rough),
    start,
    {
      iterations: effort.iterations,
      tolerance: 1e-8,
    },
  );
  if (!Number.isFinite(found.value)) return null;
  return likelihood.fitAt(found, counted);
}

class Likelihood {
  private readonly order: ArimaOrder;
  private readonly polynomials: OrderPolynomials;
  private readonly filter: KalmanFilter;
  private readonly columns: Float64Array[];
  private readonly errors: Float64Array[];
  private readonly coefficients: Float64Array;
  private readonly normal: Float64Array;
  private readonly n: number;
  private squares = 0;

  constructor(values: Float64Array, order: ArimaOrder, regressors: readonly Float64Array[]) {
    this.order = order;
    this.polynomials = new OrderPolynomials(order);
    this.columns = [values, ...regressors].map((column) => differenced(column, order));
    this.n = this.columns[0]?.length ?? 0;
    if (order.constant) this.columns.push(new Float64Array(this.n).fill(1));
    this.errors = this.columns.map(() => new Float64Array(this.n));
    this.coefficients = new Float64Array(this.columns.length - 1);
    this.normal = new Float64Array(this.coefficients.length ** 2);
    this.filter = new KalmanFilter(this.columns, this.polynomials.ar.length, this.polynomials.ma.length);
  }

  conditionalStart(): Float64Array {
    const zeros = new Float64Array(countOfWeights(this.order)).fill(0.1);
    const objective = withDifferences((at) => this.conditional(at), true);
    return minimise(objective, zeros, { iterations: 40, tolerance: 1e-6 }).at;
  }

  /** n log of the conditional sum of squares, with zeros before the series begins. */
  private conditional(weights: Float64Array): number {
    this.polynomials.set(weights);
    const { ar, ma } = this.polynomials;
    for (let column = 0; column < this.columns.length; column += 1) {
      const values = this.columns[column];
      const errors = this.errors[column];
      if (values && errors) whiten(values, ar, ma, errors);
    }
    return this.n * Math.log(this.remaining(this.errors));
  }

  /** -2 log likelihood up to a constant, with the variance and the coefficients at their best. */
  exact(weights: Float64Array): number {
    this.polynomials.set(weights);
    if (!this.filter.run(this.polynomials)) return Number.POSITIVE_INFINITY;
    this.squares = this.remaining(this.filter.innovations);
    return this.n * Math.log(this.squares / this.n) + this.filter.logs;
  }

  private remaining(columns: readonly Float64Array[]): number {
    const [values, ...others] = columns;
    if (!values) return Number.POSITIVE_INFINITY;
    const squares = leastSquares(values, others, this.coefficients, this.normal);
    return squares === null ? Number.POSITIVE_INFINITY : Math.max(squares, 1e-300);
  }

  fitAt({ at }: Minimum, counted: number): ArimaFit | null {
    const value = this.exact(at);
    if (!Number.isFinite(value)) return null;
    const { n } = this;
    const logLikelihood = -0.5 * (value + n * (1 + Math.log(2 * Math.PI)));
    return {
      order: this.order,
      weights: Float64Array.from(at),
      ar: this.polynomials.ar.slice(),
      ma: this.polynomials.ma.slice(),
      coefficients: this.coefficients.slice(),
      variance: this.squares / Math.max(1, n - counted + 1),
      logLikelihood,
      aicc: -2 * logLikelihood + 2 * counted + (2 * counted * (counted + 1)) / (n - counted - 1),
      sound: this.polynomials.sound,
    };
  }
}

function whiten(values: Float64Array, ar: Float64Array, ma: Float64Array, errors: Float64Array): void {
  for (let t = 0; t < values.length; t += 1) errors[t] = values[t] ?? 0;
  for (let lag = 1; lag <= ar.length; lag += 1) {
    const weight = ar[lag - 1] ?? 0;
    if (weight === 0) continue;
    for (let t = lag; t < values.length; t += 1)
      errors[t] = (errors[t] ?? 0) - weight * (values[t - lag] ?? 0);
  }
  if (ma.length === 0) return;
  for (let t = 0; t < values.length; t += 1) {
    let sum = errors[t] ?? 0;
    const reach = Math.min(ma.length, t);
    for (let lag = 1; lag <= reach; lag += 1) sum -= (ma[lag - 1] ?? 0) * (errors[t - lag] ?? 0);
    errors[t] = sum;
  }
}
