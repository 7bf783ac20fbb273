import type { EvalCase } from './cases.ts';
import type { CaseResult } from './results.ts';

/** The chosen cases with the originals of the twins among them; a twin without `numbers` has its original's. */
export function withOriginals(all: readonly EvalCase[], chosen: readonly EvalCase[]): EvalCase[] {
  const byId = new Map(all.map((testCase) => [testCase.id, testCase]));
  const wanted = new Set(
    chosen.flatMap(({ id, twin_of }) => [id, ...(twin_of === undefined ? [] : [twin_of])]),
  );
  return all
    .filter(({ id }) => wanted.has(id))
    .map((testCase) => {
      const numbers = testCase.expect.numbers ?? byId.get(testCase.twin_of ?? '')?.expect.numbers;
      return numbers ? { ...testCase, expect: { ...testCase.expect, numbers } } : testCase;
    });
}

/**
 * Metamorphic: the same question in other words must show the same figures. A disagreement is a hard fail; a twin
 * that was not answered at all, or whose original was not, has only failed.
 */
export function compareTwins(cases: readonly EvalCase[], results: readonly CaseResult[]): CaseResult[] {
  const originals = new Map(cases.map(({ id, twin_of }) => [id, twin_of]));
  const byId = new Map(results.map((result) => [result.id, result]));
  return results.map((result) => {
    const original = byId.get(originals.get(result.id) ?? '');
    if (!original) return result;
    const runs = result.runs.map((run, index) => {
      const first = original.runs[index];
      const wanted = first?.figures ?? [];
      if (run.invalid !== null || same(run.figures, wanted)) return run;
      const fail = `shows ${words(run.figures)}, its original ${original.id} shows ${words(wanted)}`;
      return run.answered && first?.answered
        ? { ...run, passed: false, hardFails: [...run.hardFails, fail] }
        : { ...run, passed: false, fails: [...run.fails, fail] };
    });
    return { ...result, runs };
  });
}

function same(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}

function words(figures: readonly number[]): string {
  return figures.length === 0 ? 'no figure' : figures.slice(0, 8).join(', ');
}
