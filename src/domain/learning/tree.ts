/** A binary tree as parallel arrays, node 0 its root. A node whose feature is -1 is a leaf. */
export interface Tree {
  feature: Int32Array;
  /** Values up to it go left. */
  threshold: Float64Array;
  /** 1 where a missing value goes left. */
  missingLeft: Uint8Array;
  left: Int32Array;
  right: Int32Array;
  /** Of each node, inner ones too: what would be predicted if the tree ended there. */
  value: Float64Array;
  /** The weight (sum of second derivatives) of the rows that reached the node in training. */
  cover: Float64Array;
}

/** The child of a node for one value of its feature. */
export function childOf(tree: Tree, node: number, value: number): number {
  const left = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= (tree.threshold[node] ?? 0);
  return (left ? tree.left[node] : tree.right[node]) ?? 0;
}

/** The leaf that a row comes to, given column by column. */
export function leafOf(tree: Tree, columns: readonly Float64Array[], row: number): number {
  let node = 0;
  for (let feature = tree.feature[0] ?? -1; feature >= 0; feature = tree.feature[node] ?? -1) {
    node = childOf(tree, node, columns[feature]?.[row] ?? Number.NaN);
  }
  return node;
}

/** Adds what the tree says of each row of a table to `sums`. */
export function addPredictions(tree: Tree, columns: readonly Float64Array[], sums: Float64Array): void {
  for (let row = 0; row < sums.length; row += 1) {
    sums[row] = (sums[row] ?? 0) + (tree.value[leafOf(tree, columns, row)] ?? 0);
  }
}
