import type { Spell } from '../../domain/survival/spells.ts';
import type { Cell, Dataset } from './file.ts';
import { columnsOf, type Formula, readFormula } from './formula.ts';

/** Rows without a gap in any column the formula names, as R's na.omit leaves them. */
export interface Frame {
  formula: Formula;
  spells: Spell[];
  /** Rows of the covariates, in the formula's order; null where a column is not of numbers. */
  covariates: number[][] | null;
  /** Of each row, the columns named. */
  labels(columns: readonly string[]): string[][];
}

/**
 * The data of a case: of the set it names, else the one set that has all columns of its formula; where several have
 * them, the one its id begins with.
 */
export function frameOf(
  { id, formula: text, data }: { id?: string | undefined; formula: string; data?: string | undefined },
  datasets: { readonly [name: string]: Dataset },
): Frame | { unsupported: string } {
  const formula = readFormula(text);
  if ('unsupported' in formula) return formula;
  const wanted = columnsOf(formula);
  const fitting = Object.entries(datasets)
    .filter(([name]) => data === undefined || name === data)
    .map(([name, dataset]) => [name, recordsOf(dataset)] as const)
    .filter(([, records]) => wanted.every((column) => records[0] && column in records[0]));
  const own = fitting.length > 1 ? fitting.filter(([name]) => id?.startsWith(`${name}_`)) : fitting;
  const [only, another] = own;
  if (!only || another) {
    const which = fitting.length === 0 ? `no data in the file have` : 'several data sets of the file have';
    return {
      unsupported: `${which} the columns ${wanted.join(', ')}${data === undefined ? '' : ` in "${data}"`}`,
    };
  }
  const rows = only[1].filter((record) => wanted.every((column) => !isMissing(record[column])));
  return framed(rows, formula);
}

type Record_ = { readonly [column: string]: Cell };

function recordsOf(dataset: Dataset): Record_[] {
  if (Array.isArray(dataset)) return dataset;
  const columns = Object.entries(dataset);
  const count = Math.max(0, ...columns.map(([, values]) => values.length));
  return Array.from({ length: count }, (_, at) =>
    Object.fromEntries(columns.map(([name, values]) => [name, values[at] ?? null])),
  );
}

function isMissing(cell: Cell | undefined): boolean {
  return cell === undefined || cell === null || cell === 'NA';
}

function framed(rows: readonly Record_[], formula: Formula): Frame | { unsupported: string } {
  const { start, stop, event, covariates } = formula;
  const numbers = (column: string) => rows.map((row) => numberOf(row[column]));
  const [starts, stops, states] = [
    start === null ? rows.map(() => 0) : numbers(start),
    numbers(stop),
    numbers(event),
  ];
  if ([...starts, ...stops, ...states].some(Number.isNaN)) {
    return { unsupported: `the columns of Surv() are not all numbers` };
  }
  // R's own rule: where states go up to 2, 2 is the event.
  const happened = Math.max(...states) === 2 ? 2 : 1;
  const values = covariates.map(numbers);
  return {
    formula,
    spells: stops.map((end, at) => ({ start: starts[at] ?? 0, stop: end, event: states[at] === happened })),
    covariates: values.flat().some(Number.isNaN)
      ? null
      : rows.map((_, at) => values.map((column) => column[at] ?? 0)),
    labels: (columns) => rows.map((row) => columns.map((column) => String(row[column]))),
  };
}

function numberOf(cell: Cell | undefined): number {
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  return typeof cell === 'number' ? cell : Number.NaN;
}
