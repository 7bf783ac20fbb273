import {
  addsTo,
  DRIVERS,
  type Driver,
  type DriverPaths,
  type MrrMonth,
  pathsOf,
  rolledForward,
} from './months.ts';

/** The drivers all better (above 0) or worse by so many of their deviations. */
export function shifted(mean: DriverPaths, deviation: DriverPaths, by: number): DriverPaths {
  return pathsOf((driver) => moved(mean, deviation, driver, by));
}

function moved(mean: DriverPaths, deviation: DriverPaths, driver: Driver, by: number): Float64Array {
  const step = by * addsTo(driver);
  return mean[driver].map((value, at) => Math.max(0, value + step * (deviation[driver][at] ?? 0)));
}

/**
 * The future in which all drivers are off alike, and that ends at a given amount: how a good or a poor year comes
 * about. The amount is approached as far as four deviations of each driver go.
 */
export function futureEndingAt(
  opening: number,
  mean: DriverPaths,
  deviation: DriverPaths,
  target: number,
): { months: MrrMonth[]; deviations: number } {
  const endOf = (by: number) =>
    rolledForward(opening, shifted(mean, deviation, by)).at(-1)?.closing ?? opening;
  let [low, high] = [-4, 4];
  for (let round = 0; round < 50; round += 1) {
    const middle = (low + high) / 2;
    if (endOf(middle) < target) low = middle;
    else high = middle;
  }
  const deviations = (low + high) / 2;
  return { months: rolledForward(opening, shifted(mean, deviation, deviations)), deviations };
}

/** One bar of a tornado: where revenue ends if one driver alone is off by a deviation either way. */
export interface TornadoBar {
  driver: Driver;
  worse: number;
  better: number;
}

/** The widest swing first. */
export function tornadoOf(opening: number, mean: DriverPaths, deviation: DriverPaths): TornadoBar[] {
  const endWith = (driver: Driver, by: number) => {
    const paths = { ...mean, [driver]: moved(mean, deviation, driver, by) };
    return rolledForward(opening, paths).at(-1)?.closing ?? opening;
  };
  return DRIVERS.map((driver) => ({
    driver,
    worse: endWith(driver, -1),
    better: endWith(driver, 1),
  })).sort((a, b) => b.better - b.worse - (a.better - a.worse));
}

/** What somebody supposes instead: a driver times a factor, from a month on. */
export interface Supposition {
  driver: Driver;
  factor: number;
  /** The first month it holds for; 0 is the first ahead. */
  fromStep?: number;
}

export function supposed(mean: DriverPaths, suppositions: readonly Supposition[]): DriverPaths {
  return pathsOf((driver) => {
    const own = suppositions.filter((one) => one.driver === driver);
    return mean[driver].map((value, step) =>
      own.reduce(
        (product, { factor, fromStep = 0 }) => (step >= fromStep ? product * factor : product),
        value,
      ),
    );
  });
}
