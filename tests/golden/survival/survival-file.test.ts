import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runGoldenFile } from '../../../src/golden/run-file.ts';

const week = [6, 7, 10, 11, 13, 16, 19, 1, 2, 4, 5, 8, 12, 17];
const relapse = [1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1];
const untreated = week.map((_, at) => (at < 7 ? 0 : 1));
const trial = { week, relapse, untreated, site: week.map((_, at) => (at % 2 === 0 ? 'A' : 'B')) };

/** R: coxph(Surv(week, relapse) ~ untreated), the same with strata(site), survdiff(...)$chisq */
const cox = {
  id: 'trial_efron',
  formula: 'Surv(week, relapse) ~ untreated',
  ties: 'efron',
  n: 14,
  events: 12,
  coef: { untreated: 0.86408011269336 },
  se: { untreated: 0.59357475623557 },
};

const fileOf = (parts: object) =>
  JSON.stringify({ kind: 'survival', tolerance: 'abs 1e-6', data: { trial }, ...parts });
const only = (parts: object) => runGoldenFile(fileOf(parts), {}).cases[0];

describe('a survival file', () => {
  it('passes what R gives, whether its data lie in columns or in rows', () => {
    expect(only({ cases: [cox] })).toEqual({ id: 'trial_efron', status: 'pass' });
    const rows = week.map((_, at) => ({ week: week[at], relapse: relapse[at], untreated: untreated[at] }));
    expect(only({ cases: [cox], data: { trial: rows } })).toEqual({ id: 'trial_efron', status: 'pass' });
  });

  it('leaves out rows with a gap, as R does', () => {
    const gap = { week: [...week, 3], relapse: [...relapse, 1], untreated: [...untreated, null] };
    expect(only({ cases: [cox], data: { gap } })?.status).toBe('pass');
  });

  it('fails by the figure that differs, beside what was expected', () => {
    const wrong = { ...cox, coef: { untreated: 0.86408211269336 } };
    expect(only({ cases: [wrong] })).toEqual({
      id: 'trial_efron',
      status: 'fail',
      got: { 'coef of untreated': expect.closeTo(0.86408011269336, 6) },
      expected: { 'coef of untreated': 0.86408211269336 },
    });
  });

  it.each([
    [
      'a term it does not read',
      { ...cox, formula: 'Surv(week, relapse) ~ log(untreated)' },
      'the term "log(untreated)"',
    ],
    [
      'a column nobody has',
      { ...cox, formula: 'Surv(week, relapse) ~ age' },
      'no data in the file have the columns',
    ],
    ['a method for ties that is none', { ...cox, ties: 'guess' }, 'the method "guess"'],
    ['a figure it does not compute', { ...cox, robust_se: { untreated: 1 } }, 'it expects robust_se'],
    [
      'letters as a covariate',
      { ...cox, formula: 'Surv(week, relapse) ~ site' },
      'a covariate is not a number',
    ],
  ])('says what it does not support: %s', (_, golden, reason) => {
    const result = only({ cases: [golden] });
    expect(result).toMatchObject({ id: 'trial_efron', status: 'unsupported' });
    expect(result?.status === 'unsupported' ? result.reason : '').toContain(reason);
  });

  it('fails in plain words what cannot be fitted', () => {
    const twice = { ...cox, formula: 'Surv(week, relapse) ~ untreated + same' };
    const result = only({ cases: [twice], data: { trial: { ...trial, same: untreated } } });
    expect(result).toMatchObject({ status: 'fail', got: expect.stringContaining('The effect of same') });
  });

  it('tells which of two sets of data is meant by its name, or by the name an id begins with', () => {
    const other = { ...trial, untreated: untreated.map((x) => 1 - x) };
    expect(only({ cases: [cox], data: { trial, other } })?.status).toBe('pass');
    expect(only({ cases: [{ ...cox, data: 'other' }], data: { trial, other } })?.status).toBe('fail');
    expect(only({ cases: [{ ...cox, id: 'x' }], data: { trial, other } })?.status).toBe('unsupported');
  });

  it('runs log-rank tests with strata and names them by their place', () => {
    const logrank = [
      { formula: 'Surv(week, relapse) ~ untreated + strata(site)', chisq: 1.7315407937914, df: 1 },
    ];
    expect(only({ logrank })).toEqual({ id: 'logrank_1', status: 'pass' });
  });

  it('is refused where it is malformed, saying where', () => {
    expect(() => runGoldenFile(fileOf({ cases: [{ id: 'x' }] }), {})).toThrow('cases.0.formula');
    expect(() => runGoldenFile(fileOf({ cases: [cox] }), { id: 'nobody' })).toThrow('no case "nobody"');
  });
});

const published = '../shared/data/survival-reference.json';

describe.skipIf(!existsSync(published))('the published survival cases (skipped without ../shared)', () => {
  it('all pass at their tolerance', () => {
    const report = runGoldenFile(readFileSync(published, 'utf8'), {});
    expect(report.cases.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(report.totals.passed).toBeGreaterThan(12);
  });
});
