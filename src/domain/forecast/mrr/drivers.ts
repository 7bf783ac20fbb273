import { forecastSeries, type SeriesForecast } from '../forecast.ts';
import { DRIVERS, type Driver, type DriverPaths, driversOf, type MrrMonth, pathsOf } from './months.ts';

const MONTHS_A_YEAR = 12;

/** Something outside that moves a driver: marketing spend on new business, a market index on churn. */
export interface Regressor {
  name: string;
  driver: Driver;
  /** One value a month of history. */
  past: readonly number[];
  /** One value a month ahead, under each scenario; a scenario left out takes the realistic path. */
  future: { realistic: readonly number[]; optimistic?: readonly number[]; pessimistic?: readonly number[] };
}

export type ScenarioName = 'realistic' | 'optimistic' | 'pessimistic';

export interface DriverForecasts {
  forecasts: Record<Driver, SeriesForecast>;
  mean: DriverPaths;
  deviation: DriverPaths;
}

/** Each driver by itself, with the regressors that are said to move it. */
export function forecastDrivers(
  months: readonly MrrMonth[],
  horizon: number,
  regressors: readonly Regressor[] = [],
  scenario: ScenarioName = 'realistic',
): DriverForecasts {
  const history = driversOf(months);
  const forecastOf = (driver: Driver) => {
    const own = regressors.filter((regressor) => regressor.driver === driver);
    const known = {
      past: own.map(({ past }) => Float64Array.from(past)),
      future: own.map(({ future }) => Float64Array.from(future[scenario] ?? future.realistic)),
    };
    const options = own.length > 0 ? { levels: [], regressors: known } : { levels: [] };
    return forecastSeries(history[driver], MONTHS_A_YEAR, horizon, options);
  };
  const forecasts = {
    new: forecastOf('new'),
    reactivation: forecastOf('reactivation'),
    expansion: forecastOf('expansion'),
    contraction: forecastOf('contraction'),
    churn: forecastOf('churn'),
  };
  return {
    forecasts,
    mean: pathsOf((driver) => forecasts[driver].outlook.mean.map((value) => Math.max(0, value))),
    deviation: pathsOf((driver) => forecasts[driver].outlook.deviation),
  };
}

/** The closing amounts of the months by themselves, forecast as one series. */
export function forecastClosing(months: readonly MrrMonth[], horizon: number): Float64Array {
  const closings = months.map(({ closing }) => closing);
  return forecastSeries(closings, MONTHS_A_YEAR, horizon, { levels: [] }).outlook.mean;
}

/** How the drivers' months went together, each with each, from -1 to 1; drawn half-way to none, for months are few. */
export function driverCorrelations(months: readonly MrrMonth[]): Float64Array {
  const history = driversOf(months);
  const size = DRIVERS.length;
  const matrix = new Float64Array(size * size);
  for (const [row, one] of DRIVERS.entries()) {
    for (const [column, other] of DRIVERS.entries()) {
      matrix[row * size + column] = row === column ? 1 : 0.5 * correlation(history[one], history[other]);
    }
  }
  return matrix;
}

/** Of the changes from month to month, so that a common trend is no correlation. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let at = 1; at < a.length; at += 1) {
    const x = (a[at] ?? 0) - (a[at - 1] ?? 0);
    const y = (b[at] ?? 0) - (b[at - 1] ?? 0);
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
