/** A: added, M: as a factor, N: none. */
export interface EtsForm {
  error: 'A' | 'M';
  trend: 'N' | 'A' | 'M';
  damped: boolean;
  season: 'N' | 'A' | 'M';
}

/** Where each parameter stands: four weights, then the states before the first value. */
export const ALPHA = 0;
export const BETA = 1;
export const GAMMA = 2;
export const PHI = 3;
export const LEVEL = 4;
export const GROWTH = 5;
export const FIRST_SEASON = 6;

/**
 * The states of an exponential smoothing model over one series (Hyndman, Koehler, Ord and Snyder, Forecasting with
 * Exponential Smoothing, 2008, ch. 2), with the gradient of its likelihood by reverse accumulation. Holds all the
 * memory a fit needs, so that nothing is allocated from one evaluation to the next.
 */
export class EtsRecursion {
  private readonly levels: Float64Array;
  private readonly growths: Float64Array;
  private readonly seasons: Float64Array;
  private readonly forecasts: Float64Array;
  private readonly seasonSlopes: Float64Array;
  private squares = 0;
  private readonly values: Float64Array;
  readonly period: number;
  readonly form: EtsForm;

  constructor(values: Float64Array, period: number, form: EtsForm) {
    this.values = values;
    this.period = period;
    this.form = form;
    this.levels = new Float64Array(values.length + 1);
    this.growths = new Float64Array(values.length + 1);
    this.seasons = new Float64Array(values.length + period);
    this.seasonSlopes = new Float64Array(values.length + period);
    this.forecasts = new Float64Array(values.length);
  }

  /** Runs the states through; gives -2 log likelihood up to a constant, or infinity where a state leaves its domain. */
  run(parameters: Float64Array): number {
    const { values, levels, growths, seasons, forecasts, period, form } = this;
    const alpha = parameters[ALPHA] ?? 0;
    const beta = parameters[BETA] ?? 0;
    const gamma = parameters[GAMMA] ?? 0;
    const phi = parameters[PHI] ?? 1;
    const positive = form.error === 'M' || form.season === 'M' || form.trend === 'M';
    levels[0] = parameters[LEVEL] ?? 0;
    growths[0] = parameters[GROWTH] ?? 0;
    for (let place = 0; place < period; place += 1) seasons[place] = parameters[FIRST_SEASON + place] ?? 0;
    let squares = 0;
    let logs = 0;
    for (let t = 0; t < values.length; t += 1) {
      const value = values[t] ?? 0;
      const level = levels[t] ?? 0;
      const growth = growths[t] ?? 0;
      const season = seasons[t] ?? 0;
      const carried = form.trend === 'M' ? growth ** phi : phi * growth;
      const base = form.trend === 'N' ? level : form.trend === 'A' ? level + carried : level * carried;
      const forecast = form.season === 'N' ? base : form.season === 'A' ? base + season : base * season;
      if (positive && !(forecast > 0 && base > 0)) return Number.POSITIVE_INFINITY;
      forecasts[t] = forecast;
      const error = form.error === 'A' ? value - forecast : (value - forecast) / forecast;
      squares += error * error;
      if (form.error === 'M') logs += Math.log(forecast);
      const seen = form.season === 'N' ? value : form.season === 'A' ? value - season : value / season;
      levels[t + 1] = base + alpha * (seen - base);
      if (form.trend === 'A') growths[t + 1] = carried + beta * (seen - base);
      else if (form.trend === 'M') {
        const next = carried + (beta * (seen - base)) / level;
        if (!(next > 0)) return Number.POSITIVE_INFINITY;
        growths[t + 1] = next;
      }
      if (form.season === 'A') seasons[t + period] = season + gamma * (value - base - season);
      else if (form.season === 'M') seasons[t + period] = season + gamma * (value / base - season);
    }
    this.squares = squares;
    const likelihood = values.length * Math.log(Math.max(squares, 1e-300)) + 2 * logs;
    return Number.isFinite(likelihood) ? likelihood : Number.POSITIVE_INFINITY;
  }

