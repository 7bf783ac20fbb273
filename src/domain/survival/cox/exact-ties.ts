import { UserError } from '../../../lib/errors.ts';
import { zeroMatrix } from '../../statistics/positive-systems.ts';

/** A sum over all sets of some size of the products of their weights, with its first and second derivatives. */
interface SetSum {
  value: number;
  first: number[];
  second: number[][];
}

/**
 * The exact term of one event time: the chance that of all sets of so many at risk just these had the event. The sum
 * over sets grows one row at a time (Gail, Lubin and Rubinstein, Biometrika 68, 1981): e_k of all rows so far is e_k
 * without the last plus its weight times e_(k-1). Throws `invalid_input` where so many are tied that the number of sets is beyond
 * what can be counted.
 */
export function exactTerm(
  atRisk: readonly number[],
  events: readonly number[],
  weights: readonly number[],
  covariates: readonly (readonly number[])[],
  size: number,
): { logLikelihood: number; score: number[]; information: number[][] } {
  // About 1, so that products neither grow nor vanish sooner than they must.
  const scale = atRisk.reduce((sum, row) => sum + (weights[row] ?? 0), 0) / atRisk.length;
  const sums: SetSum[] = Array.from({ length: events.length + 1 }, (_, at) => ({
    value: at === 0 ? 1 : 0,
    first: new Array<number>(size).fill(0),
    second: zeroMatrix(size),
  }));
  for (const row of atRisk) grow(sums, (weights[row] ?? 0) / scale, covariates[row] ?? []);
  const all = sums[events.length];
  if (!all || !Number.isFinite(all.value) || !(all.value > 0)) {
    throw new UserError(
      'invalid_input',
      `${events.length} of ${atRisk.length} have the event at the same time: too many for the exact method. Efron's is close to it.`,
    );
  }
  const mean = all.first.map((sum) => sum / all.value);
  const drawn = mean.map((_, at) => events.reduce((sum, row) => sum + (covariates[row]?.[at] ?? 0), 0));
  const chosen = events.reduce((sum, row) => sum + Math.log((weights[row] ?? 0) / scale), 0);
  return {
    logLikelihood: chosen - Math.log(all.value),
    score: drawn.map((sum, at) => sum - (mean[at] ?? 0)),
    information: all.second.map((row, one) =>
      row.map((sum, other) => sum / all.value - (mean[one] ?? 0) * (mean[other] ?? 0)),
    ),
  };
}

/** From the largest sets down, so that each still sees the smaller ones without the new row. */
function grow(sums: SetSum[], weight: number, x: readonly number[]): void {
  for (let count = sums.length - 1; count >= 1; count -= 1) {
    const [larger, smaller] = [sums[count], sums[count - 1]];
    if (!larger || !smaller || smaller.value === 0) continue;
    for (const [one, value] of x.entries()) {
      const row = larger.second[one] ?? [];
      for (const [other, another] of x.entries()) {
        row[other] =
          (row[other] ?? 0) +
          weight *
            ((smaller.second[one]?.[other] ?? 0) +
              value * (smaller.first[other] ?? 0) +
              another * (smaller.first[one] ?? 0) +
              value * another * smaller.value);
      }
    }
    for (const [one, value] of x.entries()) {
      larger.first[one] =
        (larger.first[one] ?? 0) + weight * ((smaller.first[one] ?? 0) + value * smaller.value);
    }
    larger.value += weight * smaller.value;
  }
}
