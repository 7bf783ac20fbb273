import { UserError } from '../../lib/errors.ts';
import { calibrate } from './calibration.ts';
import { chancesOf } from './classifier.ts';
import type { Costs } from './operating-point.ts';
import {
  type ClassificationReport,
  type Judged,
  reportOn,
  type Target,
  type Trial,
  together,
} from './report.ts';
import type { SnapshotTable } from './snapshots.ts';
import { allRows, pickLabels } from './table.ts';
import { type TimeSplit, timeSplits } from './time-splits.ts';
import type { InnerSplit, Lesson, Trained } from './train.ts';

export interface TimeValidation {
  horizonMs: number;
  /** Windows that judge, and windows within a learning side on which everything is chosen. */
  folds: number;
  innerFolds: number;
  windowMs: number;
  costs: Costs;
  target: Target;
}

export interface FoldReport {
  testFrom: number;
  testTo: number;
  learnedRows: number;
  report: ClassificationReport;
}

export interface TimeReport {
  folds: FoldReport[];
  /** Windows that could not be judged, and why. */
  skipped: { testFrom: number; testTo: number; reason: string }[];
  /** Over all windows, each by the thresholds of its own past. */
  pooled: ClassificationReport;
}

export interface Validated {
  report: TimeReport;
  /** Every row that was judged, by its place in the table, with the chance it was given. */
  judged: Judged & { rows: Int32Array };
}

type Train = (lesson: Lesson, splits: readonly InnerSplit[]) => Trained;

/**
 * How a way of training would have fared, window after window, had it been retrained before each: everything that is
 * learned, chosen or calibrated comes from rows whose outcome was known when the window began. Throws
 * `invalid_input` where no window can be judged.
 */
export function validateInTime(table: SnapshotTable, train: Train, options: TimeValidation): Validated {
  const folds: FoldReport[] = [];
  const skipped: TimeReport['skipped'] = [];
  const trials: Trial[] = [];
  const rows: number[] = [];
  for (const split of timeSplits(table.at, allRows(table.labels.length), options)) {
    const { testFrom, testTo, learned } = split;
    const trial = tryWindow(table, split, train, options);
    if ('reason' in trial) skipped.push({ testFrom, testTo, reason: trial.reason });
    else {
      trials.push(trial);
      rows.push(...split.tested);
      folds.push({ testFrom, testTo, learnedRows: learned.length, report: reportOn([trial], options) });
    }
  }
  if (trials.length === 0) {
    throw new UserError('invalid_input', `No window can be judged: ${skipped[0]?.reason ?? 'no rows'}.`);
  }
  return {
    report: { folds, skipped, pooled: reportOn(trials, options) },
    judged: { ...together(trials.map(({ heldOut }) => heldOut)), rows: Int32Array.from(rows) },
  };
}

function tryWindow(
  { columns, labels, at }: SnapshotTable,
  { learned, tested }: TimeSplit,
  train: Train,
  options: TimeValidation,
): Trial | { reason: string } {
  if (!hasBoth(labels, learned)) return { reason: 'before it nobody left, or everybody did' };
  const inner = innerSplits(at, labels, learned, options);
  if (inner.length === 0) return { reason: 'too little history before it to choose settings on' };
  const { classifier, unseen } = train({ columns, labels, rows: learned }, inner);
  return {
    heldOut: { chances: chancesOf(classifier, columns, tested), labels: pickLabels(labels, tested) },
    chosenOn: {
      chances: unseen.margins.map((margin) => calibrate(classifier.calibration, margin)),
      labels: pickLabels(labels, unseen.rows),
    },
  };
}

/** Splits of a learning side by the same rule, of which only those that hold both outcomes are of use. */
export function innerSplits(
  at: Float64Array,
  labels: Uint8Array,
  rows: Int32Array,
  { innerFolds, windowMs, horizonMs }: Pick<TimeValidation, 'innerFolds' | 'windowMs' | 'horizonMs'>,
): InnerSplit[] {
  try {
    return timeSplits(at, rows, { folds: innerFolds, windowMs, horizonMs }).filter(
      ({ learned, tested }) => hasBoth(labels, learned) && hasBoth(labels, tested),
    );
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

function hasBoth(labels: Uint8Array, rows: Int32Array): boolean {
  const first = labels[rows[0] ?? 0];
  return rows.some((row) => labels[row] !== first);
}
