import type { UsageBasis } from '../../../../src/domain/billing/run/basis.ts';
import type { SourceTotals } from '../../../../src/domain/billing/run/prove.ts';
import type { SubscriptionFact } from '../../../../src/domain/metrics/facts.ts';

export const START = Date.parse('2026-10-01T07:00:00Z');
export const END = Date.parse('2026-11-01T07:00:00Z');

/** 1,500 calls of a plan that includes 1,000, at 60 cents a thousand more: 30 cents. */
export const basis: UsageBasis = {
  entityId: 'main',
  customerId: 'psz_acme',
  customerName: 'Acme Robotics',
  currency: 'USD',
  plan: 'growth',
  included: 1_000,
  perThousand: 60,
  calls: 1_500,
  categories: [
    { category: 'geocoding', calls: 1_200 },
    { category: 'routing', calls: 300 },
  ],
  startAt: START,
  endAt: END,
  tz: 'America/Los_Angeles',
  rates: [
    {
      name: 'No tax',
      jurisdiction: 'US',
      ratePercent: '0',
      inclusive: false,
      treatment: 'out_of_scope',
      note: null,
    },
  ],
  taxMissing: null,
  late: [],
};

export function subscription(over: Partial<SubscriptionFact> = {}): SubscriptionFact {
  return {
    customerId: 'psz_acme',
    customerName: 'Acme Robotics',
    country: 'US',
    region: 'NA',
    segment: 'smb',
    channel: 'self-serve',
    owner: '',
    currency: 'USD',
    subscriptionId: 'sub_1',
    plan: 'growth',
    status: 'active',
    quantity: 1,
    validFrom: 0,
    validTo: null,
    unitAmountMinor: 0,
    interval: 'month',
    intervalCount: 1,
    discountPercent: null,
    discountAmountMinor: null,
    discountDuration: null,
    cancelAt: null,
    ...over,
  };
}

/** Acme's calls, all on the month's first day, as their daily total says. */
export function counted(calls: number): Pick<SourceTotals, 'evidence' | 'totals'> {
  const days = new Map([['psz_acme', new Map([['2026-10-01', calls]])]]);
  return { evidence: { days, basis: { events: 0, eventDays: 0, totalDays: 31 } }, totals: days };
}

export const source: SourceTotals = {
  ...counted(1_500),
  plans: [{ plan: 'growth', includedCalls: 1_000, overagePrices: { USD: 60 } }],
  subscriptions: [subscription()],
};
