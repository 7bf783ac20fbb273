import { UserError } from '../../lib/errors.ts';
import { type Challenge, challenge } from '../learning/challenge.ts';
import type { Directions } from '../learning/encoding.ts';
import { type Importance, permutationImportance } from '../learning/importance.ts';
import { writeModel } from '../learning/model-file.ts';
import type { Costs } from '../learning/operating-point.ts';
import type { Target } from '../learning/report.ts';
import { labelSnapshots, type Snapshot, type SnapshotTable } from '../learning/snapshots.ts';
import { type Suspect, suspectsOf } from '../learning/suspects.ts';
import { allRows } from '../learning/table.ts';
import { timeSplits } from '../learning/time-splits.ts';
import {
  type InnerSplit,
  type Lesson,
  type Trained,
  trainBoosting,
  trainForest,
  trainLogistic,
} from '../learning/train.ts';
import {
  innerSplits,
  type TimeReport,
  type TimeValidation,
  validateInTime,
} from '../learning/validate-in-time.ts';
import type { Json } from '../types.ts';

const DAY_MS = 86_400_000;
const FOLDS = 3;
const INNER_FOLDS = 3;
/** Fewer leavers than this teach a model about them, and nothing about leaving. */
const LEAST_LEAVERS = 30;

/** What a churn model is learned from; plain data, so that it can be handed to a thread. */
export interface ChurnLesson {
  snapshots: Snapshot[];
  /** When customers left, by customer. */
  leftAt: [customer: string, instants: number[]][];
  horizonDays: number;
  /** Of what happened after this instant nothing is known. */
  knownUntil: number;
  costs: Costs;
  target: Target;
  seed: string;
  /** What is known of features beforehand: 1 where more of it can only mean leaving sooner, -1 staying. */
  directions?: Directions;
}

export type Kind = 'logistic' | 'forest' | 'boosting';

/** What is to be known of a model before it is believed. */
export interface ChurnCard {
  kind: Kind;
  horizonDays: number;
  trainedFrom: number;
  trainedTo: number;
  rows: number;
  customers: number;
  leavers: number;
  settings: Trained['settings'];
  /** On windows after what was learned, of the kind that was chosen. */
  validation: TimeReport;
  /** How the other kinds did against the regression on the same windows. */
  contests: { kind: Kind; against: Kind; result: Challenge }[];
  /** On the last window, of a model that was trained before it. */
  importance: Importance[];
  /** Features that tell who leaves nearly by themselves: to be looked at before the model is believed. */
  suspects: Suspect[];
}

/** The model to keep, as JSON for `readChurnModel`, and its card. */
export interface TrainedChurn {
  model: Json;
  card: ChurnCard;
}

const TRAINERS: Record<Kind, (lesson: Lesson, splits: readonly InnerSplit[]) => Trained> = {
  logistic: (lesson, splits) => trainLogistic(lesson, splits),
  forest: (lesson) => trainForest(lesson),
  boosting: (lesson, splits) => trainBoosting(lesson, splits),
};

/**
 * Learns to tell who leaves within the horizon. The regression is the champion; trees take its place only where they
 * beat it beyond chance on windows of time that none of them had seen. Throws `invalid_input` where too few customers
 * have left, or the history is too short to be judged.
 */
export function trainChurn(lesson: ChurnLesson): TrainedChurn {
  const horizonMs = lesson.horizonDays * DAY_MS;
  const table = labelSnapshots(lesson.snapshots, new Map(lesson.leftAt), {
    horizonMs,
    knownUntil: lesson.knownUntil,
    apartMs: horizonMs,
  });
  const leavers = new Set(table.customers.filter((_, row) => table.labels[row] === 1)).size;
  if (leavers < LEAST_LEAVERS) {
    throw new UserError(
      'invalid_input',
      `Only ${leavers} customers have left in the record; a churn model needs ${LEAST_LEAVERS}.`,
    );
  }
  const options: TimeValidation = {
    horizonMs,
    folds: FOLDS,
    innerFolds: INNER_FOLDS,
    windowMs: windowOf(table, horizonMs),
    costs: lesson.costs,
    target: lesson.target,
  };
  const { kind, validation, contests } = contest(table, options, lesson);
  const everything = allRows(table.labels.length);
  const splits = innerSplits(table.at, table.labels, everything, options);
  const trained = TRAINERS[kind]({ ...table, rows: everything, directions: lesson.directions }, splits);
  return {
    model: {
      version: 1,
      horizon_days: lesson.horizonDays,
      trained_to: table.at.at(-1) ?? 0,
      classifier: writeModel(trained.classifier),
    },
    card: {
      kind,
      horizonDays: lesson.horizonDays,
      trainedFrom: table.at[0] ?? 0,
      trainedTo: table.at.at(-1) ?? 0,
      rows: table.labels.length,
      customers: new Set(table.customers).size,
      leavers,
      settings: trained.settings,
      validation,
      contests,
      suspects: suspectsOf(table.columns, table.labels),
      importance: importanceBefore(table, kind, options, lesson),
    },
  };
}

/** Windows that, all together with those within, take up half of the history, and are no shorter than a horizon. */
function windowOf({ at }: SnapshotTable, horizonMs: number): number {
  const span = (at.at(-1) ?? 0) - (at[0] ?? 0);
  return Math.max(horizonMs, Math.floor(span / 2 / (FOLDS + INNER_FOLDS)));
}

function contest(table: SnapshotTable, options: TimeValidation, { seed, directions }: ChurnLesson) {
  const kinds: Kind[] = ['logistic', 'forest', 'boosting'];
  const runs = kinds.map((kind) => ({
    kind,
    ...validateInTime(table, (part, splits) => TRAINERS[kind]({ ...part, directions }, splits), options),
  }));
  const [champion, ...challengers] = runs;
  if (champion === undefined) throw new UserError('invalid_input', 'There is no way of learning to try.');
  const contests = challengers.map(({ kind, judged }) => ({
    kind,
    against: champion.kind,
    result: challenge(champion.judged.chances, judged.chances, champion.judged.labels, {
      seed: `${seed} ${kind}`,
      groups: Array.from(champion.judged.rows, (row) => table.customers[row] ?? ''),
      runs: 500,
    }),
  }));
  const won = contests.filter(({ result }) => result.verdict === 'challenger');
  won.sort((a, b) => a.result.logLoss.estimate - b.result.logLoss.estimate);
  const chosen = runs.find(({ kind }) => kind === won[0]?.kind) ?? champion;
  return { kind: chosen.kind, validation: chosen.report, contests };
}

function importanceBefore(
  { columns, labels, at }: SnapshotTable,
  kind: Kind,
  options: TimeValidation,
  { seed, directions }: ChurnLesson,
): Importance[] {
  const last = timeSplits(at, allRows(labels.length), options).at(-1);
  if (last === undefined) return [];
  const splits = innerSplits(at, labels, last.learned, options);
  const { classifier } = TRAINERS[kind]({ columns, labels, rows: last.learned, directions }, splits);
  return permutationImportance(classifier, columns, last.tested, labels, { seed });
}
