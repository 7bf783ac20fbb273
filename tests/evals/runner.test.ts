import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createBind } from '../../evals/bindings.ts';
import { caseSchema, onlyAsks, readCases } from '../../evals/cases.ts';
import { type CaseResult, notPlayed } from '../../evals/results.ts';
import { castOf } from '../../evals/stage.ts';
import { compareTwins, withOriginals } from '../../evals/twins.ts';
import { SandboxClient, type SandboxState } from '../../sandbox/client.ts';

const folder = mkdtempSync(join(tmpdir(), 'psi-cases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = { id: 'X-1', area: 'x', user: { role: 'analyst' }, turns: ['mrr?'], expect: {} };
const given = (over: Record<string, unknown> = {}) => caseSchema.parse({ ...plain, ...over });

function result(id: string, figures: number[]): CaseResult {
  const run = { ...notPlayed({ invalid: '' }), passed: true, invalid: null, answered: true, figures };
  return { id, area: 'x', split: 'dev', runs: [run] };
}

describe('twins', () => {
  const cases = [given(), given({ id: 'X-2', twin_of: 'X-1' })];

  it('that show the same figures pass', () => {
    const [, twin] = compareTwins(cases, [result('X-1', [42]), result('X-2', [42])]);
    expect(twin?.runs[0]?.passed).toBe(true);
  });

  it.each([[[43]], [[]], [[42, 7]]])('that show %j instead of 42 stop a release', (figures) => {
    const [, twin] = compareTwins(cases, [result('X-1', [42]), result('X-2', figures)]);
    expect(twin?.runs[0]).toMatchObject({ passed: false, hardFails: [expect.stringContaining('X-1')] });
  });

  it('bring their original along, and have its numbers', () => {
    const numbers = [{ truth: 'mrr', at: 'now' }];
    const all = [given({ expect: { numbers } }), cases[1] ?? given(), given({ id: 'X-3' })];
    const chosen = withOriginals(all, all.slice(1, 2));
    expect(chosen.map(({ id }) => id)).toEqual(['X-1', 'X-2']);
    expect(chosen[1]?.expect.numbers).toEqual(numbers);
  });
});

describe('a case file', () => {
  const written = (...lines: unknown[]) => {
    const path = join(folder, 'some.jsonl');
    writeFileSync(path, lines.map((line) => JSON.stringify(line)).join('\n'));
    return path;
  };

  it('may leave out the time', () => {
    expect(readCases(written(plain), false)).toHaveLength(1);
  });

  it.each([
    ['two cases of one id', [plain, plain], 'two cases are called X-1'],
    ['a twin of nobody', [{ ...plain, twin_of: 'X-9' }], 'X-9'],
    ['a misspelt expectation', [{ ...plain, expect: { mustnt: [] } }], 'some.jsonl:1'],
  ])('with %s is refused by name', (_, lines, words) => {
    expect(() => readCases(written(...lines), false)).toThrow(words);
  });
});

describe('a workspace is shared', () => {
  it.each([
    ['a question', {}],
    ['a refusal expected', { expect: { approval: 'refuse' } }],
    ['a card expected', { expect: { approval: 'required' } }],
  ])('by cases that only ask: %s', (_, over) => expect(onlyAsks(given(over))).toBe(true));

  it.each([
    ['a click', { turns: ['mrr?', { click: 'receipt' }] }],
    ['time passing', { turns: ['mrr?', { advance: 'PT1H' }] }],
    ['a setup', { setup: [{ model: { adversary: 'liar' } }] }],
  ])('but not by one with %s', (_, over) => expect(onlyAsks(given(over))).toBe(false));
});

describe('people of a case', () => {
  const person = (id: string, role: string, tz: string) => ({
    ...{ id, role, tz, name: id, email: '', is_guest: false },
  });
  const state: SandboxState = {
    now: '',
    users: [person('ny', 'finance', 'America/New_York'), person('la', 'finance', 'America/Los_Angeles')],
    channels: [],
    bot: { user_id: 'B', pid: null },
    company: { name: '', customers: 0, currency: 'USD', tz: '' },
  };
  const cast = (over: Record<string, unknown>) =>
    castOf(state, given({ user: { role: 'finance' }, ...over }));

  it('ask from the time zone of the case', () => {
    expect(cast({ tz: 'America/Los_Angeles' }).asker.id).toBe('la');
    expect(cast({}).asker.id).toBe('ny');
  });

  it('decide as somebody else, unless the asker is meant by number', () => {
    const { decider } = cast({ tz: 'America/Los_Angeles' });
    expect(decider({ role: 'finance' }).id).toBe('ny');
    expect(decider({ role: 'finance', nth: 2 }).id).toBe('ny');
    expect(decider({ role: 'finance', nth: 1 }).id).toBe('la');
  });
});

describe('a name inside a pattern', () => {
  it('stands for itself', async () => {
    const client = new SandboxClient('http://unused');
    client.pick = async () => ({ id: 'cst_1', name: 'Acme (EU) $1.50?' });
    const bind = createBind(client);
    expect(new RegExp(await bind.pattern('$overdue.name')).test('of Acme (EU) $1.50? today')).toBe(true);
    expect(await bind('about $overdue')).toBe('about Acme (EU) $1.50?');
    expect(await bind('$overdue')).toBe('cst_1');
  });
});
