import type { BinnedTable } from './bins.ts';

/** The first and second derivatives of the loss, and the rows, summed by feature and bin: three numbers a bin. */
export type Histogram = Float64Array;

/** Where a feature's bins start in a histogram, in bins; one for what is missing is always kept. */
export function binOffsets(table: BinnedTable): Int32Array {
  const offsets = new Int32Array(table.bins.length + 1);
  table.edges.forEach((edges, feature) => {
    offsets[feature + 1] = (offsets[feature] ?? 0) + edges.length + 2;
  });
  return offsets;
}

/** What a node's rows are summed from: `rows[start..end)`, their derivatives by row of the table. */
export interface NodeRows {
  rows: Int32Array;
  start: number;
  end: number;
}

export interface Derivatives {
  gradient: Float64Array;
  hessian: Float64Array;
}

/** Fills the features' parts of `into`, which need not be empty. */
export function sumByBin(
  table: BinnedTable,
  offsets: Int32Array,
  features: ArrayLike<number>,
  { gradient, hessian }: Derivatives,
  { rows, start, end }: NodeRows,
  into: Histogram,
): void {
  for (let index = 0; index < features.length; index += 1) {
    const feature = features[index] ?? 0;
    const bins = table.bins[feature];
    if (bins === undefined) continue;
    const offset = offsets[feature] ?? 0;
    into.fill(0, offset * 3, (offsets[feature + 1] ?? 0) * 3);
    for (let at = start; at < end; at += 1) {
      const row = rows[at] ?? 0;
      const cell = (offset + (bins[row] ?? 0)) * 3;
      into[cell] = (into[cell] ?? 0) + (gradient[row] ?? 0);
      into[cell + 1] = (into[cell + 1] ?? 0) + (hessian[row] ?? 0);
      into[cell + 2] = (into[cell + 2] ?? 0) + 1;
    }
  }
}

/** A parent's sums less one child's are the other child's: the smaller child is counted, the larger one is this. */
export function subtract(parent: Histogram, child: Histogram): void {
  for (let cell = 0; cell < parent.length; cell += 1) {
    parent[cell] = (parent[cell] ?? 0) - (child[cell] ?? 0);
  }
}
