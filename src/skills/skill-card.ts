import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { SkillCard } from '../domain/ports.ts';
import { SCOPES } from '../domain/types.ts';
import { ConfigError } from '../lib/errors.ts';
import { projectRoot } from '../lib/paths.ts';
import type { Skill } from './define-skill.ts';

const frontMatter = z.strictObject({
  name: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'write it in kebab case'),
  /** What it does, for people and models. */
  description: z.string().trim().min(40).max(400),
  /** When to use it, and when not. */
  when: z.string().trim().min(20).max(400).optional(),
  /** The right to start it, for readers of the page. */
  scope: z.enum(SCOPES).optional(),
  /** Tools its steps call or propose with. */
  tools: z.array(z.string()).default([]),
  /** An input that works. */
  example: z.record(z.string(), z.json()).default({}),
  /** What people say when they mean it, in lower case without punctuation. */
  phrases: z
    .array(z.string().regex(/^[a-z0-9]+( [a-z0-9]+)*$/, 'lower-case words, no punctuation'))
    .default([]),
});

export interface SkillFile extends z.output<typeof frontMatter> {
  /** The playbook itself, in Markdown. */
  body: string;
}

/**
 * A SKILL.md: front matter between two lines of dashes, then the playbook.
 * @throws ConfigError that names the file and what is wrong in it.
 */
export function parseSkillFile(text: string, path: string): SkillFile {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text);
  if (parts === null) throw new ConfigError(`${path}: it must begin with front matter between lines of ---.`);
  const [, head = '', body = ''] = parts;
  let raw: unknown;
  try {
    raw = parse(head);
  } catch (error) {
    throw new ConfigError(`${path}: ${error instanceof Error ? error.message.split('\n')[0] : 'unreadable'}`);
  }
  const parsed = frontMatter.safeParse(raw);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${path}: ${issue?.path.join('.') || 'front matter'}: ${issue?.message}`);
  }
  if (body.trim() === '') throw new ConfigError(`${path}: the playbook itself is missing.`);
  return { ...parsed.data, body: body.trim() };
}

/** @throws ConfigError when it is missing, malformed, or says something else than the code. */
export function loadSkillFile(skill: Pick<Skill, 'name' | 'scope'>): SkillFile {
  const path = join('src/skills', skill.name, 'SKILL.md');
  let text: string;
  try {
    text = readFileSync(join(projectRoot(), path), 'utf8');
  } catch {
    throw new ConfigError(`${path} is missing: every skill says there what it is for.`);
  }
  const file = parseSkillFile(text, path);
  if (file.name !== skill.name) throw new ConfigError(`${path}: name must be ${skill.name}, as its folder.`);
  if (file.scope !== undefined && file.scope !== skill.scope)
    throw new ConfigError(`${path}: scope must be ${skill.scope}, as in the code.`);
  return file;
}

export function skillCard(skill: Skill): SkillCard {
  const { description, when, phrases } = loadSkillFile(skill);
  return {
    name: skill.name,
    description: [description, when].filter(Boolean).join(' '),
    scope: skill.scope,
    phrases,
  };
}
