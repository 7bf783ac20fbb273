import { describe, expect, it } from 'vitest';
import {
  type AccountSigns,
  holidaysAmong,
  type SignKind,
  type SignsAt,
  signsOf,
} from '../../../src/domain/health/signs.ts';

const DAY = 86_400_000;
/** A Monday noon, no holiday within five weeks before it but Veterans Day (Nov 11). */
const NOW = Date.UTC(2026, 10, 23, 12);
const DAYS = 63;

const daysUntil = (endAt: number) => Array.from({ length: DAYS }, (_, index) => endAt + (index - DAYS) * DAY);
const DAYS_BEFORE = daysUntil(Date.UTC(2026, 10, 23));
const HOLIDAYS = holidaysAmong(DAYS_BEFORE, 'UTC');

const at = (more: Partial<SignsAt> = {}): SignsAt => ({
  nowAt: NOW,
  tz: 'UTC',
  days: DAYS_BEFORE,
  holidays: HOLIDAYS,
  troubled: new Set(),
  incidents: [],
  ...more,
});

/** Calls by day, -1 being yesterday. */
const calls = (of: (day: number) => number) => Array.from({ length: DAYS }, (_, index) => of(index - DAYS));
const weekend = (day: number) => [0, 6].includes(new Date(Date.UTC(2026, 10, 23) + day * DAY).getUTCDay());
const noise = (day: number) => 0.9 + (((day * 7919) % 20) + 20) / 200;
const steady = (level: number) => (day: number) => level * noise(day) * (weekend(day) ? 0.6 : 1);

const account = (more: Partial<AccountSigns> = {}): AccountSigns => ({
  id: 'psz_1',
  name: 'Acme',
  live: true,
  mrr: { minor: 120_000, currency: 'USD' },
  calls: calls(steady(10_000)),
  errors: { week: { calls: 70_000, errors: 70 }, before: { calls: 280_000, errors: 280 } },
  tickets: [],
  ownerSeenAt: NOW - 10 * DAY,
  othersSeenAt: NOW - 5 * DAY,
  ...more,
});
const wrote = (text: string, daysAgo = 2) => [{ id: 'tkt_1', openedAt: NOW - daysAgo * DAY, text }];
const kinds = (one: AccountSigns, when = at()): SignKind[] => signsOf(one, when).map(({ kind }) => kind);

const fell = (share: number) => calls((day) => steady(10_000)(day) * (day >= -7 ? 1 - share : 1));

describe('signs that an account may leave', () => {
  it.each<[string, AccountSigns, SignKind[]]>([
    ['none where all is as ever', account(), []],
    ['calls down by a third in a week', account({ calls: fell(0.33) }), ['usage_down']],
    [
      'calls that slide by a fifth every week',
      account({ calls: calls((day) => steady(10_000)(day) * 0.8 ** Math.floor((day + 42) / 7)) }),
      ['usage_down'],
    ],
    ['none for a tenth less', account({ calls: fell(0.1) }), []],
    ['none where there are too few calls to speak of', account({ calls: fell(0.6).map((n) => n / 20) }), []],
    [
      'none for who calls by fits and starts',
      account({ calls: calls((day) => ((day * 31) % 7 === 0 ? 60_000 : 0) * (day >= -7 ? 0.7 : 1)) }),
      [],
    ],
    [
      'nobody replied, evaluating alternatives',
      account({ tickets: wrote('Nobody replied, evaluating alternatives.') }),
      ['competitor', 'neglected'],
    ],
    ['none for a ticket of three weeks ago', account({ tickets: wrote('We will not renew.', 20) }), []],
    ['none for an ordinary question', account({ tickets: wrote('How do we rotate a key?') }), []],
    [
      'a new contact',
      account({ tickets: wrote('Maria has left the company, I am your new contact.') }),
      ['champion_left'],
    ],
    [
      'an owner who stays away while others come',
      account({ ownerSeenAt: NOW - 90 * DAY }),
      ['champion_left'],
    ],
    [
      'none where nobody comes at all: that is known to no one',
      account({ ownerSeenAt: NOW - 90 * DAY, othersSeenAt: null }),
      [],
    ],
    [
      'errors that doubled',
      account({
        errors: { week: { calls: 70_000, errors: 700 }, before: { calls: 280_000, errors: 1_200 } },
      }),
      ['errors_doubled'],
    ],
    [
      'none for errors that doubled from next to nothing',
      account({ errors: { week: { calls: 70_000, errors: 100 }, before: { calls: 280_000, errors: 40 } } }),
      [],
    ],
  ])('%s', (_case, one, expected) => {
    expect(kinds(one)).toEqual(expected);
  });

  it('the gravest first, each with its numbers and since when', () => {
    const signs = signsOf(account({ calls: fell(0.4), tickets: wrote('We are comparing providers.') }), at());
    expect(signs.map(({ kind }) => kind)).toEqual(['competitor', 'usage_down']);
    expect(signs[0]).toMatchObject({ ticketId: 'tkt_1', sinceAt: NOW - 2 * DAY });
    expect(signs[1]?.words).toMatch(
      /^API calls fell by 4\d% in 7 days: [\d,]+ a day, [\d,]+ on the same weekdays before$/,
    );
    expect(signs[1]?.sinceAt).toBe(at().days.at(-7));
  });

  it('not for days of our own outage, nor for what is written during it', () => {
    const days = at();
    const outage = {
      startedAt: (days.days.at(-3) ?? 0) + 3_600_000,
      endedAt: (days.days.at(-3) ?? 0) + 9 * 3_600_000,
    };
    const lost = calls((day) => (day === -3 ? 100 : steady(10_000)(day)));
    const angry = [{ id: 'tkt_1', openedAt: outage.startedAt + 60_000, text: 'Our production has stopped.' }];
    const calm = at({ troubled: new Set([DAYS - 3]), incidents: [outage] });
    expect(kinds(account({ calls: lost, tickets: angry }), calm)).toEqual([]);
    expect(kinds(account({ tickets: angry }), at())).toEqual(['upset']);
    const failing = account({
      errors: { week: { calls: 70_000, errors: 7_000 }, before: { calls: 280_000, errors: 280 } },
    });
    expect(kinds(failing, at({ incidents: [{ startedAt: NOW - 60_000, endedAt: null }] }))).toEqual([]);
  });

  it('not for holidays: a quiet Thanksgiving is no drop', () => {
    const friday = Date.UTC(2026, 10, 28, 12);
    const days = daysUntil(Date.UTC(2026, 10, 28));
    const shifted = at({ nowAt: friday, days, holidays: holidaysAmong(days, 'UTC') });
    const quiet = shifted.days.map((day) => (day >= Date.UTC(2026, 10, 26) ? 500 : 10_000));
    expect(kinds(account({ calls: quiet }), shifted)).toEqual([]);
    expect(kinds(account({ calls: quiet }), { ...shifted, holidays: new Set() })).toEqual(['usage_down']);
  });
});
