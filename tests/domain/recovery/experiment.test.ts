import { describe, expect, it } from 'vitest';
import {
  armOf,
  assertRegistered,
  Experiment,
  HOLDOUT,
  hashShare,
  registrationOf,
} from '../../../src/domain/recovery/experiment.ts';
import { type ArmResult, judgeExperiment } from '../../../src/domain/recovery/judge-experiment.ts';
import { differenceSequence } from '../../../src/domain/recovery/sequential.ts';
import { chiSquareTail } from '../../../src/domain/statistics/distributions.ts';
import {
  type Moments,
  meanOf,
  momentsOf,
  varianceOf,
  wilson,
} from '../../../src/domain/statistics/samples.ts';

const PLAN = Experiment.parse({
  id: 'kinder-first-mail',
  hypothesis: 'A kinder first mail brings payments sooner.',
  currency: 'USD',
  arms: [
    { id: 'usual', ladder: 'standard', weight: 1 },
    { id: 'kinder', ladder: 'standard-kind', weight: 1 },
  ],
  holdoutShare: 0.1,
  startsAt: 0,
  endsAt: 1000,
  windowDays: 30,
  minimumPerArm: 200,
  planned: 3000,
  smallestEffectMinor: 500,
  guardrails: [{ metric: 'unsubscribe', maxIncrease: 0.02 }],
});

/** Mulberry32: small, seeded, good enough for drawing customers. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Recovered of one customer in minor units: nothing for 4 of 10, otherwise a skewed amount around 60. */
function recovered(random: () => number, share = 0.6): number {
  const [pays, size] = [random(), random()];
  return pays < share ? Math.round(2000 * Math.exp(2.2 * size)) : 0;
}

const empty = (): Moments => ({ n: 0, sum: 0, sumOfSquares: 0 });

function see(moments: Moments, value: number): void {
  moments.n += 1;
  moments.sum += value;
  moments.sumOfSquares += value * value;
}

const LOOK_EVERY = 20;

/** Runs one experiment, looking all the time; says which tests ever called a difference. */
function peeking(random: () => number, customers: number, lift = 0) {
  const arms: [Moments, Moments] = [empty(), empty()];
  const found = { sequential: false, naive: false, ratio: false };
  for (let index = 1; index <= customers; index += 1) {
    const treated = random() < 0.5;
    see(arms[treated ? 1 : 0], recovered(random, treated ? 0.6 + lift : 0.6));
    const [control, other] = arms;
    if (index % LOOK_EVERY !== 0 || Math.min(control.n, other.n) < PLAN.minimumPerArm) continue;
    const interval = differenceSequence(other, control, { alpha: 0.05, planned: PLAN.planned });
    found.sequential ||= interval.low > 0 || interval.high < 0;
    const spread = Math.sqrt(varianceOf(other) / other.n + varianceOf(control) / control.n);
    found.naive ||= Math.abs(meanOf(other) - meanOf(control)) > 1.96 * spread;
    found.ratio ||= chiSquareTail((control.n - other.n) ** 2 / (control.n + other.n), 1) < 0.001;
  }
  return found;
}

function rates(runs: number, customers: number, lift: number, seed: number) {
  const random = seeded(seed);
  const count = { sequential: 0, naive: 0, ratio: 0 };
  for (let run = 0; run < runs; run += 1) {
    const found = peeking(random, customers, lift);
    count.sequential += Number(found.sequential);
    count.naive += Number(found.naive);
    count.ratio += Number(found.ratio);
  }
  return { sequential: count.sequential / runs, naive: count.naive / runs, ratio: count.ratio / runs };
}

