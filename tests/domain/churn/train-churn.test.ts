import { describe, expect, it } from 'vitest';
import { readChurnModel } from '../../../src/domain/churn/churn-model.ts';
import { type ChurnLesson, trainChurn } from '../../../src/domain/churn/train-churn.ts';
import type { Snapshot } from '../../../src/domain/learning/snapshots.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';

const DAY = 86_400_000;

/** Customers who leave the sooner the less they use, over 16 months; `chance` says how. */
function world(customers: number, chance: (usage: number) => number): ChurnLesson {
  const random = seededRandom('world');
  const snapshots: Snapshot[] = [];
  const leftAt: ChurnLesson['leftAt'] = [];
  for (let index = 0; index < customers; index += 1) {
    const customer = `c${index}`;
    let usage = random();
    for (let day = index % 30; day < 480; day += 30) {
      usage = Math.min(1, Math.max(0, usage + 0.3 * (random() - 0.5)));
      const plan = random() < 0.5 ? 'team' : 'firm';
      snapshots.push({
        customer,
        at: day * DAY,
        features: { usage: random() < 0.1 ? null : usage, plan, noise: random() },
      });
      if (random() < chance(usage)) {
        leftAt.push([customer, [(day + 1 + 28 * random()) * DAY]]);
        break;
      }
    }
  }
  return {
    snapshots,
    leftAt,
    horizonDays: 30,
    knownUntil: 480 * DAY,
    costs: { falseAlarm: 1, miss: 6 },
    target: { precision: 0.8, recall: 0.8 },
    seed: 'test',
  };
}

const lesson = world(140, (usage) => 0.25 * (1 - usage) ** 2);
const { model, card } = trainChurn(lesson);

describe('a churn model', () => {
  it('comes with a card that says what it was learned from and how it did on later time', () => {
    expect(card.customers).toBe(140);
    expect(card.leavers).toBeGreaterThan(30);
    expect(card.validation.pooled.auc.estimate).toBeGreaterThan(0.6);
    expect(card.validation.folds.every(({ testFrom }) => testFrom <= card.trainedTo)).toBe(true);
    expect(card.importance[0]?.name).toBe('usage');
    expect(card.validation.pooled.atTarget?.met).toBe(false);
    expect(card.suspects).toEqual([]);
  });

  it('is the plain regression unless trees beat it beyond chance', () => {
    expect(card.contests.map(({ kind, against }) => [kind, against])).toEqual([
      ['forest', 'logistic'],
      ['boosting', 'logistic'],
    ]);
    const won = card.contests.filter(({ result }) => result.verdict === 'challenger').map(({ kind }) => kind);
    expect(won.length === 0 ? ['logistic'] : won).toContain(card.kind);
  });

  it('scores an account with what speaks for and against it, summing to its score', () => {
    const read = readChurnModel(JSON.parse(JSON.stringify(model)));
    const low = read.score({ usage: 0.05, plan: 'team', noise: 0.5 });
    const high = read.score({ usage: 0.95, plan: 'team', noise: 0.5 });
    expect(low.probability).toBeGreaterThan(high.probability);
    expect(low.horizonDays).toBe(30);
    expect(low.contributions[0]?.name).toBe('usage');
    expect(read.score({ unknown: 1 }).probability).toBeGreaterThan(0);
  });

  it('gives many accounts the same chances as one by one', () => {
    const read = readChurnModel(model);
    const some = lesson.snapshots.slice(0, 20);
    expect([...read.chances(some)]).toEqual(some.map(({ features }) => read.score(features).probability));
  });

  it('tells when accounts have moved from those it learned from', () => {
    const read = readChurnModel(model);
    const now = lesson.snapshots.map((one) => ({ ...one, features: { ...one.features, usage: 0.01 } }));
    const drift = new Map(read.drift(lesson.snapshots, now).map(({ name, verdict }) => [name, verdict]));
    expect(drift.get('usage')).toBe('moved');
    expect(drift.get('noise')).toBe('steady');
  });

  it('is not made of too few leavers', () => {
    expect(() => trainChurn(world(60, () => 0.01))).toThrow(/Only \d+ customers have left/);
  });

  it('is refused with the reason when it is not one', () => {
    expect(() => readChurnModel({ version: 1, horizon_days: -1, trained_to: 0 })).toThrow('horizon_days');
    expect(() => readChurnModel(null)).toThrow('cannot be read');
  });
});
