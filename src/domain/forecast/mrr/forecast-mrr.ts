import { UserError } from '../../../lib/errors.ts';
import { seededRandom } from '../../statistics/random.ts';
import type { AccuracyClaim } from '../claims.ts';
import { widening } from '../conformal.ts';
import type { ForecastNote } from '../forecast.ts';
import { backtestMrr, candidatePaths, claimsOf, type MrrBacktest, type MrrMethod } from './backtest.ts';
import { driverCorrelations, forecastDrivers, type Regressor, type ScenarioName } from './drivers.ts';
import { chanceOfReaching, quantileOf, simulateMrr } from './monte-carlo.ts';
import { DRIVERS, type Driver, type DriverPaths, type MrrMonth, rolledForward } from './months.ts';
import { reconciled } from './reconcile.ts';
import { futureEndingAt, type Supposition, supposed, type TornadoBar, tornadoOf } from './scenarios.ts';

export interface MrrForecastOptions {
  horizon?: number;
  /** Possible futures drawn; at least 1,000. */
  runs?: number;
  /** Names the random stream: the data version, so that the same data give the same forecast. */
  seed?: string;
  regressors?: readonly Regressor[];
  suppositions?: readonly Supposition[];
  /** An amount somebody hopes to reach by the last month, in minor units. */
  target?: number;
}

export interface MrrForecastMonth extends MrrMonth {
  /** Bounds of the closing amount at 80% and 95%. */
  low80: number;
  high80: number;
  low95: number;
  high95: number;
}

export interface MrrForecast {
  months: MrrForecastMonth[];
  scenarios: Record<ScenarioName, MrrMonth[]>;
  tornado: TornadoBar[];
  method: MrrMethod;
  origins: number;
  claims: AccuracyClaim[];
  /** Whether the chosen method missed by less than repeating the last value did; null without origins. */
  beatsLastValue: boolean | null;
  /** How much wider the ranges are than the simulation's, by what was missed before. */
  widening80: number;
  widening95: number;
  /** The chance of the target, if one was named. */
  chance: number | null;
  notes: { driver: Driver; note: ForecastNote }[];
  runs: number;
}

const DEFAULT_RUNS = 5000;
const LEAST_MONTHS = 6;

/**
 * Recurring revenue for the months ahead: by its movements and as one series, whichever was better from earlier months,
 * with the movements made to agree; ranges from seeded futures, widened by what was missed before; scenarios that end
 * at the bounds of the 80% range. Amounts are minor units. Throws `invalid_input` for less than six months, amounts
 * that do not add up, or options out of range.
 */
export function forecastMrr(months: readonly MrrMonth[], options: MrrForecastOptions = {}): MrrForecast {
  const { horizon = 12, runs = DEFAULT_RUNS, seed = 'mrr', regressors = [], suppositions = [] } = options;
  check(months, horizon, runs, regressors);
  const opening = months.at(-1)?.closing ?? 0;
  const backtest = backtestMrr(months, horizon);
  const drivers = forecastDrivers(months, horizon, regressors);
  const closings = regressors.length > 0 ? null : candidatePaths(months, horizon)[backtest.chosen];
  const base = closings ? reconciled(opening, drivers.mean, drivers.deviation, closings) : drivers.mean;
  const mean = supposed(base, suppositions);
  const random = seededRandom(`mrr forecast ${seed}`);
  const simulation = simulateMrr(opening, mean, drivers.deviation, driverCorrelations(months), {
    runs,
    random,
  });
  const path = rolledForward(opening, mean);
  const wide = widths(backtest, simulation.closings, path);
  const ahead = path.map((month, step) => banded(month, simulation.closings[step], wide));
  const last = ahead.at(-1);
  const ends = { opening, mean, deviation: drivers.deviation };
  return {
    months: ahead,
    scenarios: scenariosOf(ends, path, last, { months, horizon, regressors }),
    tornado: tornadoOf(opening, mean, drivers.deviation),
    method: regressors.length > 0 ? 'by_movement' : backtest.chosen,
    origins: backtest.origins,
    claims: claimsOf(
      backtest,
      [1, 3, 6, 12].filter((step) => step <= horizon),
    ),
    beatsLastValue: beats(backtest),
    widening80: wide.at80,
    widening95: wide.at95,
    chance: options.target === undefined ? null : chanceAt(simulation.closings.at(-1), options.target),
    notes: DRIVERS.flatMap((driver) =>
      drivers.forecasts[driver].notes.map((note) => ({ driver, note })),
    ).filter(({ note }) => note.kind !== 'no_earlier_origin'),
    runs,
  };
}

