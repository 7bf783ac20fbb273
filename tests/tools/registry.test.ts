import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toBoundTools } from '../../src/agent/tool-schemas.ts';
import { subsetFor } from '../../src/agent/tool-subset.ts';
import { SCOPES } from '../../src/domain/types.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { tools } from '../../src/tools/index.ts';
import { heard } from './reading.ts';

const root = projectRoot();
const kebab = (name: string) => name.replaceAll('_', '-');

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const sources = filesUnder('src').filter((path) => path.endsWith('.ts'));
const tests = filesUnder('tests');
const toolsInEvals = new Set(
  filesUnder('evals/cases')
    .filter((path) => path.endsWith('.jsonl'))
    .flatMap((path) => readFileSync(join(root, path), 'utf8').match(/"any_of":\s*\[[^\]]*\]/g) ?? [])
    .flatMap((list) => [...list.matchAll(/"(\w+)"/g)].map((match) => match[1])),
);

describe('the registry', () => {
  it('holds every tool file, and each only once', () => {
    const files = sources.filter((path) => /^src\/tools\/[^/]+\/[^/]+\.ts$/.test(path) && hasTool(path));
    expect(files.map((path) => path.split('/').at(-1)?.replace('.ts', '')).sort()).toEqual(
      tools.map((tool) => kebab(tool.name)).sort(),
    );
  });

  const tokensOf = (shown: typeof tools) => JSON.stringify(toBoundTools(shown)).length / 4;

  it('costs the model fewer than 4,000 tokens for what nearly every message shows, 14,000 for all tools', async () => {
    const said = tools.flatMap((tool) => tool.examples.map(({ say }) => say));
    const shown = await Promise.all(said.map(async (say) => tokensOf(subsetFor(await heard(say), tools))));
    expect(Math.min(...shown)).toBeGreaterThan(100);
    // A message that names no subject is shown all.
    expect(shown.filter((tokens) => tokens >= 4_000).length).toBeLessThan(said.length / 20);
    expect(tokensOf(tools)).toBeLessThan(14_000);
  });
});

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  it('is named verb_noun, in a file of that name', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(sources.filter((path) => path.endsWith(`/${kebab(name)}.ts`))).toHaveLength(1);
  });

  it('says when to use it and when not, briefly', () => {
    expect(tool.description.length).toBeGreaterThanOrEqual(40);
    expect(tool.description.length).toBeLessThanOrEqual(600);
  });

  it('declares a known scope and its effect', () => {
    expect(SCOPES).toContain(tool.scope);
    expect(['read', 'own', 'consequential']).toContain(tool.effect);
  });

  it('takes its own examples and nothing it does not know', () => {
    for (const example of tool.examples) expect(tool.input.safeParse(example.input).error).toBeUndefined();
    expect(tool.input.safeParse({ ...tool.examples[0].input, surprise: 1 }).success).toBe(false);
  });

  it('has a test and an eval case', () => {
    expect(tests.some((path) => path.endsWith(`/${kebab(name)}.test.ts`))).toBe(true);
    expect([...toolsInEvals]).toContain(name);
  });

  it('is named nowhere else in the source', () => {
    const elsewhere = sources.filter(
      (path) =>
        !path.endsWith(`/${kebab(name)}.ts`) &&
        new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, path), 'utf8')),
    );
    expect(elsewhere).toEqual([]);
  });
});

function hasTool(path: string): boolean {
  return existsSync(join(root, path)) && /\bdefineTool\(/.test(readFileSync(join(root, path), 'utf8'));
}
