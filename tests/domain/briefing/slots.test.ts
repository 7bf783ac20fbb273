import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  awaitedSlot,
  isServed,
  judgeSlot,
  latestSlot,
  nextSlot,
  slotOn,
} from '../../../src/domain/briefing/slots.ts';
import { dayNameAt } from '../../../src/domain/periods/calendar.ts';

const LA = 'America/Los_Angeles';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const at = (iso: string) => Date.parse(iso);

describe('the slot of a day', () => {
  it.each([
    ['the day the clocks go back', '2026-11-01', '08:00', LA, '2026-11-01T16:00:00Z'],
    ['the day after it', '2026-11-02', '08:00', LA, '2026-11-02T16:00:00Z'],
    ['the day the clocks go forward', '2027-03-14', '08:00', LA, '2027-03-14T15:00:00Z'],
    ['the day before that', '2027-03-13', '08:00', LA, '2027-03-13T16:00:00Z'],
    ['a time the clocks skip, an hour later', '2027-03-14', '02:30', LA, '2027-03-14T10:30:00Z'],
    [
      'a time that comes twice, the first of them',
      '2026-10-25',
      '02:30',
      'Europe/Berlin',
      '2026-10-25T00:30:00Z',
    ],
  ])('keeps the wall clock on %s', (_, day, time, tz, expected) => {
    expect(new Date(slotOn(day, { time, tz })).toISOString()).toBe(new Date(expected).toISOString());
  });

  it('is the newest that is not after now, and the next is the first after now', () => {
    const clock = { time: '08:00', tz: LA };
    expect(latestSlot(clock, at('2026-11-24T16:00:00Z'))).toBe(at('2026-11-24T16:00:00Z'));
    expect(latestSlot(clock, at('2026-11-24T15:59:59Z'))).toBe(at('2026-11-23T16:00:00Z'));
    expect(nextSlot(clock, at('2026-11-24T16:00:00Z'))).toBe(at('2026-11-25T16:00:00Z'));
  });
});

describe('what becomes of a slot', () => {
  const clock = { time: '08:00', tz: LA };
  const slot = at('2026-11-24T16:00:00Z');
  const yesterday = [at('2026-11-23T16:00:00Z')];
  it.each([
    ['on time', 0, yesterday, 'deliver'],
    ['within the hour', 50 * 60_000, yesterday, 'deliver'],
    ['hours late, and says so', 3 * HOUR_MS, yesterday, 'deliver_late'],
    ['20 hours late with the next 4 hours off', 20 * HOUR_MS, yesterday, 'deliver_late'],
    ['left out when 22.5 hours late and the next is 90 minutes off', 22.5 * HOUR_MS, yesterday, 'skip'],
    ['given all the same to somebody who never had one', 22.5 * HOUR_MS, [], 'deliver_late'],
    ['not given again', HOUR_MS, [slot], 'served'],
    ['not given again after the time was moved within the day', HOUR_MS, [slot - 30 * 60_000], 'served'],
  ] as const)('is %s', (_, lateMs, ats, verdict) => {
    expect(judgeSlot(slot, clock, { ats, at: slot + lateMs })).toBe(verdict);
  });

  it('counts as served by the day it fell on in the zone of now', () => {
    // Eight in Tokyo is three in the afternoon of the day before in Los Angeles.
    const tokyo = at('2026-11-24T23:00:00Z');
    expect(isServed(at('2026-11-24T16:00:00Z'), [tokyo], LA)).toBe(true);
    expect(isServed(at('2026-11-25T16:00:00Z'), [tokyo], LA)).toBe(false);
  });
});

const ZONES = [LA, 'Europe/Berlin', 'Asia/Tokyo', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
const time = fc
  .integer({ min: 0, max: 1439 })
  .map(
    (minute) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
  );
const choice = fc.record({ time, tz: fc.constantFrom(...ZONES), hours: fc.integer({ min: 1, max: 80 }) });
const START = at('2026-10-20T00:00:00Z');

/** A reader whose schedule is looked at every hour, with the choices they make on the way. */
function live(
  choices: readonly { time: string; tz: string; hours: number }[],
  downtime: readonly boolean[] = [],
) {
  const served: { dueAt: number; tz: string }[] = [];
  let now = START;
  let look = 0;
  for (const { time, tz, hours } of choices) {
    const clock = { time, tz };
    const sinceAt = now;
    for (const until = now + hours * HOUR_MS; now < until; now += HOUR_MS) {
      look += 1;
      if (downtime[look % Math.max(1, downtime.length)]) continue;
      const slot = latestSlot(clock, now);
      if (slot < sinceAt) continue;
      const verdict = judgeSlot(slot, clock, { ats: served.map(({ dueAt }) => dueAt), at: now });
      if (verdict === 'deliver' || verdict === 'deliver_late') served.push({ dueAt: slot, tz });
    }
  }
  return served;
}

describe('a reader who moves time and zone as they please', () => {
  it('never has two on one local day of the zone they were in', () => {
    fc.assert(
      fc.property(
        fc.array(choice, { minLength: 1, maxLength: 8 }),
        fc.array(fc.boolean(), { maxLength: 12 }),
        (choices, downtime) => {
          const served = live(choices, downtime);
          for (const [index, { dueAt, tz }] of served.entries()) {
            const day = dayNameAt(dueAt, tz);
            const sameDay = served.slice(0, index).filter((other) => dayNameAt(other.dueAt, tz) === day);
            expect(sameDay).toEqual([]);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('has exactly one on every full local day on which nothing was moved', () => {
    fc.assert(
      fc.property(choice, fc.constantFrom(...ZONES), time, (before, tz, wanted) => {
        const served = live([before, { time: wanted, tz, hours: 6 * 24 }]);
        const movedAt = START + before.hours * HOUR_MS;
        const days = new Map<string, number>();
        for (const { dueAt } of served) {
          const day = dayNameAt(dueAt, tz);
          days.set(day, (days.get(day) ?? 0) + 1);
        }
        for (let full = 1; full <= 4; full += 1) {
          const day = dayNameAt(movedAt + full * DAY_MS, tz);
          expect([day, days.get(day)]).toEqual([day, 1]);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('the briefing a reader waits for', () => {
  const settings = { on: true, time: '08:00', tz: LA, channels: ['slack'] as const };
  const now = at('2026-11-24T20:00:00Z');
  it.each([
    ['tomorrow when today was given', [at('2026-11-24T16:00:00Z')], 0, '2026-11-25T16:00:00.000Z'],
    ['on its way when today was not', [at('2026-11-23T16:00:00Z')], 0, '2026-11-24T16:00:00.000Z'],
    ['tomorrow when it was only just switched on', [], now, '2026-11-25T16:00:00.000Z'],
  ])('is %s', (_, ats, sinceAt, expected) => {
    const slot = awaitedSlot(settings, { ats, sinceAt, at: now });
    expect(slot === null ? null : new Date(slot).toISOString()).toBe(expected);
  });
  it('is none when it is switched off, or has no way to come', () => {
    const served = { ats: [], sinceAt: 0, at: now };
    expect(awaitedSlot({ ...settings, on: false }, served)).toBeNull();
    expect(awaitedSlot({ ...settings, channels: [] }, served)).toBeNull();
  });
});
