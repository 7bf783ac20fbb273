import { PostgrestError, unknownColumn, unreadable } from './errors.ts';
import type { Cell, ColumnType, Table } from './tables.ts';

export type Row = Record<string, Cell>;
export type Test = (row: Row) => boolean;

/** A query parameter that filters: `status=eq.open`, `or=(a.gt.1,and(b.eq.2,c.is.null))`. */
export function parseFilter(table: Table, name: string, value: string): Test {
  if (/^(not\.)?(and|or)$/.test(name)) return group(table, name, value);
  const column = name.replace(/^"(.*)"$/, '$1');
  return condition(table, column, value);
}

function group(table: Table, name: string, value: string): Test {
  if (!value.startsWith('(') || !value.endsWith(')')) throw unreadable('logic tree', `${name}=${value}`);
  const tests = splitList(value.slice(1, -1)).map((part) => treePart(table, part));
  if (tests.length === 0) throw unreadable('logic tree', value);
  const all: Test = name.endsWith('and')
    ? (row) => tests.every((test) => test(row))
    : (row) => tests.some((test) => test(row));
  return name.startsWith('not.') ? (row) => !all(row) : all;
}

function treePart(table: Table, part: string): Test {
  const nested = /^((?:not\.)?(?:and|or))(\(.*\))$/s.exec(part);
  if (nested?.[1] && nested[2]) return group(table, nested[1], nested[2]);
  const dot = part.indexOf('.');
  if (dot < 1) throw unreadable('logic tree', part);
  return condition(table, part.slice(0, dot).replace(/^"(.*)"$/, '$1'), part.slice(dot + 1));
}

/** Splits at commas that stand neither in quotes nor in brackets. */
export function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (let i = 0; i < text.length; i += 1) {
    const character = text.charAt(i);
    if (quoted && character === '\\') {
      part += character + text.charAt(i + 1);
      i += 1;
      continue;
    }
    if (character === '"') quoted = !quoted;
    if (!quoted && character === '(') depth += 1;
    if (!quoted && character === ')') depth -= 1;
    if (character === ',' && depth === 0 && !quoted) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  if (part !== '' || parts.length > 0) parts.push(part);
  return parts;
}

function unquote(text: string): string {
  return text.length >= 2 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replace(/\\(.)/g, '$1')
    : text;
}

function condition(table: Table, column: string, expression: string): Test {
  const type = Object.hasOwn(table.columns, column) ? table.columns[column] : undefined;
  if (type === undefined) throw unknownColumn(table.name, column);
  if (expression.startsWith('not.')) {
    const test = operation(type, column, expression.slice(4));
    // SQL's three truths: what is unknown is not true when negated either.
    return (row) => test(row) === false;
  }
  const test = operation(type, column, expression);
  return (row) => test(row) === true;
}

const COMPARISONS: Record<string, (order: number) => boolean> = {
  eq: (order) => order === 0,
  neq: (order) => order !== 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

/** Null: unknown, as SQL has it where a column is null. */
function operation(type: ColumnType, column: string, expression: string): (row: Row) => boolean | null {
  const dot = expression.indexOf('.');
  const operator = dot < 0 ? expression : expression.slice(0, dot);
  const raw = dot < 0 ? '' : expression.slice(dot + 1);
  const cell = (row: Row) => row[column] ?? null;
  const known = (test: (value: string | number) => boolean) => (row: Row) => {
    const value = cell(row);
    return value === null ? null : test(value);
  };
  const comparison = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (comparison && dot >= 0) {
    const wanted = readValue(type, unquote(raw));
    return known((value) => comparison(compare(readValue(type, String(value)), wanted)));
  }
  if (operator === 'is') {
    if (raw !== 'null' && raw !== 'not_null') throw unreadable('filter', expression);
    return (row) => (cell(row) === null) === (raw === 'null');
  }
  if (operator === 'in' && raw.startsWith('(') && raw.endsWith(')')) {
    const wanted = new Set(splitList(raw.slice(1, -1)).map((item) => readValue(type, unquote(item))));
    return known((value) => wanted.has(readValue(type, String(value))));
  }
  if (operator === 'like' || operator === 'ilike') {
    const pattern = likePattern(unquote(raw), operator === 'ilike');
    return known((value) => pattern.test(String(value)));
  }
  throw unreadable('filter', expression);
}

/** What a text means in a column of that type; instants become numbers, so that all spellings of one are equal. */
function readValue(type: ColumnType, text: string): string | number {
  if (type === 'text') return text;
  const value = type === 'number' ? Number(text === '' ? Number.NaN : text) : Date.parse(text);
  if (!Number.isNaN(value)) return value;
  const said = type === 'number' ? 'numeric' : 'timestamp with time zone';
  throw new PostgrestError(
    400,
    type === 'number' ? '22P02' : '22007',
    `invalid input syntax for type ${said}: "${text}"`,
  );
}

/** By code units, as the C collation does. */
export function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `*` stands for `%`, as in PostgREST. */
function likePattern(text: string, ignoreCase: boolean): RegExp {
  const source = text
    .replaceAll('*', '%')
    .replace(/[.+^${}()|[\]\\?]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su');
}
