import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOSTING_DEFAULTS, fitBoosting } from '../../../src/domain/learning/boosting.ts';
import { type Classifier, chancesOf, explainRow } from '../../../src/domain/learning/classifier.ts';
import { encode, fitEncoding, type RawColumn } from '../../../src/domain/learning/encoding.ts';
import { rowsOfFold, stratifiedFolds } from '../../../src/domain/learning/folds.ts';
import { permutationImportance } from '../../../src/domain/learning/importance.ts';
import { readModel, writeModel } from '../../../src/domain/learning/model-file.ts';
import { allRows, featureTable } from '../../../src/domain/learning/table.ts';
import {
  BOOSTING_RECIPE,
  type Lesson,
  trainBoosting,
  trainForest,
  trainLogistic,
} from '../../../src/domain/learning/train.ts';
import { childOf, type Tree } from '../../../src/domain/learning/tree.ts';
import { addTreeContributions, expectedValue } from '../../../src/domain/learning/tree-contributions.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';

const ROWS = 400;

/** Who left: by plan, by how much was used, by nothing of the noise; some values are missing. */
function customers(): Lesson & { columns: RawColumn[] } {
  const random = seededRandom('customers');
  const plans = Array.from(
    { length: ROWS },
    () => ['free', 'team', 'firm'][Math.floor(3 * random())] ?? null,
  );
  const used = Array.from({ length: ROWS }, () => (random() < 0.1 ? null : random()));
  const labels = Uint8Array.from(plans, (plan, row) => {
    const margin = (plan === 'free' ? 1.5 : -1) + 2 - 4 * (used[row] ?? 0.2);
    return random() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  });
  const columns: RawColumn[] = [
    { name: 'plan', kind: 'category', values: plans.map((plan) => (random() < 0.05 ? null : plan)) },
    { name: 'used', kind: 'number', values: used },
    { name: 'noise', kind: 'number', values: used.map(() => random()) },
  ];
  return { columns, labels, rows: allRows(ROWS) };
}

const lesson = customers();
const foldOf = stratifiedFolds(lesson.labels, 3, 'inner');
const splits = [0, 1, 2].map((fold) => rowsOfFold(foldOf, fold));
const recipe = {
  ...BOOSTING_RECIPE,
  candidates: BOOSTING_RECIPE.candidates.map((options) => ({ ...options, rounds: 60, learningRate: 0.15 })),
};
const trained = {
  boosting: trainBoosting(lesson, splits, recipe),
  ordered: trainBoosting(lesson, splits, { ...recipe, categories: 'ordered' }),
  forest: trainForest(lesson, { trees: 20, minRows: 10, mostDepth: 8, seed: 'forest' }),
  logistic: trainLogistic(lesson, splits),
};
const each = Object.entries(trained).map(([name, { classifier }]) => ({ name, classifier }));

describe('an explanation', () => {
  it.each(each)('adds up to the score of $name, column by column of the records', ({ classifier }) => {
    for (const row of [0, 7, 42]) {
      const { base, score, contributions, chance } = explainRow(classifier, lesson.columns, row);
      expect(contributions.map(({ name }) => name).sort()).toEqual(['noise', 'plan', 'used']);
      expect(contributions.reduce((sum, { amount }) => sum + amount, base)).toBeCloseTo(score, 9);
      expect(chance).toBe(chancesOf(classifier, lesson.columns, [row])[0]);
    }
  });

  it('is of the score that the model gives', () => {
    const { learner } = trained.boosting.classifier;
    const plain: Classifier = { ...trained.boosting.classifier, calibration: { kind: 'none' } };
    const { score, chance, scale } = explainRow(plain, lesson.columns, 3);
    expect(learner.kind).toBe('boosting');
    expect(scale).toBe('log odds');
    expect(1 / (1 + Math.exp(-score))).toBeCloseTo(chance, 12);
  });

  it("is Shapley's: the mean over all orders in which features could become known", () => {
    const { columns, labels } = threeFeatures();
    const options = { ...BOOSTING_DEFAULTS, rounds: 3, mostLeaves: 12, minRows: 2, learningRate: 1 };
    const { model } = fitBoosting(featureTable(['a', 'b', 'c'], columns), labels, options);
    for (const tree of model.trees) {
      for (const at of [0, 11, 23]) {
        const row = columns.map((column) => column[at] ?? Number.NaN);
        const amounts = new Float64Array(3);
        addTreeContributions(tree, row, amounts);
        expect([...amounts]).toEqual(byAllOrders(tree, row).map((amount) => expect.closeTo(amount, 9)));
        expect(expectedValue(tree)).toBeCloseTo(valueKnowing(tree, row, []), 9);
      }
    }
  });
});

