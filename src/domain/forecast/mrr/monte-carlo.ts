import { normalCdf } from '../../statistics/distributions.ts';
import { normalPair, type Random } from '../../statistics/random.ts';
import { addsTo, DRIVERS, type DriverPaths, isShare } from './months.ts';

export interface Simulation {
  /** One ascending list of closing amounts a month. */
  closings: Float64Array[];
}

/**
 * Recurring revenue in so many possible futures. Each driver is off by what lasts (the part of its uncertainty that
 * grows with the horizon, drawn once a run) and by each month's own chance, the drivers together as their months went
 * together. Draws below zero are cut and the rest scaled, so that each driver keeps its mean.
 */
export function simulateMrr(
  opening: number,
  mean: DriverPaths,
  deviation: DriverPaths,
  correlations: Float64Array,
  { runs, random }: { runs: number; random: Random },
): Simulation {
  const horizon = mean.new.length;
  const root = choleskyOf(correlations, DRIVERS.length);
  const draws = normals(random);
  const closings = Array.from({ length: horizon }, () => new Float64Array(runs));
  const plan = DRIVERS.map((driver) => ({
    share: isShare(driver),
    sign: addsTo(driver),
    mean: mean[driver],
    deviation: deviation[driver],
    lasting: mean[driver].map((_value, step) => lastingPart(deviation[driver], step)),
    scale: mean[driver].map((value, step) => keptMean(value, deviation[driver][step] ?? 0)),
  }));
  const lasting = new Float64Array(DRIVERS.length);
  const monthly = new Float64Array(DRIVERS.length);
  for (let run = 0; run < runs; run += 1) {
    correlate(root, draws, lasting);
    let balance = opening;
    for (let step = 0; step < horizon; step += 1) {
      correlate(root, draws, monthly);
      let change = 0;
      for (let at = 0; at < plan.length; at += 1) {
        const driver = plan[at];
        if (!driver) continue;
        const part = driver.lasting[step] ?? 0;
        const chance = Math.sqrt(part) * (lasting[at] ?? 0) + Math.sqrt(1 - part) * (monthly[at] ?? 0);
        const raw = (driver.mean[step] ?? 0) + (driver.deviation[step] ?? 0) * chance;
        const value = Math.max(0, raw) * (driver.scale[step] ?? 1);
        change += driver.sign * (driver.share ? value * balance : value);
      }
      balance = Math.max(0, balance + change);
      const month = closings[step];
      if (month) month[run] = balance;
    }
  }
  for (const month of closings) month.sort();
  return { closings };
}

/** The share of the variance so far ahead that is not already in the first step. */
function lastingPart(deviation: Float64Array, step: number): number {
  const [first, here] = [deviation[0] ?? 0, deviation[step] ?? 0];
  return here > 0 ? Math.max(0, 1 - (first * first) / (here * here)) : 0;
}

/** Mean over the mean of a normal variable cut at zero. */
function keptMean(mean: number, deviation: number): number {
  if (deviation <= 0 || mean <= 0) return mean <= 0 ? 0 : 1;
  const at = mean / deviation;
  const density = Math.exp(-0.5 * at * at) / Math.sqrt(2 * Math.PI);
  return mean / (mean * normalCdf(at) + deviation * density);
}

function normals(random: Random): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const [value, other] = normalPair(random);
    spare = other;
    return value;
  };
}

function correlate(root: Float64Array, draw: () => number, into: Float64Array): void {
  const size = into.length;
  for (let row = 0; row < size; row += 1) into[row] = draw();
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = 0;
    for (let column = 0; column <= row; column += 1)
      sum += (root[row * size + column] ?? 0) * (into[column] ?? 0);
    into[row] = sum;
  }
}

/** The lower root of a correlation matrix; a direction without variance is left at none. */
function choleskyOf(matrix: Float64Array, size: number): Float64Array {
  const root = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = 0; k < column; k += 1) sum -= (root[row * size + k] ?? 0) * (root[column * size + k] ?? 0);
      const head = root[column * size + column] ?? 0;
      root[row * size + column] = row === column ? Math.sqrt(Math.max(0, sum)) : head > 0 ? sum / head : 0;
    }
  }
  return root;
}

/** The amount that a share of the runs stays below, between two neighbours where it falls between them. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? 0;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}

/** The share of runs that reach an amount. */
export function chanceOfReaching(sorted: Float64Array, amount: number): number {
  return sorted.reduce((count, value) => count + (value >= amount ? 1 : 0), 0) / Math.max(1, sorted.length);
}
