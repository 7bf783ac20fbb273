import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONVENTIONS } from '../../../../src/domain/billing/conventions.ts';
import { calculateUsageInvoice, type UsageBasis } from '../../../../src/domain/billing/run/basis.ts';
import { findUnusual, unusualWords } from '../../../../src/domain/billing/run/flag.ts';
import { daysOf, monthNamed, monthOf, monthsBefore } from '../../../../src/domain/billing/run/month.ts';
import { planRun } from '../../../../src/domain/billing/run/plan-run.ts';
import { proveInvoice } from '../../../../src/domain/billing/run/prove.ts';
import { type RunFacts, validateRun } from '../../../../src/domain/billing/run/validate.ts';
import { basis, counted, END, START, source, subscription } from './given.ts';

const billed = (of: UsageBasis) => calculateUsageInvoice(of, DEFAULT_CONVENTIONS).subtotalMinor;

describe('the sum of an invoice', () => {
  it.each<[string, Partial<UsageBasis>, bigint]>([
    ['500 calls at 60 cents a thousand are 30 cents', {}, 30n],
    ['what the plan includes is free', { calls: 1_000 }, 0n],
    ['half a cent is rounded up', { calls: 1_025 }, 2n],
    ['less than half is rounded down', { calls: 1_024 }, 1n],
    ['yen have no cents', { currency: 'JPY', perThousand: 90, calls: 11_000 }, 900n],
    ['without a price nothing is charged', { perThousand: null }, 0n],
  ])('%s', (_name, over, minor) => {
    expect(billed({ ...basis, ...over })).toBe(minor);
  });

  it('comes out the same both ways, whatever was used', () => {
    const anything = fc.record({
      calls: fc.integer({ min: 0, max: 10_000_000_000 }),
      included: fc.integer({ min: 0, max: 100_000_000 }),
      perThousand: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(anything, ({ calls, included, perThousand }) => {
        const of = { ...basis, calls, included, perThousand };
        const proof = proveInvoice(of, billed(of), {
          ...counted(calls),
          plans: [{ plan: 'growth', includedCalls: included, overagePrices: { USD: perThousand } }],
          subscriptions: [subscription()],
        });
        expect(proof).toMatchObject({ holds: true, difference: null });
      }),
    );
  });
});

describe('the second computation', () => {
  it.each<[string, Parameters<typeof proveInvoice>[2], RegExp]>([
    [
      'calls that the source counts otherwise',
      { ...source, ...counted(1_400) },
      /^calls: billed 1500, found 1400; amount in minor units: billed 30, found 24; PsiZero's own total: billed 1500, found 1400$/,
    ],
    ['a customer the source does not know', { ...source, ...counted(0) }, /found 0/],
    [
      'a price that has changed',
      { ...source, plans: [{ plan: 'growth', includedCalls: 1_000, overagePrices: { USD: 70 } }] },
      /amount in minor units: billed 30, found 35/,
    ],
    [
      'a second subscription',
      { ...source, subscriptions: [subscription(), subscription({ subscriptionId: 'sub_2' })] },
      /included calls: billed 1000, found 2000/,
    ],
  ])('shows %s', (_name, found, words) => {
    const proof = proveInvoice(basis, 30n, found);
    expect(proof.holds).toBe(false);
    expect(proof.difference).toMatch(words);
  });

  it('takes the most a subscription included at any moment, and none that was not in use', () => {
    const versions = [
      subscription({ validTo: START + 1, quantity: 3 }),
      subscription({ validFrom: START + 1, quantity: 1 }),
      subscription({ subscriptionId: 'sub_2', status: 'canceled' }),
      subscription({ subscriptionId: 'sub_3', validFrom: END }),
    ];
    expect(proveInvoice(basis, 30n, { ...source, subscriptions: versions }).found.included).toBe(3_000);
  });
});

describe('what is wrong with a month', () => {
  const facts: RunFacts = {
    bases: [basis],
    days: ['2026-10-01', '2026-10-02'],
    daysWithUsage: new Set(['2026-10-01', '2026-10-02']),
    usageThroughAt: END,
    endAt: END,
  };
  it('is nothing, of a whole month', () => {
    expect(validateRun(facts)).toEqual([]);
  });
  it.each<[string, Partial<RunFacts>, string | null, RegExp]>([
    ['usage that is behind', { usageThroughAt: END - 1 }, null, /not known up to the end/],
    ['usage never read', { usageThroughAt: null }, null, /not known up to the end/],
    ['a silent day', { daysWithUsage: new Set(['2026-10-01']) }, null, /2026-10-02/],
    ['a customer twice', { bases: [basis, basis] }, 'psz_acme', /appears twice/],
    [
      'usage below zero',
      { bases: [{ ...basis, calls: -1, categories: [{ category: 'geocoding', calls: -1 }] }] },
      'psz_acme',
      /below zero/,
    ],
    [
      'parts that are not the whole',
      { bases: [{ ...basis, categories: [] }] },
      'psz_acme',
      /does not add up/,
    ],
    ['a missing price', { bases: [{ ...basis, perThousand: null }] }, 'psz_acme', /no price in USD/],
    [
      'a missing VAT id',
      { bases: [{ ...basis, taxMissing: 'the VAT id of a business in DE' }] },
      'psz_acme',
      /VAT id of a business in DE/,
    ],
  ])('%s', (_name, over, customerId, words) => {
    const problems = validateRun({ ...facts, ...over });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.customerId).toBe(customerId);
    expect(problems[0]?.words).toMatch(words);
  });
  it('asks for no price of somebody who stayed within the plan', () => {
    expect(
      validateRun({
        ...facts,
        bases: [{ ...basis, calls: 0, categories: [], perThousand: null, taxMissing: 'x' }],
      }),
    ).toEqual([]);
  });
});

