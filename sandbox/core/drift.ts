import type { Drift } from './types.ts';

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * An answer or an event whose rows have one field otherwise than agreed, and which is sound in everything else:
 * a system that was changed without a word. A body that is no JSON stays as it is.
 */
export function drifted(body: string, drift: Drift): string {
  try {
    const parsed: unknown = JSON.parse(body);
    for (const row of rowsOf(parsed)) change(row, drift);
    return JSON.stringify(parsed);
  } catch {
    return body;
  }
}

/** PostgREST answers a list, PsiZero and Stripe `{data: [...]}`; Stripe's events hold their object inside. */
function rowsOf(body: unknown): Fields[] {
  if (Array.isArray(body)) return body.filter(isFields).flatMap(within);
  if (!isFields(body)) return [];
  if (Array.isArray(body.data)) return body.data.filter(isFields).flatMap(within);
  return within(body);
}

function within(row: Fields): Fields[] {
  const { data } = row;
  return row.object === 'event' && isFields(data) && isFields(data.object) ? [data.object] : [row];
}

function change(row: Fields, { field, how }: Drift): void {
  const value = row[field];
  if (how === 'added') row[field] = 'new here';
  else if (!(field in row)) return;
  else if (how === 'missing') delete row[field];
  else if (how === 'renamed') {
    delete row[field];
    row[`${field}_v2`] = value;
  } else if (how === 'unknown_value') row[field] = 'unheard_of';
  else row[field] = typeof value === 'string' ? { value } : String(value);
}
