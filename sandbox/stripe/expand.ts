import type { Books } from './books.ts';
import { invalidRequest } from './errors.ts';
import { isObject, type Json, type JsonObject, type StripeObject } from './json.ts';

/** How an id in a field becomes the object it names; undefined when there is none. */
export type Expander = (id: string, books: Books) => StripeObject | undefined;

/** How a field that is absent until asked for is filled: `invoice.payments`. */
export type Include = (owner: JsonObject, books: Books) => Json;

export interface Expansions {
  byField: Record<string, Expander>;
  includes: Record<string, Include>;
}

const MAX_DEPTH = 4;

/** Fills what `expand[]` asks for, in place. Throws StripeFault for a property that cannot be expanded. */
export function expand(
  object: StripeObject,
  paths: readonly string[],
  expansions: Expansions,
  books: Books,
): void {
  for (const path of paths) {
    const fields = path.split('.');
    const depth = fields.filter((field) => field !== 'data').length;
    if (depth > MAX_DEPTH)
      throw invalidRequest(`You cannot expand more than ${MAX_DEPTH} levels of a property (${path}).`, {
        param: 'expand',
      });
    expandField(object, fields, { path, expansions, books });
  }
}

interface Expansion {
  path: string;
  expansions: Expansions;
  books: Books;
}

function expandField(owner: JsonObject, fields: readonly string[], on: Expansion): void {
  const [field, ...rest] = fields;
  if (field === undefined) return;
  if (owner[field] === undefined) include(owner, field, on);
  const value = owner[field];
  if (value === null || value === undefined) return;
  if (Array.isArray(value)) {
    owner[field] = value.map((item) => expandedValue(field, item, rest, on));
    return;
  }
  owner[field] = expandedValue(field, value, rest, on);
}

function include(owner: JsonObject, field: string, on: Expansion): void {
  const fill = on.expansions.includes[`${String(owner.object)}.${field}`];
  if (!fill) throw cannotExpand(on);
  owner[field] = fill(owner, on.books);
}

function expandedValue(field: string, value: Json, rest: readonly string[], on: Expansion): Json {
  const object = typeof value === 'string' ? look(field, value, on) : value;
  if (isJsonObject(object)) {
    if (rest.length > 0) expandField(object, rest, on);
    return object;
  }
  if (object === undefined) return value;
  throw cannotExpand(on);
}

function look(field: string, id: string, on: Expansion): StripeObject | undefined {
  const expander = on.expansions.byField[field];
  if (!expander) throw cannotExpand(on);
  return expander(id, on.books);
}

function cannotExpand(on: Expansion) {
  return invalidRequest(
    `This property cannot be expanded (${on.path}). You may want to try expanding 'data.${on.path}' instead.`,
    { param: 'expand' },
  );
}

function isJsonObject(value: Json): value is JsonObject {
  return isObject(value);
}
