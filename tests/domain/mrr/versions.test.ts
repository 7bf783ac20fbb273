import { describe, expect, it } from 'vitest';
import { historyOf, worthAt } from '../../../src/domain/mrr/history.ts';
import { movementsFrom } from '../../../src/domain/mrr/movements.ts';
import { type MrrPolicy, STRIPE_POLICY } from '../../../src/domain/mrr/policy.ts';
import type { SubscriptionState } from '../../../src/domain/mrr/versions.ts';

const at = (text: string) => Date.parse(`${text}T00:00:00Z`);

/** A state from one day until before another; days as YYYY-MM-DD, null while it lasts. */
function state(from: string, to: string | null, more: Partial<SubscriptionState> = {}): SubscriptionState {
  return {
    customerId: 'c1',
    subscriptionId: 's1',
    status: 'active',
    unitAmountMinor: 5000,
    quantity: 1,
    interval: 'month',
    intervalCount: 1,
    discountPercent: null,
    discountAmountMinor: null,
    discountDuration: null,
    cancelAt: null,
    validFrom: at(from),
    validTo: to === null ? null : at(to),
    ...more,
  };
}

function story(
  states: SubscriptionState[],
  change: Partial<MrrPolicy> = {},
  paid?: Map<string, number>,
): string[] {
  const policy = { ...STRIPE_POLICY, ...change };
  const history = historyOf(states, policy, paid ?? null);
  return movementsFrom([...history.values()].flat(), policy, 'UTC').map(
    (one) => `${new Date(one.at).toISOString().slice(0, 10)} ${one.kind} ${one.amountMinor}`,
  );
}

const cut = { status: 'canceled' };
const half = { discountPercent: '50', discountDuration: 'repeating' };

