import { describe, expect, it } from 'vitest';
import { challenge } from '../../../src/domain/learning/challenge.ts';
import { driftOf } from '../../../src/domain/learning/drift.ts';
import type { RawColumn } from '../../../src/domain/learning/encoding.ts';
import { seededRandom } from '../../../src/domain/statistics/random.ts';

const numbers = (name: string, values: (number | null)[]): RawColumn => ({ name, kind: 'number', values });
const words = (name: string, values: (string | null)[]): RawColumn => ({ name, kind: 'category', values });

describe('drift', () => {
  it('measures the distance of two samples as scipy does', () => {
    // ks_2samp(a, b).statistic; its p by Stephens' correction lies between scipy's asymptotic 0.307 and exact 0.242.
    const [found] = driftOf(
      [numbers('x', [1, 2, 3, 4, 5, 6, 7, 8])],
      [numbers('x', [3, 4.5, 5, 6.5, 7, 8.5, 9, 10, 11])],
    );
    expect(found?.ks?.distance).toBeCloseTo(0.4444444444444444, 12);
    expect(found?.ks?.p).toBeGreaterThan(0.24);
    expect(found?.ks?.p).toBeLessThan(0.31);
  });

  it('gives categories the stability index by hand', () => {
    // (.5 - .8) ln(.5 / .8) + (.5 - .2) ln(.5 / .2)
    const then = words('plan', [...Array<string>(8).fill('team'), 'free', 'free']);
    const now = words('plan', [...Array<string>(5).fill('team'), ...Array<string>(5).fill('free')]);
    const [found] = driftOf([then], [now]);
    expect(found?.psi).toBeCloseTo(0.4158883, 6);
    expect(found).toMatchObject({ verdict: 'moved', ks: null });
  });

  it.each([
    ['the same values', (x: number): number | null => x, 'steady'],
    ['a slight shift', (x: number) => x + 0.08, 'moving'],
    ['another scale', (x: number) => x * 3, 'moved'],
    ['values gone missing', (x: number) => (x < 0.4 ? null : x), 'moved'],
  ])('calls %s what it is', (_, change, verdict) => {
    const random = seededRandom('drift');
    const values = Array.from({ length: 2000 }, () => random());
    const [found] = driftOf([numbers('x', values)], [numbers('x', values.map(change))]);
    expect(found?.verdict).toBe(verdict);
  });

  it('says nothing of a column that only one side has', () => {
    expect(driftOf([numbers('x', [1])], [words('x', ['1'])])).toEqual([]);
  });
});

describe('a challenger', () => {
  const random = seededRandom('challenge');
  const truth = Float64Array.from({ length: 400 }, () => random());
  const labels = truth.map((chance) => (random() < chance ? 1 : 0));
  const outcomes = Uint8Array.from(labels);
  const dull = truth.map(() => 0.5);
  const options = { seed: 'runs', runs: 200 };

  it('wins where it is better beyond chance, and loses where it is worse', () => {
    expect(challenge(dull, truth, outcomes, options)).toMatchObject({ verdict: 'challenger', rows: 400 });
    expect(challenge(truth, dull, outcomes, options).verdict).toBe('champion');
  });

  it('does not win by what chance alone explains', () => {
    const alike = truth.map((chance, row) =>
      Math.min(0.999, Math.max(0.001, chance + (row % 2 === 0 ? 0.01 : -0.01))),
    );
    const { verdict, logLoss } = challenge(truth, alike, outcomes, options);
    expect(verdict).toBe('undecided');
    expect(logLoss.low).toBeLessThan(0);
    expect(logLoss.high).toBeGreaterThan(0);
  });

  it('is judged alike for the same seed, and more carefully where rows belong together', () => {
    expect(challenge(dull, truth, outcomes, options)).toEqual(challenge(dull, truth, outcomes, options));
    const groups = Array.from(truth, (chance) => String(Math.floor(chance * 8)));
    const width = ({ logLoss }: ReturnType<typeof challenge>) => logLoss.high - logLoss.low;
    const together = challenge(dull, truth, outcomes, { ...options, groups });
    expect(width(together)).toBeGreaterThan(width(challenge(dull, truth, outcomes, options)));
  });
});
