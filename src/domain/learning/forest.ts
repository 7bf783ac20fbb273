import { seededRandom } from '../statistics/random.ts';
import { binTable, fitBinning } from './bins.ts';
import { drawSome } from './draws.ts';
import { type FeatureChoices, TreeGrower, type TreeRules } from './grow-tree.ts';
import { allRows, checkLabels, type FeatureTable } from './table.ts';
import { addPredictions, leafOf, type Tree } from './tree.ts';

export interface ForestOptions {
  trees: number;
  /** Fewest rows of a leaf. */
  minRows: number;
  mostDepth: number;
  /** Features drawn at each node; the square root of how many there are unless told. */
  featuresPerNode?: number;
  monotone?: Int8Array;
  seed: string;
}

export const FOREST_DEFAULTS: ForestOptions = { trees: 300, minRows: 5, mostDepth: 40, seed: 'forest' };

export interface Forest {
  trees: Tree[];
}

export interface GrownForest {
  forest: Forest;
  /** The chance of each row by the trees that did not see it; NaN for a row that all saw. */
  outOfBag: Float64Array;
}

/**
 * A random forest of probability trees (Breiman, 2001): each tree on rows drawn with repetition, each node on
 * features drawn anew, leaves hold shares; squared error and Gini impurity choose the same cuts for 0/1 outcomes.
 * Throws `invalid_input` as `checkLabels` does.
 */
export function fitForest(table: FeatureTable, labels: Uint8Array, options: ForestOptions): GrownForest {
  checkLabels(table, labels);
  const random = seededRandom(options.seed);
  const binned = binTable(table, fitBinning(table));
  const grower = new TreeGrower(binned, table.rows);
  const features = allRows(table.columns.length);
  const alone = Array.from(features, (feature) => ({ features: Int32Array.of(feature), codes: null }));
  const share =
    (options.featuresPerNode ?? Math.max(1, Math.floor(Math.sqrt(features.length)))) / features.length;
  const choices: FeatureChoices = {
    perNode: true,
    next: () => {
      const drawn = drawSome(features, share, random);
      return {
        features: drawn,
        bundles: Array.from(drawn, (feature) => alone[feature]).filter((one) => one !== undefined),
      };
    },
  };
  const derivatives = {
    gradient: Float64Array.from(labels, (label) => -label),
    hessian: new Float64Array(table.rows).fill(1),
  };
  const rules: TreeRules = {
    minRows: options.minRows,
    minCover: 0,
    l2: 0,
    minGain: 1e-12,
    mostLeaves: Infinity,
    mostDepth: options.mostDepth,
    growth: 'depth',
    monotone: options.monotone,
  };
  const [sums, votes] = [new Float64Array(table.rows), new Float64Array(table.rows)];
  const trees: Tree[] = [];
  for (let index = 0; index < options.trees; index += 1) {
    const drawn = new Int32Array(table.rows);
    const seen = new Uint8Array(table.rows);
    for (let i = 0; i < drawn.length; i += 1) {
      const row = Math.floor(random() * table.rows);
      drawn[i] = row;
      seen[row] = 1;
    }
    const { tree } = grower.grow(drawn.sort(), derivatives, rules, choices);
    trees.push(tree);
    vote(tree, table, seen, sums, votes);
  }
  return { forest: { trees }, outOfBag: sums.map((sum, row) => sum / (votes[row] ?? 0)) };
}

function vote(
  tree: Tree,
  table: FeatureTable,
  seen: Uint8Array,
  sums: Float64Array,
  votes: Float64Array,
): void {
  for (let row = 0; row < table.rows; row += 1) {
    if (seen[row] === 1) continue;
    sums[row] = (sums[row] ?? 0) + (tree.value[leafOf(tree, table.columns, row)] ?? 0);
    votes[row] = (votes[row] ?? 0) + 1;
  }
}

/** The mean share of the leaves each row comes to. */
export function forestChances({ trees }: Forest, table: FeatureTable): Float64Array {
  const sums = new Float64Array(table.rows);
  for (const tree of trees) addPredictions(tree, table.columns, sums);
  return sums.map((sum) => sum / trees.length);
}
