import { marginLoss, sigmoid } from './log-odds.ts';

/** From a score to a chance. Never falls as the score rises. */
export type Calibration =
  | { kind: 'none' }
  /** Log odds `slope * score + intercept`. */
  | { kind: 'platt'; slope: number; intercept: number }
  /** Straight lines between points, level outside; both lists ascend. */
  | { kind: 'isotonic'; scores: number[]; chances: number[] };

/** Parts of the scores that take turns in judging a calibration that was fitted to the others. */
const TURNS = 5;

/**
 * Whichever of none, Platt's and isotonic loses least on scores it was not fitted to, then fitted to all of them. The
 * scores must be log odds of rows that their model did not see, in no order that has to do with the outcome.
 */
export function fitCalibration(scores: Float64Array, labels: Uint8Array): Calibration {
  const kinds = [(): Calibration => ({ kind: 'none' }), fitPlatt, fitIsotonic];
  const losses = kinds.map((fit) => lossInTurns(fit, scores, labels));
  const best = losses.indexOf(Math.min(...losses));
  return (kinds[best] ?? fitPlatt)(scores, labels);
}

function lossInTurns(
  fitted: (scores: Float64Array, labels: Uint8Array) => Calibration,
  scores: Float64Array,
  labels: Uint8Array,
): number {
  let loss = 0;
  for (let turn = 0; turn < TURNS; turn += 1) {
    const others = (_: number, at: number) => at % TURNS !== turn;
    const calibration = fitted(scores.filter(others), labels.filter(others));
    for (let at = turn; at < scores.length; at += TURNS) {
      const chance = calibrate(calibration, scores[at] ?? 0);
      loss -= Math.log(labels[at] === 1 ? chance : 1 - chance);
    }
  }
  return loss;
}

/** A chance for a score that is log odds (or, with `isotonic`, any score it was fitted to). */
export function calibrate(calibration: Calibration, score: number): number {
  switch (calibration.kind) {
    case 'none':
      return sigmoid(score);
    case 'platt':
      return sigmoid(calibration.slope * score + calibration.intercept);
    case 'isotonic':
      return onLines(calibration.scores, calibration.chances, score);
  }
}

interface Block {
  rows: number;
  scores: number;
  chances: number;
}

/**
 * Isotonic regression by pooling adjacent violators (Ayer et al., 1955), joined at the centres of its blocks (Oron and
 * Flournoy, 2017), so that scores of one block keep their order. A level of only one outcome counts as if half a row
 * had the other, since no chance of 0 or 1 can be told from a sample.
 */
export function fitIsotonic(scores: Float64Array, labels: Uint8Array): Calibration {
  const order = Int32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const blocks: Block[] = [];
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at] ?? 0] ?? 0;
    const block = { rows: 0, scores: 0, chances: 0 };
    for (; at < order.length && scores[order[at] ?? 0] === score; at += 1) {
      block.rows += 1;
      block.scores += score;
      block.chances += labels[order[at] ?? 0] ?? 0;
    }
    let last = block;
    for (
      let before = blocks.at(-1);
      before !== undefined && before.chances * last.rows >= last.chances * before.rows;
      before = blocks.at(-1)
    ) {
      blocks.pop();
      last = {
        rows: before.rows + last.rows,
        scores: before.scores + last.scores,
        chances: before.chances + last.chances,
      };
    }
    blocks.push(last);
  }
  const chance = ({ rows, chances }: Block) => Math.min(Math.max(chances, 0.5), rows - 0.5) / rows;
  let highest = 0;
  return {
    kind: 'isotonic',
    scores: blocks.map(({ rows, scores: sum }) => sum / rows),
    chances: blocks.map((block) => {
      highest = Math.max(highest, block.rows > 1 ? chance(block) : block.chances === 0 ? 0.25 : 0.75);
      return highest;
    }),
  };
}

function onLines(xs: readonly number[], ys: readonly number[], x: number): number {
  let [low, high] = [0, xs.length - 1];
  if (x <= (xs[low] ?? 0)) return ys[low] ?? 0;
  if (x >= (xs[high] ?? 0)) return ys[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [xs[low] ?? 0, xs[high] ?? 0, ys[low] ?? 0, ys[high] ?? 0];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/**
 * Platt's sigmoid over log odds, with his priors on the outcomes (Platt, 1999), by Newton's method with halved steps
 * (Lin, Lin and Weng, 2007). The slope is kept from being negative: a score that points the wrong way says nothing.
 */
export function fitPlatt(scores: Float64Array, labels: Uint8Array): Calibration {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  const zeros = labels.length - ones;
  const targets = Float64Array.from(labels, (label) =>
    label === 1 ? (ones + 1) / (ones + 2) : 1 / (zeros + 2),
  );
  const lossAt = (slope: number, intercept: number) => {
    let loss = 0;
    for (let i = 0; i < scores.length; i += 1) {
      loss += marginLoss(slope * (scores[i] ?? 0) + intercept, targets[i] ?? 0);
    }
    return loss;
  };
  let [slope, intercept] = [0, Math.log((ones + 1) / (zeros + 1))];
  let loss = lossAt(slope, intercept);
  for (let step = 0; step < 100; step += 1) {
    const [ds, di] = newtonStep(scores, targets, slope, intercept);
    let size = 1;
    let next = lossAt(slope - ds, intercept - di);
    for (; next > loss && size > 1e-10; next = lossAt(slope - size * ds, intercept - size * di)) size /= 2;
    if (!(next < loss - 1e-12 * loss)) break;
    [slope, intercept, loss] = [slope - size * ds, intercept - size * di, next];
  }
  if (slope < 0) return { kind: 'platt', slope: 0, intercept: Math.log((ones + 1) / (zeros + 1)) };
  return { kind: 'platt', slope, intercept };
}

function newtonStep(
  scores: Float64Array,
  targets: Float64Array,
  slope: number,
  intercept: number,
): [slope: number, intercept: number] {
  let [gs, gi, ss, si, ii] = [0, 0, 1e-12, 0, 1e-12];
  for (let i = 0; i < scores.length; i += 1) {
    const score = scores[i] ?? 0;
    const p = sigmoid(slope * score + intercept);
    const weight = p * (1 - p);
    gs += (p - (targets[i] ?? 0)) * score;
    gi += p - (targets[i] ?? 0);
    ss += weight * score * score;
    si += weight * score;
    ii += weight;
  }
  const determinant = ss * ii - si * si;
  if (!(determinant > 0)) return [0, 0];
  return [(gs * ii - gi * si) / determinant, (gi * ss - gs * si) / determinant];
}
