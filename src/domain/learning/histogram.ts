import type { BinnedTable } from './bins.ts';
import type { Bundle } from './bundles.ts';

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

/**
 * Fills the parts of `into`, which need not be empty, that belong to the features of these bundles. `ordered` has room
 * for two numbers a row.
 */
export function sumByBin(
  table: BinnedTable,
  offsets: Int32Array,
  bundles: readonly Bundle[],
  { gradient, hessian }: Derivatives,
  { rows, start, end }: NodeRows,
  into: Histogram,
  ordered: Float64Array,
): void {
  let gradients = 0;
  let hessians = 0;
  for (let at = start; at < end; at += 1) {
    const row = rows[at] ?? 0;
    const g = gradient[row] ?? 0;
    const h = hessian[row] ?? 0;
    ordered[2 * at] = g;
    ordered[2 * at + 1] = h;
    gradients += g;
    hessians += h;
  }
  const whole = [gradients, hessians, end - start];
  for (const { features, codes } of bundles) {
    const first = features[0] ?? 0;
    if (codes === null) {
      const [from, to] = [(offsets[first] ?? 0) * 3, (offsets[first + 1] ?? 0) * 3];
      into.fill(0, from, to);
      addRows(table.bins[first] ?? EMPTY, rows, start, end, ordered, into, from);
      continue;
    }
    const sums = new Float64Array((features.length + 1) * 3);
    addRows(codes, rows, start, end, ordered, sums, 0);
    features.forEach((feature, place) => {
      const to = (offsets[feature] ?? 0) * 3;
      for (let part = 0; part < 3; part += 1) {
        const set = sums[(place + 1) * 3 + part] ?? 0;
        into[to + part] = (whole[part] ?? 0) - set;
        into[to + 3 + part] = set;
        into[to + 6 + part] = 0;
      }
    });
  }
}

const EMPTY = new Uint8Array(0);

function addRows(
  bins: Uint8Array,
  rows: Int32Array,
  start: number,
  end: number,
  ordered: Float64Array,
  into: Float64Array,
  from: number,
): void {
  for (let at = start; at < end; at += 1) {
    const cell = from + (bins[rows[at] ?? 0] ?? 0) * 3;
    into[cell] = (into[cell] ?? 0) + (ordered[2 * at] ?? 0);
    into[cell + 1] = (into[cell + 1] ?? 0) + (ordered[2 * at + 1] ?? 0);
    into[cell + 2] = (into[cell + 2] ?? 0) + 1;
  }
}

/** A parent's sums less one child's are the other child's: the smaller child is counted, the larger one is this. */
export function subtract(parent: Histogram, child: Histogram): void {
  for (let cell = 0; cell < parent.length; cell += 1) {
    parent[cell] = (parent[cell] ?? 0) - (child[cell] ?? 0);
  }
}
