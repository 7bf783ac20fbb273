import { describe, expect, it } from 'vitest';
import {
  ageing,
  daysToRecover,
  feesAvoided,
  mrrAtRisk,
  type RecoveryCase,
  recoveryRates,
} from '../../../src/domain/recovery/recovery-measures.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 22);

function recovery(cohort: string, failedDaysAgo: number, paidAfterDays: number | null): RecoveryCase {
  const failedAt = NOW - failedDaysAgo * DAY_MS;
  return {
    cohort,
    failedAt,
    owedMinor: 1000,
    recoveredAt: paidAfterDays === null ? null : failedAt + paidAfterDays * DAY_MS,
    recoveredMinor: paidAfterDays === null ? 0 : 900,
  };
}

describe('recovery reports', () => {
  it('count a case only when its time is over, paid or not', () => {
    const cases = [
      ...Array.from({ length: 8 }, () => recovery('2026-09', 60, 5)),
      recovery('2026-09', 60, null),
      recovery('2026-09', 60, 40),
      recovery('2026-11', 10, 2),
      recovery('2026-11', 10, null),
    ];
    const [september, november] = recoveryRates(cases, { windowDays: 30, now: NOW });
    expect(september).toMatchObject({
      cases: 10,
      open: 0,
      recovered: 8,
      share: 0.8,
      owedMinor: 10_000,
      recoveredMinor: 7200,
    });
    expect(september?.low).toBeCloseTo(0.4902, 4);
    expect(september?.high).toBeCloseTo(0.9433, 4);
    expect(november).toMatchObject({ cases: 0, open: 2, share: null, low: 0, high: 1 });
  });

  it('do not forget who never paid when saying how long it takes', () => {
    const cases = [
      recovery('a', 60, 2),
      recovery('a', 60, 4),
      recovery('a', 60, null),
      recovery('a', 60, null),
    ];
    expect(daysToRecover(cases, NOW)).toEqual({
      medianDays: 3,
      halfAfterDays: 4,
      recovered: 2,
      stillOpen: 2,
    });
    expect(daysToRecover([...cases, recovery('a', 60, null)], NOW).halfAfterDays).toBeNull();
    expect(daysToRecover([], NOW)).toEqual({
      medianDays: null,
      halfAfterDays: null,
      recovered: 0,
      stillOpen: 0,
    });
  });

  it('a case seen for three days says nothing about the tenth', () => {
    const cases = [
      recovery('a', 60, 1),
      recovery('a', 3, null),
      recovery('a', 60, 10),
      recovery('a', 60, null),
    ];
    expect(daysToRecover(cases, NOW).halfAfterDays).toBe(10);
  });

  it('count as avoided only what a network would have charged for', () => {
    expect(
      feesAvoided([
        { network: 'Visa', crossBorder: true, reason: 'network_limit' },
        { network: 'mastercard', crossBorder: false, reason: 'network_forbids' },
        { network: 'visa', crossBorder: false, reason: 'minimum_gap' },
        { network: 'amex', crossBorder: false, reason: 'network_limit' },
      ]),
    ).toEqual({ attempts: 3, cents: 65 });
  });

  it('age what is owed by currency, without losing any', () => {
    const days = [-1, 0, 1, 30, 30.5, 60, 61, 90, 91];
    const usd = days.map((age) => ({ currency: 'USD', remainingMinor: 2, dueAt: NOW - age * DAY_MS }));
    const rows = ageing([...usd, { currency: 'EUR', remainingMinor: 5, dueAt: NOW }], NOW);
    expect(rows.map(({ currency, age, count, minor }) => `${currency} ${age} ${count} ${minor}`)).toEqual([
      'EUR not due 1 5',
      'USD not due 2 4',
      'USD 1-30 days 2 4',
      'USD 31-60 days 2 4',
      'USD 61-90 days 2 4',
      'USD over 90 days 1 2',
    ]);
  });

  it('say how much recurring revenue may go, and how little is known', () => {
    const history = { firm: { reached: 10, recovered: 8 } };
    const known = mrrAtRisk([{ mrrMinor: 10_000, stage: 'firm' }], history);
    expect(known).toMatchObject({ customers: 1, atRiskMinor: 10_000, likelyLostMinor: { estimate: 2000 } });
    const unknown = mrrAtRisk([{ mrrMinor: 10_000, stage: 'final' }], history);
    expect(unknown.likelyLostMinor).toEqual({ estimate: 5000, low: 0, high: 10_000 });
  });
});
