import { describe, expect, it } from 'vitest';
import { dateAt } from '../../../src/domain/periods/calendar.ts';
import type { Attempt, AttemptRequest } from '../../../src/domain/recovery/attempt.ts';
import type { Decline } from '../../../src/domain/recovery/classify-decline.ts';
import type { Hold } from '../../../src/domain/recovery/dunning.ts';
import { DEFAULT_LADDERS } from '../../../src/domain/recovery/ladder.ts';
import {
  DEFAULT_RETRIES,
  planRecovery,
  type RecoveryPlan,
  type RecoveryState,
} from '../../../src/domain/recovery/recovery.ts';
import { restorationOf } from '../../../src/domain/recovery/restriction.ts';
import { learnTimes, type TimedOutcome } from '../../../src/domain/recovery/times.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TZ = 'America/New_York';
/** The payment failed on 3 October 2026 at 9:00 in New York. */
const OPENED = Date.UTC(2026, 9, 3, 13);
const day = (days: number) => OPENED + days * DAY_MS;

const DECLINED: Decline = {
  method: 'card',
  network: 'visa',
  adviceCode: null,
  networkAdviceCode: null,
  networkDeclineCode: null,
  declineCode: 'insufficient_funds',
};

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

function attempt(at: number, decline: Decline | null): Attempt {
  return {
    id: `ch_${at}`,
    at,
    fingerprint: 'card',
    amountMinor: 9900,
    currency: 'USD',
    invoiceId: 'in_1',
    by: 'schedule',
    outcome: decline ? 'declined' : 'succeeded',
    decline,
    reachedNetwork: true,
  };
}

const PAID_AROUND_THE_25TH: TimedOutcome[] = Array.from({ length: 12 }, (_, month) =>
  [3, 12, 20, 26].map((date) => ({ at: Date.UTC(2025, 9 + month, date, 16), succeeded: date === 26 })),
).flat();

const SEGMENT = learnTimes(Array.from({ length: 10 }, () => ({ tz: TZ, outcomes: PAID_AROUND_THE_25TH })));

interface World {
  first?: Decline;
  /** The day of the month on which the card has money; none: it never has. */
  payday?: readonly number[];
  paysByHandAt?: number;
  optsOutAt?: number;
  holds?: readonly Hold[];
  approves?: boolean;
}

/** Ninety days, asked when it said to be asked and whenever something happens outside. */
function live({
  first = DECLINED,
  payday = [],
  paysByHandAt,
  optsOutAt,
  holds = [],
  approves = true,
}: World) {
  let state: RecoveryState = {
    dunning: {
      ladder: DEFAULT_LADDERS.standard,
      openedAt: OPENED,
      done: [],
      restrictions: [],
      rehearsal: null,
      paidAt: paysByHandAt ?? null,
      optedOutAt: optsOutAt ?? null,
      holds,
      consents: { sms: false, phone: false },
    },
    charge: { history: [attempt(OPENED, first)], request: REQUEST },
    customer: { tz: TZ, holidays: 'US', outcomes: PAID_AROUND_THE_25TH },
    segment: SEGMENT,
    retries: DEFAULT_RETRIES,
  };
  const outside = [
    paysByHandAt,
    optsOutAt,
    ...holds.flatMap(({ startAt, endAt }) => [startAt, endAt]),
  ].filter((at): at is number => typeof at === 'number');
  const events: { at: number; plan: RecoveryPlan }[] = [];
  let now = OPENED;
  for (let turn = 0; turn < 500 && now < day(90); turn += 1) {
    const plan = planRecovery(state, now);
    if (plan.kind !== 'wait') events.push({ at: now, plan });
    const { dunning, charge } = state;
    if (plan.kind === 'stop' || plan.kind === 'end') break;
    if (plan.kind === 'retry') {
      const pays = payday.includes(dateAt(now, TZ).day);
      state = {
        ...state,
        charge: { ...charge, history: [...charge.history, attempt(now, pays ? null : DECLINED)] },
        dunning: { ...dunning, paidAt: pays ? now : dunning.paidAt },
      };
    } else if (plan.kind === 'contact') {
      state = {
        ...state,
        dunning: { ...dunning, done: [...dunning.done, { stepId: plan.step.id, at: now }] },
      };
    } else if (plan.kind === 'restrict') {
      state = {
        ...state,
        dunning: { ...dunning, restrictions: [...dunning.restrictions, { level: plan.level, at: now }] },
      };
    } else if (plan.kind === 'rehearse') {
      state = {
        ...state,
        dunning: { ...dunning, rehearsal: { shownAt: now, approvedAt: approves ? now : null } },
      };
    } else {
      const next = outside.filter((at) => at > now);
      now = Math.min(...next, plan.kind === 'wait' ? plan.untilAt : now + DAY_MS);
    }
  }
  const of = (kind: RecoveryPlan['kind']) =>
    events.filter(({ plan }) => plan.kind === kind).map(({ at }) => at);
  return { events, state, retries: of('retry'), contacts: of('contact'), restricted: of('restrict'), now };
}

