import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createBind } from '../../evals/bindings.ts';
import { InvalidCase, onlyAsks, readCases } from '../../evals/cases.ts';
import type { CaseResult, RunResult } from '../../evals/results.ts';
import { readGiven, readSplits, splitChoice } from '../../evals/splits.ts';
import { castOf } from '../../evals/stage.ts';
import { compareTwins, withOriginals } from '../../evals/twins.ts';
import { SandboxClient, SandboxError, type SandboxState } from '../../sandbox/client.ts';
import { givenCase, givenResult, givenRun } from './given.ts';

const folder = mkdtempSync(join(tmpdir(), 'psi-cases-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plain = { id: 'X-1', area: 'x', user: { role: 'analyst' }, turns: ['mrr?'], expect: {} };
const given = givenCase;

function result(id: string, figures: number[], over: Partial<RunResult> = {}): CaseResult {
  return givenResult({ id, runs: [givenRun({ figures, ...over })] });
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

  it.each([
    ['the twin was', { answered: false }, {}],
    ['its original was', {}, { answered: false }],
  ])('of which %s not answered have failed, and shown no wrong number', (_, twin, original) => {
    const results = [result('X-1', [42], original), result('X-2', [], twin)];
    const run = compareTwins(cases, results)[1]?.runs[0];
    expect(run).toMatchObject({ passed: false, hardFails: [], fails: [expect.stringContaining('X-1')] });
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

describe('the splits', () => {
  const root = join(folder, 'evals');
  const put = (split: string, id: string) => {
    mkdirSync(join(root, split, 'x'), { recursive: true });
    writeFileSync(join(root, split, 'x', 'x.jsonl'), JSON.stringify({ ...plain, id }));
  };
  const ids = (choice: 'dev' | 'test' | 'all') =>
    readSplits(root, choice).map(({ split, testCase }) => `${split} ${testCase.id}`);

  it('are read apart and together', () => {
    put('cases', 'A');
    put('held-out', 'B');
    expect(ids('dev')).toEqual(['dev A']);
    expect(ids('test')).toEqual(['test B']);
    expect(ids('all')).toEqual(['dev A', 'test B']);
    expect(readGiven(join(root, 'cases')).map(({ split }) => split)).toEqual(['given']);
  });

  it('have no case in common', () => {
    put('cases', 'A');
    put('held-out', 'A');
    expect(() => ids('all')).toThrow('two splits have a case called A');
  });

  it('have names', () => expect(() => splitChoice('train')).toThrow('dev, test, all'));
});

describe('the cases of this repository', () => {
  const placed = readSplits(join(import.meta.dirname, '../../evals'), 'all');

  it('hold at least a third out', () => {
    const heldOut = placed.filter(({ split }) => split === 'test').length;
    expect(placed.length).toBeGreaterThanOrEqual(200);
    expect(heldOut / placed.length).toBeGreaterThan(1 / 3);
  });

  it('ask nothing in one split word for word as in the other', () => {
    const key = ({ testCase: { turns, user, where, setup } }: (typeof placed)[number]) =>
      JSON.stringify([turns, user.role, where, setup]);
    const dev = new Set(placed.filter(({ split }) => split === 'dev').map(key));
    expect(placed.filter((each) => each.split === 'test' && dev.has(key(each)))).toEqual([]);
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

describe('a case that names what nobody knows', () => {
  it.each([
    ['a picker there is none of', '$dragon'],
    ['a record the sandbox cannot find', '$overdue'],
    ['a field a record has not', '$healthy.shoe_size'],
  ])('is invalid: %s', async (_, text) => {
    const client = new SandboxClient('http://unused');
    client.pick = async (_query, kind) => {
      if (kind === 'overdue') throw new SandboxError(404, 'nothing_fits', 'no customer is overdue');
      return { name: 'Tessera' };
    };
    await expect(createBind(client)(`about ${text} today`)).rejects.toBeInstanceOf(InvalidCase);
  });
});
