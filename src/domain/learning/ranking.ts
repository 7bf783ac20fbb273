import { normalQuantile } from '../statistics/distributions.ts';
import type { Interval } from '../statistics/samples.ts';

/** Ranks from 1; equal values share the middle of their places. */
export function midranks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let at = start; at < end; at += 1) ranks[order[at] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/**
 * The chance that a row that had the outcome scores above one that did not, ties half, with DeLong's interval (DeLong,
 * DeLong and Clarke-Pearson, 1988) by midranks (Sun and Xu, 2014). NaN where one outcome is missing.
 */
export function areaUnderRoc(scores: Float64Array, labels: Uint8Array, level = 0.95): Interval {
  const positives = scores.filter((_, row) => labels[row] === 1);
  const negatives = scores.filter((_, row) => labels[row] === 0);
  const [m, n] = [positives.length, negatives.length];
  if (m === 0 || n === 0) return { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };
  const all = midranks(scores);
  const allPositive = all.filter((_, row) => labels[row] === 1);
  const allNegative = all.filter((_, row) => labels[row] === 0);
  const [amongPositives, amongNegatives] = [midranks(positives), midranks(negatives)];
  const overNegatives = allPositive.map((rank, i) => (rank - (amongPositives[i] ?? 0)) / n);
  const underPositives = allNegative.map((rank, i) => 1 - (rank - (amongNegatives[i] ?? 0)) / m);
  const estimate = mean(overNegatives);
  const half =
    normalQuantile((1 + level) / 2) * Math.sqrt(variance(overNegatives) / m + variance(underPositives) / n);
  return { estimate, low: Math.max(0, estimate - half), high: Math.min(1, estimate + half) };
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

function variance(values: Float64Array): number {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}

/** What a threshold at this score, or at one above it, would flag. */
export interface Step {
  score: number;
  flagged: number;
  hits: number;
}

/** One step a distinct score, the highest first. */
export function thresholdSteps(scores: Float64Array, labels: Uint8Array): Step[] {
  const order = Int32Array.from(scores.keys()).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const steps: Step[] = [];
  let hits = 0;
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] ?? 0;
    hits += labels[row] ?? 0;
    const score = scores[row] ?? 0;
    if (scores[order[at + 1] ?? -1] === score) continue;
    steps.push({ score, flagged: at + 1, hits });
  }
  return steps;
}

/**
 * Average precision, the area under the steps of precision over recall, with the logit interval (Boyd, Eng and Page,
 * 2013). NaN where no row had the outcome.
 */
export function averagePrecision(scores: Float64Array, labels: Uint8Array, level = 0.95): Interval {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  if (ones === 0) return { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };
  let [area, before] = [0, 0];
  for (const { flagged, hits } of thresholdSteps(scores, labels)) {
    area += ((hits - before) / ones) * (hits / flagged);
    before = hits;
  }
  if (area >= 1) return { estimate: 1, low: 1, high: 1 };
  const logit = Math.log(area / (1 - area));
  const half = normalQuantile((1 + level) / 2) / Math.sqrt(ones * area * (1 - area));
  const back = (x: number) => 1 / (1 + Math.exp(-x));
  return { estimate: area, low: back(logit - half), high: back(logit + half) };
}