describe('looking at an experiment all the time', () => {
  it('calls a difference where there is none in at most 5 of 100, where a usual test does so far more often', () => {
    const none = rates(1000, 3000, 0, 20_261_123);
    expect(none.sequential).toBeLessThanOrEqual(0.05);
    expect(none.naive).toBeGreaterThan(0.15);
    expect(none.ratio).toBeLessThan(0.03);
  });

  it('finds a difference that is there', () => {
    expect(rates(100, 3000, 0.12, 7).sequential).toBeGreaterThan(0.9);
  });

  it('its interval holds the true difference at every look', () => {
    const random = seeded(99);
    let missed = 0;
    for (let run = 0; run < 200; run += 1) {
      const arms: [Moments, Moments] = [empty(), empty()];
      let left = false;
      for (let index = 1; index <= 2000; index += 1) {
        const side = random() < 0.5 ? 1 : 0;
        see(arms[side], random() < 0.3 + 0.1 * side ? 1000 : 0);
        if (index % LOOK_EVERY !== 0 || Math.min(arms[0].n, arms[1].n) < 200) continue;
        const { low, high } = differenceSequence(arms[1], arms[0], { alpha: 0.05, planned: 2000 });
        left ||= low > 100 || high < 100;
      }
      missed += Number(left);
    }
    expect(missed / 200).toBeLessThanOrEqual(0.05);
  });
});

describe('who is in which arm', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `cus_${index}`);

  it('is the same every time, and evenly spread', () => {
    const counts = new Map<string, number>();
    for (const id of ids) {
      const arm = armOf(PLAN, id);
      expect(armOf({ ...PLAN }, id)).toBe(arm);
      counts.set(arm, (counts.get(arm) ?? 0) + 1);
    }
    const [usual, kinder, held] = ['usual', 'kinder', HOLDOUT].map((arm) => counts.get(arm) ?? 0);
    expect((held ?? 0) / ids.length).toBeCloseTo(0.1, 1);
    const total = (usual ?? 0) + (kinder ?? 0);
    expect(chiSquareTail(((usual ?? 0) - (kinder ?? 0)) ** 2 / total, 1)).toBeGreaterThan(0.001);
  });

  it('of one experiment says nothing about another, but the holdout is one for all', () => {
    const other = { ...PLAN, id: 'later-mails' };
    const inBoth = ids.filter((id) => armOf(PLAN, id) === 'kinder' && armOf(other, id) === 'kinder').length;
    expect(inBoth / (0.9 * ids.length)).toBeCloseTo(0.25, 1);
    const held = ids.filter((id) => armOf(PLAN, id) === HOLDOUT);
    expect(held.every((id) => armOf(other, id) === HOLDOUT)).toBe(true);
  });

  it('follows the weights', () => {
    const uneven = {
      ...PLAN,
      arms: [
        { id: 'a', ladder: 'x', weight: 3 },
        { id: 'b', ladder: 'y', weight: 1 },
      ],
    };
    const inB = ids.filter((id) => armOf(uneven, id) === 'b').length;
    expect(inB / (0.9 * ids.length)).toBeCloseTo(0.25, 1);
    expect(ids.every((id) => hashShare(id) >= 0 && hashShare(id) < 1)).toBe(true);
  });
});

function arm(
  id: string,
  n: number,
  values: { share: number; amount: number; unsubscribed?: number; assigned?: number },
): ArmResult {
  const paid = Math.round(n * values.share);
  return {
    arm: id,
    recovered: { n, sum: paid * values.amount, sumOfSquares: paid * values.amount ** 2 },
    events: { unsubscribe: values.unsubscribed ?? 0 },
    assigned: values.assigned ?? n,
  };
}

