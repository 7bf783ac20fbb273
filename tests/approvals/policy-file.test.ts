import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPolicyFile } from '../../src/approvals/policy-file.ts';
import { ConfigError } from '../../src/lib/errors.ts';
import { projectRoot } from '../../src/lib/paths.ts';

const good = readFileSync(join(projectRoot(), 'policy.yml'), 'utf8');
let folder: string;
let path: string;
let problems: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'psi-policy-'));
  path = join(folder, 'policy.yml');
  problems = [];
  writeFileSync(path, good);
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const open = () => openPolicyFile(path, (problem) => problems.push(problem));

describe('policy.yml', () => {
  it('takes an edit without a restart, under a new version', () => {
    const source = open();
    const before = source.current();
    expect(before.policy.stopped).toBe(false);
    writeFileSync(path, good.replace('stopped: false', 'stopped: true'));
    expect(source.current().policy.stopped).toBe(true);
    expect(source.current().version).not.toBe(before.version);
    expect(source.problem()).toBeNull();
  });

  it.each([
    ['no YAML', 'tools: [unclosed'],
    ['nothing', ''],
    ['an unknown word', `${good}\nnew_word: 1\n`],
    ['a wrong amount', good.replace('up_to: 25,', 'up_to: plenty,')],
  ])('an edit that is %s keeps the last good one and says so once', (_name, text) => {
    const source = open();
    const { version } = source.current();
    writeFileSync(path, text);
    expect(source.current().version).toBe(version);
    expect(source.problem()).toContain('policy.yml was not taken');
    expect(source.problem()).toContain(version);
    expect(problems).toHaveLength(1);
    writeFileSync(path, `${good}# mended\n`);
    expect(source.problem()).toBeNull();
    expect(source.current().version).not.toBe(version);
  });

  it('survives the file being taken away and put back', () => {
    const source = open();
    const { version } = source.current();
    renameSync(path, `${path}.away`);
    expect(source.current().version).toBe(version);
    expect(source.problem()).toContain('policy.yml was not taken');
    renameSync(`${path}.away`, path);
    expect(source.current().version).toBe(version);
    expect(source.problem()).toBeNull();
  });

  it('is refused at start when it cannot be used, naming the file and the place', () => {
    writeFileSync(path, good.replace('stopped: false', 'stopped: maybe'));
    expect(open).toThrow(ConfigError);
    expect(open).toThrow(/policy\.yml: stopped/);
  });
});
