import { describe, expect, it } from 'vitest';
import type { PlanFact, SubscriptionFact } from '../../../src/domain/metrics/facts.ts';
import { above, allowancesOf, monthsOf, overageMinor } from '../../../src/domain/metrics/quota.ts';

const DAY = 86_400_000;
const month = { startAt: 0, endAt: 30 * DAY };
const catalogue: PlanFact[] = [
  { plan: 'small', includedCalls: 100, overagePrices: { USD: 120 } },
  { plan: 'large', includedCalls: 1_000, overagePrices: { USD: 60 } },
  { plan: 'free for all', includedCalls: null, overagePrices: {} },
];

function version(own: Partial<SubscriptionFact>): SubscriptionFact {
  return {
    ...{ customerId: 'a', customerName: 'A', currency: 'USD', subscriptionId: 's1' },
    ...{ country: '', region: '', segment: '', channel: '', owner: '' },
    ...{ plan: 'small', status: 'active', unitAmountMinor: 0, quantity: 1, interval: 'month' },
    ...{ intervalCount: 1, discountPercent: null, discountAmountMinor: null, discountDuration: null },
    ...{ cancelAt: null, validFrom: -DAY, validTo: null },
    ...own,
  };
}

const included = (...versions: SubscriptionFact[]) => {
  const allowance = allowancesOf(versions, catalogue, month).get('a');
  return allowance ? [allowance.included, allowance.plan] : null;
};

describe('what a customer may call in a month', () => {
  it.each<[string, Partial<SubscriptionFact>[], (number | string)[] | null]>([
    ['is what its plan includes, for every unit', [{ quantity: 3 }], [300, 'small']],
    [
      'is the most it included that month, where the plan changed',
      [{ validTo: DAY }, { plan: 'large', validFrom: DAY }],
      [1_000, 'large'],
    ],
    [
      'is that of the month it left in',
      [{ validTo: DAY }, { status: 'canceled', validFrom: DAY }],
      [100, 'small'],
    ],
    ['is nothing once it has left', [{ validTo: -1 }, { status: 'canceled', validFrom: -1 }], null],
    ['is nothing while paused', [{ status: 'paused' }], null],
    ['counts a trial', [{ status: 'trialing' }], [100, 'small']],
    ['adds up over subscriptions', [{}, { subscriptionId: 's2', plan: 'large' }], [1_100, 'large']],
    ['is not known without a limit', [{}, { subscriptionId: 's2', plan: 'free for all' }], null],
    ['is not known for a plan nobody has heard of', [{ plan: 'mystery' }], null],
    ['does not begin with the next month', [{ validFrom: 30 * DAY }], null],
  ])('%s', (_name, versions, expected) => {
    expect(included(...versions.map(version))).toEqual(expected);
  });
});

describe('what is above it', () => {
  it('is the part beyond, priced by the thousand and rounded half up', () => {
    expect(above(90, 100)).toBe(0);
    expect(above(1_350, 100)).toBe(1_250);
    expect(overageMinor(1_250, 120)).toBe(150);
    expect(overageMinor(4, 120)).toBe(0);
    expect(overageMinor(5, 100)).toBe(1);
    expect(overageMinor(9_007_199_254_740_991, 1)).toBe(9_007_199_254_741);
  });
});

describe('the months of a question', () => {
  it('are the company’s, up to now, each with its part', () => {
    const tz = 'America/Los_Angeles';
    const at = (text: string) => Date.parse(text);
    const period = { startAt: at('2026-10-20T12:00:00Z'), endAt: at('2026-12-31T00:00:00Z'), tz, label: '' };
    const scope = {
      ...{ period, at: 0, nowAt: at('2026-11-22T22:30:00Z'), filter: {}, by: null },
      company: { name: 'PsiZero', currency: 'USD', tz },
    };
    const iso = (instant: number) => new Date(instant).toISOString();
    expect(monthsOf(scope).map(({ startAt, part }) => [startAt, part.startAt, part.endAt].map(iso))).toEqual([
      ['2026-10-01T07:00:00.000Z', '2026-10-20T12:00:00.000Z', '2026-11-01T07:00:00.000Z'],
      ['2026-11-01T07:00:00.000Z', '2026-11-01T07:00:00.000Z', '2026-11-22T22:30:00.001Z'],
    ]);
  });
});