function chanceAt(sorted: Float64Array | undefined, target: number): number | null {
  return sorted ? chanceOfReaching(sorted, target) : null;
}

interface Ends {
  opening: number;
  mean: DriverPaths;
  deviation: DriverPaths;
}

/** With scenario paths of regressors the drivers themselves differ; without, all are off alike. */
function scenariosOf(
  { opening, mean, deviation }: Ends,
  realistic: MrrMonth[],
  last: MrrForecastMonth | undefined,
  given: { months: readonly MrrMonth[]; horizon: number; regressors: readonly Regressor[] },
): MrrForecast['scenarios'] {
  const under = (name: 'optimistic' | 'pessimistic', target: number) => {
    const varied = given.regressors.some(({ future }) => future[name] !== undefined);
    if (!varied) return futureEndingAt(opening, mean, deviation, target).months;
    return rolledForward(opening, forecastDrivers(given.months, given.horizon, given.regressors, name).mean);
  };
  return {
    realistic,
    optimistic: under('optimistic', last?.high80 ?? opening),
    pessimistic: under('pessimistic', last?.low80 ?? opening),
  };
}

interface Widths {
  at80: number;
  at95: number;
}

/** Earlier misses over the half-width that is claimed for as many months ahead now. */
function widths(backtest: MrrBacktest, closings: readonly Float64Array[], path: readonly MrrMonth[]): Widths {
  const scores = backtest.errors[backtest.chosen].flatMap((errors, step) => {
    const sorted = closings[step];
    const centre = path[step]?.closing ?? 0;
    if (!sorted || centre <= 0) return [];
    const deviation = (quantileOf(sorted, 0.8413) - quantileOf(sorted, 0.1587)) / 2 / centre;
    return deviation > 0 ? errors.map((error) => Math.abs(error) / deviation) : [];
  });
  const errors = { scores: scores.sort((a, b) => a - b), origins: backtest.origins };
  return { at80: widening(errors, 0.8), at95: widening(errors, 0.95) };
}

function banded(month: MrrMonth, sorted: Float64Array | undefined, wide: Widths): MrrForecastMonth {
  const bound = (share: number, width: number) => {
    const edge = sorted ? quantileOf(sorted, share) : month.closing;
    return Math.max(0, Math.round(month.closing + width * (edge - month.closing)));
  };
  return {
    ...month,
    low80: Math.min(month.closing, bound(0.1, wide.at80)),
    high80: Math.max(month.closing, bound(0.9, wide.at80)),
    low95: Math.min(month.closing, bound(0.1, wide.at80), bound(0.025, wide.at95)),
    high95: Math.max(month.closing, bound(0.9, wide.at80), bound(0.975, wide.at95)),
  };
}

function beats({ errors, chosen, origins }: MrrBacktest): boolean | null {
  if (origins === 0) return null;
  const size = (list: number[][]) => list.flat().reduce((sum, error) => sum + Math.abs(error), 0);
  return size(errors[chosen]) < size(errors.last_value);
}

function check(
  months: readonly MrrMonth[],
  horizon: number,
  runs: number,
  regressors: readonly Regressor[],
): void {
  const refuse = (message: string) => {
    throw new UserError('invalid_input', message);
  };
  if (months.length < LEAST_MONTHS) {
    refuse(`${months.length} months of history are too few: a forecast needs ${LEAST_MONTHS}.`);
  }
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= 36))
    refuse('A forecast goes 1 to 36 months ahead.');
  if (!(Number.isInteger(runs) && runs >= 1000 && runs <= 100_000)) {
    refuse('Between 1,000 and 100,000 futures are drawn.');
  }
  for (const [at, month] of months.entries()) {
    const closing =
      month.opening + month.new + month.expansion + month.reactivation - month.contraction - month.churn;
    if (closing !== month.closing) refuse(`The movements of month ${at + 1} do not add up to its closing.`);
  }
  for (const { name, past, future } of regressors) {
    const paths = [future.realistic, future.optimistic, future.pessimistic].filter(
      (path) => path !== undefined,
    );
    if (past.length !== months.length || paths.some((path) => path.length < horizon)) {
      refuse(`${name} needs a value for each month of history and each month ahead.`);
    }
  }
}
