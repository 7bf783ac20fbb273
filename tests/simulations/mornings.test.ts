import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedMornings, localDay, wallClock } from '../../simulations/mornings.ts';

const ZONES = ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Tokyo', 'Australia/Lord_Howe', 'Asia/Kolkata'];
const DAY_MS = 86_400_000;

describe('the mornings a simulation expects', () => {
  it.each([
    {
      name: 'keep the wall clock over the end of summer time',
      choices: [{ fromAt: 0, time: '08:00', tz: 'America/Los_Angeles' }],
      from: '2026-10-31T00:00:00Z',
      until: '2026-11-03T00:00:00Z',
      due: ['2026-10-31T15:00:00.000Z', '2026-11-01T16:00:00.000Z', '2026-11-02T16:00:00.000Z'],
    },
    {
      name: 'come once when the clock shows the time twice',
      choices: [{ fromAt: 0, time: '02:30', tz: 'Europe/Berlin' }],
      from: '2026-10-24T12:00:00Z',
      until: '2026-10-26T12:00:00Z',
      due: ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    },
    {
      name: 'pass over a local day that had its briefing in the zone left behind',
      choices: [
        { fromAt: 0, time: '08:00', tz: 'America/Los_Angeles' },
        { fromAt: Date.parse('2026-11-10T23:00:00Z'), time: '08:00', tz: 'Asia/Tokyo' },
      ],
      from: '2026-11-10T00:00:00Z',
      until: '2026-11-13T00:00:00Z',
      due: ['2026-11-10T16:00:00.000Z', '2026-11-11T23:00:00.000Z', '2026-11-12T23:00:00.000Z'],
    },
  ])('$name', ({ choices, from, until, due }) => {
    const mornings = expectedMornings(choices, Date.parse(from), Date.parse(until));
    expect(mornings.map((at) => new Date(at).toISOString())).toEqual(due);
  });

  it('are exactly one a local day while nothing is moved', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 700 }),
        (tz, minute, offsetDays) => {
          const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const first = localDay(Date.parse('2026-01-01T12:00:00Z') + offsetDays * DAY_MS, tz);
          const fromAt = wallClock(first, '00:00', tz) - 1;
          const untilAt = fromAt + 40 * DAY_MS;
          const days = expectedMornings([{ fromAt: 0, time, tz }], fromAt, untilAt).map((at) =>
            localDay(at, tz),
          );
          expect(new Set(days).size).toBe(days.length);
          expect(days.length).toBeGreaterThanOrEqual(39);
        },
      ),
      { numRuns: 50 },
    );
  });
});
