import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawColumn } from '../../../src/domain/learning/encoding.ts';
import { findLeaks, labelSnapshots, type Snapshot } from '../../../src/domain/learning/snapshots.ts';
import { suspectsOf } from '../../../src/domain/learning/suspects.ts';
import { allRows } from '../../../src/domain/learning/table.ts';
import { timeSplits } from '../../../src/domain/learning/time-splits.ts';
import { trainLogistic } from '../../../src/domain/learning/train.ts';
import { validateInTime } from '../../../src/domain/learning/validate-in-time.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';

const DAY = 86_400_000;
const HORIZON = 30 * DAY;

describe('splits by time', () => {
  it('never learn from an outcome that is not over when the window begins', () => {
    const days = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 2, maxLength: 80 });
    const shape = fc.record({
      folds: fc.integer({ min: 1, max: 5 }),
      windowDays: fc.integer({ min: 1, max: 60 }),
      horizonDays: fc.integer({ min: 0, max: 60 }),
    });
    fc.assert(
      fc.property(days, shape, (at, { folds, windowDays, horizonDays }) => {
        const instants = Float64Array.from(at, (day) => day * DAY);
        const span = (Math.max(...at) - Math.min(...at)) * DAY;
        fc.pre(span > (folds * windowDays + horizonDays + 1) * DAY);
        const options = { folds, windowMs: windowDays * DAY, horizonMs: horizonDays * DAY };
        const judged = new Set<number>();
        for (const split of timeSplits(instants, allRows(at.length), options)) {
          for (const row of split.learned)
            expect((instants[row] ?? 0) + options.horizonMs).toBeLessThan(split.testFrom);
          for (const row of split.tested) {
            expect(instants[row] ?? 0).toBeGreaterThanOrEqual(split.testFrom);
            expect(instants[row] ?? 0).toBeLessThan(split.testTo);
            expect(judged.has(row)).toBe(false);
            judged.add(row);
          }
        }
      }),
    );
  });

  it('say that the history is too short where it is', () => {
    const at = Float64Array.of(0, 10 * DAY);
    expect(() => timeSplits(at, allRows(2), { folds: 1, windowMs: 5 * DAY, horizonMs: HORIZON })).toThrow(
      'no row lies 30 days before',
    );
  });
});

describe('labelled snapshots', () => {
  const snapshot = (customer: string, day: number, calls: number | string | null = 1): Snapshot => ({
    customer,
    at: day * DAY,
    features: { calls },
  });
  const label = (snapshots: Snapshot[], left: [string, number[]][], knownUntil: number, apart = 0) =>
    labelSnapshots(
      snapshots,
      new Map(left.map(([customer, days]) => [customer, days.map((day) => day * DAY)])),
      {
        horizonMs: HORIZON,
        knownUntil: knownUntil * DAY,
        apartMs: apart * DAY,
      },
    );

  it('count who left after the instant and up to the end of the horizon', () => {
    const table = label(
      ['before', 'at', 'after', 'end', 'late'].map((customer) => snapshot(customer, 10)),
      [
        ['before', [9]],
        ['at', [10]],
        ['after', [11]],
        ['end', [40]],
        ['late', [41]],
      ],
      100,
    );
    const labels = new Map(table.customers.map((customer, row) => [customer, table.labels[row]]));
    expect(Object.fromEntries(labels)).toEqual({ before: 0, at: 0, after: 1, end: 1, late: 0 });
  });

  it('leave out those whose horizon is not over, leavers too', () => {
    const table = label(
      [snapshot('stays', 10), snapshot('left', 20), snapshot('left', 5)],
      [['left', [21]]],
      40,
    );
    expect(table.customers.map((customer, row) => [customer, (table.at[row] ?? 0) / DAY])).toEqual([
      ['left', 5],
      ['stays', 10],
    ]);
    expect(() => label([snapshot('left', 20)], [], 40)).toThrow('No snapshot is old enough');
  });

  it('keep a distance between snapshots of one customer', () => {
    const table = label(
      [1, 2, 31, 33, 62].map((day) => snapshot('one', day)),
      [],
      200,
      30,
    );
    expect([...table.at].map((at) => at / DAY)).toEqual([1, 31, 62]);
  });

  it('refuse a feature that is a number here and a word there', () => {
    expect(() => label([snapshot('a', 1, 3), snapshot('b', 1, 'three')], [], 100)).toThrow('Feature calls');
  });
});

interface Call {
  customer: string;
  at: number;
}

