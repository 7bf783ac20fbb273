import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateAt } from '../../../src/domain/periods/calendar.ts';
import type { Attempt, AttemptRequest } from '../../../src/domain/recovery/attempt.ts';
import { planAttempt } from '../../../src/domain/recovery/attempt-budget.ts';
import {
  alternativeMethods,
  chargedPlace,
  expiresAt,
  planCardUpdate,
  type StoredMethod,
} from '../../../src/domain/recovery/payment-methods.ts';
import { fitPrior, shrunkRate } from '../../../src/domain/recovery/posterior.ts';
import { planRetryTime } from '../../../src/domain/recovery/retry-time.ts';
import { learnTimes, type TimedOutcome } from '../../../src/domain/recovery/times.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TZ = 'America/Los_Angeles';
const NOW = Date.UTC(2026, 9, 19, 18); // Monday, 11:00 in Los Angeles

const REQUEST: AttemptRequest = {
  fingerprint: 'card',
  network: 'visa',
  cardCountry: 'US',
  acquirerCountry: 'US',
  amountMinor: 9900,
  currency: 'USD',
  by: 'schedule',
  actedAt: null,
};

function declined(at: number, declineCode = 'insufficient_funds'): Attempt {
  return {
    id: `a${at}`,
    at,
    fingerprint: 'card',
    amountMinor: 9900,
    currency: 'USD',
    invoiceId: null,
    by: 'schedule',
    outcome: 'declined',
    reachedNetwork: true,
    decline: {
      method: 'card',
      network: 'visa',
      adviceCode: null,
      networkAdviceCode: null,
      networkDeclineCode: null,
      declineCode,
    },
  };
}

/** Charges at noon of the given days of each month of two years: paid from the 25th to the 27th, otherwise not. */
function payday(days: readonly number[]): TimedOutcome[] {
  return Array.from({ length: 24 }, (_, month) =>
    days.map((day) => ({ at: Date.UTC(2024, 9 + month, day, 19), succeeded: day >= 25 && day < 28 })),
  ).flat();
}

const mixed = (seed: number): TimedOutcome[] =>
  Array.from({ length: 30 }, (_, index) => ({
    at: Date.UTC(2025, 0, 1 + index * 9, 8 + ((index * 7 + seed) % 13)),
    succeeded: (index * 5 + seed) % 3 > 0,
  }));

const SEGMENT = learnTimes(Array.from({ length: 20 }, (_, seed) => ({ tz: TZ, outcomes: mixed(seed) })));
const dayIn = (at: number | null) => (at === null ? null : dateAt(at, TZ).day);

describe('when a charge is tried again', () => {
  const charge = { history: [declined(NOW - 2 * DAY_MS)], request: REQUEST };

  it('a customer who pays around the 25th is asked then', () => {
    const customer = { tz: TZ, holidays: 'US' as const, outcomes: payday([2, 12, 20, 26]) };
    const plan = planRetryTime(charge, customer, SEGMENT, NOW);
    expect([25, 26, 27]).toContain(dayIn(plan.at));
    expect(plan).toMatchObject({ because: expect.arrayContaining(['month_day 5']) });
  });

  it('with tries to spare an earlier one is made, and the best is kept', () => {
    const customer = { tz: TZ, holidays: 'US' as const, outcomes: payday([2, 12, 20, 26]) };
    const window = (tries: number) => ({ untilAt: NOW + 12 * DAY_MS, tries, spacingMs: 2 * DAY_MS });
    expect([25, 26, 27]).toContain(dayIn(planRetryTime(charge, customer, SEGMENT, NOW, window(1)).at));
    expect(dayIn(planRetryTime(charge, customer, SEGMENT, NOW, window(5)).at)).toBeLessThan(25);
  });

  it('but not when money was not what was missing', () => {
    const customer = { tz: TZ, holidays: 'US' as const, outcomes: payday([2, 12, 20, 26]) };
    const other = { ...charge, history: [declined(NOW - 2 * DAY_MS, 'processing_error')] };
    expect(planRetryTime(other, customer, SEGMENT, NOW).at).toBe(NOW);
  });

  it('a customer nobody knows gets what the segment taught', () => {
    const taught = learnTimes(
      Array.from({ length: 30 }, () => ({ tz: TZ, outcomes: payday([2, 12, 20, 26]) })),
    );
    const plan = planRetryTime(charge, { tz: TZ, holidays: null, outcomes: [] }, taught, NOW);
    expect([25, 26, 27]).toContain(dayIn(plan.at));
  });

  it('never before the card may be tried, nor on a holiday, nor at night', () => {
    const at = Date.UTC(2026, 10, 25, 20); // the day before Thanksgiving
    const late = { history: [declined(at - HOUR_MS)], request: REQUEST };
    const plan = planRetryTime(late, { tz: TZ, holidays: 'US', outcomes: [] }, SEGMENT, at);
    expect(plan.at).not.toBeNull();
    expect([26, 27]).not.toContain(dayIn(plan.at));
    const free = planRetryTime(late, { tz: TZ, holidays: null, outcomes: [] }, learnTimes([]), at);
    expect(free.at).toBe(at + 23 * HOUR_MS);
  });

  it('says why when it never may', () => {
    const never = { history: [declined(NOW - DAY_MS, 'stolen_card')], request: REQUEST };
    expect(planRetryTime(never, { tz: TZ, holidays: null, outcomes: [] }, SEGMENT, NOW)).toMatchObject({
      at: null,
      why: expect.stringContaining('not to try this card again'),
    });
  });

  it('whatever the history, the budget agrees with the time, and it lies in the horizon', () => {
    const histories = fc.array(fc.integer({ min: 1, max: 40 * 24 }), { maxLength: 16 });
    fc.assert(
      fc.property(histories, fc.integer({ min: 0, max: 400 }), (hours, shift) => {
        const now = NOW + shift * DAY_MS;
        const history = hours.map((ago) => declined(now - ago * HOUR_MS));
        const customer = { tz: 'Europe/Berlin', holidays: 'EU' as const, outcomes: mixed(shift) };
        const { at } = planRetryTime({ history, request: REQUEST }, customer, SEGMENT, now);
        if (at === null) return;
        expect(planAttempt(history, REQUEST, at).allowed).toBe(true);
        expect(at).toBeGreaterThanOrEqual(now);
        expect(at).toBeLessThanOrEqual(now + 14 * DAY_MS);
      }),
      { numRuns: 25 },
    );
  });
});

