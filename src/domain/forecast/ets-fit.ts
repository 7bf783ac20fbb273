import { minimise } from '../statistics/minimise.ts';
import {
  ALPHA,
  BETA,
  type EtsForm,
  EtsRecursion,
  FIRST_SEASON,
  GAMMA,
  GROWTH,
  LEVEL,
  PHI,
} from './ets-recursion.ts';
import { type EtsStart, etsStart } from './ets-start.ts';

export interface EtsFit {
  form: EtsForm;
  period: number;
  /** Four weights, then the first states, as `ets-recursion.ts` lays them out. */
  parameters: Float64Array;
  /** Of one-step errors; of relative ones where errors are factors. */
  variance: number;
  aicc: number;
}

/** The usual region of the weights (Hyndman and others, 2008, 2.5), within the admissible one. */
const SMALLEST = 1e-4;
const LARGEST = 0.9999;
const LEAST_DAMPING = 0.8;
const MOST_DAMPING = 0.98;

/** Weights from which the search starts; the better end is kept, for the likelihood may have two hills. */
const START_WEIGHTS = [0.05, 0.5];

/**
 * The most likely weights and first states of one form. Null where the series is too short for its parameters, or no
 * start is within the form's domain. Forms with factors need positive values.
 */
export function fitEts(values: Float64Array, period: number, form: EtsForm): EtsFit | null {
  const places = new Places(form, period);
  const counted = places.size + 1;
  const n = values.length;
  if (n - counted - 1 <= 0) return null;
  const recursion = new EtsRecursion(values, form.season === 'N' ? 1 : period, form);
  const start = etsStart(values, period, form);
  const natural = new Float64Array(FIRST_SEASON + period);
  const slopes = new Float64Array(FIRST_SEASON + period);
  const objective = (at: Float64Array, into: Float64Array) => {
    places.toNatural(at, start, natural);
    const value = recursion.run(natural);
    if (!Number.isFinite(value)) return value;
    recursion.gradient(natural, slopes);
    places.toSearch(at, start, natural, slopes, into);
    return value;
  };
  let best: { at: Float64Array; value: number } | null = null;
  for (const alpha of START_WEIGHTS) {
    const found = minimise(objective, places.start(alpha), { iterations: 100, tolerance: 1e-7 });
    if (Number.isFinite(found.value) && (!best || found.value < best.value)) best = found;
  }
  if (!best) return null;
  places.toNatural(best.at, start, natural);
  const likelihood = recursion.run(natural);
  return {
    form,
    period: recursion.period,
    parameters: natural.slice(),
    variance: recursion.squaredErrors / Math.max(1, n - places.size),
    aicc: likelihood + 2 * counted + (2 * counted * (counted + 1)) / (n - counted - 1),
  };
}

/** Between what is searched (free of bounds, of like size) and the parameters themselves. */
class Places {
  readonly size: number;
  private readonly form: EtsForm;
  private readonly period: number;
  private readonly beta: number;
  private readonly phi: number;
  private readonly gamma: number;
  private readonly states: number;

  constructor(form: EtsForm, period: number) {
    this.form = form;
    this.period = form.season === 'N' ? 0 : period;
    let next = 1;
    this.beta = form.trend === 'N' ? -1 : next++;
    this.gamma = form.season === 'N' ? -1 : next++;
    this.phi = form.damped ? next++ : -1;
    this.states = next;
    next += form.trend === 'N' ? 1 : 2;
    next += Math.max(0, this.period - 1);
    this.size = next;
  }

  start(alpha: number): Float64Array {
    const at = new Float64Array(this.size);
    at[0] = Math.log(alpha / (1 - alpha));
    if (this.beta >= 0) at[this.beta] = Math.log(0.1 / 0.9);
    if (this.gamma >= 0) at[this.gamma] = Math.log(0.05 / 0.95);
    if (this.phi >= 0) at[this.phi] = 2;
    return at;
  }

  toNatural(at: Float64Array, start: EtsStart, into: Float64Array): void {
    const alpha = SMALLEST + (LARGEST - SMALLEST) * logistic(at[0] ?? 0);
    into[ALPHA] = alpha;
    into[BETA] = this.beta < 0 ? 0 : SMALLEST + (alpha - SMALLEST) * logistic(at[this.beta] ?? 0);
    into[GAMMA] = this.gamma < 0 ? 0 : (1 - alpha) * logistic(at[this.gamma] ?? 0);
    into[PHI] =
      this.phi < 0 ? 1 : LEAST_DAMPING + (MOST_DAMPING - LEAST_DAMPING) * logistic(at[this.phi] ?? 0);
    into[LEVEL] = start.level + start.scale * (at[this.states] ?? 0);
    const trended = this.form.trend !== 'N';
    into[GROWTH] = trended ? start.growth + this.growthUnit(start) * (at[this.states + 1] ?? 0) : 0;
    if (this.period === 0) return;
    const first = this.states + (trended ? 2 : 1);
    const unit = this.seasonUnit(start);
    let rest = this.form.season === 'A' ? 0 : this.period;
    for (let place = 0; place < this.period - 1; place += 1) {
      const effect = (start.seasons[place] ?? 0) + unit * (at[first + place] ?? 0);
      into[FIRST_SEASON + place] = effect;
      rest -= effect;
    }
    into[FIRST_SEASON + this.period - 1] = rest;
  }

  toSearch(
    at: Float64Array,
    start: EtsStart,
    natural: Float64Array,
    slopes: Float64Array,
    into: Float64Array,
  ): void {
    const share = logistic(at[0] ?? 0);
    const alpha = natural[ALPHA] ?? 0;
    let byAlpha = slopes[ALPHA] ?? 0;
    if (this.beta >= 0) {
      const part = logistic(at[this.beta] ?? 0);
      byAlpha += (slopes[BETA] ?? 0) * part;
      into[this.beta] = (slopes[BETA] ?? 0) * (alpha - SMALLEST) * part * (1 - part);
    }
    if (this.gamma >= 0) {
      const part = logistic(at[this.gamma] ?? 0);
      byAlpha -= (slopes[GAMMA] ?? 0) * part;
      into[this.gamma] = (slopes[GAMMA] ?? 0) * (1 - alpha) * part * (1 - part);
    }
    into[0] = byAlpha * (LARGEST - SMALLEST) * share * (1 - share);
    if (this.phi >= 0) {
      const part = logistic(at[this.phi] ?? 0);
      into[this.phi] = (slopes[PHI] ?? 0) * (MOST_DAMPING - LEAST_DAMPING) * part * (1 - part);
    }
    into[this.states] = (slopes[LEVEL] ?? 0) * start.scale;
    const trended = this.form.trend !== 'N';
    if (trended) into[this.states + 1] = (slopes[GROWTH] ?? 0) * this.growthUnit(start);
    const first = this.states + (trended ? 2 : 1);
    const last = slopes[FIRST_SEASON + this.period - 1] ?? 0;
    const unit = this.seasonUnit(start);
    for (let place = 0; place < this.period - 1; place += 1) {
      into[first + place] = ((slopes[FIRST_SEASON + place] ?? 0) - last) * unit;
    }
  }

  private growthUnit({ scale, level }: EtsStart): number {
    return this.form.trend === 'M' ? (0.1 * scale) / Math.max(Math.abs(level), scale) : 0.1 * scale;
  }

  private seasonUnit({ scale, level }: EtsStart): number {
    return this.form.season === 'M' ? scale / Math.max(Math.abs(level), scale) : scale;
  }
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
