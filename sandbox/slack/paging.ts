import { SlackError } from './errors.ts';

/** One page of a list, and the cursor of the next ('' at the end), as Slack pages. Throws `invalid_cursor`. */
export function page<T>(
  all: readonly T[],
  limit: number,
  cursor: string | undefined,
): { items: T[]; response_metadata: { next_cursor: string } } {
  const decoded = cursor ? Buffer.from(cursor, 'base64').toString() : '0';
  if (!/^\d{1,9}$/.test(decoded)) throw new SlackError('invalid_cursor');
  const from = Number(decoded);
  const to = from + Math.max(1, Math.min(limit, 1000));
  const next_cursor = to < all.length ? Buffer.from(String(to)).toString('base64') : '';
  return { items: all.slice(from, to), response_metadata: { next_cursor } };
}
