import type { Outlook } from './accuracy.ts';
import { reseasonalised, seasonOf, seasonScale } from './seasonality.ts';

/** The last period again; its spread grows with every period ahead. Needs more than one period of history. */
export function seasonalNaive(values: Float64Array, period: number, horizon: number): Outlook {
  const n = values.length;
  const lag = n > period ? period : 1;
  const spread = rootMeanSquare(values, lag);
  const mean = new Float64Array(horizon);
  const deviation = new Float64Array(horizon);
  for (let step = 0; step < horizon; step += 1) {
    mean[step] = values[n - lag + (step % lag)] ?? 0;
    deviation[step] = spread * Math.sqrt(Math.floor(step / lag) + 1);
  }
  return { mean, deviation };
}

/** Naive2 of the M competitions: the last value, once the season that the usual test finds is taken out. */
export function naive2(values: Float64Array, period: number, horizon: number): Outlook {
  const season = seasonOf(values, period);
  const adjusted = season?.adjusted ?? values;
  const spread = rootMeanSquare(adjusted, 1);
  const flat = new Float64Array(horizon).fill(adjusted.at(-1) ?? 0);
  const growing = flat.map((_value, step) => spread * Math.sqrt(step + 1));
  if (!season) return { mean: flat, deviation: growing };
  const scale = seasonScale(season, values.length, horizon);
  return {
    mean: reseasonalised(flat, season, values.length),
    deviation: growing.map((value, step) => value * (scale[step] ?? 1)),
  };
}

function rootMeanSquare(values: Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < values.length; at += 1) sum += ((values[at] ?? 0) - (values[at - lag] ?? 0)) ** 2;
  return values.length > lag ? Math.sqrt(sum / (values.length - lag)) : 0;
}
