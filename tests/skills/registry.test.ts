import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../src/domain/types.ts';
import { ConfigError } from '../../src/lib/errors.ts';
import { projectRoot } from '../../src/lib/paths.ts';
import { skills } from '../../src/skills/index.ts';
import { loadSkillFile, parseSkillFile } from '../../src/skills/skill-card.ts';
import { tools } from '../../src/tools/index.ts';

const root = projectRoot();
const toolNames = tools.map((tool) => tool.name);
const folders = readdirSync(join(root, 'src/skills'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const cases = readdirSync(join(root, 'evals/cases'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.jsonl'))
  .map((path) => readFileSync(join(root, 'evals/cases', path), 'utf8'))
  .join('\n');

it('names no skill that has no folder', () => {
  for (const skill of skills) expect(folders).toContain(skill.name);
  expect(new Set(skills.map((skill) => skill.name)).size).toBe(skills.length);
});

it('every folder has a SKILL.md that can be read, and names only tools there are', () => {
  for (const folder of folders) {
    const path = join(root, 'src/skills', folder, 'SKILL.md');
    expect(existsSync(path), path).toBe(true);
    const file = parseSkillFile(readFileSync(path, 'utf8'), path);
    expect(file.name).toBe(folder);
    const inText = [...file.body.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map((match) => match[1]);
    for (const name of [...file.tools, ...inText]) expect(toolNames).toContain(name);
  }
});

describe.each(skills.map((skill) => [skill.name, skill] as const))('%s', (name, skill) => {
  const file = loadSkillFile(skill);

  it('has a known scope, and steps whose names are in kebab case and each there once', () => {
    expect(SCOPES).toContain(skill.scope);
    const steps = skill.steps.map((step) => step.name);
    expect(steps.length).toBeGreaterThan(0);
    expect(new Set(steps).size).toBe(steps.length);
    for (const step of steps) expect(step).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it('takes the example of its SKILL.md and nothing it does not know', () => {
    expect(skill.input.safeParse(file.example).error).toBeUndefined();
    expect(skill.input.safeParse({ ...file.example, surprise: 1 }).success).toBe(false);
  });

  it('names in its SKILL.md every step there is', () => {
    for (const step of skill.steps) expect(file.body).toContain(`**${step.name}**`);
  });

  it('has an eval case', () => {
    expect(cases).toContain(`"skill": "${name}"`);
  });
});

it('no two skills share a phrase', () => {
  const phrases = skills.flatMap((skill) => loadSkillFile(skill).phrases);
  expect(new Set(phrases).size).toBe(phrases.length);
});

describe('a SKILL.md that is', () => {
  const good =
    '---\nname: a-skill\ndescription: Does what a skill does and says so in more than forty letters.\n---\nText.';
  it.each([
    ['without front matter', 'Text.', /front matter/],
    ['no YAML', good.replace('name: a-skill', 'name: [a'), /x\.md/],
    ['without a description', good.replace(/description.*\n/, ''), /description/],
    ['named like no skill can be', good.replace('a-skill', 'A Skill'), /name.*kebab/],
    ['with a field nobody knows', good.replace('---\nT', 'model: big\n---\nT'), /model/],
    ['empty', good.replace('Text.', ''), /playbook/],
  ])('%s is refused with the file and what is wrong', (_, text, words) => {
    expect(() => parseSkillFile(good, 'x.md')).not.toThrow();
    expect(() => parseSkillFile(text, 'x.md')).toThrow(ConfigError);
    expect(() => parseSkillFile(text, 'x.md')).toThrow(words);
  });
});
