import { type Bundle, bundleFeatures } from './bundles.ts';
import type { FeatureTable } from './table.ts';

/** Of one byte: 255 for values, one for what is missing. */
const MOST_BINS = 255;

/** Where each feature is cut: bin b holds values up to `edges[b]`, the last bin everything above. */
export interface Binning {
  edges: readonly Float64Array[];
}

/** A table by bins. A missing value's bin is the number of value bins of its feature. */
export interface BinnedTable {
  rows: number;
  bins: readonly Uint8Array[];
  edges: readonly Float64Array[];
  /** By feature: whether any row lacks it. */
  hasMissing: readonly boolean[];
  /** All features, each once: what is drawn and counted together. */
  bundles: readonly Bundle[];
}

/**
 * Cuts at quantiles of the values present, halfway between neighbours; a feature of few distinct values gets a bin
 * for each. Only the rows given are looked at, so that nothing of other rows shapes a model.
 */
export function fitBinning(table: FeatureTable): Binning {
  return { edges: table.columns.map(cutPoints) };
}

function cutPoints(column: Float64Array): Float64Array {
  const few = fewValues(column);
  if (few !== null) return Float64Array.from(few.slice(1), (value, i) => halfway(few[i] ?? 0, value));
  const present = column.filter((value) => !Number.isNaN(value)).sort();
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of present) {
    const last = values.length - 1;
    if (last >= 0 && values[last] === value) counts[last] = (counts[last] ?? 0) + 1;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  const edges: number[] = [];
  let [seen, filled] = [0, 0];
  for (let i = 0; i + 1 < values.length; i += 1) {
    seen += counts[i] ?? 0;
    // The next quantile is reached once this many rows lie below the cut.
    const due = values.length <= MOST_BINS || seen >= ((filled + 1) * present.length) / MOST_BINS;
    if (!due) continue;
    edges.push(halfway(values[i] ?? 0, values[i + 1] ?? 0));
    filled = Math.max(filled + 1, Math.floor((seen * MOST_BINS) / present.length));
  }
  return Float64Array.from(edges);
}

const FEW = 8;

/** The distinct values in ascending order where they are few: found without sorting the column. */
function fewValues(column: Float64Array): number[] | null {
  const distinct = new Set<number>();
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    distinct.add(value);
    if (distinct.size > FEW) return null;
  }
  return [...distinct].sort((a, b) => a - b);
}

/** Between two values, never equal to the upper one. */
function halfway(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  return middle < high ? middle : low;
}

export function binTable(table: FeatureTable, { edges }: Binning): BinnedTable {
  const hasMissing: boolean[] = [];
  const bins = table.columns.map((column, feature) => {
    const cuts = edges[feature] ?? new Float64Array(0);
    const binned = new Uint8Array(table.rows);
    let missing = false;
    for (let row = 0; row < table.rows; row += 1) {
      const value = column[row] ?? Number.NaN;
      const bin = binOf(value, cuts);
      binned[row] = bin;
      if (Number.isNaN(value)) missing = true;
    }
    hasMissing.push(missing);
    return binned;
  });
  const twoValued = edges.map((cuts, feature) => cuts.length === 1 && hasMissing[feature] === false);
  return { rows: table.rows, bins, edges, hasMissing, bundles: bundleFeatures(bins, twoValued) };
}

function binOf(value: number, cuts: Float64Array): number {
  if (Number.isNaN(value)) return cuts.length + 1;
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (cuts[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
