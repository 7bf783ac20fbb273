import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DunningPlan,
  type DunningState,
  instantAfter,
  planDunning,
} from '../../../src/domain/recovery/dunning.ts';
import { DEFAULT_LADDERS, Ladder, RESTRICTIONS, TONES } from '../../../src/domain/recovery/ladder.ts';
import { planRestriction, restorationOf } from '../../../src/domain/recovery/restriction.ts';
import { RECOVERY_SEGMENTS, segmentOf } from '../../../src/domain/recovery/segments.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OPENED = Date.UTC(2026, 6, 1);
const day = (days: number) => OPENED + days * DAY_MS;

function stateOf(more: Partial<DunningState> = {}): DunningState {
  return {
    ladder: DEFAULT_LADDERS.standard,
    openedAt: OPENED,
    done: [],
    restrictions: [],
    rehearsal: null,
    paidAt: null,
    optedOutAt: null,
    holds: [],
    consents: { sms: true, phone: true },
    ...more,
  };
}

const FIRST = [{ stepId: 'email-0', at: OPENED }];
const ALL = DEFAULT_LADDERS.standard.steps.map(({ id, afterDays }) => ({ stepId: id, at: day(afterDays) }));

describe('the next step of dunning', () => {
  it.each<[string, Partial<DunningState>, number, Partial<DunningPlan> | object]>([
    ['begins kindly on the first day', {}, OPENED, { kind: 'contact', step: { tone: 'kind' } }],
    ['waits for its day', { done: FIRST }, day(1), { kind: 'wait', untilAt: day(3) }],
    ['after a silence sends one message, not all', {}, day(9), { kind: 'rehearse' }],
    [
      'and the next only after the gap',
      { done: [{ stepId: 'email-0', at: day(6) }] },
      day(6) + HOUR_MS,
      { kind: 'wait', untilAt: day(6) + 20 * HOUR_MS },
    ],
    [
      'stops when paid',
      { done: FIRST, paidAt: day(2) },
      day(3),
      { kind: 'stop', why: 'paid', restore: false },
    ],
    [
      'restores at the same instant',
      { paidAt: day(20), restrictions: [{ level: 'throttled', at: day(14) }] },
      day(20),
      { kind: 'stop', why: 'paid', restore: true },
    ],
    ['stops when the customer opts out', { optedOutAt: day(2) }, day(3), { kind: 'stop', why: 'opted_out' }],
    [
      'holds in a dispute',
      { holds: [{ why: 'dispute', startAt: day(2), endAt: null }] },
      day(3),
      { kind: 'hold', why: 'dispute' },
    ],
    [
      'holds in an incident of ours',
      { holds: [{ why: 'incident', startAt: day(2), endAt: day(4) }] },
      day(3),
      { kind: 'hold', why: 'incident' },
    ],
    [
      'payment ends even a hold',
      { paidAt: day(3), holds: [{ why: 'incident', startAt: day(2), endAt: null }] },
      day(3),
      { kind: 'stop', why: 'paid' },
    ],
    [
      'time of an incident does not count',
      { done: FIRST, holds: [{ why: 'incident', startAt: day(1), endAt: day(3) }] },
      day(3),
      { kind: 'wait', untilAt: day(5) },
    ],
    [
      'shows what would happen before it does',
      { done: ALL.slice(0, 3) },
      day(7),
      { kind: 'rehearse', firstAt: day(10) },
    ],
    [
      'restricts nothing without approval',
      { done: ALL, rehearsal: { shownAt: day(7), approvedAt: null } },
      day(25),
      { kind: 'wait', forApproval: true },
    ],
    [
      'restricts after approval and notice',
      { done: ALL, rehearsal: { shownAt: day(24), approvedAt: day(24) } },
      day(26),
      { kind: 'wait', untilAt: day(27) },
    ],
    [
      'goes level by level',
      {
        done: ALL,
        rehearsal: { shownAt: day(7), approvedAt: day(8) },
        restrictions: [{ level: 'warned', at: day(18) }],
      },
      day(30),
      { kind: 'restrict', level: 'throttled' },
    ],
    [
      'ends with a person',
      { done: ALL, rehearsal: { shownAt: day(7), approvedAt: null } },
      day(30),
      { kind: 'end' },
    ],
  ])('%s', (_name, more, now, plan) => {
    expect(planDunning(stateOf(more), now)).toMatchObject(plan);
  });

  it('sends no text message and makes no call without consent', () => {
    const seen = walk(
      stateOf({ ladder: DEFAULT_LADDERS.high_value, consents: { sms: false, phone: false } }),
      12,
    );
    const channels = seen.flatMap(({ plan }) => (plan.kind === 'contact' ? [plan.step.channel] : []));
    expect(channels).toContain('slack_task');
    expect(channels).not.toContain('sms_task');
    expect(channels).not.toContain('phone_task');
  });

  it('counts a hold once however often it was written down', () => {
    const hold = { why: 'incident' as const, startAt: day(1), endAt: day(3) };
    expect(
      instantAfter(
        { openedAt: OPENED, holds: [hold, hold, { ...hold, why: 'person', endAt: day(2) }] },
        5,
        day(9),
      ),
    ).toBe(day(7));
  });
});

