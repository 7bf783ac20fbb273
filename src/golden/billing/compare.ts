import { compare, exact } from '../../domain/money/exact.ts';
import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';
import type { BillingCase } from './file.ts';

/** What the product says under each name that a case may expect. */
export type Answers = Readonly<Record<string, Json>>;

/**
 * The verdict: every expected value against the answer of its name. A value no answer has a name for is unsupported,
 * not a failure.
 */
export function judge(golden: BillingCase, answers: Answers): CaseResult {
  const { id, expected } = golden;
  const unknown = Object.keys(expected).find((name) => answers[name] === undefined);
  if (unknown !== undefined) {
    return { id, status: 'unsupported', reason: `no rule gives "${unknown}" for this input` };
  }
  const got = Object.fromEntries(Object.keys(expected).map((name) => [name, answers[name] ?? null]));
  return sameValue(got, expected) ? { id, status: 'pass' } : { id, status: 'fail', got, expected };
}

/** Amounts are equal by value ("150.0" is "150"), everything else as written. */
export function sameValue(one: Json, other: Json): boolean {
  if (isDecimal(one) && isDecimal(other)) return compare(exact(String(one)), exact(String(other))) === 0;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => sameValue(item, other[at] ?? null));
  }
  if (isObject(one) && isObject(other)) {
    const names = new Set([...Object.keys(one), ...Object.keys(other)]);
    return [...names].every((name) => sameValue(one[name] ?? null, other[name] ?? null));
  }
  return one === other;
}

function isDecimal(value: Json): value is string | number {
  return (
    (typeof value === 'string' || typeof value === 'number') && /^[+-]?\d+(?:\.\d+)?$/.test(String(value))
  );
}

function isObject(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
