import type { Outlook } from './accuracy.ts';
import type { ArimaFit } from './arima-fit.ts';
import { differenced, differencePolynomial, integrated } from './differences.ts';
import { KalmanFilter } from './kalman.ts';

export interface KnownRegressors {
  /** One column a regressor, as long as the history. */
  past: readonly Float64Array[];
  /** The same columns for the steps ahead. */
  future: readonly Float64Array[];
}

/**
 * What a fitted model sees ahead of `values`: the series it was fitted to, or any part from its beginning, with its
 * regressors. Variances by the weights of past shocks.
 */
export function arimaOutlook(
  fit: ArimaFit,
  values: Float64Array,
  horizon: number,
  regressors: KnownRegressors = { past: [], future: [] },
): Outlook {
  const { order, coefficients } = fit;
  const history = values.map((value, at) => value - explained(coefficients, regressors.past, at));
  const constant = order.constant ? (coefficients[regressors.past.length] ?? 0) : 0;
  const shocks = differenced(history, order).map((value) => value - constant);
  const filter = new KalmanFilter([shocks], fit.ar.length, fit.ma.length);
  filter.run(fit);
  const steps = filter.ahead(0, horizon).map((value) => value + constant);
  const mean = integrated(steps, history, order).map(
    (value, step) => value + explained(coefficients, regressors.future, step),
  );
  const weights = shockWeights(fit, horizon);
  let sum = 0;
  const deviation = weights.map((weight) => {
    sum += weight * weight;
    return Math.sqrt(fit.variance * sum);
  });
  return { mean, deviation };
}

function explained(coefficients: Float64Array, columns: readonly Float64Array[], at: number): number {
  let sum = 0;
  for (const [index, column] of columns.entries()) sum += (coefficients[index] ?? 0) * (column[at] ?? 0);
  return sum;
}

/** How much of a shock is left after 0, 1, 2... steps, differences included. */
function shockWeights({ ar, ma, order }: ArimaFit, horizon: number): Float64Array {
  const differences = differencePolynomial(order);
  const whole = new Float64Array(ar.length + differences.length);
  for (let lag = 0; lag < differences.length; lag += 1) {
    whole[lag] = (whole[lag] ?? 0) + (differences[lag] ?? 0);
    for (let k = 1; k <= ar.length; k += 1) {
      whole[lag + k] = (whole[lag + k] ?? 0) - (differences[lag] ?? 0) * (ar[k - 1] ?? 0);
    }
  }
  const weights = new Float64Array(horizon);
  for (let step = 0; step < horizon; step += 1) {
    let sum = step === 0 ? 1 : (ma[step - 1] ?? 0);
    for (let lag = 1; lag <= Math.min(step, whole.length - 1); lag += 1) {
      sum -= (whole[lag] ?? 0) * (weights[step - lag] ?? 0);
    }
    weights[step] = sum;
  }
  return weights;
}
