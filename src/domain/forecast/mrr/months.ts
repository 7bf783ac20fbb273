import type { MonthlyMovements } from '../../mrr/movements.ts';

/** A month of recurring revenue as it moved, in minor units of one currency. */
export type MrrMonth = Pick<
  MonthlyMovements,
  'opening' | 'new' | 'expansion' | 'contraction' | 'churn' | 'reactivation' | 'closing'
>;

/** What moves recurring revenue, in the order of a movements table. */
export const DRIVERS = ['new', 'reactivation', 'expansion', 'contraction', 'churn'] as const;

export type Driver = (typeof DRIVERS)[number];

/** A number for each driver and month: money a month for new and reactivation, for the others a share of the opening. */
export type DriverPaths = Record<Driver, Float64Array>;

/** Money that comes whatever the base is; the other drivers grow with it. */
export function isShare(driver: Driver): boolean {
  return driver === 'expansion' || driver === 'contraction' || driver === 'churn';
}

export function addsTo(driver: Driver): 1 | -1 {
  return driver === 'contraction' || driver === 'churn' ? -1 : 1;
}

export function pathsOf(each: (driver: Driver) => Float64Array): DriverPaths {
  return {
    new: each('new'),
    reactivation: each('reactivation'),
    expansion: each('expansion'),
    contraction: each('contraction'),
    churn: each('churn'),
  };
}

/** The drivers' history; the shares of a month that opened at nothing are 0. */
export function driversOf(months: readonly MrrMonth[]): DriverPaths {
  return pathsOf((driver) =>
    Float64Array.from(months, (month) => {
      if (!isShare(driver)) return month[driver];
      return month.opening > 0 ? month[driver] / month.opening : 0;
    }),
  );
}

/** The movements of one month that opens with so much, in whole minor units; more than all is never lost. */
export function monthFrom(opening: number, paths: DriverPaths, step: number): MrrMonth {
  const amount = (driver: Driver) => {
    const value = Math.max(0, paths[driver][step] ?? 0);
    return Math.round(isShare(driver) ? value * opening : value);
  };
  const churn = Math.min(opening, amount('churn'));
  const contraction = Math.min(opening - churn, amount('contraction'));
  const month = { new: amount('new'), expansion: amount('expansion'), reactivation: amount('reactivation') };
  const closing = opening + month.new + month.expansion + month.reactivation - contraction - churn;
  return { opening, ...month, contraction, churn, closing };
}

/** Month after month from an opening. */
export function rolledForward(opening: number, paths: DriverPaths): MrrMonth[] {
  const months: MrrMonth[] = [];
  let open = opening;
  for (let step = 0; step < paths.new.length; step += 1) {
    const month = monthFrom(open, paths, step);
    months.push(month);
    open = month.closing;
  }
  return months;
}
