import type { Exhibit } from '../domain/types.ts';
import { shortValue } from './chart-words.ts';

export type Heatmap = Extract<Exhibit, { kind: 'heatmap' }>;

interface Cell {
  row: string;
  column: string;
  value: number;
}

/** The cells that have a value, row by row. */
export function cellsOf({ rows, columns }: Heatmap): Cell[] {
  return rows.flatMap(({ label, cells }) =>
    columns.flatMap((column, at) => {
      const value = cells[at] ?? null;
      return value === null ? [] : [{ row: label, column, value }];
    }),
  );
}

/** "Cohort retention: lowest 54% (month 8 of Mar 2026), highest 96% (month 1 of Jun 2026)"; a first column that is all 100% is no news. */
export function heatmapHeadline(heatmap: Heatmap): string {
  const cells = cellsOf(heatmap);
  const start = heatmap.columns[0];
  const first = cells.filter(({ column }) => column === start);
  const whole = heatmap.unit === '%' && first.length > 0 && first.every(({ value }) => value === 100);
  const told = whole ? cells.filter(({ column }) => column !== start) : cells;
  const [any] = told;
  if (!any) return heatmap.title;
  const lowest = told.reduce((low, cell) => (cell.value < low.value ? cell : low), any);
  const highest = told.reduce((high, cell) => (cell.value > high.value ? cell : high), any);
  const words = ({ row, column, value }: Cell) =>
    `${shortValue(rounded(value), heatmap.unit)} (${column} of ${row})`;
  if (lowest.value === highest.value)
    return `${heatmap.title}: ${shortValue(rounded(any.value), heatmap.unit)} throughout`;
  return `${heatmap.title}: lowest ${words(lowest)}, highest ${words(highest)}`;
}

const MOST_ROWS_TOLD = 14;

/** Each row with its first and last value, for those who cannot look. */
export function heatmapAlt(heatmap: Heatmap): string {
  const { rows, columns, unit } = heatmap;
  const lines = rows.slice(0, MOST_ROWS_TOLD).map(({ label, cells }) => {
    const last = cells.findLastIndex((cell) => cell !== null);
    const value = cells[last] ?? null;
    return value === null
      ? `${label}: nothing`
      : `${label}: ${shortValue(rounded(value), unit)} in ${columns[last] ?? ''}`;
  });
  const more = rows.length > lines.length ? ` and ${rows.length - lines.length} more rows` : '';
  return `${heatmapHeadline(heatmap)}. ${rows.length} rows by ${columns.length} columns. ${lines.join('; ')}${more}.`;
}

/** What a cell has room for. */
export function rounded(value: number): number {
  return Math.abs(value) >= 100 ? value : Number(value.toPrecision(Math.abs(value) >= 10 ? 2 : 1));
}