describe('a failed payment, to its end', () => {
  it('is recovered on pay-day by one of its tries, and everything stops in that minute', () => {
    const { events, retries, now, state } = live({ payday: [25, 26, 27] });
    expect(events.at(-1)).toMatchObject({ plan: { kind: 'stop', why: 'paid' } });
    expect(events.at(-1)?.at).toBe(retries.at(-1));
    expect(retries.length).toBeLessThanOrEqual(4);
    expect([25, 26, 27]).toContain(dateAt(now, TZ).day);
    expect(dateAt(now, TZ).month).toBe(10);
    expect(state.charge.history.at(-1)?.outcome).toBe('succeeded');
  });

  it('that never comes in is tried four times, a day apart at least, and ends with a person', () => {
    const { events, retries, restricted } = live({});
    expect(retries).toHaveLength(4);
    for (const [index, at] of retries.entries()) {
      expect(at - (retries[index - 1] ?? OPENED)).toBeGreaterThanOrEqual(DAY_MS);
      expect(at).toBeLessThanOrEqual(day(28));
    }
    expect(restricted).toHaveLength(4);
    expect(events.at(-1)?.plan.kind).toBe('end');
  });

  it('of a stolen card is never tried again, but the customer hears of it', () => {
    const { retries, contacts } = live({ first: { ...DECLINED, declineCode: 'stolen_card' } });
    expect(retries).toEqual([]);
    expect(contacts.length).toBeGreaterThan(2);
  });

  it('paid by hand while restricted is restored at once, with the blocked time credited', () => {
    const paidAt = day(22);
    const { events, state } = live({ paysByHandAt: paidAt });
    expect(events.at(-1)).toMatchObject({ at: paidAt, plan: { kind: 'stop', why: 'paid', restore: true } });
    const period = { startAt: OPENED, endAt: day(31) };
    const { from, creditMinor, blockedMs } = restorationOf(
      state.dunning,
      { period, amountMinor: 31_000n },
      paidAt,
    );
    expect(from).toBe('read_only');
    expect(creditMinor).toBe(BigInt(Math.round((31_000 * blockedMs) / (31 * DAY_MS))));
    expect(creditMinor).toBeGreaterThan(0n);
  });

  it.each<[string, World, number, number]>([
    ['a dispute', { holds: [{ why: 'dispute', startAt: day(2), endAt: null }] }, day(2), day(90)],
    [
      'an incident of ours',
      { holds: [{ why: 'incident', startAt: day(2), endAt: day(12) }] },
      day(2),
      day(12),
    ],
    ['a person’s word', { holds: [{ why: 'person', startAt: day(2), endAt: day(9) }] }, day(2), day(9)],
    ['an opt-out', { optsOutAt: day(2) }, day(2), day(90)],
  ])('%s stops charges and messages alike', (_name, world, from, to) => {
    const { retries, contacts, restricted } = live(world);
    const during = [...retries, ...contacts, ...restricted].filter((at) => at >= from && at < to);
    expect(during).toEqual([]);
    if (to < day(90)) expect(contacts.some((at) => at >= to)).toBe(true);
  });

  it('whose charge has no answer yet is left alone', () => {
    const { state } = live({ holds: [{ why: 'person', startAt: OPENED, endAt: null }] });
    const pending = { ...attempt(day(1), null), outcome: 'pending' as const };
    const history = [...state.charge.history, pending];
    const freed = {
      ...state,
      dunning: { ...state.dunning, holds: [] },
      charge: { ...state.charge, history },
    };
    expect(planRecovery(freed, day(5)).kind).toBe('await_answer');
  });

  it('is never restricted without an approved rehearsal', () => {
    const { restricted, events } = live({ approves: false });
    expect(restricted).toEqual([]);
    expect(events.some(({ plan }) => plan.kind === 'rehearse')).toBe(true);
  });
});
