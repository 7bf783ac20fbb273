import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attempt, AttemptRequest } from '../../../src/domain/recovery/attempt.ts';
import { planAttempt } from '../../../src/domain/recovery/attempt-budget.ts';
import type { Decline } from '../../../src/domain/recovery/classify-decline.ts';
import {
  AttemptRules,
  DEFAULT_ATTEMPT_RULES,
  NETWORK_RULES,
} from '../../../src/domain/recovery/network-limits.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 10, 23, 9);

const soft: Decline = {
  method: 'card',
  network: 'visa',
  adviceCode: null,
  networkAdviceCode: null,
  networkDeclineCode: null,
  declineCode: 'insufficient_funds',
};

function attempt(at: number, more: Partial<Attempt> = {}): Attempt {
  return {
    id: `attempt at ${at}`,
    at,
    fingerprint: 'card A',
    amountMinor: 5000,
    currency: 'USD',
    invoiceId: 'in_1',
    by: 'schedule',
    outcome: 'declined',
    decline: soft,
    reachedNetwork: true,
    ...more,
  };
}

function request(more: Partial<AttemptRequest> = {}): AttemptRequest {
  return {
    fingerprint: 'card A',
    network: 'visa',
    cardCountry: 'US',
    acquirerCountry: 'US',
    amountMinor: 5000,
    currency: 'USD',
    by: 'schedule',
    actedAt: null,
    ...more,
  };
}

const every = (count: number, gapMs: number, more: Partial<Attempt> = {}) =>
  Array.from({ length: count }, (_, index) => attempt(NOW - (count - index) * gapMs, more));

describe('the attempts of a card', () => {
  it('count across invoices and customers, and only those of the card', () => {
    const others = every(15, 30 * HOUR_MS, { fingerprint: 'card B' });
    expect(planAttempt(others, request(), NOW).allowed).toBe(true);
    const same = every(15, 30 * HOUR_MS).map((one, index) => ({ ...one, invoiceId: `in_${index}` }));
    expect(planAttempt(same, request(), NOW)).toMatchObject({
      allowed: false,
      reason: 'network_limit',
      needs: 'time',
      againAt: NOW - 15 * 30 * HOUR_MS + 30 * DAY_MS,
    });
  });

  it('leave the window after exactly its length', () => {
    const tries = every(15, 30 * HOUR_MS);
    const againAt = NOW - 15 * 30 * HOUR_MS + 30 * DAY_MS;
    expect(planAttempt(tries, request(), againAt - 1).allowed).toBe(false);
    expect(planAttempt(tries, request(), againAt).allowed).toBe(true);
  });

  it('of another amount are another budget with Visa', () => {
    expect(planAttempt(every(15, 30 * HOUR_MS), request({ amountMinor: 4000 }), NOW).allowed).toBe(true);
  });

  it('of any amount count for the day of Mastercard', () => {
    const tries = every(9, 2 * HOUR_MS).map((one, index) => ({ ...one, amountMinor: 100 + index }));
    const decision = planAttempt(tries, request({ network: 'mastercard', by: 'person', actedAt: NOW }), NOW);
    expect(decision).toMatchObject({ reason: 'network_limit', againAt: NOW - 18 * HOUR_MS + DAY_MS });
  });

  it('that the provider held back cost nothing', () => {
    expect(planAttempt(every(15, 30 * HOUR_MS, { reachedNetwork: false }), request(), NOW).allowed).toBe(
      true,
    );
  });

  it('say how many are left', () => {
    expect(planAttempt(every(4, 2 * DAY_MS), request(), NOW)).toEqual({
      allowed: true,
      left: [{ rule: 'visa-30d', attempts: 11 }],
    });
  });

  it.each<[string, Attempt[], Partial<AttemptRequest>, object]>([
    [
      'a lost answer is looked up first',
      [attempt(NOW - 5 * DAY_MS, { outcome: 'unknown', decline: null })],
      {},
      { reason: 'in_flight', needs: 'answer', againAt: null },
    ],
    [
      'a forbidden card is not tried',
      [attempt(NOW - 90 * DAY_MS, { decline: { ...soft, networkDeclineCode: '14' } })],
      {},
      { reason: 'network_forbids', needs: 'new_method', againAt: null },
    ],
    [
      'not even for another amount',
      [attempt(NOW - 90 * DAY_MS, { decline: { ...soft, networkDeclineCode: '14' } })],
      { amountMinor: 1 },
      { reason: 'network_forbids' },
    ],
    [
      'not even with softer codes since',
      [
        attempt(NOW - 9 * DAY_MS, { decline: { ...soft, declineCode: 'stolen_card' } }),
        attempt(NOW - 5 * DAY_MS),
      ],
      {},
      { reason: 'never_again' },
    ],
    [
      'a person is held to the same',
      [attempt(NOW - 9 * DAY_MS, { decline: { ...soft, declineCode: 'stolen_card' } })],
      { by: 'person', actedAt: NOW },
      { reason: 'never_again' },
    ],
    [
      'an expired card waits for the customer',
      [attempt(NOW - 9 * DAY_MS, { decline: { ...soft, declineCode: 'expired_card' } })],
      {},
      { reason: 'needs_customer', needs: 'customer', againAt: null },
    ],
    [
      'a second decline nobody knows is for a person',
      every(2, 2 * DAY_MS, { decline: { ...soft, declineCode: 'mystery' } }),
      {},
      { reason: 'once_only', needs: 'person' },
    ],
    [
      'cards of India are charged by people',
      [],
      { cardCountry: 'IN' },
      { reason: 'manual_only', needs: 'person' },
    ],
    [
      'a second try waits a day',
      [attempt(NOW - HOUR_MS)],
      {},
      { reason: 'minimum_gap', againAt: NOW + 23 * HOUR_MS },
    ],
    [
      'or as long as the network asks',
      [attempt(NOW - HOUR_MS, { decline: { ...soft, network: 'mastercard', networkAdviceCode: '27' } })],
      { network: 'mastercard' },
      { reason: 'advised_wait', againAt: NOW - HOUR_MS + 4 * DAY_MS },
    ],
  ])('%s', (_name, history, asked, expected) => {
    expect(planAttempt(history, request(asked), NOW)).toMatchObject({ allowed: false, ...expected });
  });

  it.each<[string, Attempt[], Partial<AttemptRequest>]>([
    [
      'an updated card is tried at once',
      [attempt(NOW - HOUR_MS, { decline: { ...soft, declineCode: 'expired_card' } })],
      { actedAt: NOW - 60_000 },
    ],
    [
      'a success shows the bank takes the card again',
      [
        attempt(NOW - 9 * DAY_MS, { decline: { ...soft, declineCode: 'pin_try_exceeded' } }),
        attempt(NOW - 5 * DAY_MS, { outcome: 'succeeded', decline: null }),
      ],
      {},
    ],
    [
      'a wrong amount is about that amount',
      [
        attempt(NOW - 2 * DAY_MS, {
          amountMinor: 1,
          decline: { ...soft, declineCode: 'duplicate_transaction' },
        }),
      ],
      {},
    ],
    [
      'a person may look at what nobody knows',
      every(2, 2 * DAY_MS, { decline: { ...soft, declineCode: 'mystery' } }),
      { by: 'person' },
    ],
    ['a person may charge a card of India', [], { cardCountry: 'IN', by: 'person' }],
  ])('%s', (_name, history, asked) => {
    expect(planAttempt(history, request(asked), NOW).allowed).toBe(true);
  });

  it('a bounced bank debit is sent three times at most', () => {
    const sent = every(3, 5 * DAY_MS);
    const debit = request({ network: 'us_bank_account' });
    expect(planAttempt(sent.slice(1), debit, NOW).allowed).toBe(true);
    expect(planAttempt(sent, debit, NOW)).toMatchObject({
      allowed: false,
      againAt: NOW - 15 * DAY_MS + 40 * DAY_MS,
    });
  });

  it('limits are data: another country brings its own', () => {
    const decision = planAttempt(
      every(7, 2 * DAY_MS),
      request({ network: 'mastercard', acquirerCountry: 'BR' }),
      NOW,
    );
    expect(decision).toMatchObject({ allowed: false, reason: 'network_limit' });
    expect(() => AttemptRules.parse({ ...DEFAULT_ATTEMPT_RULES, minimumGapMs: -1 })).toThrow();
  });
});

