import { BOOSTING_DEFAULTS, type BoostingOptions, boostedMargins, fitBoosting } from './boosting.ts';
import { type Calibration, fitCalibration, fitPlatt } from './calibration.ts';
import { type Classifier, logit, marginsOf } from './classifier.ts';
import {
  constraintsOf,
  type Directions,
  type Encoding,
  encode,
  fitEncoding,
  type RawColumn,
} from './encoding.ts';
import { FOREST_DEFAULTS, type ForestOptions, fitForest } from './forest.ts';
import { fitLogistic } from './logistic.ts';
import { pickLabels } from './table.ts';

/** Rows to learn from, by their place in the columns. */
export interface Lesson {
  columns: readonly RawColumn[];
  /** Of every row of the columns, 0 or 1. */
  labels: Uint8Array;
  rows: Int32Array;
  /** What is known beforehand of how the chance moves; trees keep to it, the regression does not. */
  directions?: Directions;
}

/** Within a lesson: rows learned from, and rows that judge what was learned. By place in the columns. */
export interface InnerSplit {
  learned: Int32Array;
  tested: Int32Array;
}

export interface Trained {
  classifier: Classifier;
  /** Scores, as log odds before calibration, of rows of the lesson by models that did not see them. */
  unseen: { rows: Int32Array; margins: Float64Array };
  /** What was chosen, in words for a model card. */
  settings: Record<string, number | string>;
}

export interface BoostingRecipe {
  categories: 'one-hot' | 'ordered';
  /** Settings tried on the inner splits; that of the least log loss is taken. */
  candidates: readonly BoostingOptions[];
  patience: number;
  calibration: 'none' | 'platt' | 'auto';
}

/** Tree sizes from nearly additive to deep, each with half the columns and most rows a tree (Friedman, 2002). */
export const BOOSTING_RECIPE: BoostingRecipe = {
  categories: 'one-hot',
  candidates: [4, 8].map((mostLeaves) => ({
    ...BOOSTING_DEFAULTS,
    mostLeaves,
    rowShare: 0.8,
    columnShare: 0.5,
  })),
  patience: 30,
  calibration: 'auto',
};

/**
 * Boosting whose number of trees and settings are chosen, and whose scores are calibrated, on the inner splits alone;
 * then grown on the whole lesson.
 */
export function trainBoosting(
  lesson: Lesson,
  splits: readonly InnerSplit[],
  recipe: BoostingRecipe = BOOSTING_RECIPE,
): Trained {
  const parts = splits.map((split) => prepare(lesson, split, recipe.categories));
  const trials = recipe.candidates.map((options) => tryOut(parts, options, recipe.patience));
  const best = trials.reduce((a, b) => (b.loss < a.loss ? b : a));
  const encoding = fitEncoding(lesson.columns, lesson.rows, lesson.labels, recipe.categories);
  const table = encode(encoding, lesson.columns, lesson.rows);
  const monotone = constraintsOf(encoding, lesson.directions) ?? best.options.monotone;
  const options = { ...best.options, rounds: best.rounds, monotone };
  const { model } = fitBoosting(table, pickLabels(lesson.labels, lesson.rows), options);
  const unseen = {
    rows: joinRows(splits.map(({ tested }) => tested)),
    margins: joinNumbers(best.margins),
  };
  return {
    classifier: {
      encoding,
      learner: { kind: 'boosting', ...model },
      calibration: calibrationOf(recipe.calibration, unseen, lesson.labels),
    },
    unseen,
    settings: {
      trees: best.rounds,
      most_leaves: options.mostLeaves,
      learning_rate: options.learningRate,
      inner_log_loss: best.loss,
    },
  };
}

type Part = ReturnType<typeof prepare>;

function prepare(
  { columns, labels, directions }: Lesson,
  split: InnerSplit,
  categories: 'one-hot' | 'ordered',
) {
  const encoding: Encoding = fitEncoding(columns, split.learned, labels, categories);
  return {
    learned: encode(encoding, columns, split.learned),
    learnedLabels: pickLabels(labels, split.learned),
    tested: encode(encoding, columns, split.tested),
    testedLabels: pickLabels(labels, split.tested),
    monotone: constraintsOf(encoding, directions),
  };
}

