import { zeroMatrix } from '../../statistics/positive-systems.ts';
import { walkRiskSets } from '../spells.ts';
import { exactTerm } from './exact-ties.ts';
import { type CoxData, linearPredictors, type Ties } from './model.ts';

/** What one event time adds to the log partial likelihood, its gradient and its information. */
export interface TimeTerm {
  time: number;
  logLikelihood: number;
  score: number[];
  information: number[][];
}

/** Sums over a set of rows of r, r x and r x x', with r = exp(x'beta). */
interface Sums {
  weight: number;
  first: number[];
  second: number[][];
}

function noSums(size: number): Sums {
  return { weight: 0, first: new Array<number>(size).fill(0), second: zeroMatrix(size) };
}

function addRow(sums: Sums, weight: number, x: readonly number[]): void {
  sums.weight += weight;
  for (const [one, value] of x.entries()) {
    sums.first[one] = (sums.first[one] ?? 0) + weight * value;
    const row = sums.second[one] ?? [];
    for (let other = 0; other <= one; other += 1) {
      row[other] = (row[other] ?? 0) + weight * value * (x[other] ?? 0);
    }
  }
}

/**
 * Gives each event time's term at `coefficients` to `take` (Therneau and Grambsch 2000, 3.1 and 3.3). The covariates
 * should lie about zero; the likelihood does not depend on where.
 */
export function eachTimeTerm(
  { spells, covariates, names, strata }: CoxData,
  coefficients: readonly number[],
  ties: Ties,
  take: (term: TimeTerm) => void,
): void {
  const eta = linearPredictors(covariates, coefficients);
  const largest = eta.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const weights = eta.map((value) => Math.exp(value - largest));
  const size = names.length;
  let risk = noSums(size);
  const inside = new Set<number>();
  walkRiskSets(spells, strata ?? null, {
    begin: () => {
      risk = noSums(size);
      inside.clear();
    },
    enter: (row) => {
      if (ties === 'exact') inside.add(row);
      addRow(risk, weights[row] ?? 0, covariates[row] ?? []);
    },
    leave: (row) => {
      if (ties === 'exact') inside.delete(row);
      addRow(risk, -(weights[row] ?? 0), covariates[row] ?? []);
    },
    at: (time, events) => {
      if (ties === 'exact' && events.length > 1) {
        take({ time, ...exactTerm([...inside], events, weights, covariates, size) });
        return;
      }
      const tied = noSums(size);
      let [logLikelihood, drawn] = [0, new Array<number>(size).fill(0)];
      for (const row of events) {
        addRow(tied, weights[row] ?? 0, covariates[row] ?? []);
        logLikelihood += (eta[row] ?? 0) - largest;
        drawn = drawn.map((sum, at) => sum + (covariates[row]?.[at] ?? 0));
      }
      take({ time, ...approximateTerm(risk, tied, events.length, { logLikelihood, drawn }, ties) });
    },
  });
}

/** Efron takes the tied ones out by shares, one after another; Breslow leaves them all at risk. */
function approximateTerm(
  risk: Sums,
  tied: Sums,
  count: number,
  { logLikelihood: events, drawn }: { logLikelihood: number; drawn: readonly number[] },
  ties: Ties,
): Omit<TimeTerm, 'time'> {
  const size = drawn.length;
  let logLikelihood = events;
  const score = [...drawn];
  const information = zeroMatrix(size);
  for (let step = 0; step < count; step += 1) {
    const share = ties === 'efron' ? step / count : 0;
    const weight = risk.weight - share * tied.weight;
    logLikelihood -= Math.log(weight);
    const mean = risk.first.map((sum, at) => (sum - share * (tied.first[at] ?? 0)) / weight);
    for (let one = 0; one < size; one += 1) {
      score[one] = (score[one] ?? 0) - (mean[one] ?? 0);
      const row = information[one] ?? [];
      for (let other = 0; other <= one; other += 1) {
        const second = (risk.second[one]?.[other] ?? 0) - share * (tied.second[one]?.[other] ?? 0);
        row[other] = (row[other] ?? 0) + second / weight - (mean[one] ?? 0) * (mean[other] ?? 0);
      }
    }
  }
  return { logLikelihood, score, information: mirrored(information) };
}

/** The whole of a symmetric matrix of which the lower triangle was filled. */
function mirrored(lower: number[][]): number[][] {
  return lower.map((row, one) =>
    row.map((value, other) => (other > one ? (lower[other]?.[one] ?? 0) : value)),
  );
}

/** All terms together. */
export function partialLikelihood(
  data: CoxData,
  coefficients: readonly number[],
  ties: Ties,
): { value: number; score: number[]; information: number[][] } {
  const size = data.names.length;
  const score = new Array<number>(size).fill(0);
  const information = zeroMatrix(size);
  let value = 0;
  eachTimeTerm(data, coefficients, ties, (term) => {
    value += term.logLikelihood;
    for (let one = 0; one < size; one += 1) {
      score[one] = (score[one] ?? 0) + (term.score[one] ?? 0);
      const row = information[one] ?? [];
      for (let other = 0; other < size; other += 1) {
        row[other] = (row[other] ?? 0) + (term.information[one]?.[other] ?? 0);
      }
    }
  });
  return { value, score, information };
}
