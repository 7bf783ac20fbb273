import { describe, expect, it } from 'vitest';
import { backtestLifetime } from '../../../src/domain/lifetime/backtest.ts';
import { livesOf, NOW } from './story.ts';

const terms = { months: 6, margin: 1, discountRate: 0.1 };
const options = { nowAt: NOW, tz: 'America/Los_Angeles', terms };

describe('looking back at lifetime value', () => {
  it('finds most months right in a world that stays as it is', () => {
    const found = backtestLifetime(livesOf({ count: 900, leaves: () => 0.03 }), options);
    expect(found.cohorts.length).toBeGreaterThan(15);
    expect(found.within).toBeGreaterThan(0.85);
    expect(Math.abs(found.totalError ?? 1)).toBeLessThan(0.05);
  });

  it('shows that it was too high where more left than ever before', () => {
    const worse = livesOf({ count: 900, leaves: (ago) => (ago < 14 ? 0.2 : 0.02) });
    const found = backtestLifetime(worse, options);
    const late = found.cohorts.filter(({ cohort }) => cohort >= '2025-10');
    expect(late.length).toBeGreaterThan(3);
    expect(late[0]?.error).toBeGreaterThan(0.15);
    expect(found.within).toBeLessThan(0.8);
  });

  it('foresees by what was known at the time alone', () => {
    const lives = livesOf({ count: 900, leaves: () => 0.03 });
    const [first] = backtestLifetime(lives, options).cohorts;
    const cut = Date.parse(`${first?.cohort ?? ''}-01T00:00:00Z`) + 45 * 86_400_000;
    const other = lives.map((life) => ({
      ...life,
      endAt: null,
      steps: [...life.steps.filter(({ at }) => at <= cut), { at: cut + 1, minor: 1 }],
    }));
    const [again] = backtestLifetime(other, options).cohorts;
    expect(again?.cohort).toBe(first?.cohort);
    expect(again?.predictedMinor).toBe(first?.predictedMinor);
    expect(again?.realisedMinor).toBeLessThan(first?.realisedMinor ?? 0);
  });

  it('counts only months whose customers have had all their time', () => {
    const found = backtestLifetime(livesOf({ count: 900, leaves: () => 0.03 }), options);
    expect(found.cohorts.at(-1)?.cohort).toBe('2026-04');
  });

  it('has nothing to say of a company without a past', () => {
    const young = livesOf({ count: 900, leaves: () => 0.03 }).filter(({ startAt }) => startAt > NOW - 1e10);
    expect(backtestLifetime(young, options)).toMatchObject({ cohorts: [], within: null, totalError: null });
  });
});