describe('what a segment lends to a customer', () => {
  const counts = fc.record({ successes: fc.nat(30), failures: fc.nat(30) });

  it('a rate always lies between the own record and the segment', () => {
    fc.assert(
      fc.property(fc.array(counts, { maxLength: 30 }), counts, (groups, own) => {
        const prior = fitPrior(
          groups.map(({ successes, failures }) => ({ successes, trials: successes + failures })),
        );
        const mean = prior.alpha / (prior.alpha + prior.beta);
        const trials = own.successes + own.failures;
        const rate = shrunkRate({ successes: own.successes, trials }, prior);
        const record = trials === 0 ? mean : own.successes / trials;
        expect(rate).toBeGreaterThanOrEqual(Math.min(mean, record) - 1e-12);
        expect(rate).toBeLessThanOrEqual(Math.max(mean, record) + 1e-12);
      }),
    );
  });

  it('weighs more when its customers are alike', () => {
    const alike = fitPrior(Array.from({ length: 40 }, () => ({ successes: 6, trials: 10 })));
    const apart = fitPrior(
      Array.from({ length: 40 }, (_, index) => ({ successes: index % 2 ? 10 : 1, trials: 10 })),
    );
    expect(alike.alpha + alike.beta).toBeGreaterThan(10 * (apart.alpha + apart.beta));
  });
});

describe('payment methods', () => {
  const method = (id: string, more: Partial<StoredMethod> = {}): StoredMethod => ({
    id,
    kind: 'card',
    fingerprint: id,
    place: null,
    expiry: { month: 12, year: 2030 },
    lastOutcome: null,
    addedAt: 0,
    ...more,
  });

  it('of the subscription are charged before the customer, whatever else is updated', () => {
    expect(chargedPlace(new Set(['customer.default_source', 'subscription.default_payment_method']))).toBe(
      'subscription.default_payment_method',
    );
    expect(chargedPlace(new Set())).toBeNull();
  });

  it('to try instead: in order, never the same card again, an expired one, or without consent', () => {
    const methods = [
      method('declined'),
      method('same', { fingerprint: 'declined' }),
      method('old', { expiry: { month: 9, year: 2026 }, place: 'customer.default_source' }),
      method('worked', { lastOutcome: 'succeeded' }),
      method('default', { place: 'customer.invoice_settings.default_payment_method' }),
      method('new', { addedAt: 5 }),
      method('failed', { lastOutcome: 'declined' }),
    ];
    const ask = (anyStoredMethod: boolean) =>
      alternativeMethods(methods, { id: 'declined', fingerprint: 'declined' }, { anyStoredMethod }, NOW).map(
        ({ id }) => id,
      );
    expect(ask(true)).toEqual(['default', 'worked', 'new']);
    expect(ask(false)).toEqual(['default']);
  });

  it.each<[string, number[], number[], number, object]>([
    ['a month before the first charge it misses', [40], [], 11, { ask: true, reminder: 1 }],
    ['not before', [40], [], 9, { ask: false, why: 'too_early' }],
    ['once', [40], [11], 20, { ask: false, why: 'asked' }],
    ['and again a fortnight before', [40], [11], 27, { ask: true, reminder: 2 }],
    ['with one mail after a silence', [40], [], 38, { ask: true, reminder: 3 }],
    ['not when no charge is ahead', [], [], 11, { ask: false, why: 'no_charge_ahead' }],
    ['not when it is good for the next charge', [5], [], 1, { ask: false, why: 'good' }],
  ])('a link for new card details is sent %s', (_name, charges, asked, today, expected) => {
    const start = Date.UTC(2026, 9, 1);
    const at = (days: number) => start + days * DAY_MS;
    const card = { expiry: { month: 10, year: 2026 } };
    expect(planCardUpdate(card, charges.map(at), asked.map(at), { at: at(today), tz: TZ })).toMatchObject(
      expected,
    );
  });

  it('a card is good to the end of its month', () => {
    expect(expiresAt({ month: 12, year: 2026 })).toBe(Date.UTC(2026, 11, 31, 10));
  });
});
