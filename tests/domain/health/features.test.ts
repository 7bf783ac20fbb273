import { describe, expect, it } from 'vitest';
import { pointsOf, valueFor } from '../../../src/domain/health/feature.ts';
import { FEATURES } from '../../../src/domain/health/registry.ts';
import { account, company, DAY, featureNamed, known, NOW, subscription, ticket, usage } from './account.ts';

type Account = Parameters<typeof account>[0];

const measured = (name: string, more: Account, days = company()) =>
  featureNamed(name).measure(known(account(more), NOW, days));

const person = (role: string, seenDaysAgo: number | null) => ({
  role,
  createdAt: NOW - 400 * DAY,
  lastSeenAt: seenDaysAgo === null ? null : NOW - seenDaysAgo * DAY,
});
const paid = (id: string, daysAgo: number, paidAfterDays: number | null) => ({
  id,
  finalizedAt: NOW - daysAgo * DAY,
  dueAt: null,
  paidAt: paidAfterDays === null ? null : NOW - (daysAgo - paidAfterDays) * DAY,
  voidedAt: null,
});

describe('features', () => {
  it.each<[string, string, Account, number, RegExp]>([
    ['calls that stay', 'calls_trend', {}, 0, /rose 0% over 28 days: 8,000 a day, 8,000 before/],
    [
      'calls that halved four weeks ago',
      'calls_trend',
      { usage: usage({ calls: (day) => (day >= -28 ? 4_000 : 8_000) }) },
      -0.5,
      /fell 50% over 28 days: 4,000 a day, 8,000 before/,
    ],
    ['a call yesterday', 'last_call', {}, 0, /on the last complete day/],
    [
      'nine days of silence',
      'last_call',
      { usage: usage({ calls: (day) => (day >= -9 ? 0 : 8_000) }) },
      9,
      /no call for 9 days/,
    ],
    ['two of four APIs', 'unique_apis', {}, 0.5, /2 of 4 APIs/],
    [
      'an API that was last used long ago',
      'unique_apis',
      { usage: usage({ calls: () => 10, reach: (day) => (day < -40 ? 15 : 1) }) },
      0.25,
      /1 of 4 APIs/,
    ],
    [
      'a first call nine days after sign-up',
      'adoption_velocity',
      {
        signedUpAt: NOW - 50 * DAY,
        usage: usage({ calls: (day) => (day >= -41 ? 10 : 0) }),
      },
      8.5,
      /first call 9 days after sign-up/,
    ],
    [
      'a first call that has not come',
      'adoption_velocity',
      { signedUpAt: NOW - 30 * DAY, usage: usage({ calls: () => 0 }) },
      30,
      /no call 30 days after sign-up/,
    ],
    ['a plan used by four fifths', 'plan_use', {}, (8_000 * 30.44) / 300_000, /uses 81% of the plan/],
    [
      'twice the errors of before',
      'error_trend',
      { usage: usage({ calls: () => 8_000, errors5xx: (day) => (day >= -7 ? 16 : 8) }) },
      2,
      /0.2% of calls failed on our side in 7 days, 0.1% in the 28 before/,
    ],
    ['an owner who came 20 days ago', 'champion', {}, 20, /came 20 days ago/],
    [
      'one of two people who came',
      'seats',
      { people: [person('owner', 20), person('developer', null)] },
      0.5,
      /1 of 2 people/,
    ],
    [
      'nobody replied, evaluating alternatives',
      'ticket_sentiment',
      { tickets: [ticket({ text: 'Follow-up. Nobody replied, so we are evaluating alternatives.' })] },
      -1,
      /1 of 1 ticket in 90 days read as upset/,
    ],
    [
      'a ticket nobody answered for two days',
      'unanswered',
      { tickets: [ticket({ openedAt: NOW - 2 * DAY, firstResponseAt: null })] },
      1,
      /1 ticket has waited over a day/,
    ],
    [
      'two ratings',
      'satisfaction',
      {
        tickets: [
          ticket({ score: 5, ratedAt: NOW - DAY }),
          ticket({ id: 'tkt_2', score: 2, ratedAt: NOW - 3 * DAY }),
        ],
      },
      3.5,
      /3.5 of 5 over 2 ratings/,
    ],
    [
      'one of two invoices paid after a failed charge',
      'payment_reliability',
      {
        invoices: [paid('in_1', 40, 0), paid('in_2', 10, 1)],
        failedPayments: [{ at: NOW - 10 * DAY, invoiceId: 'in_2' }],
      },
      0.5,
      /1 of 2 invoices of 180 days paid late/,
    ],
    [
      'an invoice unpaid for a week',
      'payment_reliability',
      { invoices: [paid('in_1', 7, null)] },
      0,
      /1 of 1 invoices/,
    ],
    [
      'half the seats given up',
      'plan_moves',
      {
        subscriptions: [
          subscription({ quantity: 4, validTo: NOW - 50 * DAY }),
          subscription({ quantity: 2, validFrom: NOW - 50 * DAY }),
        ],
      },
      -0.5,
      /downgraded by 50%/,
    ],
    [
      'a cancellation that is scheduled',
      'renewal',
      { subscriptions: [subscription({ cancelAt: NOW + 12 * DAY })] },
      0,
      /cancelled, ends in 12 days/,
    ],
    [
      'a year that renews in 65 days',
      'renewal',
      { subscriptions: [subscription({ interval: 'year', validFrom: NOW - 300 * DAY })] },
      66,
      /the year renews in 66 days/,
    ],
  ])('tell %s', (_case, name, more, expected, words) => {
    const got = measured(name, more);
    expect(got.is).toBe('value');
    if (got.is !== 'value') return;
    expect(got.value).toBeCloseTo(expected, 6);
    expect(got.words).toMatch(words);
  });

  it.each<[string, string, Account, 'missing' | 'silent']>([
    ['an account of five weeks has no trend yet', 'calls_trend', { signedUpAt: NOW - 35 * DAY }, 'missing'],
    ['a handful of calls is no trend', 'calls_trend', { usage: usage({ calls: () => 3 }) }, 'silent'],
    ['an unknown plan has no use', 'plan_use', { subscriptions: [subscription({ plan: 'x' })] }, 'missing'],
    ['no ticket is no mood', 'ticket_sentiment', {}, 'silent'],
    ['no rating is no satisfaction', 'satisfaction', {}, 'silent'],
    ['nobody on record is no champion', 'champion', { people: [] }, 'missing'],
    ['one person is no team', 'seats', {}, 'silent'],
    ['no invoice is no reliability', 'payment_reliability', { invoices: [] }, 'silent'],
    ['a month that renews by itself is no renewal', 'renewal', {}, 'silent'],
    ['onboarding that is over says nothing', 'adoption_velocity', {}, 'silent'],
    ['few errors are chance', 'error_trend', { usage: usage({ calls: () => 8_000 }) }, 'silent'],
  ])('say nothing where nothing is known: %s', (_case, name, more, is) => {
    expect(measured(name, more).is).toBe(is);
  });

  it('do not hold our own outage against a customer', () => {
    const outage = { startedAt: NOW - 5 * DAY, endedAt: NOW - 5 * DAY + 3_600_000 };
    const lost = usage({
      calls: (day) => (day === -5 ? 500 : 8_000),
      errors5xx: (day) => (day === -5 ? 400 : 4),
    });
    const calm = company({ incidents: [outage] });
    expect(measured('calls_trend', { usage: lost }, calm)).toMatchObject({ value: 0 });
    expect(measured('error_trend', { usage: lost }, calm)).toMatchObject({ value: 1 });
    expect(measured('error_trend', { usage: lost })).toMatchObject({ is: 'value' });
    const told = measured('error_trend', { usage: lost });
    expect(told.is === 'value' && told.value > 5).toBe(true);
  });
});

describe.each(FEATURES.map((feature) => [feature.name, feature] as const))('%s', (_name, feature) => {
  it('says its window, its source and when it says nothing', () => {
    for (const text of [feature.title, feature.window, feature.nullRule])
      expect(text.length).toBeGreaterThan(4);
  });

  it('has a scale that ascends by value and stays between 0 and 100', () => {
    const values = feature.scale.map(([at]) => at);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(new Set(values).size).toBe(values.length);
    for (const [at, points] of feature.scale) {
      expect(points).toBeGreaterThanOrEqual(0);
      expect(points).toBeLessThanOrEqual(100);
      expect(pointsOf(feature, at)).toBe(points);
    }
  });

  it('can be read backwards: the value for so many points has them', () => {
    for (const [from] of feature.scale) {
      for (const wanted of [10, 50, 80, 100]) {
        const to = valueFor(feature, wanted, from);
        const best = Math.max(...feature.scale.map(([, points]) => points));
        if (to === null) expect(best).toBeLessThan(wanted);
        else expect(pointsOf(feature, to)).toBeGreaterThanOrEqual(wanted - 1e-9);
      }
    }
  });
});
