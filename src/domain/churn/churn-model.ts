import { z } from 'zod';
import { UserError } from '../../lib/errors.ts';
import { chancesOf, type Explanation, explainRow } from '../learning/classifier.ts';
import { type ColumnDrift, driftOf } from '../learning/drift.ts';
import { readModel } from '../learning/model-file.ts';
import { columnsOf, type FeatureValue, type Snapshot } from '../learning/snapshots.ts';

const File = z.strictObject({
  version: z.literal(1),
  horizon_days: z.number().positive(),
  trained_to: z.number(),
  classifier: z.unknown(),
});

/** The chance that a customer leaves within the horizon, and what it is made of. */
export interface ChurnChance extends Pick<Explanation, 'scale' | 'base' | 'contributions'> {
  probability: number;
  horizonDays: number;
}

export interface ChurnModel {
  horizonDays: number;
  trainedTo: number;
  /** Features that are not given count as missing; those the model does not know are not looked at. */
  score(features: Readonly<Record<string, FeatureValue>>): ChurnChance;
  /** The chances alone, which is much faster for many. */
  chances(snapshots: readonly Snapshot[]): Float64Array;
  /** How far the features have moved between two sets of snapshots, of those the model knows. */
  drift(then: readonly Snapshot[], now: readonly Snapshot[]): ColumnDrift[];
}

/** Throws `invalid_input`, naming what is wrong, for anything but what `trainChurn` made. */
export function readChurnModel(json: unknown): ChurnModel {
  const file = File.safeParse(json);
  if (!file.success) {
    const issue = file.error.issues[0];
    throw new UserError(
      'invalid_input',
      `The churn model cannot be read: ${issue?.path.join('.') || 'the top level'}: ${issue?.message}.`,
    );
  }
  const { horizon_days: horizonDays, trained_to: trainedTo } = file.data;
  const classifier = readModel(file.data.classifier);
  const known = classifier.encoding.map(({ name, kind }) => ({
    name,
    kind: kind === 'number' ? ('number' as const) : ('category' as const),
    values: [],
  }));
  return {
    horizonDays,
    trainedTo,
    score: (features) => {
      const columns = columnsOf([{ customer: '', at: 0, features }], known);
      const { chance, scale, base, contributions } = explainRow(classifier, columns, 0);
      return { probability: chance, horizonDays, scale, base, contributions };
    },
    chances: (snapshots) =>
      chancesOf(classifier, columnsOf(snapshots, known), Int32Array.from(snapshots.keys())),
    drift: (then, now) => driftOf(columnsOf(then, known), columnsOf(now, known)),
  };
}
