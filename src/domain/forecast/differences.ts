import type { ArimaOrder } from './arima-order.ts';
import { seasonalStrength } from './stl.ts';

type Differences = Pick<ArimaOrder, 'd' | 'seasonalD' | 'period'>;

/** Seasonal differences first, then plain ones; the result is shorter by what they take. */
export function differenced(values: Float64Array, { d, seasonalD, period }: Differences): Float64Array {
  let result = values;
  for (let turn = 0; turn < seasonalD; turn += 1) result = lagged(result, period);
  for (let turn = 0; turn < d; turn += 1) result = lagged(result, 1);
  return result;
}

function lagged(values: Float64Array, lag: number): Float64Array {
  const result = new Float64Array(Math.max(0, values.length - lag));
  return result.map((_zero, at) => (values[at + lag] ?? 0) - (values[at] ?? 0));
}

/** Forecasts of a differenced series put back on the history they follow. */
export function integrated(steps: Float64Array, history: Float64Array, order: Differences): Float64Array {
  const weights = differencePolynomial(order);
  const past = Float64Array.from(history);
  const all = new Float64Array(past.length + steps.length);
  all.set(past);
  for (let step = 0; step < steps.length; step += 1) {
    let value = steps[step] ?? 0;
    const at = past.length + step;
    for (let lag = 1; lag < weights.length; lag += 1) value -= (weights[lag] ?? 0) * (all[at - lag] ?? 0);
    all[at] = value;
  }
  return all.slice(past.length);
}

/** The coefficients of (1 - B)^d (1 - B^period)^D, from lag 0. */
export function differencePolynomial({ d, seasonalD, period }: Differences): Float64Array {
  let polynomial = Float64Array.of(1);
  const timesLag = (lag: number) => {
    const next = new Float64Array(polynomial.length + lag);
    next.set(polynomial);
    for (let at = 0; at < polynomial.length; at += 1)
      next[at + lag] = (next[at + lag] ?? 0) - (polynomial[at] ?? 0);
    polynomial = next;
  };
  for (let turn = 0; turn < seasonalD; turn += 1) timesLag(period);
  for (let turn = 0; turn < d; turn += 1) timesLag(1);
  return polynomial;
}

/** The share of variation from which a season is differenced (Wang, Smith and Hyndman, 2006). */
const STRONG_SEASON = 0.64;

/** How often to difference at the period: once if the season is strong. */
export function seasonalDifferences(values: Float64Array, period: number): number {
  if (period < 2 || values.length < 2 * period + 3) return 0;
  return seasonalStrength(values, period) > STRONG_SEASON ? 1 : 0;
}

/** The 5% limit of the level statistic (Kwiatkowski, Phillips, Schmidt and Shin, Journal of Econometrics 54, 1992). */
const KPSS_LIMIT = 0.463;

/** How often to difference until a stationary level is not refuted at 5%, twice at most. */
export function plainDifferences(values: Float64Array): number {
  let current = values;
  for (let count = 0; count < 2; count += 1) {
    if (current.length < 8 || isConstant(current) || kpss(current) <= KPSS_LIMIT) return count;
    current = lagged(current, 1);
    if (isConstant(current)) return count;
  }
  return 2;
}

/** The KPSS statistic of a constant level, with Bartlett weights over trunc(3 sqrt(n) / 13) lags. */
export function kpss(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const lags = Math.trunc((3 * Math.sqrt(n)) / 13);
  let [running, cumulated, variance] = [0, 0, 0];
  for (const value of values) {
    running += value - mean;
    cumulated += running * running;
    variance += (value - mean) ** 2;
  }
  for (let lag = 1; lag <= lags; lag += 1) {
    let sum = 0;
    for (let at = lag; at < n; at += 1) sum += ((values[at] ?? 0) - mean) * ((values[at - lag] ?? 0) - mean);
    variance += 2 * (1 - lag / (lags + 1)) * sum;
  }
  return cumulated / (n * variance);
}

export function isConstant(values: Float64Array): boolean {
  const first = values[0] ?? 0;
  const slack = 1e-10 * Math.max(1, Math.abs(first));
  return values.every((value) => Math.abs(value - first) <= slack);
}