  /** The gradient of the last `run`, which must have been finite, in the layout of its parameters. */
  gradient(parameters: Float64Array, into: Float64Array): void {
    const { values, levels, growths, seasons, forecasts, seasonSlopes, period, form } = this;
    const alpha = parameters[ALPHA] ?? 0;
    const beta = parameters[BETA] ?? 0;
    const gamma = parameters[GAMMA] ?? 0;
    const phi = parameters[PHI] ?? 1;
    const weight = values.length / Math.max(this.squares, 1e-300);
    seasonSlopes.fill(0);
    let [byAlpha, byBeta, byGamma, byPhi, byLevel, byGrowth] = [0, 0, 0, 0, 0, 0];
    for (let t = values.length - 1; t >= 0; t -= 1) {
      const value = values[t] ?? 0;
      const level = levels[t] ?? 0;
      const growth = growths[t] ?? 0;
      const season = seasons[t] ?? 0;
      const forecast = forecasts[t] ?? 0;
      const carried = form.trend === 'M' ? growth ** phi : phi * growth;
      const base = form.trend === 'N' ? level : form.trend === 'A' ? level + carried : level * carried;
      const seen = form.season === 'N' ? value : form.season === 'A' ? value - season : value / season;
      const gap = seen - base;
      const byForecast =
        form.error === 'A'
          ? -2 * weight * (value - forecast)
          : (-2 * weight * (value - forecast) * value) / (forecast * forecast * forecast) + 2 / forecast;
      let byBase = byLevel * (1 - alpha);
      let bySeen = byLevel * alpha;
      let byCarried = 0;
      let byOldLevel = 0;
      byAlpha += byLevel * gap;
      if (form.trend === 'A') {
        byCarried = byGrowth;
        byBeta += byGrowth * gap;
        bySeen += byGrowth * beta;
        byBase -= byGrowth * beta;
      } else if (form.trend === 'M') {
        byCarried = byGrowth;
        byBeta += (byGrowth * gap) / level;
        bySeen += (byGrowth * beta) / level;
        byBase -= (byGrowth * beta) / level;
        byOldLevel -= (byGrowth * beta * gap) / (level * level);
      }
      const byNextSeason = seasonSlopes[t + period] ?? 0;
      if (form.season === 'A') {
        byGamma += byNextSeason * (value - base - season);
        byBase += byForecast - byNextSeason * gamma;
        seasonSlopes[t] = byNextSeason * (1 - gamma) - bySeen + byForecast;
      } else if (form.season === 'M') {
        byGamma += byNextSeason * (value / base - season);
        byBase += byForecast * season - (byNextSeason * gamma * value) / (base * base);
        seasonSlopes[t] =
          byNextSeason * (1 - gamma) - (bySeen * value) / (season * season) + byForecast * base;
      } else byBase += byForecast;
      if (form.trend === 'M') {
        byOldLevel += byBase * carried;
        byCarried += byBase * level;
        byGrowth = byCarried * phi * growth ** (phi - 1);
        byPhi += byCarried * carried * Math.log(growth);
      } else {
        byOldLevel += byBase;
        if (form.trend === 'A') {
          byCarried += byBase;
          byGrowth = byCarried * phi;
          byPhi += byCarried * growth;
        }
      }
      byLevel = byOldLevel;
    }
    into[ALPHA] = byAlpha;
    into[BETA] = byBeta;
    into[GAMMA] = byGamma;
    into[PHI] = byPhi;
    into[LEVEL] = byLevel;
    into[GROWTH] = byGrowth;
    for (let place = 0; place < period; place += 1) into[FIRST_SEASON + place] = seasonSlopes[place] ?? 0;
  }

  /** The sum of squared one-step errors of the last run: relative ones where errors are factors. */
  get squaredErrors(): number {
    return this.squares;
  }

  /** The states after the last value; the first season belongs to the next value. */
  finalStates(): { level: number; growth: number; seasons: Float64Array } {
    const n = this.values.length;
    return {
      level: this.levels[n] ?? 0,
      growth: this.growths[n] ?? 0,
      seasons: this.seasons.slice(n, n + this.period),
    };
  }
}
