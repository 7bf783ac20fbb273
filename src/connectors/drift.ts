import { z } from 'zod';
import type { Drift, Malformed } from '../domain/sync.ts';

const identified = z.looseObject({ id: z.union([z.string(), z.number()]) });

/** What is wrong with a row that a schema refused, field by name. */
export function malformedRow(resource: string, row: unknown, error: z.ZodError): Malformed {
  const id = identified.safeParse(row);
  const drift = driftOf(row, error.issues[0]);
  return {
    resource,
    id: id.success ? String(id.data.id) : '(no id)',
    what: `${drift.field}: expected ${drift.expected}, got ${drift.got}`,
    drift,
  };
}

function driftOf(row: unknown, issue: z.core.$ZodIssue | undefined): Drift {
  if (issue === undefined) return { field: 'row', expected: 'a readable row', got: 'something else' };
  // A list's index would make every row another field.
  const field = issue.path.filter((part) => typeof part === 'string').join('.') || 'row';
  return { field, expected: expectedBy(issue), got: gotIn(row, issue.path) };
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'object' ? 'an object' : issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.format === 'datetime' ? 'an instant' : `a ${issue.format}`;
    case 'too_small':
      return issue.origin === 'string' ? 'some text' : `at least ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_union':
      return 'another type';
    default:
      return issue.message;
  }
}

function gotIn(row: unknown, path: readonly PropertyKey[]): string {
  let value = row;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return describeValue(value);
    value = Reflect.get(value, part);
  }
  return describeValue(value);
}

const WORD = /^[A-Za-z][A-Za-z0-9_.-]{0,39}$/;

/** The kind of a value; a plain word (a status, a code) itself, never free text or figures of somebody. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return value === '' ? 'empty text' : WORD.test(value) ? value : 'other text';
  if (typeof value === 'number')
    return Number.isInteger(value) ? (value < 0 ? 'a negative number' : 'a number') : 'a fraction';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

const LOOKED_AT = 20;

/** The names of the fields rows came with. A few rows tell: a field that is new is new in all. */
export function fieldsOf(rows: readonly unknown[]): string[] {
  const names = new Set<string>();
  const step = Math.max(1, Math.floor(rows.length / LOOKED_AT));
  for (let index = 0; index < rows.length; index += step) {
    const row = rows[index];
    if (typeof row === 'object' && row !== null) for (const name of Object.keys(row)) names.add(name);
  }
  return [...names];
}