function threeFeatures() {
  const random = seededRandom('three');
  const columns = [0, 1, 2].map(() =>
    Float64Array.from({ length: 60 }, () => (random() < 0.1 ? Number.NaN : random())),
  );
  const [a, b, c] = columns;
  const labels = Uint8Array.from(allRows(60), (row) =>
    ((a?.[row] ?? 0) > 0.5 ? 1 : 0) + ((b?.[row] ?? 0) > (c?.[row] ?? 0) ? 1 : 0) + random() > 1.4 ? 1 : 0,
  );
  return { columns, labels };
}

/** What a tree says when only some features are known: elsewhere rows split as they did in training. */
function valueKnowing(tree: Tree, row: readonly number[], known: readonly number[], node = 0): number {
  const feature = tree.feature[node] ?? -1;
  if (feature < 0) return tree.value[node] ?? 0;
  if (known.includes(feature))
    return valueKnowing(tree, row, known, childOf(tree, node, row[feature] ?? Number.NaN));
  return [tree.left[node] ?? 0, tree.right[node] ?? 0].reduce(
    (sum, child) =>
      sum + ((tree.cover[child] ?? 0) / (tree.cover[node] ?? 1)) * valueKnowing(tree, row, known, child),
    0,
  );
}

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

function byAllOrders(tree: Tree, row: readonly number[]): number[] {
  return [0, 1, 2].map((feature) => {
    const gains = ORDERS.map((order) => {
      const before = order.slice(0, order.indexOf(feature));
      return valueKnowing(tree, row, [...before, feature]) - valueKnowing(tree, row, before);
    });
    return gains.reduce((sum, gain) => sum + gain, 0) / ORDERS.length;
  });
}

describe('importance', () => {
  it('puts what matters before noise, which matters nothing', () => {
    const found = permutationImportance(
      trained.boosting.classifier,
      lesson.columns,
      lesson.rows,
      lesson.labels,
      {
        seed: 'importance',
      },
    );
    expect(found.map(({ name }) => name).at(-1)).toBe('noise');
    expect(found[0]?.lossRise).toBeGreaterThan(0.05);
  });
});

