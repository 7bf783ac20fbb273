import type { Random } from '../statistics/random.ts';
import { seededRandom } from '../statistics/random.ts';
import { type BinnedTable, binTable, fitBinning } from './bins.ts';
import { drawSome } from './draws.ts';
import { type FeatureChoices, TreeGrower, type TreeRules } from './grow-tree.ts';
import { logOdds, marginLoss, sigmoid } from './log-odds.ts';
import { allRows, checkLabels, type FeatureTable } from './table.ts';
import { addPredictions, type Tree } from './tree.ts';

export interface BoostingOptions extends TreeRules {
  rounds: number;
  /** Shrinkage of every tree. */
  learningRate: number;
  /** Share of the rows that each tree sees, and of the features; those of a bundle are drawn together. */
  rowShare: number;
  columnShare: number;
  seed: string;
}

/** Small steps by small trees: what the literature starts from (Friedman, 2001; ESL 10.11). */
export const BOOSTING_DEFAULTS: BoostingOptions = {
  rounds: 400,
  learningRate: 0.05,
  mostLeaves: 8,
  mostDepth: 6,
  growth: 'leaf',
  minRows: 20,
  minCover: 1e-3,
  l2: 1,
  minGain: 0,
  rowShare: 1,
  columnShare: 1,
  seed: 'boosting',
};

/** Log odds are `base` and what the trees add to it. */
export interface BoostedTrees {
  base: number;
  trees: Tree[];
}

/** Rows that are not learned from; boosting ends once they have not got better for `patience` rounds. */
export interface Watched {
  table: FeatureTable;
  labels: Uint8Array;
  patience: number;
}

export interface Boosted {
  /** Up to the best round of the watched rows. */
  model: BoostedTrees;
  /** All trees that were grown. */
  grown: BoostedTrees;
  /** Mean log loss of the watched rows after each round, that of no tree first; empty where none are watched. */
  losses: number[];
}

/**
 * Gradient boosting of trees for log loss by Newton steps. Bins are cut on the rows learned from. Throws `invalid_input` as `checkLabels` does.
 */
export function fitBoosting(
  table: FeatureTable,
  labels: Uint8Array,
  options: BoostingOptions,
  watched?: Watched,
): Boosted {
  checkLabels(table, labels);
  const binned = binTable(table, fitBinning(table));
  const base = logOdds(labels);
  const course = new Course(binned, labels, options, base);
  const watch = watched === undefined ? null : new Watch(watched, base);
  const trees: Tree[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const tree = course.next();
    trees.push(tree);
    if (watch?.after(tree) === true) break;
  }
  const grown = { base, trees };
  if (watch === null) return { model: grown, grown, losses: [] };
  return { model: { base, trees: trees.slice(0, watch.bestRound) }, grown, losses: watch.losses };
}

/** Log odds of every row. */
export function boostedMargins({ base, trees }: BoostedTrees, table: FeatureTable): Float64Array {
  const margins = new Float64Array(table.rows).fill(base);
  for (const tree of trees) addPredictions(tree, table.columns, margins);
  return margins;
}

/** One tree after another, each fitted to where those before it are wrong. */
class Course {
  readonly #labels: Uint8Array;
  readonly #options: BoostingOptions;
  readonly #random: Random;
  readonly #grower: TreeGrower;
  readonly #margins: Float64Array;
  readonly #gradient: Float64Array;
  readonly #hessian: Float64Array;
  readonly #rows: Int32Array;
  readonly #seen: Uint8Array;
  readonly #bundles: Int32Array;
  readonly #table: BinnedTable;

  constructor(table: BinnedTable, labels: Uint8Array, options: BoostingOptions, base: number) {
    this.#table = table;
    this.#labels = labels;
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#grower = new TreeGrower(table, table.rows);
    this.#margins = new Float64Array(table.rows).fill(base);
    this.#gradient = new Float64Array(table.rows);
    this.#hessian = new Float64Array(table.rows);
    this.#rows = allRows(table.rows);
    this.#seen = new Uint8Array(table.rows);
    this.#bundles = allRows(table.bundles.length);
  }

