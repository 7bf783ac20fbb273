import { chancesOf } from '../../domain/learning/classifier.ts';
import { rowsOfFold, stratifiedFolds } from '../../domain/learning/folds.ts';
import { brierScore, expectedCalibrationError, logLoss } from '../../domain/learning/probability-scores.ts';
import { areaUnderRoc, averagePrecision } from '../../domain/learning/ranking.ts';
import { pickLabels } from '../../domain/learning/table.ts';
import {
  type InnerSplit,
  type Lesson,
  type Trained,
  trainBoosting,
  trainForest,
  trainLogistic,
} from '../../domain/learning/train.ts';
import type { CaseResult } from '../result.ts';
import type { ClassificationFile, ReferenceScore } from './file.ts';
import { type Records, readRecords } from './records.ts';

interface Model {
  id: string;
  train(lesson: Lesson, splits: readonly InnerSplit[]): Trained;
  /** How a reference of the same family is called. */
  family: RegExp;
}

const MODELS: readonly Model[] = [
  {
    id: 'gradient_boosting',
    train: (lesson, splits) => trainBoosting(lesson, splits),
    family: /gb|boost|lgbm/i,
  },
  { id: 'random_forest', train: (lesson) => trainForest(lesson), family: /forest|^rf/i },
  { id: 'logistic_regression', train: (lesson) => trainLogistic(lesson, []), family: /logi/i },
];

/**
 * Every model's scores over all test folds together, beside the best reference of its family. What is chosen, encoded
 * or calibrated is so on inner splits of the rows learned from.
 */
export function runClassification(
  file: ClassificationFile,
  csv: string,
  id: string | undefined,
): CaseResult[] {
  const records = readRecords(file, csv);
  return MODELS.filter((model) => id === undefined || model.id === id).map((model) => ({
    id: model.id,
    status: 'scored',
    got: outOfFold(model, file, records),
    expected: reference(model, file),
  }));
}

function outOfFold(model: Model, file: ClassificationFile, { columns, labels }: Records) {
  const chances = new Float64Array(labels.length);
  const folds = [...new Set(file.fold_of_row)];
  let took = 0;
  let cpu = 0;
  for (const fold of folds) {
    const { learned, tested } = rowsOfFold(file.fold_of_row, fold);
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const { classifier } = model.train({ columns, labels, rows: learned }, innerSplits(learned, labels));
    took += performance.now() - startedAt;
    cpu += process.cpuUsage(cpuBefore).user / 1000;
    const said = chancesOf(classifier, columns, tested);
    tested.forEach((row, at) => {
      chances[row] = said[at] ?? 0;
    });
  }
  const auc = areaUnderRoc(chances, labels);
  return {
    auc: round(auc.estimate),
    auc_low: round(auc.low),
    auc_high: round(auc.high),
    pr_auc: round(averagePrecision(chances, labels).estimate),
    ece: round(expectedCalibrationError(chances, labels)),
    brier: round(brierScore(chances, labels).estimate),
    log_loss: round(logLoss(chances, labels).estimate),
    seconds_per_fold: Math.round(took / folds.length / 10) / 100,
    // Of one core: what other programs take of the machine does not count.
    cpu_seconds_per_fold: Math.round(cpu / folds.length / 10) / 100,
  };
}

const INNER_FOLDS = 4;

function innerSplits(rows: Int32Array, labels: Uint8Array): InnerSplit[] {
  const foldOf = stratifiedFolds(pickLabels(labels, rows), INNER_FOLDS, 'inner');
  return Array.from({ length: INNER_FOLDS }, (_, fold) => {
    const { learned, tested } = rowsOfFold(foldOf, fold);
    return { learned: learned.map((at) => rows[at] ?? 0), tested: tested.map((at) => rows[at] ?? 0) };
  });
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;

function reference({ family }: Model, file: ClassificationFile) {
  let best: { name: string; score: ReferenceScore; seconds: number | undefined } | undefined;
  for (const [name, result] of Object.entries(file.results)) {
    const score = result.pooled_out_of_fold;
    if (!family.test(name) || (best !== undefined && (score.auc ?? 0) <= (best.score.auc ?? 0))) continue;
    best = { name, score, seconds: result.train_seconds_5_folds };
  }
  if (best === undefined) return null;
  const { auc, pr_auc, brier, log_loss } = best.score;
  const scores = Object.entries({ auc, pr_auc, brier, log_loss }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, round(value)] as const],
  );
  if (best.seconds !== undefined) scores.push(['seconds_per_fold', round(best.seconds / 5)]);
  return { reference: best.name, ...Object.fromEntries(scores) };
}
