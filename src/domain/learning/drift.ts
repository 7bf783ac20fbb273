import type { RawColumn } from './encoding.ts';

/** How far a column's values have moved from those learned from. */
export interface ColumnDrift {
  name: string;
  /** Population stability index. */
  psi: number;
  /** By the usual rule of thumb: below 0.1 steady, from 0.25 on moved. */
  verdict: 'steady' | 'moving' | 'moved';
  /** Two-sample Kolmogorov-Smirnov, of numbers that are there; null for categories. */
  ks: { distance: number; p: number } | null;
  missing: { then: number; now: number };
}

const BINS = 10;
/** Stands in for an empty bin, whose logarithm would be infinite. */
const EMPTY_SHARE = 1e-4;

/** Compares the rows learned from with those of now, column by column. Columns that are not on both sides are left out. */
export function driftOf(then: readonly RawColumn[], now: readonly RawColumn[]): ColumnDrift[] {
  return then.flatMap((before) => {
    const after = now.find(({ name, kind }) => name === before.name && kind === before.kind);
    return after === undefined ? [] : [columnDrift(before, after)];
  });
}

function columnDrift(before: RawColumn, after: RawColumn): ColumnDrift {
  const [then, now] = [shareMissing(before), shareMissing(after)];
  const numbers = [numbersOf(before), numbersOf(after)] as const;
  const psi =
    before.kind === 'number'
      ? stabilityIndex(numbersByBin(before.values, numbers[0]), numbersByBin(after.values, numbers[0]))
      : stabilityIndex(levelsOf(before.values), levelsOf(after.values));
  return {
    name: before.name,
    psi,
    verdict: psi < 0.1 ? 'steady' : psi < 0.25 ? 'moving' : 'moved',
    ks: before.kind === 'number' ? kolmogorovSmirnov(...numbers) : null,
    missing: { then, now },
  };
}

function shareMissing({ values }: RawColumn): number {
  let missing = 0;
  for (const value of values) if (value === null) missing += 1;
  return missing / Math.max(1, values.length);
}

function numbersOf({ values }: RawColumn): Float64Array {
  const numbers: number[] = [];
  for (const value of values) if (typeof value === 'number') numbers.push(value);
  return Float64Array.from(numbers).sort();
}

/** Shares by tenth of the values learned from; what is missing is a bin of its own. */
function numbersByBin(
  values: readonly (number | string | null)[],
  learned: Float64Array,
): Map<string, number> {
  const edges = [
    ...new Set(
      Array.from({ length: BINS - 1 }, (_, i) => learned[Math.floor(((i + 1) * learned.length) / BINS)]),
    ),
  ];
  return sharesOf(values, (value) =>
    String(edges.filter((edge) => edge !== undefined && Number(value) >= edge).length),
  );
}

function levelsOf(values: readonly (number | string | null)[]): Map<string, number> {
  return sharesOf(values, String);
}

function sharesOf(
  values: readonly (number | string | null)[],
  binOf: (value: number | string) => string,
): Map<string, number> {
  const shares = new Map<string, number>();
  for (const value of values) {
    const bin = value === null ? 'missing' : `is ${binOf(value)}`;
    shares.set(bin, (shares.get(bin) ?? 0) + 1 / values.length);
  }
  return shares;
}

/** Sum over bins of (q - p) ln(q / p): the divergence of both from each other (Kullback and Leibler's J). */
function stabilityIndex(then: Map<string, number>, now: Map<string, number>): number {
  let index = 0;
  for (const bin of new Set([...then.keys(), ...now.keys()])) {
    const p = Math.max(EMPTY_SHARE, then.get(bin) ?? 0);
    const q = Math.max(EMPTY_SHARE, now.get(bin) ?? 0);
    index += (q - p) * Math.log(q / p);
  }
  return index;
}

/**
 * The largest distance between two samples' distribution functions, and the chance of one as large where both are of
 * one kind: Kolmogorov's series with Stephens' correction for small samples (1970). Both ascend; null where one is
 * empty.
 */
function kolmogorovSmirnov(a: Float64Array, b: Float64Array): { distance: number; p: number } | null {
  if (a.length === 0 || b.length === 0) return null;
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && (a[i] ?? 0) <= value) i += 1;
    while (j < b.length && (b[j] ?? 0) <= value) j += 1;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  const size = Math.sqrt((a.length * b.length) / (a.length + b.length));
  return { distance, p: kolmogorovTail((size + 0.12 + 0.11 / size) * distance) };
}

function kolmogorovTail(lambda: number): number {
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k += 1) {
    const term = 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
    sum += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return Math.min(1, Math.max(0, sum));
}
