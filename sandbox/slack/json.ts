/** Reading of JSON whose shape is not known: each reader gives null where the shape is another. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectAt(parent: unknown, key: string): JsonObject | null {
  const value = isObject(parent) ? parent[key] : undefined;
  return isObject(value) ? value : null;
}

export function textAt(parent: unknown, key: string): string | null {
  const value = isObject(parent) ? parent[key] : undefined;
  return typeof value === 'string' ? value : null;
}

export function listAt(parent: unknown, key: string): unknown[] | null {
  const value = isObject(parent) ? parent[key] : undefined;
  return Array.isArray(value) ? value : null;
}

/** The objects of a list; everything else in it is left out. */
export function objectsAt(parent: unknown, key: string): JsonObject[] {
  return (listAt(parent, key) ?? []).filter(isObject);
}

/** The parsed text, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
