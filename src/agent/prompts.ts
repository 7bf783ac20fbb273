import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../lib/logger.ts';
import { projectRoot } from '../lib/paths.ts';

/**
 * What the model is told, with the blanks filled in. What differs from person to person and minute to minute stands
 * at its end, so that a vendor that caches prompts by their beginning has nearly all of it.
 */
export type SystemPrompt = (
  facts: Record<'company' | 'asker' | 'roles' | 'now' | 'tz' | 'currency' | 'playbooks', string>,
) => string;

export interface PromptFiles {
  system: SystemPrompt;
  /** Why the last edit was not taken; null when the files are in use as they stand. */
  problem(): string | null;
  /** Of the text in force: kept with every turn that was asked under it. */
  hash(): string;
}

const FILES = ['system.md', 'slack-style.md', 'context.md'];
const BLANK = /\{\{(\w+)\}\}/g;
const BLANKS = new Set(['company', 'asker', 'roles', 'now', 'tz', 'currency', 'playbooks']);

/**
 * Reads prompts/*.md, and again when they change. An edit that cannot be used (empty, or with an unknown
 * blank) is reported and the last good text stays. Throws when there is no good text to begin with.
 */
export function loadPrompts(logger: Logger, folder = join(projectRoot(), 'prompts')): PromptFiles {
  const paths = FILES.map((name) => join(folder, name));
  let text = readGood(paths);
  let seen = stamp(paths);
  let problem: string | null = null;
  const refresh = () => {
    const current = stamp(paths);
    if (current === seen) return;
    seen = current;
    try {
      text = readGood(paths);
      problem = null;
    } catch (error) {
      problem =
        'An edit of prompts/ was not taken: a file is missing, empty or has an unknown blank. The last good text holds.';
      logger.error({ err: error }, problem);
    }
  };
  return {
    system(facts) {
      refresh();
      const values: Record<string, string> = facts;
      return text.replace(BLANK, (_, name: string) => values[name] ?? '');
    },
    problem() {
      refresh();
      return problem;
    },
    hash() {
      refresh();
      return hashOf(text);
    },
  };
}

function readGood(paths: readonly string[]): string {
  return paths
    .map((path) => {
      const text = readFileSync(path, 'utf8').trim();
      if (text === '') throw new Error(`${path} is empty`);
      const unknown = [...text.matchAll(BLANK)].find((match) => !BLANKS.has(match[1] ?? ''));
      if (unknown) throw new Error(`${path} has a blank nobody fills: ${unknown[0]}`);
      return text;
    })
    .join('\n\n');
}

/** Names a version of a prompt: the first twelve digits of its SHA-256. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function stamp(paths: readonly string[]): string {
  return paths.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 'gone').join(' ');
}
