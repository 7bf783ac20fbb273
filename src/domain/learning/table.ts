import { UserError } from '../../lib/errors.ts';

/** Features column by column; NaN is missing. Every column has `rows` values. */
export interface FeatureTable {
  names: readonly string[];
  columns: readonly Float64Array[];
  rows: number;
}

/** Throws `invalid_input` unless every name has a column and all columns are of one length. */
export function featureTable(names: readonly string[], columns: readonly Float64Array[]): FeatureTable {
  const rows = columns[0]?.length ?? 0;
  if (names.length !== columns.length) {
    throw new UserError('invalid_input', `${names.length} names for ${columns.length} columns.`);
  }
  const odd = columns.findIndex((column) => column.length !== rows);
  if (odd !== -1) {
    throw new UserError(
      'invalid_input',
      `Column ${names[odd]} has ${columns[odd]?.length} rows, the first has ${rows}.`,
    );
  }
  return { names, columns, rows };
}

export function pickLabels(labels: ArrayLike<number>, rows: ArrayLike<number>): Uint8Array {
  const picked = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i += 1) picked[i] = labels[rows[i] ?? 0] ?? 0;
  return picked;
}

/** 0, 1, ... n - 1. */
export function allRows(n: number): Int32Array {
  const rows = new Int32Array(n);
  for (let i = 0; i < n; i += 1) rows[i] = i;
  return rows;
}

/** Throws `invalid_input` unless there is a label 0 or 1 for every row, and at least one of each. */
export function checkLabels(table: FeatureTable, labels: ArrayLike<number>): void {
  if (labels.length !== table.rows) {
    throw new UserError('invalid_input', `${labels.length} outcomes for ${table.rows} rows.`);
  }
  let ones = 0;
  for (let i = 0; i < labels.length; i += 1) {
    const label = labels[i];
    if (label !== 0 && label !== 1) throw new UserError('invalid_input', `Outcome ${label} is not 0 or 1.`);
    ones += label;
  }
  if (ones === 0 || ones === labels.length) {
    throw new UserError('invalid_input', 'All outcomes are the same, so there is nothing to learn from.');
  }
}
