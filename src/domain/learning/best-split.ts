import type { BinnedTable } from './bins.ts';
import type { Histogram } from './histogram.ts';

export interface SplitRules {
  /** Fewest rows on either side. */
  minRows: number;
  /** Least sum of second derivatives on either side. */
  minCover: number;
  /** Ridge on the values of leaves. */
  l2: number;
  /** What a split must better the loss by. */
  minGain: number;
  /** By feature: 1 the prediction may only rise with it, -1 only fall, 0 either. */
  monotone?: Int8Array;
}

/** Sums over a node, and between what its value must lie for the constraints above it to hold. */
export interface NodeSums {
  gradient: number;
  hessian: number;
  rows: number;
  low: number;
  high: number;
}

export interface Split {
  gain: number;
  feature: number;
  /** The last bin that goes left. */
  bin: number;
  missingLeft: boolean;
  left: NodeSums;
  right: NodeSums;
}

/** Newton's step for a node, within its bounds. */
export function nodeValue({ gradient, hessian, low, high }: NodeSums, l2: number): number {
  return clamp(-gradient / (hessian + l2), low, high);
}

const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/**
 * Twice what giving a node `value` takes off the loss, to second order (Chen and Guestrin, XGBoost, 2016, eq. 4);
 * G^2 / (H + l2) where no bound holds.
 */
const worth = (gradient: number, hessian: number, value: number, l2: number): number =>
  -(2 * gradient * value + (hessian + l2) * value * value);

/**
 * The best cut of a node over the features given, or null where none betters the loss. A cut is tried with the rows
 * that lack the feature on either side; where none do, missing values go with the larger side.
 */
export function bestSplit(
  table: BinnedTable,
  offsets: Int32Array,
  histogram: Histogram,
  features: ArrayLike<number>,
  node: NodeSums,
  rules: SplitRules,
): Split | null {
  const { l2, minRows, minCover } = rules;
  const whole = worth(node.gradient, node.hessian, nodeValue(node, l2), l2);
  let [bestGain, bestFeature, bestBin] = [rules.minGain, -1, 0];
  let [bestMissingLeft, bestG, bestH, bestN] = [false, 0, 0, 0];
  for (let index = 0; index < features.length; index += 1) {
    const feature = features[index] ?? 0;
    const cuts = table.edges[feature]?.length ?? 0;
    if (cuts === 0 && table.hasMissing[feature] !== true) continue;
    const first = (offsets[feature] ?? 0) * 3;
    const direction = rules.monotone?.[feature] ?? 0;
    const lost = first + (cuts + 1) * 3;
    const [missingG, missingH] = [histogram[lost] ?? 0, histogram[lost + 1] ?? 0];
    const missingN = Math.round(histogram[lost + 2] ?? 0);
    // With nothing missing one pass does; a cut behind the last bin parts the missing from all others.
    const last = missingN > 0 ? cuts : cuts - 1;
    for (let side = missingN > 0 ? 0 : 1; side < 2; side += 1) {
      let [g, h, n] = side === 0 ? [missingG, missingH, missingN] : [0, 0, 0];
      for (let bin = 0; bin <= (side === 0 ? cuts - 1 : last); bin += 1) {
        const cell = first + bin * 3;
        g += histogram[cell] ?? 0;
        h += histogram[cell + 1] ?? 0;
        n += histogram[cell + 2] ?? 0;
        if (n < minRows || h < minCover) continue;
        const [otherG, otherH] = [node.gradient - g, node.hessian - h];
        if (node.rows - n < minRows || otherH < minCover) break;
        const leftValue = clamp(-g / (h + l2), node.low, node.high);
        const rightValue = clamp(-otherG / (otherH + l2), node.low, node.high);
        if (direction * (rightValue - leftValue) < 0) continue;
        const gain = (worth(g, h, leftValue, l2) + worth(otherG, otherH, rightValue, l2) - whole) / 2;
        if (gain > bestGain) {
          [bestGain, bestFeature, bestBin] = [gain, feature, bin];
          [bestG, bestH, bestN] = [g, h, n];
          bestMissingLeft = missingN > 0 ? side === 0 : 2 * n >= node.rows;
        }
      }
    }
  }
  if (bestFeature === -1) return null;
  const halves = sides(node, { gradient: bestG, hessian: bestH, rows: bestN }, bestFeature, rules);
  return { gain: bestGain, feature: bestFeature, bin: bestBin, missingLeft: bestMissingLeft, ...halves };
}

type Sums = Pick<NodeSums, 'gradient' | 'hessian' | 'rows'>;

/** Under a constraint neither side may ever pass the middle of the two, so that no later split can undo the order. */
function sides(node: NodeSums, left: Sums, feature: number, rules: SplitRules): Pick<Split, 'left' | 'right'> {
  const { low, high } = node;
  const right = {
    gradient: node.gradient - left.gradient,
    hessian: node.hessian - left.hessian,
    rows: node.rows - left.rows,
  };
  const halves = { left: { ...left, low, high }, right: { ...right, low, high } };
  const direction = rules.monotone?.[feature] ?? 0;
  if (direction === 0) return halves;
  const middle = (nodeValue(halves.left, rules.l2) + nodeValue(halves.right, rules.l2)) / 2;
  return direction > 0
    ? { left: { ...halves.left, high: middle }, right: { ...halves.right, low: middle } }
    : { left: { ...halves.left, low: middle }, right: { ...halves.right, high: middle } };
}
