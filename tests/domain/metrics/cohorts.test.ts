import { describe, expect, it } from 'vitest';
import { calculateMetric } from '../../../src/domain/metrics/calculate.ts';
import { calculateCohorts, measureCohorts } from '../../../src/domain/metrics/cohorts.ts';
import { at, company, givenFacts, version } from './given-facts.ts';

const nowAt = at('2026-04-15');
const tz = company.tz;
const cut = { status: 'canceled' };
const period = { startAt: at('2026-01-01'), endAt: nowAt, tz, label: 'it' };

const versions = [
  version('stays', '2026-01-20', null),
  version('leaves', '2026-01-31T20:00:00Z', '2026-03-10'),
  version('leaves', '2026-03-10', null, cut),
  version('later', '2026-02-20', null, { quantity: 2 }),
];
const signed: [string, string][] = [
  ['stays', '2026-01-06'],
  ['leaves', '2026-02-01T07:30:00Z'],
  ['never', '2026-01-09'],
  ['later', '2026-02-10'],
];
const facts = givenFacts(versions, {
  signupsIn: async ({ startAt, endAt }) =>
    signed
      .map(([customerId, day]) => ({ ...version(customerId, '2026-01-01', null), signedUpAt: at(day) }))
      .filter(({ signedUpAt }) => signedUpAt >= startAt && signedUpAt < endAt),
});

describe('cohorts by the month of signing up', () => {
  it('keep who pays at the end of each month, the running one up to now', async () => {
    const rows = await measureCohorts(facts, { period, nowAt, company, filter: {} });
    const shown = rows.map(({ cohort, signups, paid, ages }) => ({
      ...{ cohort, signups, paid },
      customers: ages.map((age) => age.customers),
      kept: ages.map((age) => age.keptCustomers),
      mrr: ages.map((age) => age.mrrMinor),
    }));
    expect(shown).toEqual([
      // 07:30 UTC on Feb 1 is still January where the company is.
      {
        cohort: '2026-01',
        signups: 3,
        paid: 2,
        customers: [2, 2, 1, 1],
        kept: [1, 1, 0.5, 0.5],
        mrr: [10_000, 10_000, 5_000, 5_000],
      },
      {
        cohort: '2026-02',
        signups: 1,
        paid: 1,
        customers: [1, 1, 1],
        kept: [1, 1, 1],
        mrr: [10_000, 10_000, 10_000],
      },
    ]);
  });

  it('give the share kept now as a metric, by cohort in their order', async () => {
    const request = { period, nowAt, company, filter: {}, by: 'cohort' } as const;
    const { value, groups } = await calculateMetric('cohort_retention', request, facts);
    expect(value).toBe(2 / 3);
    expect(groups?.map(({ key, value: share }) => [key, share])).toEqual([
      ['2026-01', 1 / 2],
      ['2026-02', 1],
    ]);
  });

  it('have no share where nobody ever paid', () => {
    const members = [{ customerId: 'never', signedUpAt: at('2026-03-31'), everPaid: false }];
    const [row] = calculateCohorts(members, () => new Map(), { tz, nowAt });
    expect(row?.ages.map(({ keptCustomers, keptMrr }) => [keptCustomers, keptMrr])).toEqual([
      [null, null],
      [null, null],
    ]);
  });
});