/** The number of trees that is best over all splits together, its loss, and the scores at it. */
function tryOut(parts: readonly Part[], options: BoostingOptions, patience: number) {
  const fits = parts.map((part) => {
    const watched = { table: part.tested, labels: part.testedLabels, patience };
    const constrained = { ...options, monotone: part.monotone ?? options.monotone };
    return fitBoosting(part.learned, part.learnedLabels, constrained, watched);
  });
  const longest = Math.max(...fits.map(({ losses }) => losses.length));
  const weights = parts.map(({ tested }) => tested.rows);
  const rows = weights.reduce((sum, weight) => sum + weight, 0);
  let [loss, rounds] = [Infinity, 1];
  for (let round = 1; round < longest; round += 1) {
    // A split that stopped early stays at its last loss, which is worse than its best.
    const mean = fits.reduce(
      (sum, { losses }, i) => sum + (losses[round] ?? losses.at(-1) ?? 0) * ((weights[i] ?? 0) / rows),
      0,
    );
    if (mean < loss) [loss, rounds] = [mean, round];
  }
  const margins = fits.map(({ grown }, i) => {
    const part = parts[i];
    const model = { base: grown.base, trees: grown.trees.slice(0, rounds) };
    return part === undefined ? new Float64Array(0) : boostedMargins(model, part.tested);
  });
  return { options, loss, rounds, margins };
}

/** A forest needs no inner splits: each row is judged by the trees that did not see it. */
export function trainForest(
  lesson: Lesson,
  options: ForestOptions = FOREST_DEFAULTS,
  calibration: BoostingRecipe['calibration'] = 'auto',
): Trained {
  const encoding = fitEncoding(lesson.columns, lesson.rows, lesson.labels, 'one-hot');
  const table = encode(encoding, lesson.columns, lesson.rows);
  const monotone = constraintsOf(encoding, lesson.directions) ?? options.monotone;
  const labels = pickLabels(lesson.labels, lesson.rows);
  const { forest, outOfBag } = fitForest(table, labels, { ...options, monotone });
  const judged = lesson.rows.filter((_, at) => !Number.isNaN(outOfBag[at]));
  const margins = outOfBag
    .filter((chance) => !Number.isNaN(chance))
    .map((chance) => logit(chance, options.trees));
  const unseen = { rows: judged, margins };
  return {
    classifier: {
      encoding,
      learner: { kind: 'forest', ...forest },
      calibration: calibrationOf(calibration, unseen, lesson.labels),
    },
    unseen,
    settings: { trees: options.trees, least_rows_of_a_leaf: options.minRows },
  };
}

/** The baseline that the others have to beat. Its chances are calibrated by how it is fitted. */
export function trainLogistic(lesson: Lesson, splits: readonly InnerSplit[], penalty = 1): Trained {
  const margins = splits.map((split) => {
    const part = prepare(lesson, split, 'one-hot');
    return marginsOf(
      { kind: 'logistic', ...fitLogistic(part.learned, part.learnedLabels, penalty) },
      part.tested,
    );
  });
  const encoding = fitEncoding(lesson.columns, lesson.rows, lesson.labels, 'one-hot');
  const table = encode(encoding, lesson.columns, lesson.rows);
  const logistic = fitLogistic(table, pickLabels(lesson.labels, lesson.rows), penalty);
  return {
    classifier: { encoding, learner: { kind: 'logistic', ...logistic }, calibration: { kind: 'none' } },
    unseen: { rows: joinRows(splits.map(({ tested }) => tested)), margins: joinNumbers(margins) },
    settings: { penalty },
  };
}

function calibrationOf(
  wanted: BoostingRecipe['calibration'],
  { rows, margins }: Trained['unseen'],
  labels: Uint8Array,
): Calibration {
  if (wanted === 'none') return { kind: 'none' };
  const outcomes = pickLabels(labels, rows);
  return wanted === 'platt' ? fitPlatt(margins, outcomes) : fitCalibration(margins, outcomes);
}

function joinRows(parts: readonly Int32Array[]): Int32Array {
  return Int32Array.from(parts.flatMap((part) => [...part]));
}

function joinNumbers(parts: readonly Float64Array[]): Float64Array {
  return Float64Array.from(parts.flatMap((part) => [...part]));
}
