import { type Entry, firstNotBefore } from './creation-index.ts';
import { invalidRequest } from './errors.ts';
import type { StripeObject } from './json.ts';
import type { InstantRange } from './parameters.ts';

export interface PageRequest {
  limit?: number | undefined;
  starting_after?: string | undefined;
  ending_before?: string | undefined;
  created?: InstantRange | undefined;
}

export interface Page<R> {
  records: R[];
  hasMore: boolean;
}

/**
 * One page, newest first. `entries` are oldest first; `read` gives the record, or undefined where it is filtered out;
 * `cursor` resolves an id and throws the StripeFault for one that does not exist.
 */
export function pageOf<R>(
  entries: readonly Entry[],
  request: PageRequest,
  read: (id: string) => R | undefined,
  cursor: (id: string, param: string) => Entry,
): Page<R> {
  const limit = limitOf(request);
  let low = 0;
  let high = entries.length;
  if (request.created) [low, high] = bounds(entries, request.created);
  if (request.ending_before !== undefined) {
    const after = firstNotBefore(entries, following(cursor(request.ending_before, 'ending_before')));
    const page = walk(entries, Math.max(after, low), high, 1, limit, read);
    return { records: page.records.reverse(), hasMore: page.hasMore };
  }
  if (request.starting_after !== undefined)
    high = Math.min(high, firstNotBefore(entries, cursor(request.starting_after, 'starting_after')));
  return walk(entries, high - 1, low - 1, -1, limit, read);
}

function limitOf(request: PageRequest): number {
  if (request.starting_after !== undefined && request.ending_before !== undefined)
    throw invalidRequest('You may only specify one of these parameters: ending_before, starting_after.', {
      code: 'parameters_exclusive',
    });
  const limit = request.limit ?? 10;
  if (limit < 1)
    throw invalidRequest('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'limit',
    });
  if (limit > 100)
    throw invalidRequest('This value must be less than or equal to 100.', {
      code: 'parameter_invalid_integer',
      param: 'limit',
    });
  return limit;
}

function following(entry: Entry): { at: number; order: number } {
  return { at: entry.at, order: entry.order + 1 };
}

/** Stripe compares whole seconds; entries are in milliseconds. */
function bounds(entries: readonly Entry[], range: InstantRange): [number, number] {
  const fromSecond = Math.max(range.gte ?? -Infinity, range.gt === undefined ? -Infinity : range.gt + 1);
  const untilSecond = Math.min(range.lt ?? Infinity, range.lte === undefined ? Infinity : range.lte + 1);
  const position = (second: number) => firstNotBefore(entries, { at: second * 1000, order: -1 });
  const low = position(fromSecond);
  return [low, Math.max(low, position(untilSecond))];
}

function walk<R>(
  entries: readonly Entry[],
  from: number,
  until: number,
  step: 1 | -1,
  limit: number,
  read: (id: string) => R | undefined,
): Page<R> {
  const records: R[] = [];
  for (let position = from; step > 0 ? position < until : position > until; position += step) {
    const entry = entries[position];
    const record = entry === undefined ? undefined : read(entry.id);
    if (record === undefined) continue;
    if (records.length === limit) return { records, hasMore: true };
    records.push(record);
  }
  return { records, hasMore: false };
}

export function listObject(url: string, data: StripeObject[], hasMore: boolean): StripeObject {
  return { object: 'list', data, has_more: hasMore, url };
}
