import { describe, expect, it } from 'vitest';
import { proveInvoice } from '../../../../src/domain/billing/run/prove.ts';
import {
  basisWords,
  callsOf,
  type DailyCalls,
  type DayOfEvidence,
  usageEvidence,
} from '../../../../src/domain/billing/run/usage-evidence.ts';
import { basis, source } from './given.ts';

const daily = (days: Record<string, number>): DailyCalls =>
  new Map([['psz_acme', new Map(Object.entries(days))]]);
const day = (name: string, calls: number | null): DayOfEvidence => ({
  day: name,
  startAt: Date.parse(name),
  endAt: Date.parse(name) + 86_400_000,
  counted: calls === null ? null : { events: calls === 0 ? 0 : 3, calls: new Map([['psz_acme', calls]]) },
});
const totals = daily({ '2026-10-01': 1_000, '2026-10-02': 500 });
const sumOf = (days: DayOfEvidence[]) => callsOf(usageEvidence(days, totals).days).get('psz_acme');

describe('what a month is proved by', () => {
  it('is its events, where every day of them is here', () => {
    const found = usageEvidence([day('2026-10-01', 990), day('2026-10-02', 500)], totals);
    expect(callsOf(found.days).get('psz_acme')).toBe(1_490);
    expect(basisWords(found.basis)).toBe('6 usage events, added up one by one');
  });

  it('is the daily total of a day whose events are not all here, and says so', () => {
    const found = usageEvidence([day('2026-10-01', null), day('2026-10-02', 480)], totals);
    expect(callsOf(found.days).get('psz_acme')).toBe(1_480);
    expect(basisWords(found.basis)).toMatch(/^3 usage events, .*daily totals on 1 day whose events/);
  });

  it('is the daily totals alone where the source publishes no events at all', () => {
    expect(sumOf([day('2026-10-01', 0), day('2026-10-02', 0)])).toBe(1_500);
    expect(basisWords(usageEvidence([day('2026-10-01', 0)], totals).basis)).toMatch(/daily totals/);
  });

  it('takes a day without events for a day without calls where other days have some', () => {
    expect(sumOf([day('2026-10-01', 0), day('2026-10-02', 500)])).toBe(500);
  });
});

describe('a difference', () => {
  it('is told by meter and day', () => {
    const evidence = usageEvidence([day('2026-10-01', 990), day('2026-10-02', 500)], totals);
    const billed = totals.get('psz_acme');
    const proof = proveInvoice(basis, 30n, { ...source, evidence, totals }, billed);
    expect(proof.days).toEqual([{ meter: 'api_calls', day: '2026-10-01', billed: 1_000, found: 990 }]);
    expect(proof.difference).toMatch(/api_calls of 2026-10-01: billed 1,000, found 990/);
  });

  it('of more than five days names five, and keeps all', () => {
    const names = Array.from({ length: 8 }, (_, index) => `2026-10-0${index + 1}`);
    const evidence = usageEvidence(
      names.map((name) => day(name, 1)),
      totals,
    );
    const proof = proveInvoice(basis, 30n, { ...source, evidence, totals }, new Map());
    expect(proof.days).toHaveLength(8);
    expect(proof.difference).toMatch(/and 3 more days$/);
  });

  it("holds against PsiZero's own total even where the events agree", () => {
    const evidence = usageEvidence([day('2026-10-01', 1_500)], totals);
    const proof = proveInvoice(basis, 30n, { ...source, evidence, totals: daily({ '2026-10-01': 1_400 }) });
    expect(proof).toMatchObject({
      holds: false,
      difference: expect.stringMatching(/own total: billed 1500, found 1400/),
    });
  });
});
