import { z } from 'zod';
import type { Json } from '../domain/types.ts';
import type { Tool } from '../tools/define-tool.ts';

/** A tool as OpenAI-compatible servers take it. */
export interface BoundTool {
  type: 'function';
  function: { name: string; description: string; parameters: Record<string, unknown>; strict?: boolean };
}

/**
 * Strict, so that a model that keeps to it can send no other arguments: every object is closed and every property
 * required, what may be left out takes null. A tool that takes an open record cannot be strict and stays plain, as
 * all do for a server that refuses strict ones.
 */
export function toBoundTools(tools: readonly Tool[], kind: 'strict' | 'plain' = 'strict'): BoundTool[] {
  return tools.map((tool) => {
    const parameters = jsonSchemaOf(tool);
    const strict = kind === 'strict' ? strictly(parameters) : null;
    return {
      type: 'function',
      function: {
        name: tool.name,
        description: tool.description,
        ...(strict === null ? { parameters } : { parameters: strict, strict: true }),
      },
    };
  });
}

/** Arguments as the tool takes them: a null that stands for "left out" is left out. */
export function withoutNulls(tool: Pick<Tool, 'input'>, input: Json): Json {
  return dropNulls(jsonSchemaOf(tool), input);
}

function jsonSchemaOf(tool: Pick<Tool, 'input'>): Node {
  const { $schema: _, ...parameters } = z.toJSONSchema(tool.input, { io: 'input' });
  const shown = Object.entries(parameters.properties ?? {}).filter(([, property]) => !isHidden(property));
  return { ...parameters, properties: Object.fromEntries(shown) };
}

function isHidden(property: unknown): boolean {
  return isNode(property) && property.hidden === true;
}

type Node = { [key: string]: unknown };

/** Not taken by every server that is strict; the tool's own parser checks them anyway. */
const DROPPED = new Set(['minLength', 'maxLength', 'default', 'propertyNames']);

/** The schema made strict; null where that cannot be done. */
function strictly(node: Node): Node | null {
  if (node.$ref !== undefined || node.$defs !== undefined) return null;
  const kept = Object.entries(node).filter(([key]) => !DROPPED.has(key));
  const made: Node = Object.fromEntries(kept);
  for (const key of ['anyOf', 'oneOf'] as const) {
    if (!Array.isArray(node[key])) continue;
    const options = node[key].map((option) => (isNode(option) ? strictly(option) : null));
    if (options.includes(null)) return null;
    delete made[key];
    made.anyOf = options;
  }
  if (isNode(node.items)) {
    const items = strictly(node.items);
    if (items === null) return null;
    made.items = items;
  }
  if (node.type !== 'object') return made;
  if (!isNode(node.properties)) return null;
  const properties: Node = {};
  for (const [name, property] of Object.entries(node.properties)) {
    const inner = isNode(property) ? strictly(property) : null;
    if (inner === null) return null;
    properties[name] = requiredOf(node).includes(name) ? inner : nullable(inner);
  }
  return { ...made, properties, required: Object.keys(properties), additionalProperties: false };
}

function nullable(node: Node): Node {
  if (Array.isArray(node.anyOf)) return { ...node, anyOf: [...node.anyOf, { type: 'null' }] };
  if (typeof node.type !== 'string') return { anyOf: [node, { type: 'null' }] };
  const choices = Array.isArray(node.enum) ? { enum: [...node.enum, null] } : {};
  return { ...node, type: [node.type, 'null'], ...choices };
}

function dropNulls(schema: Node, value: Json): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isNode(items) ? value.map((item) => dropNulls(items, item)) : value;
  }
  if (value === null || typeof value !== 'object') return value;
  const { properties } = schema;
  if (!isNode(properties)) return value;
  const required = requiredOf(schema);
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (inner === null && !required.includes(key)) return [];
      const property = properties[key];
      return [[key, isNode(property) ? dropNulls(property, inner) : inner]];
    }),
  );
}

function requiredOf(node: Node): unknown[] {
  return Array.isArray(node.required) ? node.required : [];
}

function isNode(value: unknown): value is Node {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
