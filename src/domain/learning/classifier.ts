import { boostedMargins } from './boosting.ts';
import { type Calibration, calibrate } from './calibration.ts';
import { type Encoding, encode, encodedNames, type RawColumn } from './encoding.ts';
import { forestChances } from './forest.ts';
import { type Logistic, logisticMargins, termValue } from './logistic.ts';
import type { FeatureTable } from './table.ts';
import type { Tree } from './tree.ts';
import { addTreeContributions, expectedValue } from './tree-contributions.ts';

export type Learner =
  | { kind: 'boosting'; base: number; trees: Tree[] }
  | { kind: 'forest'; trees: Tree[] }
  | ({ kind: 'logistic' } & Logistic);

/** From records to calibrated chances: how columns become numbers, what was learned, what its scores are worth. */
export interface Classifier {
  encoding: Encoding;
  learner: Learner;
  calibration: Calibration;
}

/** Log odds as the learner has them, before calibration. */
export function marginsOf(learner: Learner, table: FeatureTable): Float64Array {
  switch (learner.kind) {
    case 'boosting':
      return boostedMargins(learner, table);
    case 'forest':
      return forestChances(learner, table).map((chance) => logit(chance, learner.trees.length));
    case 'logistic':
      return logisticMargins(learner, table);
  }
}

/** Log odds of a share of trees' votes: no forest can tell more than half a vote from certainty. */
export function logit(chance: number, trees: number): number {
  const least = 0.5 / Math.max(1, trees);
  const kept = Math.min(1 - least, Math.max(least, chance));
  return Math.log(kept / (1 - kept));
}

/**
 * The calibrated chance of every row given. Throws `invalid_input` where a column that was learned from is missing or of
 * another kind.
 */
export function chancesOf(
  { encoding, learner, calibration }: Classifier,
  columns: readonly RawColumn[],
  rows: ArrayLike<number>,
): Float64Array {
  return marginsOf(learner, encode(encoding, columns, rows)).map((margin) => calibrate(calibration, margin));
}

/** Why a row scores as it does. `base` and all `amount`s add up to `score`. */
export interface Explanation {
  /** Log odds of boosting and of the regression; of a forest the chance itself. Before calibration. */
  scale: 'log odds' | 'chance';
  base: number;
  score: number;
  chance: number;
  /** By column of the records, the largest first. */
  contributions: { name: string; amount: number }[];
}

/** Explains one row: exactly, by Shapley values on trees and term by term in the regression. */
export function explainRow(
  { encoding, learner, calibration }: Classifier,
  columns: readonly RawColumn[],
  row: number,
): Explanation {
  const table = encode(encoding, columns, [row]);
  const values = table.columns.map((column) => column[0] ?? Number.NaN);
  const { base, amounts } = contributionsOf(learner, values);
  const sums = new Map<string, number>();
  let at = 0;
  for (const code of encoding) {
    for (const _ of encodedNames(code)) {
      sums.set(code.name, (sums.get(code.name) ?? 0) + (amounts[at] ?? 0));
      at += 1;
    }
  }
  const score = amounts.reduce((sum, amount) => sum + amount, base);
  return {
    scale: learner.kind === 'forest' ? 'chance' : 'log odds',
    base,
    score,
    chance: calibrate(calibration, marginsOf(learner, table)[0] ?? 0),
    contributions: [...sums]
      .map(([name, amount]) => ({ name, amount }))
      .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount)),
  };
}

function contributionsOf(
  learner: Learner,
  values: readonly number[],
): { base: number; amounts: Float64Array } {
  const amounts = new Float64Array(values.length);
  if (learner.kind === 'logistic') {
    for (const term of learner.terms) {
      const amount = term.coefficient * termValue(term, values[term.column] ?? Number.NaN);
      amounts[term.column] = (amounts[term.column] ?? 0) + amount;
    }
    return { base: learner.intercept, amounts };
  }
  let base = 0;
  for (const tree of learner.trees) {
    base += expectedValue(tree);
    addTreeContributions(tree, values, amounts);
  }
  if (learner.kind === 'boosting') return { base: learner.base + base, amounts };
  const trees = learner.trees.length;
  return { base: base / trees, amounts: amounts.map((amount) => amount / trees) };
}