describe('recorded states of a subscription become movements', () => {
  it.each<[string, SubscriptionState[], Partial<MrrPolicy>, string[]]>([
    ['a start', [state('2026-01-10', null)], {}, ['2026-01-10 new 5000']],
    [
      'an upgrade and an end',
      [
        state('2026-01-10', '2026-02-01'),
        state('2026-02-01', '2026-03-01', { quantity: 2 }),
        state('2026-03-01', null, cut),
      ],
      {},
      ['2026-01-10 new 5000', '2026-02-01 expansion 5000', '2026-03-01 churn 10000'],
    ],
    [
      'a trial counts from its end',
      [state('2026-01-10', '2026-01-24', { status: 'trialing' }), state('2026-01-24', null)],
      {},
      ['2026-01-24 new 5000'],
    ],
    [
      'or from its beginning, where trials count',
      [state('2026-01-10', '2026-01-24', { status: 'trialing' }), state('2026-01-24', null)],
      { trials: 'include' },
      ['2026-01-10 new 5000'],
    ],
    [
      'a trial that comes to nothing is nothing',
      [state('2026-01-10', '2026-01-24', { status: 'trialing' }), state('2026-01-24', null, cut)],
      {},
      [],
    ],
    [
      'a finite discount is no matter to Stripe',
      [state('2026-01-10', '2026-04-10', half), state('2026-04-10', null)],
      {},
      ['2026-01-10 new 5000'],
    ],
    [
      'and lowers MRR until it is recorded as over where discounts count',
      [state('2026-01-10', '2026-04-10', half), state('2026-04-10', null)],
      { discounts: 'include' },
      ['2026-01-10 new 2500', '2026-04-10 expansion 2500'],
    ],
    [
      'late payments are lost after so many days, and back when they come',
      [
        state('2026-01-10', '2026-02-10'),
        state('2026-02-10', '2026-03-20', { status: 'past_due' }),
        state('2026-03-20', null),
      ],
      { pastDueDays: 30 },
      ['2026-01-10 new 5000', '2026-03-12 churn 5000', '2026-03-20 reactivation 5000'],
    ],
    [
      'and kept by Stripe',
      [
        state('2026-01-10', '2026-02-10'),
        state('2026-02-10', '2026-03-20', { status: 'past_due' }),
        state('2026-03-20', null),
      ],
      {},
      ['2026-01-10 new 5000'],
    ],
    [
      'unpaid is lost',
      [state('2026-01-10', '2026-02-10'), state('2026-02-10', null, { status: 'unpaid' })],
      {},
      ['2026-01-10 new 5000', '2026-02-10 churn 5000'],
    ],
    [
      'a pause is churn and a return',
      [
        state('2026-01-10', '2026-02-10'),
        state('2026-02-10', '2026-03-10', { status: 'paused' }),
        state('2026-03-10', null),
      ],
      {},
      ['2026-01-10 new 5000', '2026-02-10 churn 5000', '2026-03-10 reactivation 5000'],
    ],
    [
      'or nothing, where pauses are kept',
      [
        state('2026-01-10', '2026-02-10'),
        state('2026-02-10', '2026-03-10', { status: 'paused' }),
        state('2026-03-10', null),
      ],
      { pause: 'keep' },
      ['2026-01-10 new 5000'],
    ],
    [
      'an announced end counts when it is announced, and no more when it is taken back',
      [
        state('2026-01-10', '2026-02-01'),
        state('2026-02-01', '2026-02-05', { cancelAt: at('2026-02-10') }),
        state('2026-02-05', null),
      ],
      { churnAt: 'on_schedule' },
      ['2026-01-10 new 5000', '2026-02-01 churn 5000', '2026-02-05 reactivation 5000'],
    ],
    [
      'a service that was paid for lasts to the end of its month, a 31st included',
      [state('2026-01-31', '2026-03-05'), state('2026-03-05', null, cut)],
      { churnAt: 'service_period_end' },
      ['2026-01-31 new 5000', '2026-03-31 churn 5000'],
    ],
    [
      'who comes back before that never left',
      [state('2026-01-31', '2026-03-05'), state('2026-03-05', '2026-03-10', cut), state('2026-03-10', null)],
      { churnAt: 'service_period_end' },
      ['2026-01-31 new 5000'],
    ],
    [
      'who came and left within a month was never there',
      [state('2026-01-05', '2026-01-25'), state('2026-01-25', '2026-03-01', cut), state('2026-03-01', null)],
      { sameMonthNewAndChurn: 'neither' },
      ['2026-03-01 new 5000'],
    ],
    [
      'a gap between two states is an end and a return',
      [state('2026-01-05', '2026-02-01'), state('2026-03-01', null)],
      {},
      ['2026-01-05 new 5000', '2026-02-01 churn 5000', '2026-03-01 reactivation 5000'],
    ],
    [
      'a plan changed by one subscription for another at one instant is one movement',
      [
        state('2026-01-05', '2026-02-01'),
        state('2026-02-01', null, { subscriptionId: 's2', unitAmountMinor: 8000 }),
      ],
      {},
      ['2026-01-05 new 5000', '2026-02-01 expansion 3000'],
    ],
    [
      'a state of no length is no state',
      [state('2026-01-05', '2026-01-05', { quantity: 9 }), state('2026-01-05', null)],
      {},
      ['2026-01-05 new 5000'],
    ],
  ])('%s', (_, states, change, expected) => {
    expect(story(states, change)).toEqual(expected);
  });

  it('counts from the first paid invoice where that decides, and never without one', () => {
    const states = [
      state('2026-01-05', null),
      state('2026-01-05', null, { subscriptionId: 's2', customerId: 'c2' }),
    ];
    const paid = new Map([['s1', at('2026-01-09')]]);
    expect(story(states, { newWhen: 'first_invoice_paid' }, paid)).toEqual(['2026-01-09 new 5000']);
  });

  it('tells what each is worth at an instant', () => {
    const history = historyOf(
      [state('2026-01-10', '2026-02-01'), state('2026-02-01', null, cut)],
      STRIPE_POLICY,
    );
    const worth = (day: string) => worthAt(history, at(day)).map((one) => one.monthlyMinor);
    expect([worth('2026-01-09'), worth('2026-01-10'), worth('2026-02-01')]).toEqual([[], [5000], []]);
  });
});
