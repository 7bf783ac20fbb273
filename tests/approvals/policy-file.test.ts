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
    ['rules of a vendor nobody knows', good.replace('preset: stripe', 'preset: quickbooks')],
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

  it('takes other rules for recurring revenue without a restart, and Stripe’s where the section is left out', () => {
    const source = open();
    expect(source.current().policy.metrics.mrr.preset).toBe('stripe');
    writeFileSync(path, good.replace('{ preset: stripe }', '{ preset: chartmogul, pastDueDays: 30 }'));
    expect(source.current().policy.metrics.mrr).toMatchObject({
      preset: 'chartmogul',
      differs: ['pastDueDays=30'],
    });
    writeFileSync(path, good.replace(/^metrics:\n(?: {2}.*\n)+/m, ''));
    expect(source.current().policy.metrics).toMatchObject({ mrr: { preset: 'stripe' }, grossMargin: 100 });
  });

  it('speaks a last word an hour before the expiry, unless the file or an action says otherwise', () => {
    const without = good.replace(/^ {2}remind_before_expiry: .*\n/m, '');
    const timing = (text: string, tool: string) => {
      writeFileSync(path, text);
      return open().current().policy.tools[tool]?.timing.remind_before_expiry;
    };
    expect(timing(without, 'refund_payment')).toBe(3_600_000);
    const own = without.replace(
      '  refund_payment:\n    max',
      '  refund_payment:\n    timing: { remind_before_expiry: 30m }\n    max',
    );
    expect(timing(own, 'refund_payment')).toBe(1_800_000);
    const byFile = good.replace('remind_before_expiry: 1h', 'remind_before_expiry: 3h');
    expect(timing(byFile, 'send_payment_reminder')).toBe(3 * 3_600_000);
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
