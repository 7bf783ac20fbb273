import { PostgrestError, unknownColumn, unreadable } from './errors.ts';
import { compare, parseFilter, type Row, splitList, type Test } from './filters.ts';
import type { Cell, Table } from './tables.ts';

/** PostgREST's `db-max-rows`, as Supabase sets it. */
const MAX_ROWS = 1_000;

export interface Query {
  select: { name: string; column: string }[];
  tests: Test[];
  order: { column: string; descending: boolean; nullsFirst: boolean }[];
  offset: number;
  limit: number;
}

/** Reads the parameters of a request; `range` is its Range header. Throws PostgrestError for what cannot be read. */
export function parseQuery(table: Table, parameters: URLSearchParams, range: string | undefined): Query {
  const query: Query = { select: selection(table, '*'), tests: [], order: [], offset: 0, limit: MAX_ROWS };
  const ranged = /^(\d+)-(\d*)$/.exec(range ?? '');
  if (ranged?.[1]) {
    query.offset = Number(ranged[1]);
    if (ranged[2]) query.limit = Number(ranged[2]) - query.offset + 1;
    if (query.limit < 1) throw new PostgrestError(416, 'PGRST103', 'Requested range not satisfiable');
  }
  for (const [name, value] of parameters) {
    if (name === 'select') query.select = selection(table, value);
    else if (name === 'order') query.order = ordering(table, value);
    else if (name === 'limit') query.limit = natural(name, value);
    else if (name === 'offset') query.offset = natural(name, value);
    else if (name !== 'apikey' && name !== 'columns') query.tests.push(parseFilter(table, name, value));
  }
  query.limit = Math.min(query.limit, MAX_ROWS);
  return query;
}

function natural(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw unreadable(name, value);
  return Number(value);
}

function selection(table: Table, text: string): Query['select'] {
  return splitList(text.replace(/\s+/g, '')).flatMap((item) => {
    if (item === '*' || item === '')
      return Object.keys(table.columns).map((column) => ({ name: column, column }));
    const [, alias, column = ''] = /^(?:([^:]+):)?"?([^":]+)"?$/.exec(item) ?? [];
    if (!/^\w+$/.test(column)) throw unreadable('select parameter', item);
    if (!Object.hasOwn(table.columns, column)) throw unknownColumn(table.name, column);
    return [{ name: alias ?? column, column }];
  });
}

function ordering(table: Table, text: string): Query['order'] {
  return splitList(text).map((item) => {
    const [column = '', ...words] = item.split('.');
    if (!Object.hasOwn(table.columns, column)) throw unknownColumn(table.name, column);
    const strange = words.find((word) => !['asc', 'desc', 'nullsfirst', 'nullslast'].includes(word));
    if (strange !== undefined) throw unreadable('order', item);
    const descending = words.includes('desc');
    const nullsFirst = words.includes('nullsfirst') || (descending && !words.includes('nullslast'));
    return { column, descending, nullsFirst };
  });
}

/** The page of rows a query asks for, and how many there are in all. */
export function runQuery(rows: readonly Row[], query: Query): { page: Row[]; total: number } {
  const kept = rows.filter((row) => query.tests.every((test) => test(row)));
  if (query.order.length > 0) kept.sort((a, b) => inOrder(a, b, query.order));
  const page = kept.slice(query.offset, query.offset + query.limit).map((row) => {
    const selected: Row = {};
    for (const { name, column } of query.select) selected[name] = row[column] ?? null;
    return selected;
  });
  return { page, total: kept.length };
}

function inOrder(a: Row, b: Row, order: Query['order']): number {
  for (const { column, descending, nullsFirst } of order) {
    const [left, right]: [Cell, Cell] = [a[column] ?? null, b[column] ?? null];
    if (left === null || right === null) {
      if (left === right) continue;
      return (left === null) === nullsFirst ? -1 : 1;
    }
    const difference = compare(left, right);
    if (difference !== 0) return descending ? -difference : difference;
  }
  return 0;
}
