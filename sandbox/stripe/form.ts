import { invalidRequest } from './errors.ts';

export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type Form = { [key: string]: FormValue };

const MAX_DEPTH = 8;
const MAX_INDEX = 500;

type Node = Map<string, Node | string>;

/**
 * Parses `a[b][0][c]=d` and `expand[]=x` as Stripe does: brackets nest, `[]` appends, and a level whose keys are all
 * numbers is a list. Throws StripeFault when the same name is both a value and a level, or the nesting is too deep.
 */
export function parseForm(text: string): Form {
  const root: Node = new Map();
  for (const [name, value] of new URLSearchParams(text)) place(root, keysOf(name), value, name);
  const form: Form = Object.create(null);
  for (const [key, node] of root) form[key] = unfold(node);
  return form;
}

function keysOf(name: string): string[] {
  const first = name.indexOf('[');
  if (first <= 0) return [name];
  const rest = name.slice(first);
  const keys = [...rest.matchAll(/\[([^[\]]*)\]/g)].map((match) => match[1] ?? '');
  if (keys.length === 0 || keys.map((key) => `[${key}]`).join('') !== rest)
    throw invalidRequest(`Invalid parameter name: ${name}`, { param: name });
  return [name.slice(0, first), ...keys];
}

function place(root: Node, keys: string[], value: string, name: string): void {
  if (keys.length > MAX_DEPTH)
    throw invalidRequest(`Parameter is nested too deeply: ${name}`, { param: name });
  let level = root;
  keys.forEach((raw, depth) => {
    const key = raw === '' && depth > 0 ? String(level.size) : raw;
    const last = depth === keys.length - 1;
    const existing = level.get(key);
    if (last) {
      if (existing instanceof Map) throw invalidRequest(`Invalid object: ${name}`, { param: name });
      level.set(key, value);
      return;
    }
    if (typeof existing === 'string') throw invalidRequest(`Invalid object: ${name}`, { param: name });
    const next: Node = existing ?? new Map();
    level.set(key, next);
    level = next;
  });
}

function unfold(node: Node | string): FormValue {
  if (typeof node === 'string') return node;
  const keys = [...node.keys()];
  if (keys.length > 0 && keys.every((key) => /^\d{1,4}$/.test(key) && Number(key) <= MAX_INDEX)) {
    return keys
      .map(Number)
      .sort((a, b) => a - b)
      .flatMap((index) => {
        const child = node.get(String(index));
        return child === undefined ? [] : [unfold(child)];
      });
  }
  const level: { [key: string]: FormValue } = Object.create(null);
  for (const [key, child] of node) level[key] = unfold(child);
  return level;
}