describe('what is said of an experiment', () => {
  const usual = arm('usual', 1500, { share: 0.6, amount: 10_000 });
  it.each<[string, ArmResult[], number, string, RegExp]>([
    [
      'a better ladder, with money and its range',
      [usual, arm('kinder', 1500, { share: 0.72, amount: 10_000 })],
      10,
      'better',
      /recovered more: \$18,000\.00 \(between \$/,
    ],
    ['a worse one', [usual, arm('kinder', 1500, { share: 0.45, amount: 10_000 })], 10, 'worse', /less: -\$/],
    [
      'no effect where it is surely small',
      [
        arm('usual', 90_000, { share: 0.6, amount: 10_000 }),
        arm('kinder', 90_000, { share: 0.6, amount: 10_000 }),
      ],
      10,
      'no_effect',
      /No effect: the difference is smaller than \$5\.00/,
    ],
    [
      'no effect shown at the end',
      [usual, arm('kinder', 1500, { share: 0.61, amount: 10_000 })],
      1000,
      'no_effect_shown',
      /no effect was shown/,
    ],
    [
      'still open before it',
      [usual, arm('kinder', 1500, { share: 0.61, amount: 10_000 })],
      10,
      'running',
      /Still open/,
    ],
    [
      'too early below the minimum',
      [arm('usual', 150, { share: 0.1, amount: 10_000 }), arm('kinder', 150, { share: 0.9, amount: 10_000 })],
      10,
      'too_early',
      /150 of 200/,
    ],
    ['too early with nothing at all', [], 10, 'too_early', /0 of 200/],
    [
      'harm goes before money',
      [usual, arm('kinder', 1500, { share: 0.8, amount: 10_000, unsubscribed: 120 })],
      10,
      'harmful',
      /unsubscribe rose/,
    ],
    [
      'uneven arms make it worthless',
      [usual, arm('kinder', 1500, { share: 0.8, amount: 10_000, assigned: 1300 })],
      10,
      'invalid',
      /nothing can be concluded/,
    ],
  ])('%s', (_name, results, now, verdict, words) => {
    const [comparison] = judgeExperiment(PLAN, results, now).comparisons;
    expect(comparison?.verdict).toBe(verdict);
    expect(comparison?.words).toMatch(words);
  });

  it('all arms together are held against who was kept out', () => {
    const better = arm('kinder', 1500, { share: 0.72, amount: 10_000 });
    const kept = arm(HOLDOUT, 400, { share: 0.5, amount: 10_000 });
    const { againstHoldout } = judgeExperiment(PLAN, [usual, better, kept], 10);
    expect(againstHoldout?.estimate).toBeCloseTo(1600, 6);
    expect(againstHoldout?.low).toBeGreaterThan(0);
    expect(judgeExperiment(PLAN, [usual, better], 10).againstHoldout).toBeNull();
  });

  it('several arms share the chance of a false call', () => {
    const three = Experiment.parse({
      ...PLAN,
      arms: [...PLAN.arms, { id: 'third', ladder: 'x', weight: 1 }],
    });
    const results = [usual, arm('kinder', 1500, { share: 0.66, amount: 10_000 })];
    const width = (plan: typeof PLAN) => {
      const [first] = judgeExperiment(plan, results, 10).comparisons;
      return (first?.perCustomer.high ?? 0) - (first?.perCustomer.low ?? 0);
    };
    expect(width(three)).toBeGreaterThan(width(PLAN));
  });

  it('a change after registration is refused', () => {
    const registered = registrationOf(PLAN);
    expect(() => assertRegistered({ ...PLAN }, registered)).not.toThrow();
    expect(() => assertRegistered({ ...PLAN, alpha: 0.1 }, registered)).toThrow('not what was registered');
  });

  it.each([
    ['an arm called holdout', { arms: [PLAN.arms[0], { id: HOLDOUT, ladder: 'x', weight: 1 }] }],
    ['two arms of one name', { arms: [PLAN.arms[0], PLAN.arms[0]] }],
    ['an end before its start', { endsAt: -1 }],
    ['fewer customers than its minimum', { planned: 100 }],
  ])('%s is refused', (_name, change) => {
    expect(Experiment.safeParse({ ...PLAN, ...change }).success).toBe(false);
  });
});

describe('the figures behind it', () => {
  it.each([
    [3.841458820694124, 1, 0.05],
    [10.827566170662733, 1, 0.001],
    [5.991464547107979, 2, 0.05],
    [18.307038053275146, 10, 0.05],
    [0.5, 4, 0.9735009788392561],
  ])('the tail of chi-square at %d with %d degrees is %d', (x, df, p) => {
    expect(chiSquareTail(x, df)).toBeCloseTo(p, 10);
  });

  it.each([
    [8, 10, 0.4901624715, 0.9433178485],
    [0, 10, 0, 0.2775327998],
    [10, 10, 0.7224672002, 1],
  ])('Wilson of %d in %d', (successes, trials, low, high) => {
    expect(wilson(successes, trials).low).toBeCloseTo(low, 8);
    expect(wilson(successes, trials).high).toBeCloseTo(high, 8);
  });

  it('moments are those of the sample', () => {
    expect(varianceOf(momentsOf([2, 4, 4, 4, 5, 5, 7, 9]))).toBeCloseTo(32 / 7, 12);
    expect(() => wilson(3, 2)).toThrow('not a share');
  });
});
