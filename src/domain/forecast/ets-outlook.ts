import { normalPair, seededRandom } from '../statistics/random.ts';
import type { Outlook } from './accuracy.ts';
import type { EtsFit } from './ets-fit.ts';
import { ALPHA, BETA, EtsRecursion, GAMMA, PHI } from './ets-recursion.ts';

const PATHS = 2000;

/** How the weights carry an error on: the level's and growth's part, and the season's. */
interface Carried {
  trend: Float64Array;
  whole: Float64Array;
}

/**
 * What a fitted model sees ahead of `values`, which may be the series it was fitted to or any part from its beginning.
 * Variances by formula (Hyndman and others, 2008, 6.3; for factors in error and season its approximation), for the
 * other forms by 2,000 seeded paths.
 */
export function etsOutlook(fit: EtsFit, values: Float64Array, horizon: number): Outlook {
  const recursion = new EtsRecursion(values, fit.period, fit.form);
  recursion.run(fit.parameters);
  const states = recursion.finalStates();
  const { error, trend, season } = fit.form;
  const base = new Float64Array(horizon);
  const mean = new Float64Array(horizon);
  let damping = 0;
  for (let step = 0; step < horizon; step += 1) {
    damping += (fit.parameters[PHI] ?? 1) ** (step + 1);
    const effect = states.seasons[step % fit.period] ?? 0;
    const level =
      trend === 'N'
        ? states.level
        : trend === 'A'
          ? states.level + damping * states.growth
          : states.level * states.growth ** damping;
    base[step] = level;
    mean[step] = season === 'N' ? level : season === 'A' ? level + effect : level * effect;
  }
  const formula = trend !== 'M' && !(error === 'A' && season === 'M');
  const deviation = formula
    ? deviationsByFormula(fit, { base, mean, seasons: states.seasons })
    : deviationsByPaths(fit, states, horizon);
  return { mean, deviation };
}

function carriedBy({ parameters, form, period }: EtsFit, horizon: number): Carried {
  const trend = new Float64Array(horizon);
  const whole = new Float64Array(horizon);
  let damping = 0;
  for (let lag = 1; lag < horizon; lag += 1) {
    damping += (parameters[PHI] ?? 1) ** lag;
    trend[lag] = (parameters[ALPHA] ?? 0) + (form.trend === 'N' ? 0 : (parameters[BETA] ?? 0) * damping);
    const seasonal = form.season !== 'N' && lag % period === 0 ? (parameters[GAMMA] ?? 0) : 0;
    whole[lag] = (trend[lag] ?? 0) + seasonal;
  }
  return { trend, whole };
}

function deviationsByFormula(
  fit: EtsFit,
  { base, mean, seasons }: { base: Float64Array; mean: Float64Array; seasons: Float64Array },
): Float64Array {
  const { form, period, parameters, variance } = fit;
  const horizon = mean.length;
  const carried = carriedBy(fit, horizon);
  const deviation = new Float64Array(horizon);
  if (form.error === 'A') {
    let sum = 1;
    for (let step = 0; step < horizon; step += 1) {
      if (step > 0) sum += (carried.whole[step] ?? 0) ** 2;
      deviation[step] = Math.sqrt(variance * sum);
    }
    return deviation;
  }
  const factors = form.season === 'M';
  const centre = factors ? base : mean;
  const weights = factors ? carried.trend : carried.whole;
  const second = new Float64Array(horizon);
  for (let step = 0; step < horizon; step += 1) {
    let sum = (centre[step] ?? 0) ** 2;
    for (let lag = 1; lag <= step; lag += 1) {
      sum += variance * (weights[lag] ?? 0) ** 2 * (second[step - lag] ?? 0);
    }
    second[step] = sum;
    const turns = factors ? (1 + (parameters[GAMMA] ?? 0) ** 2 * variance) ** Math.floor(step / period) : 1;
    const spread = sum * (1 + variance) * turns - (centre[step] ?? 0) ** 2;
    const scale = factors ? (seasons[step % period] ?? 1) : 1;
    deviation[step] = Math.abs(scale) * Math.sqrt(Math.max(0, spread));
  }
  return deviation;
}

function deviationsByPaths(
  { form, period, parameters, variance }: EtsFit,
  states: { level: number; growth: number; seasons: Float64Array },
  horizon: number,
): Float64Array {
  const random = seededRandom('exponential smoothing');
  const [alpha, beta] = [parameters[ALPHA] ?? 0, parameters[BETA] ?? 0];
  const [gamma, phi] = [parameters[GAMMA] ?? 0, parameters[PHI] ?? 1];
  const sums = new Float64Array(horizon);
  const squares = new Float64Array(horizon);
  const seasons = new Float64Array(period);
  for (let path = 0; path < PATHS; path += 1) {
    let { level, growth } = states;
    seasons.set(states.seasons);
    for (let step = 0; step < horizon; step += 1) {
      const [draw] = normalPair(random);
      const season = seasons[step % period] ?? 0;
      const carried = form.trend === 'M' ? Math.max(growth, 1e-6) ** phi : phi * growth;
      const base = form.trend === 'N' ? level : form.trend === 'A' ? level + carried : level * carried;
      const expected = form.season === 'N' ? base : form.season === 'A' ? base + season : base * season;
      const shock = draw * Math.sqrt(variance);
      const value = form.error === 'A' ? expected + shock : expected * (1 + shock);
      sums[step] = (sums[step] ?? 0) + value;
      squares[step] = (squares[step] ?? 0) + value * value;
      const seen =
        form.season === 'N' ? value : form.season === 'A' ? value - season : value / Math.max(season, 1e-6);
      const before = level;
      level = base + alpha * (seen - base);
      if (form.trend === 'A') growth = carried + beta * (seen - base);
      else if (form.trend === 'M') growth = carried + (beta * (seen - base)) / Math.max(before, 1e-6);
      if (form.season === 'A') seasons[step % period] = season + gamma * (value - base - season);
      else if (form.season === 'M') seasons[step % period] = season + gamma * (value / base - season);
    }
  }
  return sums.map((sum, step) => {
    const centre = sum / PATHS;
    return Math.sqrt(Math.max(0, (squares[step] ?? 0) / PATHS - centre * centre));
  });
}
