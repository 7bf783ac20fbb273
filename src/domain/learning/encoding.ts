import { UserError } from '../../lib/errors.ts';
import { type FeatureTable, featureTable } from './table.ts';

/** A column as records have it; null is missing. */
export type RawColumn =
  | { name: string; kind: 'number'; values: readonly (number | null)[] }
  | { name: string; kind: 'category'; values: readonly (string | null)[] };

/** How a column becomes numbers. */
export type ColumnCode =
  | { name: string; kind: 'number' }
  /** One 0/1 column a level. A level never seen is 0 in all, a missing one missing in all. */
  | { name: string; kind: 'one-hot'; levels: string[] }
  /** Each level by its place in the order of the outcome's share, from 0. A level never seen is missing. */
  | { name: string; kind: 'ordered'; levels: string[] };

export type Encoding = ColumnCode[];

/** Rows of a level weigh as much as this many rows of the average before its own share counts. */
const PRIOR_ROWS = 10;

/**
 * Learns the levels, and where ordered their order, from the rows given alone: they must be rows learned from, or the
 * outcome of others would leak in.
 */
export function fitEncoding(
  columns: readonly RawColumn[],
  rows: Int32Array,
  labels: ArrayLike<number>,
  categories: 'one-hot' | 'ordered',
): Encoding {
  return columns.map((column) => {
    if (column.kind === 'number') return { name: column.name, kind: 'number' };
    const levels = new Map<string, { rows: number; ones: number }>();
    let ones = 0;
    for (const row of rows) {
      const level = column.values[row];
      const label = labels[row] ?? 0;
      ones += label;
      if (level === null || level === undefined) continue;
      const seen = levels.get(level) ?? { rows: 0, ones: 0 };
      levels.set(level, { rows: seen.rows + 1, ones: seen.ones + label });
    }
    const share = ones / Math.max(1, rows.length);
    const shareOf = (level: string): number => {
      const seen = levels.get(level) ?? { rows: 0, ones: 0 };
      return (seen.ones + share * PRIOR_ROWS) / (seen.rows + PRIOR_ROWS);
    };
    const names = [...levels.keys()].sort();
    if (categories === 'ordered') names.sort((a, b) => shareOf(a) - shareOf(b));
    return { name: column.name, kind: categories, levels: names };
  });
}

/** The rows given, as numbers. Throws `invalid_input` where a column of the encoding is missing or of another kind. */
export function encode(
  encoding: Encoding,
  columns: readonly RawColumn[],
  rows: ArrayLike<number>,
): FeatureTable {
  const names: string[] = [];
  const encoded: Float64Array[] = [];
  for (const code of encoding) {
    const column = columns.find(({ name }) => name === code.name);
    if (column === undefined) throw new UserError('invalid_input', `The data has no column ${code.name}.`);
    if ((column.kind === 'number') !== (code.kind === 'number')) {
      throw new UserError('invalid_input', `Column ${code.name} is of another kind than the model learned.`);
    }
    names.push(...encodedNames(code));
    encoded.push(...encodeColumn(code, column, rows));
  }
  return featureTable(names, encoded);
}

/** The names of the columns a code makes: the column's own, or with its level. */
export function encodedNames(code: ColumnCode): string[] {
  return code.kind === 'one-hot' ? code.levels.map((level) => `${code.name}_${level}`) : [code.name];
}

function encodeColumn(code: ColumnCode, column: RawColumn, rows: ArrayLike<number>): Float64Array[] {
  const fill = (asNumber: (value: string | number) => number) => {
    const filled = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i += 1) {
      const value = column.values[rows[i] ?? 0] ?? null;
      filled[i] = value === null ? Number.NaN : asNumber(value);
    }
    return filled;
  };
  if (code.kind === 'number') return [fill(Number)];
  if (code.kind === 'one-hot') return code.levels.map((level) => fill((value) => (value === level ? 1 : 0)));
  const places = new Map(code.levels.map((level, place) => [level, place]));
  return [fill((value) => places.get(String(value)) ?? Number.NaN)];
}

/** Which way a chance may move with a column: 1 only up, -1 only down. By name, of numbers. */
export type Directions = Readonly<Record<string, 1 | -1>>;

/** By encoded column, as trees take it; null where nothing is constrained. Categories have no direction. */
export function constraintsOf(encoding: Encoding, directions: Directions | undefined): Int8Array | null {
  if (directions === undefined) return null;
  return Int8Array.from(
    encoding.flatMap((code) =>
      encodedNames(code).map(() => (code.kind === 'number' ? (directions[code.name] ?? 0) : 0)),
    ),
  );
}
