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
  const bounded = node.low > -Infinity || node.high < Infinity;
  const best = {
    gain: rules.minGain,
    feature: -1,
    bin: 0,
    missingLeft: false,
    gradient: 0,
    hessian: 0,
    rows: 0,
  };
  for (let index = 0; index < features.length; index += 1) {
    const feature = features[index] ?? 0;
    const cuts = table.edges[feature]?.length ?? 0;
    if (cuts === 0 && table.hasMissing[feature] !== true) continue;
    const first = (offsets[feature] ?? 0) * 3;
    const direction = rules.monotone?.[feature] ?? 0;
    const lost = first + (cuts + 1) * 3;
    const missing = Math.round(histogram[lost + 2] ?? 0);
    // With nothing missing one pass does; a cut behind the last bin parts the missing from all others.
    for (let side = missing > 0 ? 0 : 1; side < 2; side += 1) {
      const last = side === 1 && missing > 0 ? cuts : cuts - 1;
      let g = side === 0 ? (histogram[lost] ?? 0) : 0;
      let h = side === 0 ? (histogram[lost + 1] ?? 0) : 0;
      let n = side === 0 ? missing : 0;
      for (let bin = 0; bin <= last; bin += 1) {
        const cell = first + bin * 3;
        const rows = histogram[cell + 2] ?? 0;
        // A cut behind an empty bin is the cut before it.
        if (rows === 0 && bin > 0) continue;
        g += histogram[cell] ?? 0;
        h += histogram[cell + 1] ?? 0;
        n += rows;
        if (n < minRows || h < minCover) continue;
        const otherG = node.gradient - g;
        const otherH = node.hessian - h;
        if (node.rows - n < minRows || otherH < minCover) break;
        let gain = (g * g) / (h + l2) + (otherG * otherG) / (otherH + l2);
        if (bounded || direction !== 0) {
          const leftValue = clamp(-g / (h + l2), node.low, node.high);
          const rightValue = clamp(-otherG / (otherH + l2), node.low, node.high);
          if (direction * (rightValue - leftValue) < 0) continue;
          gain = worth(g, h, leftValue, l2) + worth(otherG, otherH, rightValue, l2);
        }
        if ((gain - whole) / 2 <= best.gain) continue;
        best.gain = (gain - whole) / 2;
        best.feature = feature;
        best.bin = bin;
        best.missingLeft = missing > 0 ? side === 0 : 2 * n >= node.rows;
        best.gradient = g;
        best.hessian = h;
        best.rows = n;
      }
    }
  }
  if (best.feature === -1) return null;
  const { gain, feature, bin, missingLeft } = best;
  return { gain, feature, bin, missingLeft, ...sides(node, best, feature, rules) };
}

type Sums = Pick<NodeSums, 'gradient' | 'hessian' | 'rows'>;

/** Under a constraint neither side may ever pass the middle of the two, so that no later split can undo the order. */
function sides(
  node: NodeSums,
  sums: Sums,
  feature: number,
  rules: SplitRules,
): Pick<Split, 'left' | 'right'> {
  const { low, high } = node;
  const { gradient, hessian, rows } = sums;
  const halves = {
    left: { gradient, hessian, rows, low, high },
    right: {
      gradient: node.gradient - gradient,
      hessian: node.hessian - hessian,
      rows: node.rows - rows,
      low,
      high,
    },
  };
  const direction = rules.monotone?.[feature] ?? 0;
  if (direction === 0) return halves;
  const middle = (nodeValue(halves.left, rules.l2) + nodeValue(halves.right, rules.l2)) / 2;
  return direction > 0
    ? { left: { ...halves.left, high: middle }, right: { ...halves.right, low: middle } }
    : { left: { ...halves.left, low: middle }, right: { ...halves.right, high: middle } };
}
