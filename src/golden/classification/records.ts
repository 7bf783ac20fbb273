import type { RawColumn } from '../../domain/learning/encoding.ts';
import { UserError } from '../../lib/errors.ts';
import type { ClassificationFile } from './file.ts';

export interface Records {
  columns: RawColumn[];
  labels: Uint8Array;
}

/** Throws `invalid_input` where the table does not fit what the file says of it. */
export function readRecords(file: ClassificationFile, csv: string): Records {
  const [header = [], ...rows] = parseCsv(csv);
  if (rows.length !== file.fold_of_row.length) {
    throw new UserError(
      'invalid_input',
      `The table has ${rows.length} rows, and fold_of_row names folds for ${file.fold_of_row.length}.`,
    );
  }
  const odd = rows.findIndex((row) => row.length !== header.length);
  if (odd !== -1) {
    throw new UserError(
      'invalid_input',
      `Row ${odd + 1} has ${rows[odd]?.length} fields, not ${header.length}.`,
    );
  }
  const [target = '', outcome] = file.target.split('==').map((part) => part.trim());
  const place = header.indexOf(target);
  if (place === -1) throw new UserError('invalid_input', `The table has no column ${target}.`);
  const columns = header.flatMap((name, at) => {
    const values = rows.map((row) => row[at]?.trim() ?? '');
    const kind = at === place ? null : kindOf(name, values, file.columns);
    return kind === null ? [] : [columnOf(name, kind, values)];
  });
  if (columns.length === 0)
    throw new UserError('invalid_input', 'The table has no column that can be learned from.');
  return { columns, labels: Uint8Array.from(rows, (row) => (row[place]?.trim() === outcome ? 1 : 0)) };
}

/** As the reference took it where it says so; else by what stands in it. Names and numbers of records are left out. */
function kindOf(
  name: string,
  values: readonly string[],
  reference: readonly string[] | undefined,
): RawColumn['kind'] | null {
  const present = values.filter((value) => value !== '');
  const numeric = present.length > 0 && present.every((value) => Number.isFinite(Number(value)));
  if (reference !== undefined) {
    if (reference.includes(name)) return numeric ? 'number' : 'category';
    return reference.some((column) => column.startsWith(`${name}_`)) ? 'category' : null;
  }
  if (numeric) return 'number';
  return new Set(values).size > values.length / 2 ? null : 'category';
}

function columnOf(name: string, kind: RawColumn['kind'], values: readonly string[]): RawColumn {
  if (kind === 'number') {
    return { name, kind, values: values.map((value) => (value === '' ? null : Number(value))) };
  }
  return { name, kind, values: values.map((value) => (value === '' ? null : value)) };
}

/** RFC 4180: quoted fields may hold commas, quotes (doubled) and line ends. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // Per field: what stands in quotes or up to the next comma or line end, then what ended it.
  const field = /(?:"((?:[^"]|"")*)"|((?!")[^,\r\n]*))(,|\r?\n|\r|$)/y;
  const body = text.replace(/^\uFEFF/, '').replace(/[\r\n]+$/, '');
  while (field.lastIndex <= body.length) {
    const at = field.lastIndex;
    const found = field.exec(body);
    if (found === null) {
      throw new UserError('invalid_input', `The table cannot be read: a quote is open at character ${at}.`);
    }
    const [, quoted, plain = '', end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}
