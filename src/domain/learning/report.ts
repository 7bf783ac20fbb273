import type { Interval } from '../statistics/samples.ts';
import {
  type Costs,
  type CountedShare,
  cheapestThreshold,
  counted,
  type OperatingPoint,
  operatingPoint,
  thresholdForRecall,
} from './operating-point.ts';
import {
  brierScore,
  type CalibrationBin,
  calibrationBins,
  expectedCalibrationError,
  logLoss,
} from './probability-scores.ts';
import { areaUnderRoc, averagePrecision } from './ranking.ts';

/** Everything about how right chances were on rows that nothing was learned or chosen from. */
export interface ClassificationReport {
  rows: number;
  baseRate: CountedShare;
  auc: Interval;
  averagePrecision: Interval;
  brier: Interval;
  logLoss: Interval;
  expectedCalibrationError: number;
  calibration: CalibrationBin[];
  /** At the threshold that costs least. */
  atLeastCost: OperatingPoint & { costs: Costs; cost: number };
  /** At the threshold chosen for the recall that is aimed at. */
  atTarget: (OperatingPoint & { met: boolean }) | null;
  target: Target;
}

/** Precision and recall that are aimed at together. */
export interface Target {
  precision: number;
  recall: number;
}

/** Chances and what became of them. */
export interface Judged {
  chances: Float64Array;
  labels: Uint8Array;
}

/** Rows that judge, and rows of the learning side, unseen by their model, on which thresholds are chosen. */
export interface Trial {
  heldOut: Judged;
  chosenOn: Judged;
}

/**
 * Over the held-out rows of all trials, each by thresholds of its own learning side. The target counts as met only
 * where precision and recall on the held-out rows both reach it; null where no learning side has an outcome to choose
 * by.
 */
export function reportOn(
  trials: readonly Trial[],
  { costs, target }: { costs: Costs; target: Target },
): ClassificationReport {
  const { chances, labels } = together(trials.map(({ heldOut }) => heldOut));
  const byCost = trials.map(({ heldOut, chosenOn }) => ({
    ...heldOut,
    ...cheapestThreshold(chosenOn.chances, chosenOn.labels, costs),
  }));
  const byTarget = trials.flatMap(({ heldOut, chosenOn }) => {
    const threshold = thresholdForRecall(chosenOn.chances, chosenOn.labels, target.recall);
    return threshold === null ? [] : [{ ...heldOut, threshold }];
  });
  const cheapest = operatingPoint(byCost);
  const ones = labels.reduce((sum, label) => sum + label, 0);
  return {
    rows: labels.length,
    baseRate: counted(ones, labels.length),
    auc: areaUnderRoc(chances, labels),
    averagePrecision: averagePrecision(chances, labels),
    brier: brierScore(chances, labels),
    logLoss: logLoss(chances, labels),
    expectedCalibrationError: expectedCalibrationError(chances, labels),
    calibration: calibrationBins(chances, labels),
    atLeastCost: { ...cheapest, costs, cost: costOf(cheapest, costs) },
    atTarget: byTarget.length < trials.length ? null : judge(operatingPoint(byTarget), target),
    target,
  };
}

export function together(parts: readonly Judged[]): Judged {
  return {
    chances: Float64Array.from(parts.flatMap(({ chances }) => [...chances])),
    labels: Uint8Array.from(parts.flatMap(({ labels }) => [...labels])),
  };
}

function costOf({ falsePositiveRate, recall }: OperatingPoint, { falseAlarm, miss }: Costs): number {
  return falsePositiveRate.count * falseAlarm + (recall.of - recall.count) * miss;
}

function judge(point: OperatingPoint, { precision, recall }: Target) {
  const met = (point.precision.share ?? 0) >= precision && (point.recall.share ?? 0) >= recall;
  return { ...point, met };
}
