import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountFacts } from '../../../src/domain/health/facts.ts';
import { type Measured, value } from '../../../src/domain/health/feature.ts';
import { FEATURES } from '../../../src/domain/health/registry.ts';
import { account, company, DAY, known, NOW, subscription, ticket, usage } from './account.ts';

/** The same account, to which everything happened that could happen after NOW. */
function withFuture(present: AccountFacts, daysAhead: number): AccountFacts {
  const at = NOW + daysAhead * DAY;
  return {
    ...present,
    usage: {
      calls: present.usage.calls.map((calls, index) => (index < 200 ? calls : 1_000_000)),
      errors5xx: present.usage.errors5xx.map((errors, index) => (index < 200 ? errors : 900_000)),
      reach: present.usage.reach.map((mask, index) => (index < 200 ? mask : 15)),
    },
    subscriptions: [
      ...present.subscriptions.map((state) => ({ ...state, validTo: state.validTo ?? at })),
      subscription({ validFrom: at, quantity: 9, cancelAt: at + 10 * DAY, status: 'canceled' }),
    ],
    tickets: [
      ...present.tickets.map((one) => ({
        ...one,
        firstResponseAt: one.firstResponseAt ?? at,
        closedAt: one.closedAt ?? at,
        score: one.score ?? 1,
        ratedAt: one.ratedAt ?? at,
      })),
      ticket({ id: 'tkt_later', openedAt: at, text: 'We are leaving you for a competitor. Unacceptable.' }),
    ],
    invoices: [
      ...present.invoices.map((one) => ({ ...one, paidAt: one.paidAt ?? at, voidedAt: one.voidedAt ?? at })),
      { id: 'in_later', finalizedAt: at, dueAt: null, paidAt: null, voidedAt: null },
    ],
    failedPayments: [...present.failedPayments, { at, invoiceId: 'in_1' }],
    people: [
      ...present.people,
      { role: 'owner', createdAt: at, lastSeenAt: at },
      { role: 'developer', createdAt: at, lastSeenAt: null },
    ],
  };
}

const present = account({
  people: [
    { role: 'owner', createdAt: NOW - 400 * DAY, lastSeenAt: NOW - 20 * DAY },
    { role: 'developer', createdAt: NOW - 300 * DAY, lastSeenAt: null },
  ],
  tickets: [ticket({ openedAt: NOW - 2 * DAY, firstResponseAt: null })],
  invoices: [
    { id: 'in_1', finalizedAt: NOW - 9 * DAY, dueAt: null, paidAt: null, voidedAt: null },
    { id: 'in_2', finalizedAt: NOW - 30 * DAY, dueAt: null, paidAt: NOW - 30 * DAY, voidedAt: null },
  ],
  usage: usage({ calls: (day) => 5_000 + day * 3, errors5xx: (day) => 20 + (day % 3) }),
});

/** The first number of days after NOW at which what happens then shows; null where it never does. */
function leaks(measure: (facts: AccountFacts) => Measured): number | null {
  const before = JSON.stringify(measure(present));
  for (const daysAhead of [0.000_1, 0.4, 1, 7, 35]) {
    if (JSON.stringify(measure(withFuture(present, daysAhead))) !== before) return daysAhead;
  }
  return null;
}

describe('nothing looks ahead', () => {
  it.each(FEATURES.map((feature) => [feature.name, feature] as const))(
    '%s is the same whatever happens later',
    (_name, feature) => {
      expect(leaks((facts) => feature.measure(known(facts)))).toBeNull();
    },
  );

  it.each<[string, (facts: AccountFacts) => Measured]>([
    ['tickets that are not written yet', (facts) => value(facts.tickets.length, '')],
    ['an answer that has not come yet', (facts) => value(facts.tickets[0]?.firstResponseAt ?? 0, '')],
    ['a payment that has not come yet', (facts) => value(facts.invoices[0]?.paidAt ?? 0, '')],
    ['calls that are not made yet', (facts) => value(Math.max(...facts.usage.calls), '')],
    ['an end that is not known yet', (facts) => value(facts.subscriptions[0]?.validTo ?? 0, '')],
    ['people who are not there yet', (facts) => value(facts.people.length, '')],
  ])('a feature that read %s would be caught', (_what, cheat) => {
    expect(leaks(cheat)).not.toBeNull();
  });

  it('an incident that begins later, and a visit that overwrote an earlier one, are not known', () => {
    const later = company({ incidents: [{ startedAt: NOW + 1, endedAt: null }] });
    expect(known(present, NOW, later).troubled.size).toBe(0);
    const owner = { role: 'owner', createdAt: NOW - 400 * DAY, lastSeenAt: NOW + DAY };
    expect(known(account({ people: [owner] })).people).toEqual([{ ...owner, lastSeenAt: null }]);
  });

  it('at any instant, a day that is not over is not looked at', () => {
    fc.assert(
      fc.property(fc.integer({ min: -150 * 24, max: 24 }), (hours) => {
        const at = NOW + hours * 3_600_000;
        const { bounds, usage: seen } = known(present, at);
        expect(bounds.at(-1)).toBeLessThanOrEqual(at);
        expect(seen.calls.length).toBe(bounds.length - 1);
        expect(at - (bounds.at(-1) ?? 0)).toBeLessThan(DAY);
      }),
      { numRuns: 50 },
    );
  });
});