/** Asks every so many hours for 120 days, doing what is said; what people do is played by `meanwhile`. */
function walk(
  start: DunningState,
  everyHours: number,
  meanwhile: (state: DunningState, now: number) => DunningState = (state) => state,
): { at: number; plan: DunningPlan }[] {
  let state = start;
  const seen: { at: number; plan: DunningPlan }[] = [];
  for (let now = OPENED; now < day(120); now += everyHours * HOUR_MS) {
    state = meanwhile(state, now);
    const plan = planDunning(state, now);
    if (plan.kind === 'contact')
      state = { ...state, done: [...state.done, { stepId: plan.step.id, at: now }] };
    if (plan.kind === 'restrict')
      state = { ...state, restrictions: [...state.restrictions, { level: plan.level, at: now }] };
    if (plan.kind === 'rehearse') state = { ...state, rehearsal: { shownAt: now, approvedAt: null } };
    seen.push({ at: now, plan });
    if (plan.kind === 'end' || plan.kind === 'stop') break;
  }
  return seen;
}

const story = fc.record({
  segment: fc.constantFrom(...RECOVERY_SEGMENTS),
  everyHours: fc.integer({ min: 1, max: 200 }),
  approveAfterDays: fc.option(fc.integer({ min: 0, max: 20 })),
  holds: fc.array(
    fc.record({
      why: fc.constantFrom('dispute' as const, 'incident' as const, 'person' as const),
      startAt: fc.integer({ min: -5, max: 80 }).map(day),
      lasts: fc.integer({ min: 0, max: 20 }),
    }),
    { maxLength: 4 },
  ),
  paidDay: fc.option(fc.integer({ min: 0, max: 90 })),
  consents: fc.record({ sms: fc.boolean(), phone: fc.boolean() }),
});

describe('whatever happens', () => {
  it('one thing at a time, in order, ever firmer, nothing under a hold, nothing taken away unannounced', () => {
    let restricted = 0;
    fc.assert(
      fc.property(story, ({ segment, everyHours, approveAfterDays, holds, paidDay, consents }) => {
        const ladder = DEFAULT_LADDERS[segment];
        const spans = holds.map(({ why, startAt, lasts }) => ({
          why,
          startAt,
          endAt: startAt + lasts * DAY_MS,
        }));
        const paidAt = paidDay === null ? null : day(paidDay);
        let shownAt = Number.POSITIVE_INFINITY;
        const seen = walk(stateOf({ ladder, holds: spans, paidAt, consents }), everyHours, (state, now) => {
          if (state.rehearsal === null || approveAfterDays === null) return state;
          shownAt = state.rehearsal.shownAt;
          const approved = now >= shownAt + approveAfterDays * DAY_MS ? now : null;
          return { ...state, rehearsal: { shownAt, approvedAt: state.rehearsal.approvedAt ?? approved } };
        });
        const noticed = seen.filter(({ plan }) => plan.kind === 'contact' || plan.kind === 'restrict');
        for (const [index, { at, plan }] of noticed.entries()) {
          const before = noticed[index - 1];
          if (before) expect(at - before.at).toBeGreaterThanOrEqual(ladder.gapHours * HOUR_MS);
          expect(spans.some((hold) => hold.startAt <= at && at < hold.endAt)).toBe(false);
          if (paidAt !== null) expect(at).toBeLessThan(paidAt);
          if (plan.kind === 'restrict') {
            restricted += 1;
            expect(approveAfterDays).not.toBeNull();
            expect(at).toBeGreaterThanOrEqual(shownAt + ladder.noticeDays * DAY_MS);
            expect(at).toBeGreaterThanOrEqual(day(ladder.graceDays));
          }
        }
        const tones = noticed.flatMap(({ plan }) =>
          plan.kind === 'contact' ? [TONES.indexOf(plan.step.tone)] : [],
        );
        expect(tones).toEqual([...tones].sort((one, other) => one - other));
        const levels = noticed.flatMap(({ plan }) =>
          plan.kind === 'restrict' ? [RESTRICTIONS.indexOf(plan.level)] : [],
        );
        expect(levels).toEqual([...new Set(levels)].sort((one, other) => one - other));
        const ids = noticed.flatMap(({ plan }) => (plan.kind === 'contact' ? [plan.step.id] : []));
        expect(new Set(ids).size).toBe(ids.length);
        for (const { at, plan } of seen) if (plan.kind === 'wait') expect(plan.untilAt).toBeGreaterThan(at);
      }),
      { numRuns: 150 },
    );
    expect(restricted).toBeGreaterThan(20);
  });

  it('waking only when it said gives the same story as looking every hour', () => {
    for (const segment of RECOVERY_SEGMENTS) {
      const state = stateOf({
        ladder: DEFAULT_LADDERS[segment],
        rehearsal: { shownAt: day(1), approvedAt: day(1) },
      });
      const kinds = (plans: { plan: DunningPlan }[]) =>
        plans.flatMap(({ plan }) =>
          plan.kind === 'wait' ? [] : [plan.kind === 'contact' ? plan.step.id : plan.kind],
        );
      const hourly = walk(state, 1);
      expect(kinds(hourly)).toEqual(kinds(walk(state, 4)));
      expect(kinds(hourly).at(-1)).toBe('end');
    }
  });
});