describe('a look for leaks', () => {
  const calls: Call[] = [1, 5, 9, 12].map((day) => ({ customer: 'acme', at: day * DAY }));
  const before = (facts: Call[], at: number) => facts.filter((call) => call.at < at);
  const rows = [{ customer: 'acme', at: 10 * DAY }];
  const honest = (facts: Call[], customer: string, at: number) => ({
    calls: facts.filter((call) => call.customer === customer && call.at < at).length,
  });

  it('finds nothing where every feature keeps to its instant', () => {
    expect(findLeaks(rows, calls, before, honest)).toEqual([]);
  });

  it('finds the feature that was planted to know the future', () => {
    const planted = (facts: Call[], customer: string, at: number) => ({
      ...honest(facts, customer, at),
      calls_later: facts.filter((call) => call.customer === customer && call.at >= at).length,
    });
    expect(findLeaks(rows, calls, before, planted)).toEqual([
      { feature: 'calls_later', customer: 'acme', at: 10 * DAY },
    ]);
  });
});

describe('suspicion', () => {
  const random = seededRandom('suspects');
  const labels = Uint8Array.from({ length: 300 }, () => (random() < 0.2 ? 1 : 0));
  const from = (value: (label: number) => number | null) => Array.from(labels, value);
  const usual: RawColumn[] = [
    { name: 'usage', kind: 'number', values: from((label) => random() - 0.4 * label) },
    { name: 'noise', kind: 'number', values: from(() => (random() < 0.2 ? null : random())) },
  ];

  it.each<[string, RawColumn, string]>([
    [
      'a number',
      { name: 'days_left', kind: 'number', values: from((label) => (label ? 9 : 90) + random()) },
      'value',
    ],
    [
      'a word',
      { name: 'mood', kind: 'category', values: Array.from(labels, (one) => (one ? 'gone' : 'here')) },
      'value',
    ],
    [
      'being there at all',
      { name: 'farewell', kind: 'number', values: from((label) => (label ? 1 : null)) },
      'missing',
    ],
  ])('falls on what tells the outcome by itself: %s', (_, planted, by) => {
    expect(suspectsOf([...usual, planted], labels)).toMatchObject([{ name: planted.name, by }]);
  });

  it('does not fall on what is merely useful', () => {
    expect(suspectsOf(usual, labels)).toEqual([]);
  });
});

describe('validation in time', () => {
  const random = seededRandom('customers over time');
  const left = new Map<string, number[]>();
  const snapshots: Snapshot[] = [];
  for (let index = 0; index < 240; index += 1) {
    const customer = `c${index}`;
    let leaves = Infinity;
    for (let day = index % 30; day < 420 && day < leaves; day += 30) {
      const slack = random();
      if (random() < 0.25 * slack * slack) leaves = day + 1 + Math.floor(29 * random());
      snapshots.push({ customer, at: day * DAY, features: { slack, noise: random() } });
    }
    if (leaves < Infinity) left.set(customer, [leaves * DAY]);
  }
  const table = labelSnapshots(snapshots, left, { horizonMs: HORIZON, knownUntil: 420 * DAY });
  const options = {
    horizonMs: HORIZON,
    folds: 3,
    innerFolds: 2,
    windowMs: 45 * DAY,
    costs: { falseAlarm: 1, miss: 8 },
    target: { precision: 0.8, recall: 0.8 },
  };
  const { report, judged } = validateInTime(table, trainLogistic, options);

  it('judges each window by what was known before it, with intervals', () => {
    expect(report.folds).toHaveLength(3);
    const { pooled } = report;
    expect(pooled.rows).toBe(judged.rows.length);
    expect(pooled.auc.low).toBeGreaterThan(0.55);
    expect(pooled.baseRate.low).toBeLessThan(pooled.baseRate.share ?? 0);
    expect(pooled.atLeastCost.recall.of).toBe(pooled.baseRate.count);
  });

  it('does not call 80% precision and recall met where the world does not allow it', () => {
    expect(report.pooled.atTarget?.met).toBe(false);
    expect(report.pooled.atTarget?.precision.share).toBeLessThan(0.5);
  });

  it('gives the same windows the same chances whatever happens after them', () => {
    const [first] = report.folds;
    const end = (first?.testTo ?? 0) + HORIZON;
    const turned = {
      ...table,
      labels: table.labels.map((label, row) => ((table.at[row] ?? 0) >= end ? 1 - label : label)),
    };
    const again = validateInTime(turned, trainLogistic, options);
    expect(again.report.folds[0]).toEqual(first);
    expect(again.report.folds[2]).not.toEqual(report.folds[2]);
  });

  it('says which windows could not be judged, and refuses where none could', () => {
    const nobody = { ...table, labels: table.labels.map(() => 0) };
    expect(() => validateInTime(nobody, trainLogistic, options)).toThrow('nobody left');
  });
});
