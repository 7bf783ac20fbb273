import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toBoundTools, withoutNulls } from '../../src/agent/tool-schemas.ts';
import { tools } from '../../src/tools/index.ts';

const nodeSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
});

/** Every object in a schema. */
function objectsIn(value: unknown): z.infer<typeof nodeSchema>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  if (value === null || typeof value !== 'object') return [];
  const node = nodeSchema.safeParse(value);
  const inner = Object.values(value).flatMap(objectsIn);
  const isObject = node.success && [node.data.type].flat().includes('object');
  return isObject ? [node.data, ...inner] : inner;
}

const strict = toBoundTools(tools).filter((tool) => tool.function.strict);

describe('what a model may send', () => {
  it('is strict for every tool but those that take an open record', () => {
    const open = toBoundTools(tools).filter((tool) => !tool.function.strict);
    expect(open.map((tool) => tool.function.name)).toEqual(['run_skill']);
    expect(toBoundTools(tools, 'plain').some((tool) => tool.function.strict)).toBe(false);
  });

  it.each(strict.map((tool) => [tool.function.name, tool] as const))('%s names every argument', (_, tool) => {
    for (const node of objectsIn(tool.function.parameters)) {
      expect(node.additionalProperties).toBe(false);
      expect(node.required).toEqual(Object.keys(node.properties ?? {}));
    }
    expect(JSON.stringify(tool)).not.toMatch(/"(?:minLength|maxLength|default|\$ref)"/);
  });

  it.each(tools.map((tool) => [tool.name, tool] as const))('%s reads null as left out', (_, tool) => {
    for (const { input } of tool.examples) {
      const nulls = Object.fromEntries(Object.keys(tool.input.shape).map((key) => [key, null]));
      const sent = JSON.parse(JSON.stringify({ ...nulls, ...input }));
      expect(withoutNulls(tool, sent)).toEqual(input);
    }
  });
});
