import { bestSplit, type NodeSums, type Split, type SplitRules } from './best-split.ts';
import type { BinnedTable } from './bins.ts';
import type { Bundle } from './bundles.ts';
import {
  binOffsets,
  type Derivatives,
  type Histogram,
  type NodeRows,
  subtract,
  sumByBin,
} from './histogram.ts';
import type { Tree } from './tree.ts';
import { TreeDraft } from './tree-draft.ts';

export interface TreeRules extends SplitRules {
  mostLeaves: number;
  mostDepth: number;
  /** `leaf`: the open node that gains most is split next. `depth`: level by level. */
  growth: 'leaf' | 'depth';
}

/** What a tree may ask about. */
export interface FeatureChoice {
  features: ArrayLike<number>;
  /** The bundles that hold the features. */
  bundles: readonly Bundle[];
}

/** One choice for all nodes, or drawn anew at each. */
export type FeatureChoices =
  | { perNode: false; choice: FeatureChoice }
  | { perNode: true; next(): FeatureChoice };

interface OpenNode {
  id: number;
  depth: number;
  start: number;
  end: number;
  histogram: Histogram;
  split: Split;
}

/** A leaf, and where its rows stand in the grower's `rows`. */
export interface Leaf {
  value: number;
  start: number;
  end: number;
}

/**
 * Grows one tree after another over the same binned table by second-order histograms (Chen and Guestrin, 2016; Ke et
 * al., LightGBM, 2017), with buffers that are kept from tree to tree.
 */
export class TreeGrower {
  readonly #table: BinnedTable;
  readonly #offsets: Int32Array;
  readonly #spare: Histogram[] = [];
  readonly #side: Int32Array;
  readonly #ordered: Float64Array;

  constructor(table: BinnedTable, mostRows: number) {
    this.#table = table;
    this.#offsets = binOffsets(table);
    this.#side = new Int32Array(mostRows);
    this.#ordered = new Float64Array(2 * mostRows);
  }

  /** `rows` (a row may stand in it twice) is put in the order of the leaves, which say where theirs are. */
  grow(
    rows: Int32Array,
    derivatives: Derivatives,
    rules: TreeRules,
    choices: FeatureChoices,
  ): { tree: Tree; leaves: Leaf[] } {
    const draft = new TreeDraft();
    const leaves: Leaf[] = [];
    const open: OpenNode[] = [];
    const root = { ...totals(rows, derivatives), low: -Infinity, high: Infinity };
    const settle = (node: Omit<OpenNode, 'split'>, sums: NodeSums) => {
      const split =
        node.depth >= rules.mostDepth || sums.rows < 2 * rules.minRows
          ? null
          : this.#split(node, sums, rows, derivatives, rules, choices);
      if (split !== null) open.push({ ...node, split });
      else {
        this.#release(node.histogram);
        leaves.push({ value: draft.value[node.id] ?? 0, start: node.start, end: node.end });
      }
    };
    const histogram = this.#borrow();
    const span = { rows, start: 0, end: rows.length };
    if (!choices.perNode) this.#count(choices.choice, derivatives, span, histogram);
    settle({ id: draft.add(root, rules.l2), depth: 0, start: 0, end: rows.length, histogram }, root);
    while (open.length > 0 && open.length + leaves.length < rules.mostLeaves) {
      const node = takeNext(open, rules.growth);
      const { left, right } = node.split;
      const middle = this.#partition(rows, node);
      const ids = draft.split(node.id, node.split, this.#table, rules.l2);
      const [first, second] = this.#childHistograms(node, middle, rows, derivatives, choices);
      const depth = node.depth + 1;
      settle({ id: ids.left, depth, start: node.start, end: middle, histogram: first }, left);
      settle({ id: ids.right, depth, start: middle, end: node.end, histogram: second }, right);
    }
    for (const node of open) {
      this.#release(node.histogram);
      leaves.push({ value: draft.value[node.id] ?? 0, start: node.start, end: node.end });
    }
    return { tree: draft.tree(), leaves };
  }

  #split(
    node: Omit<OpenNode, 'split'>,
    sums: NodeSums,
    rows: Int32Array,
    derivatives: Derivatives,
    rules: TreeRules,
    choices: FeatureChoices,
  ): Split | null {
    const choice = choices.perNode ? choices.next() : choices.choice;
    const { histogram, start, end } = node;
    if (choices.perNode) this.#count(choice, derivatives, { rows, start, end }, histogram);
    return bestSplit(this.#table, this.#offsets, histogram, choice.features, sums, rules);
  }

  #count(choice: FeatureChoice, derivatives: Derivatives, span: NodeRows, into: Histogram): void {
    sumByBin(this.#table, this.#offsets, choice.bundles, derivatives, span, into, this.#ordered);
  }

  #childHistograms(
    node: OpenNode,
    middle: number,
    rows: Int32Array,
    derivatives: Derivatives,
    choices: FeatureChoices,
  ): [Histogram, Histogram] {
    // Where each node draws its own features there is nothing to subtract from: one buffer serves all.
    if (choices.perNode) return [node.histogram, node.histogram];
    const leftIsSmall = middle - node.start <= node.end - middle;
    const small = leftIsSmall
      ? { rows, start: node.start, end: middle }
      : { rows, start: middle, end: node.end };
    const counted = this.#borrow();
    this.#count(choices.choice, derivatives, small, counted);
    subtract(node.histogram, counted);
    return leftIsSmall ? [counted, node.histogram] : [node.histogram, counted];
  }

  /** Rows that go left to the front, both sides in the order they had. */
  #partition(rows: Int32Array, { start, end, split }: OpenNode): number {
    const bins = this.#table.bins[split.feature] ?? new Uint8Array(0);
    const missing = (this.#table.edges[split.feature]?.length ?? 0) + 1;
    const side = this.#side;
    let [middle, kept] = [start, 0];
    for (let at = start; at < end; at += 1) {
      const row = rows[at] ?? 0;
      const bin = bins[row] ?? 0;
      if (bin === missing ? split.missingLeft : bin <= split.bin) {
        rows[middle] = row;
        middle += 1;
      } else {
        side[kept] = row;
        kept += 1;
      }
    }
    rows.set(side.subarray(0, kept), middle);
    return middle;
  }

  #borrow(): Histogram {
    return this.#spare.pop() ?? new Float64Array((this.#offsets[this.#table.bins.length] ?? 0) * 3);
  }

  #release(histogram: Histogram): void {
    if (!this.#spare.includes(histogram)) this.#spare.push(histogram);
  }
}

function totals(
  rows: Int32Array,
  { gradient, hessian }: Derivatives,
): Pick<NodeSums, 'gradient' | 'hessian' | 'rows'> {
  let [g, h] = [0, 0];
  for (const row of rows) {
    g += gradient[row] ?? 0;
    h += hessian[row] ?? 0;
  }
  return { gradient: g, hessian: h, rows: rows.length };
}

function takeNext(open: OpenNode[], growth: TreeRules['growth']): OpenNode {
  let best = 0;
  if (growth === 'leaf') {
    for (let i = 1; i < open.length; i += 1) {
      if ((open[i]?.split.gain ?? 0) > (open[best]?.split.gain ?? 0)) best = i;
    }
  }
  const [node] = open.splice(best, 1);
  if (node === undefined) throw new Error('no open node');
  return node;
}
