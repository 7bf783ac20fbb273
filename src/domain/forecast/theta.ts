import { minimise, withDifferences } from '../statistics/minimise.ts';
import type { Outlook } from './accuracy.ts';
import { reseasonalised, type Seasonal, seasonOf, seasonScale } from './seasonality.ts';

export interface ThetaFit {
  /** Weight of the newest value in the level. */
  alpha: number;
  /** How far the second line exaggerates the curvature; 2 in the standard method. */
  theta: number;
  firstLevel: number;
  intercept: number;
  slope: number;
  variance: number;
  season: Pick<Seasonal, 'effects' | 'kind'> | null;
}

/**
 * The Theta method as the state-space model of Fiorucci and others (International Journal of Forecasting 32, 2016) over
 * the series without its season. `optimised` fits theta as well; else it is 2 (Assimakopoulos and Nikolopoulos, 2000).
 * Needs three values.
 */
export function fitTheta(values: Float64Array, period: number, optimised = false): ThetaFit {
  const season = seasonOf(values, period);
  const adjusted = season?.adjusted ?? values;
  const n = adjusted.length;
  const line = regression(adjusted);
  const unit = Math.max(line.scatter, 1e-3 * Math.abs(line.centre), 1e-9);
  const at = (search: Float64Array) => ({
    alpha: 0.0001 + 0.9998 / (1 + Math.exp(-(search[0] ?? 0))),
    firstLevel: (adjusted[0] ?? 0) / 2 + unit * (search[1] ?? 0),
    theta: optimised ? 1 + Math.exp(search[2] ?? 0) : 2,
    intercept: line.intercept,
    slope: line.slope,
  });
  const objective = (search: Float64Array) =>
    n * Math.log(Math.max(run(adjusted, at(search)).squares, 1e-300));
  let best: { at: Float64Array; value: number } | null = null;
  for (const start of [-1.5, 1]) {
    const found = minimise(
      withDifferences(objective),
      optimised ? Float64Array.of(start, 0, 0) : Float64Array.of(start, 0),
      { iterations: 60 },
    );
    if (!best || found.value < best.value) best = found;
  }
  const fitted = at(best?.at ?? new Float64Array(3));
  const variance = run(adjusted, fitted).squares / Math.max(1, n - (optimised ? 3 : 2));
  return { ...fitted, variance, season: season && { effects: season.effects, kind: season.kind } };
}

/** What a fitted model sees ahead of `values`: the series it was fitted to, or any part from its beginning. */
export function thetaOutlook(fit: ThetaFit, values: Float64Array, horizon: number): Outlook {
  const n = values.length;
  const { season, alpha, theta, intercept, slope } = fit;
  const adjusted = season ? withoutSeason(values, season) : values;
  const { level } = run(adjusted, fit);
  const share = 1 - 1 / theta;
  const kept = (1 - alpha) ** n;
  const flat = new Float64Array(horizon);
  const spread = new Float64Array(horizon);
  for (let step = 0; step < horizon; step += 1) {
    const line = kept * intercept + ((1 - kept * (1 - alpha)) / alpha + step) * slope;
    flat[step] = level + share * line;
    spread[step] = Math.sqrt(fit.variance * (1 + step * alpha * alpha));
  }
  if (!season) return { mean: flat, deviation: spread };
  const scale = seasonScale(season, n, horizon);
  return {
    mean: reseasonalised(flat, season, n),
    deviation: spread.map((value, step) => value * (scale[step] ?? 1)),
  };
}

function withoutSeason(
  values: Float64Array,
  { effects, kind }: Pick<Seasonal, 'effects' | 'kind'>,
): Float64Array {
  return values.map((value, at) => {
    const effect = effects[at % effects.length] ?? 0;
    return kind === 'additive' ? value - effect : value / effect;
  });
}

type Weights = Pick<ThetaFit, 'alpha' | 'theta' | 'firstLevel' | 'intercept' | 'slope'>;

function run(values: Float64Array, fit: Weights): { squares: number; level: number } {
  const { alpha, theta, intercept, slope } = fit;
  const share = 1 - 1 / theta;
  let level = fit.firstLevel;
  let kept = 1;
  let squares = 0;
  for (let t = 0; t < values.length; t += 1) {
    const value = values[t] ?? 0;
    const line = kept * intercept + ((1 - kept * (1 - alpha)) / alpha) * slope;
    const error = value - level - share * line;
    squares += error * error;
    level += alpha * (value - level);
    kept *= 1 - alpha;
  }
  return { squares, level };
}

function regression(values: Float64Array): {
  intercept: number;
  slope: number;
  centre: number;
  scatter: number;
} {
  const n = values.length;
  let [sum, weighted] = [0, 0];
  for (let at = 0; at < n; at += 1) {
    sum += values[at] ?? 0;
    weighted += (at + 1) * (values[at] ?? 0);
  }
  const centre = sum / n;
  const middle = (n + 1) / 2;
  const slope = n < 2 ? 0 : (weighted - middle * sum) / ((n * (n * n - 1)) / 12);
  const intercept = centre - slope * middle;
  let squares = 0;
  for (let at = 0; at < n; at += 1) squares += ((values[at] ?? 0) - intercept - slope * (at + 1)) ** 2;
  return { intercept, slope, centre, scatter: Math.sqrt(squares / n) };
}
