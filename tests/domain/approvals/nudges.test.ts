import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nudgesFor, type Watcher } from '../../../src/domain/approvals/nudges.ts';
import { loudFrom } from '../../../src/domain/policy/quiet-hours.ts';

const HOUR = 3_600_000;
/** Tuesday, 12:00 in Los Angeles, 21:00 in Berlin. */
const NOON = Date.parse('2026-11-24T20:00:00Z');
const quiet = { from: '20:00', to: '08:00' };
const timing = {
  expires_after: 24 * HOUR,
  remind_after: 2 * HOUR,
  remind_before_expiry: HOUR,
  escalate_after: 8 * HOUR,
  escalate_to: ['founder' as const],
};
const LA = 'America/Los_Angeles';
const BERLIN = 'Europe/Berlin';

const watcher = (userId: string, over: Partial<Watcher> = {}): Watcher => ({
  userId,
  tz: LA,
  awayUntilAt: null,
  delegateId: null,
  decides: true,
  above: false,
  ...over,
});

const plan = (watchers: Watcher[], over: { nowAt?: number; expiresAt?: number; createdAt?: number } = {}) =>
  nudgesFor({ createdAt: NOON, expiresAt: NOON + 24 * HOUR, nowAt: NOON, watchers, timing, quiet, ...over });

const at = (nudges: ReturnType<typeof plan>, kind: string, userId: string) =>
  nudges.find((one) => one.kind === kind && one.userId === userId)?.at ?? null;
const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

describe('who hears of a proposal that waits, and when', () => {
  it('reminds each person at an hour of their own', () => {
    const nudges = plan([watcher('ann'), watcher('ben', { tz: BERLIN })]);
    expect(iso(at(nudges, 'reminder', 'ann'))).toBe('2026-11-24T22:00:00.000Z');
    // 23:00 in Berlin is quiet: 08:00 there.
    expect(iso(at(nudges, 'reminder', 'ben'))).toBe('2026-11-25T07:00:00.000Z');
  });

  it('says a last word an hour before it expires', () => {
    expect(iso(at(plan([watcher('ann')]), 'last_call', 'ann'))).toBe('2026-11-25T19:00:00.000Z');
  });

  it('says it the evening before where it would expire in the night', () => {
    const nudges = plan([watcher('ben', { tz: BERLIN })], {
      createdAt: Date.parse('2026-11-24T05:00:00Z'),
      expiresAt: Date.parse('2026-11-25T05:00:00Z'),
    });
    expect(iso(at(nudges, 'last_call', 'ben'))).toBe('2026-11-24T18:59:59.999Z');
  });

  it('does not remind who is away; who stands in for them hears of it at once', () => {
    const away = { awayUntilAt: NOON + 72 * HOUR, delegateId: 'ben' };
    const nudges = plan([watcher('ann', away), watcher('ben')]);
    expect(nudges.filter((one) => one.userId === 'ann')).toEqual([]);
    expect(nudges.find((one) => one.kind === 'delegate')).toEqual({
      kind: 'delegate',
      userId: 'ben',
      at: NOON,
      insteadOf: 'ann',
    });
  });

  it('reminds who comes back in time, when they are back', () => {
    const nudges = plan([watcher('ann', { awayUntilAt: NOON + 5 * HOUR })]);
    expect(at(nudges, 'reminder', 'ann')).toBe(NOON + 5 * HOUR);
  });

  it.each([
    ['may not decide', watcher('ben', { decides: false, above: true })],
    ['is away too', watcher('ben', { awayUntilAt: NOON + 99 * HOUR })],
  ])('names nobody who %s as a stand-in: rights never widen', (_name, delegate) => {
    const absent = watcher('ann', { awayUntilAt: NOON + 99 * HOUR, delegateId: 'ben' });
    expect(plan([absent, delegate]).filter((one) => one.kind === 'delegate')).toEqual([]);
  });

  it('goes to those above early when everybody who could decide is away', () => {
    const above = watcher('eve', { decides: false, above: true });
    expect(at(plan([watcher('ann'), above]), 'escalation', 'eve')).toBe(Date.parse('2026-11-25T16:00:00Z'));
    const absent = watcher('ann', { awayUntilAt: NOON + 99 * HOUR });
    expect(at(plan([absent, above]), 'escalation', 'eve')).toBe(NOON + 2 * HOUR);
  });

  it('never speaks in quiet hours, after the expiry, twice to one person, or to who may not hear', () => {
    const someone = fc.record({
      userId: fc.constantFrom('a', 'b', 'c', 'd'),
      tz: fc.constantFrom(LA, BERLIN, 'Asia/Kolkata', 'Pacific/Auckland'),
      awayUntilAt: fc.option(fc.integer({ min: -50, max: 50 }).map((hours) => NOON + hours * HOUR)),
      delegateId: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
      decides: fc.boolean(),
      above: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(someone, { selector: (one) => one.userId, maxLength: 4 }),
        fc.integer({ min: 0, max: 30 * 60 }),
        fc.integer({ min: 1, max: 40 * 60 }),
        (watchers, lateMinutes, lifeMinutes) => {
          const createdAt = NOON + lateMinutes * 60_000;
          const expiresAt = createdAt + lifeMinutes * 60_000;
          const nudges = nudgesFor({ createdAt, expiresAt, nowAt: createdAt, watchers, timing, quiet });
          for (const one of nudges) {
            const person = watchers.find((each) => each.userId === one.userId);
            expect(person?.decides || person?.above).toBe(true);
            expect(loudFrom(one.at, quiet, person?.tz ?? LA)).toBe(one.at);
            expect(one.at).toBeGreaterThanOrEqual(createdAt);
            expect(one.at).toBeLessThan(expiresAt);
            if (person?.awayUntilAt) expect(one.at).toBeGreaterThanOrEqual(person.awayUntilAt);
          }
          const keys = nudges.map((one) => `${one.kind} ${one.userId} ${one.insteadOf}`);
          expect(new Set(keys).size).toBe(keys.length);
        },
      ),
    );
  });
});
