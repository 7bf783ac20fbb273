import { addsTo, DRIVERS, type Driver, type DriverPaths, isShare, pathsOf, rolledForward } from './months.ts';

/**
 * Moves the drivers' paths so that their months close where another forecast says: what a month is off by is shared
 * out by variance (weighted least squares; Wickramasuriya, Athanasopoulos and Hyndman, JASA 114, 2019, with a diagonal
 * of variances), and no movement goes below zero.
 */
export function reconciled(
  opening: number,
  mean: DriverPaths,
  deviation: DriverPaths,
  closings: Float64Array,
): DriverPaths {
  const paths = pathsOf((driver) => mean[driver].slice());
  for (let step = 0; step < closings.length; step += 1) {
    const before = rolledForward(opening, upTo(paths, step)).at(-1)?.closing ?? opening;
    const amounts = amountsAt(paths, step, before);
    const spreads = amountsAt(deviation, step, before);
    const net = DRIVERS.reduce((sum, driver) => sum + addsTo(driver) * amounts[driver], 0);
    shareOut((closings[step] ?? before) - before - net, amounts, spreads);
    for (const driver of DRIVERS) {
      const amount = amounts[driver];
      paths[driver][step] = isShare(driver) ? (before > 0 ? amount / before : 0) : amount;
    }
  }
  return paths;
}

type Amounts = Record<Driver, number>;

function upTo(paths: DriverPaths, step: number): DriverPaths {
  return pathsOf((driver) => paths[driver].slice(0, step));
}

function amountsAt(paths: DriverPaths, step: number, opening: number): Amounts {
  const amount = (driver: Driver) => (paths[driver][step] ?? 0) * (isShare(driver) ? opening : 1);
  return {
    new: amount('new'),
    reactivation: amount('reactivation'),
    expansion: amount('expansion'),
    contraction: amount('contraction'),
    churn: amount('churn'),
  };
}

/** Adds `rest` to the balance of a month's movements; what one at zero cannot give, the others do. */
function shareOut(rest: number, amounts: Amounts, spreads: Amounts): void {
  let open = rest;
  for (let round = 0; round < DRIVERS.length && Math.abs(open) > 1e-9; round += 1) {
    const free = DRIVERS.filter((driver) => open * addsTo(driver) > 0 || amounts[driver] > 0);
    const weight = (driver: Driver) => Math.max(spreads[driver] ** 2, 1e-12);
    const total = free.reduce((sum, driver) => sum + weight(driver), 0);
    if (total === 0) return;
    const share = open / total;
    for (const driver of free) {
      const moved = Math.max(0, amounts[driver] + addsTo(driver) * share * weight(driver));
      open -= addsTo(driver) * (moved - amounts[driver]);
      amounts[driver] = moved;
    }
  }
}