describe('a run', () => {
  const run = (over: Partial<Parameters<typeof planRun>[0]> = {}) =>
    planRun({
      bases: [basis],
      conventions: DEFAULT_CONVENTIONS,
      source,
      problems: [],
      flags: new Map(),
      ...over,
    });
  it('has an invoice for whoever owes something, and none for the others', () => {
    expect(run()).toMatchObject([{ totalMinor: 30, problems: [], proof: { holds: true } }]);
    const within = { ...basis, calls: 900 };
    expect(run({ bases: [within], source: { ...source, ...counted(900) } })).toEqual([]);
  });
  it('blocks an invoice that the second computation does not find', () => {
    expect(run({ source: { ...source, ...counted(0) } })[0]?.problems).toEqual([
      expect.stringContaining('The second computation differs'),
    ]);
  });
  it('blocks one that would bill nothing although something is owed', () => {
    const free = { ...basis, calls: 900, included: 1_000 };
    expect(run({ bases: [free] })[0]?.problems).toHaveLength(1);
  });
});

describe('what is unusual', () => {
  const month = (calls: number, geocoding = calls) => ({
    calls,
    categories: [
      { category: 'geocoding', calls: geocoding },
      { category: 'routing', calls: calls - geocoding },
    ],
  });
  const steady = [100, 102, 98, 101, 99, 100].map((calls) => month(calls));
  it.each<[string, number, number[], boolean]>([
    ['twice the usual', 200, [100, 101, 99], true],
    ['far above a steady past', 120, [100, 102, 98, 101, 99, 100], true],
    ['a little above', 110, [100, 102, 98, 101, 99, 100], false],
    ['within a restless past', 150, [100, 180, 60, 140, 90, 120], false],
    ['less than ever', 10, [100, 101, 99], false],
    ['too short a past', 1_000, [100, 100], false],
    ['the first use at all', 50, [0, 0, 0], true],
  ])('%s', (_name, calls, past, expected) => {
    expect(
      findUnusual(
        month(calls),
        past.map((each) => month(each)),
      ) !== null,
    ).toBe(expected);
  });
  it('names the category that rose most, and the busiest day', () => {
    const unusual = findUnusual(month(300, 120), steady);
    expect(unusual).toEqual({ usual: 100, category: 'routing' });
    expect(unusual && unusualWords(unusual, 300, '2026-10-12')).toBe(
      '300 calls against a usual 100, 3.0x, mostly routing, most on 2026-10-12',
    );
  });
});

describe('a company month', () => {
  const tz = 'America/Los_Angeles';
  it('begins and ends at local midnight', () => {
    expect(monthNamed('2026-10', tz)).toMatchObject({ startAt: START, endAt: END });
    expect(monthOf(END - 1, tz)).toBe('2026-10');
    expect(daysOf(monthNamed('2026-11', tz))).toHaveLength(30);
    expect(monthsBefore(monthNamed('2026-02', tz), 2).map(({ startAt }) => monthOf(startAt, tz))).toEqual([
      '2026-01',
      '2025-12',
    ]);
  });
  it.each(['2026-13', 'October', '2026-1'])('"%s" is none', (name) => {
    expect(() => monthNamed(name, tz)).toThrow(/is not a month/);
  });
});
