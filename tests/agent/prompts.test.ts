import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadPrompts } from '../../src/agent/prompts.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { projectRoot } from '../../src/lib/paths.ts';

const facts = {
  company: 'PsiZero',
  asker: 'Ann',
  roles: 'founder',
  now: 'today',
  tz: 'UTC',
  currency: 'USD',
  playbooks: '',
};
const folder = mkdtempSync(join(tmpdir(), 'psi-prompts-'));
cpSync(join(projectRoot(), 'prompts'), folder, { recursive: true });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('an edited prompt is taken at once; a bad one is reported and the last good text stays', () => {
  const prompts = loadPrompts(silentLogger, folder);
  expect(prompts.system(facts)).not.toContain('{{');
  expect(prompts.problem()).toBeNull();

  writeFileSync(join(folder, 'system.md'), 'You work for {{company}}.');
  expect(prompts.system(facts)).toContain('You work for PsiZero.');

  for (const bad of ['', 'Ask {{nobody}}, who is not there.']) {
    writeFileSync(join(folder, 'system.md'), bad);
    expect(prompts.problem()).toContain('prompts/');
    expect(prompts.system(facts)).toContain('You work for PsiZero.');
  }

  writeFileSync(join(folder, 'system.md'), 'You serve {{company}} again, in {{currency}}.');
  expect(prompts.problem()).toBeNull();
  expect(prompts.system(facts)).toContain('You serve PsiZero again, in USD.');
});
