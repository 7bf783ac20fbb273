import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runGoldenFile } from '../../src/golden/run-file.ts';
import { projectRoot } from '../../src/lib/paths.ts';

/** Ten rows of a colour and a number, of which the number says everything; the last number is missing. */
const CSV = `\uFEFFid,colour,size,gone\r\n${Array.from({ length: 60 }, (_, i) => `x${i},"${i % 3 === 0 ? 'red, dark' : 'blue'}",${i === 59 ? ' ' : i},${(i >= 30) === (i % 10 !== 0) ? 'Yes' : 'No'}`).join('\r\n')}\r\n`;

const FILE = {
  kind: 'classification',
  dataset: 'colours.csv (made up)',
  target: 'gone==Yes',
  fold_of_row: Array.from({ length: 60 }, (_, i) => i % 3),
  results: {
    some_forest: { pooled_out_of_fold: { auc: 0.7, pr_auc: 0.6 }, train_seconds_5_folds: 10 },
    better_forest: { pooled_out_of_fold: { auc: 0.8, pr_auc: 0.61 } },
    an_oracle: { pooled_out_of_fold: { auc: 1 } },
  },
};

const run = (change: object, csv = CSV, id?: string) =>
  runGoldenFile(JSON.stringify({ ...FILE, ...change }), {
    id,
    beside: (name) => {
      expect(name).toBe('colours.csv');
      return csv;
    },
  });

describe('a classification file', () => {
  it('yields scores of every model beside the best reference of its family, and fails nothing', () => {
    const report = run({});
    expect(report.cases.map(({ id, status }) => [id, status])).toEqual([
      ['gradient_boosting', 'scored'],
      ['random_forest', 'scored'],
      ['logistic_regression', 'scored'],
    ]);
    expect(report.cases[1]).toMatchObject({
      got: {
        auc: expect.any(Number),
        pr_auc: expect.any(Number),
        ece: expect.any(Number),
        brier: expect.any(Number),
      },
      expected: { reference: 'better_forest', auc: 0.8, pr_auc: 0.61 },
    });
    expect(report.cases[2]).toMatchObject({ expected: null });
    expect(report.totals).toEqual({ passed: 0, failed: 0, unsupported: 0 });
  });

  it('learns from what the records say', () => {
    const [logistic] = run({}, CSV, 'logistic_regression').cases;
    expect(logistic).toMatchObject({ id: 'logistic_regression', got: { auc: expect.any(Number) } });
    if (logistic?.status !== 'scored') throw new Error('not scored');
    expect(JSON.stringify(logistic.got)).toMatch(/"auc":0\.[89]/);
  });

  it('takes the columns that the reference took', () => {
    const columns = ['colour_blue', 'colour_red, dark'];
    const scored = run({ columns }, CSV, 'logistic_regression').cases[0];
    expect(JSON.stringify(scored)).toMatch(/"auc":0\.[3-7]/);
  });

  it.each([
    ['a row without a fold', { fold_of_row: [0, 1] }, CSV, 'fold_of_row'],
    ['a target that is not there', { target: 'left==Yes' }, CSV, 'no column left'],
    ['a target that is no condition', { target: 'gone' }, CSV, 'COLUMN==VALUE'],
    ['a dataset that names no table', { dataset: 'colours' }, CSV, 'CSV'],
    ['a row that is too short', {}, CSV.replace('x5,"blue",', 'x5,'), 'Row 6 has 3 fields'],
    ['a quote that is never closed', {}, `${CSV}"open`, 'quote'],
    ['an outcome that never happens', { target: 'gone==Maybe' }, CSV, 'nothing to learn'],
  ])('is refused with the reason for %s', (_, change, csv, words) => {
    expect(() => run(change, csv)).toThrow(words);
  });

  it('says which table is not at hand', () => {
    expect(() => runGoldenFile(JSON.stringify(FILE), {})).toThrow('colours.csv');
  });
});

const shared = join(projectRoot(), '../shared/data');
const here = existsSync(join(shared, 'telco-reference.json'));
if (!here)
  process.stdout.write('The reference data is not at ../shared/data: its scores are not compared.\n');

describe.skipIf(!here)('the reference churn records', () => {
  it('give the regression the scores that scikit-learn has on the same folds', () => {
    const report = runGoldenFile(readFileSync(join(shared, 'telco-reference.json'), 'utf8'), {
      id: 'logistic_regression',
      beside: (name) => readFileSync(join(shared, name), 'utf8'),
    });
    const [scored] = report.cases;
    if (scored?.status !== 'scored') throw new Error('not scored');
    expect(scored.got).toMatchObject({
      auc: expect.closeTo(0.8451, 3),
      pr_auc: expect.closeTo(0.6534, 3),
      brier: expect.closeTo(0.1354, 3),
    });
  });
});
