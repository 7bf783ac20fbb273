import type { z } from 'zod';
import type { Books } from './books.ts';
import type { CreationIndex, Entry } from './creation-index.ts';
import { noSuch } from './errors.ts';
import type { StripeObject } from './json.ts';
import { listObject, type PageRequest, pageOf } from './pagination.ts';
import { parseParameters } from './parameters.ts';

export interface Effect {
  kind: string;
  /** PsiZero id. */
  customer: string | null;
  amountMinor?: number;
  currency?: string;
  payload: unknown;
}

export interface Call<P> {
  /** From the path; empty where it has none. */
  id: string;
  params: P;
  books: Books;
  /** A change that really happened, for the ledger of effects. */
  effect: (effect: Effect) => void;
}

/** A route whose parameters have been checked when `prepare` returns; running what it returns does the work. */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  prepare(raw: unknown): (call: Omit<Call<unknown>, 'params'>) => StripeObject;
}

/** One call of the API: its method, path, parameters and what it does. */
export function route<P>(of: {
  method: Route['method'];
  path: string;
  params: z.ZodType<P>;
  run: (call: Call<P>) => StripeObject;
}): Route {
  return {
    method: of.method,
    path: of.path,
    prepare: (raw) => {
      const params = parseParameters(of.params, raw);
      return (call) => of.run({ ...call, params });
    },
  };
}

interface Listing<R> {
  index: Pick<CreationIndex<unknown>, 'all' | 'entry'>;
  /** Narrowed by a key, where a filter allows it. */
  entries?: readonly Entry[];
  url: string;
  thing: string;
  page: PageRequest;
  read: (id: string) => R | undefined;
  render: (record: R) => StripeObject;
}

/** A page of records as Stripe's list object. */
export function listing<R>(of: Listing<R>): StripeObject {
  const page = pageOf(of.entries ?? of.index.all(), of.page, of.read, (id, param) => {
    const entry = of.index.entry(id);
    if (!entry) throw noSuch(of.thing, id, param);
    return entry;
  });
  return listObject(of.url, page.records.map(of.render), page.hasMore);
}

/** The metadata after a change: `null` removes all, an empty value its key. */
export function mergedMetadata(
  before: Record<string, string>,
  change: Record<string, string> | null | undefined,
): Record<string, string> {
  if (change === undefined) return before;
  const after = { ...(change === null ? {} : before), ...change };
  return Object.fromEntries(Object.entries(after).filter(([, value]) => value !== ''));
}
