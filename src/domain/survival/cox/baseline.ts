import { UserError } from '../../../lib/errors.ts';
import { byStratum, walkRiskSets } from '../spells.ts';
import type { CoxFit } from './fit-cox.ts';
import { linearPredictors } from './model.ts';

/** The cumulative hazard of one stratum for covariates of zero, at every time an observation of it ended. */
export interface Baseline {
  stratum: string;
  points: { time: number; cumulativeHazard: number }[];
}

/**
 * The baseline of each stratum, strata in the order of their names: Efron's sums for ties by Efron, Breslow's for the
 * others.
 */
export function baselinesOf(fit: CoxFit): Baseline[] {
  const { spells, strata } = fit.data;
  const weights = linearPredictors(
    fit.data.covariates,
    fit.coefficients.map((one) => one.coefficient),
  ).map(Math.exp);
  const weightOf = (row: number) => weights[row] ?? 0;
  const jumps = new Map<string, Map<number, number>>();
  let [own, risk] = [new Map<number, number>(), 0];
  walkRiskSets(spells, strata ?? null, {
    begin: (stratum) => {
      [own, risk] = [new Map(), 0];
      jumps.set(stratum, own);
    },
    enter: (row) => {
      risk += weightOf(row);
    },
    leave: (row) => {
      risk -= weightOf(row);
    },
    at: (time, events) => {
      const tied = events.reduce((sum, row) => sum + weightOf(row), 0);
      const share = fit.ties === 'efron' ? 1 / events.length : 0;
      own.set(
        time,
        events.reduce((sum, _, step) => sum + 1 / (risk - step * share * tied), 0),
      );
    },
  });
  return byStratum(spells.length, strata ?? null).map(([stratum, rows]) => {
    const times = [...new Set(rows.map((row) => spells[row]?.stop ?? 0))].sort((a, b) => a - b);
    let cumulativeHazard = 0;
    const points = times.map((time) => {
      cumulativeHazard += jumps.get(stratum)?.get(time) ?? 0;
      return { time, cumulativeHazard };
    });
    return { stratum, points };
  });
}

/**
 * The share of people with these covariates who are without the event at each time. Throws `invalid_input` for a stratum
 * the model does not know.
 */
export function predictSurvival(
  fit: CoxFit,
  covariates: readonly number[],
  times: readonly number[],
  stratum = '',
): number[] {
  const baseline = baselinesOf(fit).find((one) => one.stratum === stratum);
  if (!baseline) throw new UserError('invalid_input', `The model has no stratum "${stratum}".`);
  const [eta = 0] = linearPredictors(
    [covariates],
    fit.coefficients.map((one) => one.coefficient),
  );
  return times.map((time) => {
    const last = baseline.points.findLast((point) => point.time <= time);
    return Math.exp(-(last?.cumulativeHazard ?? 0) * Math.exp(eta));
  });
}