describe('training', () => {
  it('chooses the number of trees on inner splits, which judge every row once', () => {
    const { unseen, settings } = trained.boosting;
    expect([...unseen.rows].sort((a, b) => a - b)).toEqual([...lesson.rows]);
    expect(Number(settings.trees)).toBeGreaterThan(3);
    expect(Number(settings.trees)).toBeLessThan(60);
  });

  it('never looks at rows outside the lesson', () => {
    const rows = lesson.rows.filter((row) => row < 300);
    const inner = [rows.filter((row) => row % 2 === 0), rows.filter((row) => row % 2 === 1)];
    const [even = rows, odd = rows] = inner;
    const halves = [
      { learned: even, tested: odd },
      { learned: odd, tested: even },
    ];
    const spoiled: Lesson = {
      rows,
      labels: lesson.labels.map((label, row) => (row < 300 ? label : 1 - label)),
      columns: lesson.columns.map(
        (column): RawColumn =>
          column.kind === 'number'
            ? { ...column, values: column.values.map((value, row) => (row < 300 ? value : 1e9)) }
            : { ...column, values: column.values.map((value, row) => (row < 300 ? value : 'new')) },
      ),
    };
    for (const train of [
      (given: Lesson) => trainBoosting(given, halves, recipe),
      (given: Lesson) => trainForest(given, { trees: 5, minRows: 10, mostDepth: 8, seed: 'forest' }),
      (given: Lesson) => trainLogistic(given, halves),
    ]) {
      expect(train(spoiled)).toEqual(train({ ...lesson, rows }));
    }
  });

  it.each([
    ['boosting', (given: Lesson) => trainBoosting(given, splits, recipe)],
    ['a forest', (given: Lesson) => trainForest(given, { trees: 20, minRows: 5, mostDepth: 8, seed: 'f' })],
  ])('keeps to what is known beforehand of a column: %s', (_, train) => {
    const { classifier } = train({ ...lesson, directions: { noise: -1, used: -1 } });
    const steps = Array.from({ length: 21 }, (_, i) => i / 20);
    for (const moving of ['noise', 'used']) {
      const columns: RawColumn[] = [
        { name: 'plan', kind: 'category', values: steps.map(() => 'team') },
        { name: 'used', kind: 'number', values: steps.map((step) => (moving === 'used' ? step : 0.4)) },
        { name: 'noise', kind: 'number', values: steps.map((step) => (moving === 'noise' ? step : 0.4)) },
      ];
      const chances = chancesOf(classifier, columns, allRows(21));
      for (const [at, chance] of chances.entries())
        expect(chance).toBeLessThanOrEqual((chances[at - 1] ?? 1) + 1e-12);
    }
  });

  it('orders levels by outcome, and takes a level it never saw for missing', () => {
    const columns: RawColumn[] = [
      { name: 'plan', kind: 'category', values: ['a', 'b', 'c', 'a', 'b', 'c', null] },
    ];
    const encoding = fitEncoding(columns, allRows(7), Uint8Array.of(1, 0, 0, 1, 1, 0, 0), 'ordered');
    expect(encoding).toEqual([{ name: 'plan', kind: 'ordered', levels: ['c', 'b', 'a'] }]);
    const fresh: RawColumn[] = [{ name: 'plan', kind: 'category', values: ['a', 'new', null] }];
    expect([...(encode(encoding, fresh, [0, 1, 2]).columns[0] ?? [])]).toEqual([2, Number.NaN, Number.NaN]);
  });

  it('refuses data without a column it learned from, or with one of another kind', () => {
    const { classifier } = trained.logistic;
    expect(() => chancesOf(classifier, lesson.columns.slice(1), [0])).toThrow('no column plan');
    const wrong: RawColumn[] = [{ name: 'plan', kind: 'number', values: [1] }, ...lesson.columns.slice(1)];
    expect(() => chancesOf(classifier, wrong, [0])).toThrow('another kind');
  });
});

describe('a model file', () => {
  it.each(each)('gives back the same chances: $name', ({ classifier }) => {
    const back = readModel(JSON.parse(JSON.stringify(writeModel(classifier))));
    expect(chancesOf(back, lesson.columns, lesson.rows)).toEqual(
      chancesOf(classifier, lesson.columns, lesson.rows),
    );
  });

  it.each([
    ['another version', { version: 2 }, 'version'],
    ['no columns', { encoding: [] }, 'encoding'],
    ['an unknown learner', { learner: { kind: 'oracle' } }, 'learner'],
    ['a tree that leads in circles', { learner: forest({ left: [0, 0, 0] }) }, 'leads nowhere'],
    ['a tree with parts of different lengths', { learner: forest({ value: [1] }) }, 'differ in length'],
    ['a tree about a column that is not there', { learner: forest({ feature: [9, -1, -1] }) }, 'not there'],
    ['a chance above one', { calibration: { kind: 'isotonic', scores: [0], chances: [2] } }, 'calibration'],
    ['something else besides', { surprise: true }, 'surprise'],
  ])('is refused with the reason for %s', (_, change, words) => {
    const file = {
      version: 1,
      encoding: [{ name: 'x', kind: 'number' }],
      learner: forest({}),
      calibration: { kind: 'none' },
    };
    expect(readModel(file).learner.kind).toBe('forest');
    expect(() => readModel({ ...file, ...change })).toThrow(words);
  });

  it('is refused, not crashed on, whatever is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(() => readModel(json)).toThrow('cannot be read');
      }),
    );
  });
});

function forest(change: object) {
  const tree = {
    feature: [0, -1, -1],
    threshold: [1, 0, 0],
    missing_left: [1, 0, 0],
    left: [1, 0, 0],
    right: [2, 0, 0],
    value: [0.5, 0.2, 0.8],
    cover: [2, 1, 1],
  };
  return { kind: 'forest', trees: [{ ...tree, ...change }] };
}
