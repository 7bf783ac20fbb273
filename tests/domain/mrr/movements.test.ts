import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lifetimeValue, netRevenueChurnPercent, quickRatio } from '../../../src/domain/mrr/formulas.ts';
import { monthlyMovements, movementsOf } from '../../../src/domain/mrr/movements.ts';
import { monthlyAmount } from '../../../src/domain/mrr/normalise.ts';
import { type MrrPolicy, STRIPE_POLICY } from '../../../src/domain/mrr/policy.ts';
import type { Discount, StartEvent, TimelineEvent } from '../../../src/domain/mrr/timeline.ts';

const at = (text: string) => Date.parse(`${text}T00:00:00Z`);
const of = { customer: 'c1', subscription: 's1' };

function start(day: string, more: Partial<StartEvent> = {}): StartEvent {
  return {
    ...of,
    at: at(day),
    type: 'start',
    unitAmountMinor: 5000,
    quantity: 1,
    interval: 'month',
    intervalCount: 1,
    discount: null,
    trialEndAt: null,
    includedTaxPercent: null,
    ...more,
  };
}

function story(events: TimelineEvent[], policy: Partial<MrrPolicy> = {}): string[] {
  return movementsOf(events, { ...STRIPE_POLICY, ...policy }).map(
    ({ at: when, kind, amountMinor }) =>
      `${new Date(when).toISOString().slice(0, 10)} ${kind} ${amountMinor}`,
  );
}

const tenOff: Discount = { percent: '10', amountMinor: null, duration: 'repeating', months: 2 };
const cancel = (day: string, more = {}): TimelineEvent => ({
  ...of,
  at: at(day),
  type: 'cancel',
  effective: 'immediate',
  servicePeriodEndAt: null,
  ...more,
});

describe('movements', () => {
  it.each<[string, TimelineEvent[], Partial<MrrPolicy>, string[]]>([
    ['a start is new', [start('2026-01-10')], {}, ['2026-01-10 new 5000']],
    [
      'a return is a reactivation, whenever it is, under the default',
      [start('2026-01-10'), cancel('2026-02-01'), start('2026-12-01', { subscription: 's2' })],
      {},
      ['2026-01-10 new 5000', '2026-02-01 churn 5000', '2026-12-01 reactivation 5000'],
    ],
    [
      'a return after the window is new',
      [start('2026-01-10'), cancel('2026-02-01'), start('2026-12-01', { subscription: 's2' })],
      { reactivationDays: 90 },
      ['2026-01-10 new 5000', '2026-02-01 churn 5000', '2026-12-01 new 5000'],
    ],
    [
      'a trial that is cancelled never counts',
      [start('2026-01-10', { trialEndAt: at('2026-02-10') }), cancel('2026-02-01')],
      {},
      [],
    ],
    [
      'a cancellation at the period end counts then',
      [
        start('2026-01-10'),
        cancel('2026-02-01', { effective: 'period_end', servicePeriodEndAt: at('2026-02-10') }),
      ],
      {},
      ['2026-01-10 new 5000', '2026-02-10 churn 5000'],
    ],
    [
      'a finite discount lowers MRR for its months where it is included',
      [start('2026-01-31', { discount: tenOff })],
      { discounts: 'include' },
      ['2026-01-31 new 4500', '2026-03-31 expansion 500'],
    ],
    [
      'a finite discount is ignored by default',
      [start('2026-01-31', { discount: tenOff })],
      {},
      ['2026-01-31 new 5000'],
    ],
    [
      'a failed payment that is mended loses nothing',
      [
        start('2026-01-10'),
        { ...of, at: at('2026-02-10'), type: 'payment_failed' },
        { ...of, at: at('2026-02-20'), type: 'payment_succeeded' },
      ],
      { pastDueDays: 30 },
      ['2026-01-10 new 5000'],
    ],
    [
      'an unmended failure is churn on its day, not restarted by a second failure',
      [
        start('2026-01-10'),
        { ...of, at: at('2026-02-10'), type: 'payment_failed' },
        { ...of, at: at('2026-02-20'), type: 'payment_failed' },
      ],
      { pastDueDays: 30 },
      ['2026-01-10 new 5000', '2026-03-12 churn 5000'],
    ],
    [
      'a pause taken as a contraction comes back as an expansion',
      [
        start('2026-01-10'),
        { ...of, at: at('2026-02-10'), type: 'pause', effectiveAt: at('2026-02-15') },
        { ...of, at: at('2026-03-10'), type: 'resume' },
      ],
      { pause: 'contraction' },
      ['2026-01-10 new 5000', '2026-02-15 contraction 5000', '2026-03-10 expansion 5000'],
    ],
    [
      'a first invoice that was never paid never counts where payment is asked for',
      [start('2026-01-10', { firstInvoicePaidAt: null })],
      { newWhen: 'first_invoice_paid' },
      [],
    ],
    [
      'metered usage counts only where it is included, and only when it recurs',
      [
        start('2026-01-10'),
        { ...of, at: at('2026-02-10'), type: 'metered_usage', amountMinor: 900, recurring: true },
        { ...of, at: at('2026-03-10'), type: 'metered_usage', amountMinor: 5, recurring: false },
      ],
      { metered: 'include' },
      ['2026-01-10 new 5000', '2026-02-10 expansion 900'],
    ],
    [
      'a discount that is taken back early ends once',
      [
        start('2026-01-10'),
        { ...of, at: at('2026-02-10'), type: 'discount_add', discount: tenOff },
        { ...of, at: at('2026-03-01'), type: 'discount_end' },
      ],
      { discounts: 'include' },
      ['2026-01-10 new 5000', '2026-02-10 contraction 500', '2026-03-01 expansion 500'],
    ],
    [
      'a discount of one bill lasts one bill where finite ones are included',
      [start('2026-01-10', { discount: { ...tenOff, duration: 'once', months: null } })],
      { discounts: 'include' },
      ['2026-01-10 new 4500', '2026-02-10 expansion 500'],
    ],
    [
      'no discount counts where none should',
      [start('2026-01-10', { discount: { ...tenOff, duration: 'forever', months: null } })],
      { discounts: 'exclude' },
      ['2026-01-10 new 5000'],
    ],
    [
      'tax inside the price is taken out',
      [start('2026-01-10', { unitAmountMinor: 12_000, includedTaxPercent: '20' })],
      {},
      ['2026-01-10 new 10000'],
    ],
    [
      'a pause that should be kept changes nothing',
      [start('2026-01-10'), { ...of, at: at('2026-02-10'), type: 'pause', effectiveAt: at('2026-02-10') }],
      { pause: 'keep' },
      ['2026-01-10 new 5000'],
    ],
    [
      'changes within the window are one movement',
      [
        start('2026-01-10'),
        { ...of, at: at('2026-01-10') + 60_000, type: 'change', unitAmountMinor: 8000 },
        { ...of, at: at('2026-03-10'), type: 'change', quantity: 2, interval: 'year', intervalCount: 1 },
      ],
      { groupingMinutes: 60 },
      ['2026-01-10 new 8000', '2026-03-10 contraction 6667'],
    ],
    [
      'a refund moves nothing',
      [start('2026-01-10'), { ...of, at: at('2026-01-11'), type: 'no_effect' }],
      {},
      ['2026-01-10 new 5000'],
    ],
  ])('%s', (_name, events, policy, expected) => {
    expect(story(events, policy)).toEqual(expected);
  });

  it('refuses an event of a subscription that never started', () => {
    expect(() => story([cancel('2026-02-01')])).toThrow('s1');
  });

  const step = fc.record({
    day: fc.integer({ min: 0, max: 700 }),
    customer: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom('start', 'change', 'cancel', 'pause', 'resume'),
    amount: fc.integer({ min: 0, max: 9_999 }),
  });

  it('always adds up: every month closes at what opened and moved, whatever happened', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const months = monthlyMovements(movementsOf(randomTimeline(steps), STRIPE_POLICY));
        let balance = 0;
        for (const month of months) {
          expect(month.opening).toBe(balance);
          balance += month.new + month.expansion + month.reactivation - month.contraction - month.churn;
          expect(month.closing).toBe(balance);
          expect(balance).toBeGreaterThanOrEqual(0);
          expect(month.activeCustomers === 0).toBe(balance === 0);
        }
      }),
    );
  });
});

