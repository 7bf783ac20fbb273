/** How a season joins the rest of a series: added to it, or as a factor. */
export type SeasonKind = 'additive' | 'multiplicative';

export interface Seasonal {
  kind: SeasonKind;
  /** One effect for each place in the period; the first belongs to the first value of the series. */
  effects: Float64Array;
  adjusted: Float64Array;
}

/** Autocorrelations at lags 0 to `maxLag`; those of a constant are 0. */
export function autocorrelations(values: Float64Array, maxLag: number): Float64Array {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const result = new Float64Array(maxLag + 1);
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2;
  if (variance <= 0) return result;
  for (let lag = 0; lag <= maxLag; lag += 1) {
    let sum = 0;
    for (let at = lag; at < n; at += 1) sum += ((values[at] ?? 0) - mean) * ((values[at - lag] ?? 0) - mean);
    result[lag] = sum / variance;
  }
  return result;
}

/**
 * Whether the autocorrelation at the period stands out at 90%, by Bartlett's variance over the lags before it: the
 * test of the M competitions (Assimakopoulos and Nikolopoulos, 2000). Never with fewer than three periods.
 */
export function isSeasonal(values: Float64Array, period: number): boolean {
  if (period < 2 || values.length < 3 * period) return false;
  const correlations = autocorrelations(values, period);
  let sum = 0;
  for (let lag = 1; lag < period; lag += 1) sum += (correlations[lag] ?? 0) ** 2;
  const limit = 1.645 * Math.sqrt((1 + 2 * sum) / values.length);
  return Math.abs(correlations[period] ?? 0) > limit;
}

/** A centred moving average over one period, at half weight on both ends if it is even; NaN where it does not fit. */
export function centredAverage(values: Float64Array, period: number): Float64Array {
  const half = Math.floor(period / 2);
  const even = period % 2 === 0;
  const trend = new Float64Array(values.length).fill(Number.NaN);
  for (let at = half; at < values.length - half; at += 1) {
    let sum = 0;
    for (let place = at - half; place <= at + half; place += 1) {
      const weight = even && (place === at - half || place === at + half) ? 0.5 : 1;
      sum += weight * (values[place] ?? 0);
    }
    trend[at] = sum / period;
  }
  return trend;
}

/** Classical decomposition by moving averages. Needs two whole periods; factors need positive values. */
export function deseasonalised(values: Float64Array, period: number, kind: SeasonKind): Seasonal {
  const trend = centredAverage(values, period);
  const sums = new Float64Array(period);
  const counts = new Float64Array(period);
  for (let at = 0; at < values.length; at += 1) {
    const level = trend[at] ?? Number.NaN;
    if (Number.isNaN(level)) continue;
    const value = values[at] ?? 0;
    const place = at % period;
    sums[place] = (sums[place] ?? 0) + (kind === 'additive' ? value - level : value / level);
    counts[place] = (counts[place] ?? 0) + 1;
  }
  const neutral = kind === 'additive' ? 0 : 1;
  const effects = sums.map((sum, place) => ((counts[place] ?? 0) > 0 ? sum / (counts[place] ?? 1) : neutral));
  const centre = effects.reduce((sum, effect) => sum + effect, 0) / period;
  for (let place = 0; place < period; place += 1) {
    const effect = effects[place] ?? neutral;
    effects[place] = kind === 'additive' ? effect - centre : effect / centre;
  }
  return { kind, effects, adjusted: without(values, effects, kind) };
}

function without(values: Float64Array, effects: Float64Array, kind: SeasonKind): Float64Array {
  return values.map((value, at) => {
    const effect = effects[at % effects.length] ?? 0;
    return kind === 'additive' ? value - effect : value / effect;
  });
}

/**
 * A series without its season where the usual test finds one, as factors where all values and factors allow it, else
 * as addends; null where there is none.
 */
export function seasonOf(values: Float64Array, period: number): Seasonal | null {
  if (!isSeasonal(values, period)) return null;
  if (values.every((value) => value > 0)) {
    const seasonal = deseasonalised(values, period, 'multiplicative');
    if (seasonal.effects.every((effect) => effect > 0.01)) return seasonal;
  }
  return deseasonalised(values, period, 'additive');
}

/** Puts a season back on what follows `start` values of history. */
export function reseasonalised(
  values: Float64Array,
  { effects, kind }: Pick<Seasonal, 'effects' | 'kind'>,
  start: number,
): Float64Array {
  return values.map((value, step) => {
    const effect = effects[(start + step) % effects.length] ?? 0;
    return kind === 'additive' ? value + effect : value * effect;
  });
}

/** The factors by which a season scales deviations; ones for an added season. */
export function seasonScale(
  { effects, kind }: Pick<Seasonal, 'effects' | 'kind'>,
  start: number,
  horizon: number,
): Float64Array {
  const scale = new Float64Array(horizon).fill(1);
  if (kind === 'additive') return scale;
  return scale.map((_one, step) => effects[(start + step) % effects.length] ?? 1);
}