describe('restriction and restoration', () => {
  it('a rehearsal names every level with its day, and is what then happens', () => {
    const preview = planRestriction(stateOf({ done: ALL }), day(7));
    expect(preview.map(({ level, at }) => [level, (at - OPENED) / DAY_MS])).toEqual([
      ['warned', 10],
      ['throttled', 14],
      ['read_only', 18],
      ['suspended', 24],
    ]);
    expect(preview.map(({ credited }) => credited)).toEqual([false, false, true, true]);
  });

  it('a late rehearsal still leaves its notice', () => {
    const [first, second] = planRestriction(stateOf(), day(40));
    expect(first?.at).toBe(day(43));
    expect(second?.at).toBe(day(43) + 20 * HOUR_MS);
  });

  it('ten blocked days of July give back 10/31 of the price, once paid', () => {
    const restrictions = [
      { level: 'throttled' as const, at: day(5) },
      { level: 'suspended' as const, at: day(9) },
    ];
    const price = { period: { startAt: OPENED, endAt: day(31) }, amountMinor: 24_995n };
    const state = stateOf({ restrictions, paidAt: day(19) });
    expect(restorationOf(state, price, day(19))).toMatchObject({
      restore: true,
      from: 'suspended',
      creditMinor: 8063n,
    });
    expect(restorationOf({ ...state, paidAt: null }, price, day(19))).toMatchObject({
      restore: false,
      creditMinor: 0n,
    });
    const never = { ...state, ladder: { ...state.ladder, creditBlocked: 'never' as const } };
    expect(restorationOf(never, price, day(19))).toMatchObject({ restore: true, creditMinor: 0n });
  });

  it('never gives back more than the period cost', () => {
    const price = { period: { startAt: OPENED, endAt: day(31) }, amountMinor: 1000n };
    const state = stateOf({ restrictions: [{ level: 'suspended', at: day(-9) }], paidAt: day(90) });
    expect(restorationOf(state, price, day(90)).creditMinor).toBe(1000n);
  });
});

describe('ladders', () => {
  it.each([
    [
      'a milder tone',
      {
        steps: [
          { id: 'a', afterDays: 0, channel: 'email', tone: 'firm' },
          { id: 'b', afterDays: 1, channel: 'email', tone: 'kind' },
        ],
      },
      'milder',
    ],
    [
      'steps out of order',
      {
        steps: [
          { id: 'a', afterDays: 3, channel: 'email', tone: 'kind' },
          { id: 'b', afterDays: 1, channel: 'email', tone: 'kind' },
        ],
      },
      'order',
    ],
    ['a restriction in the grace period', { graceDays: 12 }, 'grace'],
    [
      'a level twice',
      {
        restrictions: [
          { level: 'warned', afterDays: 10 },
          { level: 'warned', afterDays: 11 },
        ],
      },
      'further',
    ],
  ])('with %s are refused, saying why', (_name, change, why) => {
    const parsed = Ladder.safeParse({ ...DEFAULT_LADDERS.standard, ...change });
    expect(parsed.error?.message).toContain(why);
  });

  it.each([
    ['enterprise', { plan: 'Enterprise', mrrMinor: 1, sinceAt: day(-1) }],
    ['high_value', { plan: 'Growth', mrrMinor: 200_000, sinceAt: day(-1) }],
    ['long_term', { plan: null, mrrMinor: 1, sinceAt: day(-730) }],
    ['new', { plan: null, mrrMinor: 1, sinceAt: day(-89) }],
    ['standard', { plan: null, mrrMinor: 1, sinceAt: day(-90) }],
  ])('a customer is %s by the first rule that fits', (segment, customer) => {
    expect(segmentOf(customer, OPENED)).toBe(segment);
  });
});
