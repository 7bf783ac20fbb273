import { describe, expect, it } from 'vitest';
import { millisecondsOf, processorMs } from '../../evals/processor-time.ts';
import { differences, isGreen, nextBaseline, summarize } from '../../evals/results.ts';
import { givenResult, givenRun } from './given.ts';

const failing = (over = {}) => givenRun({ passed: false, fails: ['does not say x'], ...over });
const invalid = givenRun({ passed: false, invalid: 'there is no truth of nrr' });
const runs = (...of: boolean[]) => of.map((passed) => (passed ? givenRun() : failing()));

describe('a summary', () => {
  it('counts runs for pass^1 and cases that always pass for pass^4', () => {
    const results = [
      givenResult({ runs: runs(true, true, true, true) }),
      givenResult({ id: 'X-2', runs: runs(true, true, false, true) }),
    ];
    expect(summarize(results)).toMatchObject({ cases: 2, passOne: 7 / 8, passFour: 1 / 2 });
    expect(summarize([givenResult()]).passFour).toBeNull();
  });

  it('never counts an invalid case as passed', () => {
    const results = [givenResult(), givenResult({ id: 'X-2', runs: [invalid] })];
    expect(summarize(results)).toMatchObject({ passOne: 0.5, invalid: 1, hard: 0 });
  });

  it('judges tools over the cases that expect one', () => {
    const of = [true, false, null].map((toolRight, n) =>
      givenResult({ id: `X-${n}`, runs: [givenRun({ toolRight })] }),
    );
    expect(summarize(of).toolRight).toEqual({ share: 0.5, of: 2 });
  });

  it('gives the medians of answers, and none of processor time where it cannot be read', () => {
    const answers = [10, 30, 50].map((ms) => ({ ms, cpuMs: ms / 2 }));
    expect(summarize([givenResult({ runs: [givenRun({ answers })] })])).toMatchObject({
      medianMs: 30,
      medianCpuMs: 15,
    });
    const unread = [{ ms: 10, cpuMs: null }];
    expect(summarize([givenResult({ runs: [givenRun({ answers: unread })] })]).medianCpuMs).toBeNull();
  });
});

describe('a release', () => {
  it.each([
    ['goes with a new case that fails', failing(), {}, true],
    ['goes with a case that failed before', failing(), { 'X-1': false }, true],
    ['stops at a case that passed before', failing(), { 'X-1': true }, false],
    ['stops at a hard fail, known or not', failing({ hardFails: ['wrong number'] }), { 'X-1': false }, false],
    ['stops at an invalid case', invalid, { 'X-1': false }, false],
  ])('%s', (_, run, baseline, green) => {
    expect(isGreen([givenResult({ runs: [run] })], baseline)).toBe(green);
  });

  it('is told what changed since the baseline', () => {
    const results = ['A', 'B', 'C', 'D'].map((id, n) =>
      givenResult({ id, runs: [n % 2 === 0 ? givenRun() : failing()] }),
    );
    expect(differences(results, { A: false, B: true, C: true })).toEqual([
      { id: 'A', change: 'fixed' },
      { id: 'B', change: 'BROKEN' },
      { id: 'D', change: 'new fail' },
    ]);
  });

  it('keeps the word on cases that were not played, and forgets those that are no more', () => {
    const before = { A: true, B: false, gone: true };
    const played = [givenResult({ id: 'B' })];
    expect(nextBaseline(played, before, null)).toEqual({ A: true, B: true, gone: true });
    expect(nextBaseline(played, before, new Set(['A', 'B']))).toEqual({ A: true, B: true });
  });
});

describe('processor time', () => {
  it('is user and system time together, whatever the command is called', () => {
    const line = `42 (node (psi) x) S 1 42 42 0 -1 4194304 100 0 0 0 123 45 0 0 20 0 11 0 100 1 2`;
    expect(millisecondsOf(line)).toBe(1_680);
    expect(millisecondsOf('nothing of the kind')).toBeNull();
  });

  it('is unknown of a process that is not there', () => {
    expect(processorMs(null)).toBeNull();
    expect(processorMs(2 ** 30)).toBeNull();
  });
});