function randomTimeline(
  steps: { day: number; customer: number; kind: string; amount: number }[],
): TimelineEvent[] {
  const begun = new Set<string>();
  const ordered = [...steps].sort((a, b) => a.day - b.day);
  return ordered.flatMap(({ day, customer, kind, amount }): TimelineEvent[] => {
    const own = {
      at: at('2025-01-01') + day * 86_400_000,
      customer: `c${customer}`,
      subscription: `s${customer}`,
    };
    if (!begun.has(own.subscription) || kind === 'start') {
      begun.add(own.subscription);
      return [{ ...start('2025-01-01'), ...own, unitAmountMinor: amount }];
    }
    if (kind === 'change') return [{ ...own, type: 'change', unitAmountMinor: amount }];
    if (kind === 'pause') return [{ ...own, type: 'pause', effectiveAt: own.at }];
    if (kind === 'resume') return [{ ...own, type: 'resume' }];
    return [{ ...own, type: 'cancel', effective: 'immediate', servicePeriodEndAt: null }];
  });
}

describe('one subscription a month', () => {
  const base = { unitAmountMinor: 10_000, quantity: 1, interval: 'month', intervalCount: 1, discount: null };
  it.each([
    ['monthly', base, 10_000],
    ['yearly, half up', { ...base, unitAmountMinor: 50_000, quantity: 4, interval: 'year' }, 16_667],
    ['every two years', { ...base, interval: 'year', intervalCount: 2 }, 417],
    ['12.5 % off', { ...base, discount: { percent: '12.5', amountMinor: null } }, 8_750],
    ['more off than it costs', { ...base, discount: { percent: null, amountMinor: 20_000 } }, 0],
    [
      'rounded once, not after the discount',
      { ...base, unitAmountMinor: 99, interval: 'year', discount: { percent: '50', amountMinor: null } },
      4,
    ],
  ])('%s', (_name, price, expected) => {
    expect(monthlyAmount(price)).toBe(expected);
  });

  it('refuses an interval it does not know', () => {
    expect(() => monthlyAmount({ ...base, interval: 'fortnight' })).toThrow('fortnight');
    expect(() => monthlyAmount({ ...base, intervalCount: 0 })).toThrow('0');
  });
});

describe('formulas', () => {
  it('give nothing where there is nothing to divide by', () => {
    expect(quickRatio({ new: 1, expansion: 1, contraction: 0, churn: 0 })).toBeNull();
    expect(netRevenueChurnPercent({ startingMinor: 0, churnedMinor: 1, expansionMinor: 1 })).toBeNull();
    expect(lifetimeValue(100, 1)).toBeNull();
    expect(lifetimeValue(10_000, 0.96)).toBe(250_000);
  });
});
