import { type AccuracyClaim, claimsFrom, type ErrorsByStep, meanError } from '../claims.ts';
import { forecastClosing, forecastDrivers } from './drivers.ts';
import { type MrrMonth, rolledForward } from './months.ts';

/** By its movements, as one series, or half-way between both. */
export type MrrMethod = 'by_movement' | 'top_down' | 'mean_of_both';

export const METHODS: readonly MrrMethod[] = ['mean_of_both', 'by_movement', 'top_down'];

const MOST_ORIGINS = 8;

/** History before the first origin: a year, so that there is something to fit. */
const LEAST_HISTORY = 12;

export interface MrrBacktest {
  origins: number;
  errors: Record<MrrMethod | 'last_value', ErrorsByStep>;
  chosen: MrrMethod;
}

/**
 * The forecasts that would have been made at the ends of up to eight earlier months, from what was known then, held
 * against what came. The method with the least mean percentage error over all steps is chosen; with less than three
 * origins nothing can be chosen, and both are averaged.
 */
export function backtestMrr(months: readonly MrrMonth[], horizon: number): MrrBacktest {
  const errors = {
    mean_of_both: emptySteps(horizon),
    by_movement: emptySteps(horizon),
    top_down: emptySteps(horizon),
    last_value: emptySteps(horizon),
  };
  let origins = 0;
  for (let known = months.length - 1; known >= LEAST_HISTORY && origins < MOST_ORIGINS; known -= 1) {
    const truth = months.slice(known, known + horizon).map(({ closing }) => closing);
    const paths = candidatePaths(months.slice(0, known), truth.length);
    origins += 1;
    for (const [name, path] of Object.entries(paths)) {
      if (!isName(name)) continue;
      for (const [step, actual] of truth.entries()) {
        if (actual > 0) errors[name][step]?.push((path[step] ?? 0) / actual - 1);
      }
    }
  }
  return { origins, errors, chosen: origins < 3 ? 'mean_of_both' : bestOf(errors) };
}

function isName(name: string): name is MrrMethod | 'last_value' {
  return name === 'last_value' || METHODS.some((method) => method === name);
}

function emptySteps(horizon: number): ErrorsByStep {
  return Array.from({ length: horizon }, () => []);
}

/** Closing amounts ahead by each method. */
export function candidatePaths(
  months: readonly MrrMonth[],
  horizon: number,
): Record<MrrMethod | 'last_value', Float64Array> {
  const last = months.at(-1)?.closing ?? 0;
  const { mean } = forecastDrivers(months, horizon);
  const byMovement = Float64Array.from(rolledForward(last, mean), ({ closing }) => closing);
  const topDown = forecastClosing(months, horizon);
  return {
    by_movement: byMovement,
    top_down: topDown,
    mean_of_both: byMovement.map((value, step) => (value + (topDown[step] ?? value)) / 2),
    last_value: new Float64Array(horizon).fill(last),
  };
}

function bestOf(errors: MrrBacktest['errors']): MrrMethod {
  const scored = METHODS.map((method) => ({ method, error: meanError(errors[method].flat()) ?? 0 }));
  return scored.reduce((best, next) => (next.error < best.error ? next : best)).method;
}

/** What may be claimed of the chosen method. */
export function claimsOf({ errors, chosen }: MrrBacktest, monthsAhead: readonly number[]): AccuracyClaim[] {
  return claimsFrom(errors[chosen], errors.last_value, monthsAhead);
}
