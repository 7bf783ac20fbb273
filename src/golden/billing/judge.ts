import type { Json } from '../../domain/types.ts';
import type { CaseResult } from '../result.ts';

/** A case passes when every figure it expects is ours; a figure the rule does not give makes it unsupported. */
export function judge(id: string, all: Record<string, Json>, expected: Record<string, Json>): CaseResult {
  const unknown = Object.keys(expected).find((key) => !Object.hasOwn(all, key));
  if (unknown !== undefined) {
    return { id, status: 'unsupported', reason: `this rule gives no figure called ${unknown}` };
  }
  if (Object.keys(expected).length === 0) {
    return { id, status: 'unsupported', reason: 'the case expects nothing' };
  }
  const got: Record<string, Json> = {};
  for (const key of Object.keys(expected)) got[key] = all[key] ?? null;
  return sameJson(got, expected) ? { id, status: 'pass' } : { id, status: 'fail', got, expected };
}

/** Equal whatever the order of keys. */
function sameJson(one: Json, other: Json): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index] ?? null));
  }
  if (isRecord(one) && isRecord(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key] ?? null, other[key] ?? null))
    );
  }
  return one === other;
}

function isRecord(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
