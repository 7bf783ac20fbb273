import { normalQuantile } from '../statistics/distributions.ts';

/** Point forecasts with the standard deviation of each, one entry a step ahead. */
export interface Outlook {
  mean: Float64Array;
  deviation: Float64Array;
}

export interface Band {
  low: Float64Array;
  high: Float64Array;
}

/** The central interval of normal forecasts at a level such as 0.95, its half-width times `widening`. */
export function bandOf({ mean, deviation }: Outlook, level: number, widening = 1): Band {
  const reach = normalQuantile((1 + level) / 2) * widening;
  return {
    low: mean.map((value, step) => value - reach * (deviation[step] ?? 0)),
    high: mean.map((value, step) => value + reach * (deviation[step] ?? 0)),
  };
}

/**
 * Symmetric mean absolute percentage error, 0 to 200: 200 |y - f| / (|y| + |f|) (Makridakis and Hibon, 2000). A step
 * whose truth and forecast are both zero is no error.
 */
export function symmetricError(truth: ArrayLike<number>, forecast: ArrayLike<number>): number {
  return meanOver(truth, (actual, step) => {
    const predicted = forecast[step] ?? 0;
    const size = Math.abs(actual) + Math.abs(predicted);
    return size === 0 ? 0 : (200 * Math.abs(actual - predicted)) / size;
  });
}

/** Mean absolute percentage error in percent, over the steps whose truth is not zero; null where there is none. */
export function percentageError(truth: ArrayLike<number>, forecast: ArrayLike<number>): number | null {
  let sum = 0;
  let counted = 0;
  for (let step = 0; step < truth.length; step += 1) {
    const actual = truth[step] ?? 0;
    if (actual === 0) continue;
    sum += Math.abs((actual - (forecast[step] ?? 0)) / actual);
    counted += 1;
  }
  return counted === 0 ? null : (100 * sum) / counted;
}

/** What the seasonal naive forecast misses by on average within the history; 0 where nothing ever differs. */
export function naiveScale(history: ArrayLike<number>, period: number): number {
  const lag = history.length > period ? period : 1;
  let sum = 0;
  for (let at = lag; at < history.length; at += 1) {
    sum += Math.abs((history[at] ?? 0) - (history[at - lag] ?? 0));
  }
  return history.length > lag ? sum / (history.length - lag) : 0;
}

/** Mean absolute error over a scale of `naiveScale` (Hyndman and Koehler, 2006). */
export function scaledError(truth: ArrayLike<number>, forecast: ArrayLike<number>, scale: number): number {
  return meanOver(truth, (actual, step) => Math.abs(actual - (forecast[step] ?? 0))) / scale;
}

/** Mean scaled interval score at a level (Gneiting and Raftery, 2007, as in the M4 competition). */
export function intervalScore(truth: ArrayLike<number>, band: Band, level: number, scale: number): number {
  const penalty = 2 / (1 - level);
  const score = meanOver(truth, (actual, step) => {
    const [low, high] = [band.low[step] ?? 0, band.high[step] ?? 0];
    return high - low + penalty * (Math.max(0, low - actual) + Math.max(0, actual - high));
  });
  return score / scale;
}

/** The share of truths within their interval. */
export function coverage(truth: ArrayLike<number>, band: Band): number {
  return meanOver(truth, (actual, step) =>
    actual >= (band.low[step] ?? 0) && actual <= (band.high[step] ?? 0) ? 1 : 0,
  );
}

function meanOver(truth: ArrayLike<number>, of: (actual: number, step: number) => number): number {
  let sum = 0;
  for (let step = 0; step < truth.length; step += 1) sum += of(truth[step] ?? 0, step);
  return sum / truth.length;
}
