import { UserError } from '../../../lib/errors.ts';
import { checkSpells, type Spell } from '../spells.ts';

/**
 * What to do where several have the event at the same time: Efron's and Breslow's approximations, or the exact partial
 * likelihood of times that are truly discrete.
 */
export type Ties = 'efron' | 'breslow' | 'exact';

/** What a proportional-hazards model is fitted to. Rows of `covariates` belong to `spells`, columns to `names`. */
export interface CoxData {
  spells: readonly Spell[];
  covariates: readonly (readonly number[])[];
  names: readonly string[];
  /** The stratum of each row; each has a baseline of its own. */
  strata?: readonly string[] | null;
}

/** Throws `invalid_input`, naming the row counted from 1. */
export function checkCoxData({ spells, covariates, names, strata }: CoxData): void {
  checkSpells(spells);
  if (covariates.length !== spells.length || (strata && strata.length !== spells.length)) {
    throw new UserError('invalid_input', 'Every row needs its times, its covariates and its stratum.');
  }
  for (const [at, row] of covariates.entries()) {
    if (row.length !== names.length || !row.every(Number.isFinite)) {
      throw new UserError(
        'invalid_input',
        `Row ${at + 1} does not have a number for each of ${names.join(', ')}.`,
      );
    }
  }
  if (!spells.some(({ event }) => event)) {
    throw new UserError('invalid_input', 'Nobody had the event, so there is nothing to fit.');
  }
}

/** x'beta of every row. */
export function linearPredictors(
  covariates: readonly (readonly number[])[],
  coefficients: readonly number[],
): number[] {
  return covariates.map((row) => row.reduce((sum, value, at) => sum + value * (coefficients[at] ?? 0), 0));
}