  next(): Tree {
    const { learningRate, rowShare, columnShare } = this.#options;
    this.#differentiate();
    const rows = rowShare < 1 ? drawSome(this.#rows, rowShare, this.#random) : this.#rows;
    const bundles = columnShare < 1 ? drawSome(this.#bundles, columnShare, this.#random) : this.#bundles;
    const drawn = Array.from(bundles, (index) => this.#table.bundles[index]).filter(
      (one) => one !== undefined,
    );
    const features = Int32Array.from(drawn.flatMap((bundle) => [...bundle.features]));
    const choices: FeatureChoices = { perNode: false, choice: { features, bundles: drawn } };
    const derivatives = { gradient: this.#gradient, hessian: this.#hessian };
    const { tree, leaves } = this.#grower.grow(rows, derivatives, this.#options, choices);
    for (let node = 0; node < tree.value.length; node += 1) {
      tree.value[node] = (tree.value[node] ?? 0) * learningRate;
    }
    const seen = this.#seen.fill(0);
    for (const { value, start, end } of leaves) {
      const step = value * learningRate;
      for (let at = start; at < end; at += 1) {
        const row = rows[at] ?? 0;
        this.#margins[row] = (this.#margins[row] ?? 0) + step;
        seen[row] = 1;
      }
    }
    if (rows.length < seen.length) addToUnseen(tree, this.#table, seen, this.#margins);
    return tree;
  }

  #differentiate(): void {
    for (let row = 0; row < this.#margins.length; row += 1) {
      const p = sigmoid(this.#margins[row] ?? 0);
      this.#gradient[row] = p - (this.#labels[row] ?? 0);
      this.#hessian[row] = p * (1 - p);
    }
  }
}

/** As `addPredictions` for rows that the tree was not grown on, by bins: a bin's upper edge stands for its values. */
function addToUnseen(tree: Tree, table: BinnedTable, seen: Uint8Array, sums: Float64Array): void {
  for (let row = 0; row < sums.length; row += 1) {
    if (seen[row] === 1) continue;
    let node = 0;
    for (let feature = tree.feature[0] ?? -1; feature >= 0; feature = tree.feature[node] ?? -1) {
      const edges = table.edges[feature] ?? new Float64Array(0);
      const bin = table.bins[feature]?.[row] ?? 0;
      const left =
        bin > edges.length
          ? tree.missingLeft[node] === 1
          : (edges[bin] ?? Number.MAX_VALUE) <= (tree.threshold[node] ?? 0);
      node = (left ? tree.left[node] : tree.right[node]) ?? 0;
    }
    sums[row] = (sums[row] ?? 0) + (tree.value[node] ?? 0);
  }
}

/** How rows that are not learned from fare, round by round. */
class Watch {
  readonly losses: number[];
  bestRound = 0;
  readonly #watched: Watched;
  readonly #margins: Float64Array;

  constructor(watched: Watched, base: number) {
    this.#watched = watched;
    this.#margins = new Float64Array(watched.table.rows).fill(base);
    this.losses = [this.#loss()];
  }

  /** True when it is time to stop. */
  after(tree: Tree): boolean {
    addPredictions(tree, this.#watched.table.columns, this.#margins);
    const loss = this.#loss();
    const best = this.losses[this.bestRound] ?? Infinity;
    this.losses.push(loss);
    const round = this.losses.length - 1;
    if (loss < best) {
      this.bestRound = round;
    }
    return round - this.bestRound >= this.#watched.patience;
  }

  #loss(): number {
    let sum = 0;
    for (let row = 0; row < this.#margins.length; row += 1) {
      sum += marginLoss(this.#margins[row] ?? 0, this.#watched.labels[row] ?? 0);
    }
    return sum / Math.max(1, this.#margins.length);
  }
}