const gaps = fc.array(fc.integer({ min: 60_000, max: 40 * HOUR_MS }), { minLength: 1, maxLength: 120 });

describe('whatever is asked for', () => {
  it('no window of any network ever holds more than it allows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('visa', 'mastercard', 'amex'),
        gaps,
        fc.boolean(),
        (network, waits, acts) => {
          const made: Attempt[] = [];
          let at = NOW;
          for (const [index, wait] of waits.entries()) {
            at += wait;
            const asked = request({
              network,
              amountMinor: 5000 + (index % 2),
              by: index % 3 === 0 ? 'person' : 'schedule',
              actedAt: acts ? at : null,
            });
            if (planAttempt(made, asked, at).allowed)
              made.push(attempt(at, { amountMinor: asked.amountMinor }));
          }
          for (const limit of NETWORK_RULES.filter(
            (rule) => rule.network === network && rule.country === null,
          )) {
            for (const { at: end, amountMinor } of made) {
              const within = made.filter(
                (one) =>
                  one.at <= end &&
                  one.at > end - limit.windowMs &&
                  (limit.scope === 'card' || one.amountMinor === amountMinor),
              );
              expect(within.length).toBeLessThanOrEqual(limit.cap);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the instant it says "again" for is the first at which it is allowed', () => {
    const history = fc.array(
      fc.record({
        ago: fc.integer({ min: 0, max: 40 * DAY_MS }),
        amountMinor: fc.constantFrom(5000, 6000),
        code: fc.constantFrom('02', '24', '28', null),
      }),
      { maxLength: 60 },
    );
    let refused = 0;
    fc.assert(
      fc.property(history, (records) => {
        const made = records.map(({ ago, amountMinor, code }, index) =>
          attempt(NOW - ago, {
            id: String(index),
            amountMinor,
            decline: { ...soft, network: 'mastercard', networkAdviceCode: code },
          }),
        );
        const asked = request({ network: 'mastercard' });
        const decision = planAttempt(made, asked, NOW);
        if (decision.allowed) return;
        refused += 1;
        const againAt = decision.againAt ?? 0;
        expect(againAt).toBeGreaterThan(NOW);
        expect(planAttempt(made, asked, againAt - 1).allowed).toBe(false);
        expect(planAttempt(made, asked, againAt).allowed).toBe(true);
      }),
    );
    expect(refused).toBeGreaterThan(20);
  });

  it('the order in which the ledger is read changes nothing', () => {
    const history = [...every(5, 50 * HOUR_MS), ...every(6, 31 * HOUR_MS, { amountMinor: 7 })];
    fc.assert(
      fc.property(fc.shuffledSubarray(history, { minLength: history.length }), (shuffled) => {
        expect(planAttempt(shuffled, request(), NOW)).toEqual(planAttempt(history, request(), NOW));
      }),
    );
  });
});
