import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { dueBetween, latestDueBetween, nextDueAfter } from '../../../src/domain/schedule/due.ts';
import { type PlainSchedule, slowDueBetween } from './oracle.ts';

const DAY = 86_400_000;
const at = (text: string) => Date.parse(text);
const iso = (instants: readonly (number | null)[]) =>
  instants.map((each) => (each === null ? 'never' : new Date(each).toISOString().replace(':00.000Z', 'Z')));

describe('when a turn falls due', () => {
  it.each<[string, string, string, string, string, string[]]>([
    [
      '08:00 stays 08:00 on the wall when the clock goes forward',
      '0 8 * * *',
      'America/Los_Angeles',
      '2026-03-07T00:00-08:00',
      '2026-03-10T00:00-07:00',
      ['2026-03-07T16:00Z', '2026-03-08T15:00Z', '2026-03-09T15:00Z'],
    ],
    [
      '08:00 stays 08:00 on the wall when the clock goes back',
      '0 8 * * *',
      'America/Los_Angeles',
      '2026-10-31T00:00-07:00',
      '2026-11-03T00:00-08:00',
      ['2026-10-31T15:00Z', '2026-11-01T16:00Z', '2026-11-02T16:00Z'],
    ],
    [
      'a time that is left out comes at the first instant after the gap',
      '30 2 * * *',
      'America/Los_Angeles',
      '2026-03-07T12:00-08:00',
      '2026-03-09T12:00-07:00',
      ['2026-03-08T10:00Z', '2026-03-09T09:30Z'],
    ],
    [
      'two times in one gap are one turn',
      '0,30 2 * * *',
      'America/Los_Angeles',
      '2026-03-08T00:00-08:00',
      '2026-03-08T23:00-07:00',
      ['2026-03-08T10:00Z'],
    ],
    [
      'a time that comes twice comes at its first',
      '30 1 * * *',
      'America/Los_Angeles',
      '2026-10-31T12:00-07:00',
      '2026-11-02T12:00-08:00',
      ['2026-11-01T08:30Z', '2026-11-02T09:30Z'],
    ],
    [
      'a time that comes twice has had its turn when one asks during its second coming',
      '30 1 * * *',
      'America/Los_Angeles',
      '2026-11-01T01:10-08:00',
      '2026-11-02T12:00-08:00',
      ['2026-11-02T09:30Z'],
    ],
    [
      'every hour is each real hour when one comes twice',
      '0 * * * *',
      'America/Los_Angeles',
      '2026-11-01T00:30-07:00',
      '2026-11-01T03:30-08:00',
      ['2026-11-01T08:00Z', '2026-11-01T09:00Z', '2026-11-01T10:00Z', '2026-11-01T11:00Z'],
    ],
    [
      'every hour is each real hour when one is left out',
      '30 * * * *',
      'America/Los_Angeles',
      '2026-03-08T00:45-08:00',
      '2026-03-08T05:00-07:00',
      ['2026-03-08T09:30Z', '2026-03-08T10:30Z', '2026-03-08T11:30Z'],
    ],
    [
      'half an hour that is left out, on Lord Howe',
      '15 2 * * *',
      'Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      '2026-10-05T12:00Z',
      ['2026-10-03T15:30Z', '2026-10-04T15:15Z'],
    ],
    [
      'half an hour that comes twice, on Lord Howe',
      '45 1 * * *',
      'Australia/Lord_Howe',
      '2026-04-03T12:00Z',
      '2026-04-05T12:00Z',
      ['2026-04-03T14:45Z', '2026-04-04T14:45Z'],
    ],
    [
      'a day that Samoa skipped has no morning',
      '0 8 * * *',
      'Pacific/Apia',
      '2011-12-29T00:00-10:00',
      '2012-01-02T00:00+14:00',
      ['2011-12-29T18:00Z', '2011-12-30T18:00Z', '2011-12-31T18:00Z'],
    ],
    [
      'midnight that is left out comes with the first minute of that day',
      '0 0 * * *',
      'Africa/Cairo',
      '2026-04-23T00:00Z',
      '2026-04-25T12:00Z',
      ['2026-04-23T22:00Z', '2026-04-24T21:00Z'],
    ],
    [
      'the last half hour of a day that is left out comes with the next day',
      '45 23 * * *',
      'Asia/Pyongyang',
      '2018-05-04T00:00Z',
      '2018-05-06T00:00Z',
      ['2018-05-04T15:00Z', '2018-05-05T14:45Z'],
    ],
    [
      'month ends',
      '0 9 L * *',
      'Europe/Berlin',
      '2028-01-15T00:00Z',
      '2028-04-15T00:00Z',
      ['2028-01-31T08:00Z', '2028-02-29T08:00Z', '2028-03-31T07:00Z'],
    ],
    [
      'leap days, over the year 2100 which has none',
      '0 0 29 2 *',
      'UTC',
      '2090-01-01T00:00Z',
      '2109-01-01T00:00Z',
      ['2092-02-29T00:00Z', '2096-02-29T00:00Z', '2104-02-29T00:00Z', '2108-02-29T00:00Z'],
    ],
    [
      'either day where both are named',
      '0 0 13 * fri',
      'UTC',
      '2026-11-01T00:00Z',
      '2026-11-21T00:00Z',
      ['2026-11-06T00:00Z', '2026-11-13T00:00Z', '2026-11-20T00:00Z'],
    ],
  ])('%s', (_name, cron, tz, from, to, expected) => {
    expect(iso(dueBetween(cron, tz, at(from), at(to)))).toEqual(expected);
    expect(iso(latestDueBetween(cron, tz, at(from), at(to)))).toEqual(expected.slice(-1));
    expect(iso(latestDueBetween(cron, tz, at(from), at(to), 100)).reverse()).toEqual(expected);
  });

  it('leaves out the instant it is asked from, and takes the one it is asked to', () => {
    const due = at('2026-11-23T16:00Z');
    expect(nextDueAfter('0 8 * * *', 'America/Los_Angeles', due)).toBe(due + DAY);
    expect(nextDueAfter('0 8 * * *', 'America/Los_Angeles', due - 1)).toBe(due);
    expect(dueBetween('0 8 * * *', 'America/Los_Angeles', due - DAY, due)).toEqual([due]);
  });

  it('has none in an empty or backward span', () => {
    expect(dueBetween('* * * * *', 'UTC', 1_000_000, 1_000_000)).toEqual([]);
    expect(latestDueBetween('* * * * *', 'UTC', 9_000_000, 1_000_000, 5)).toEqual([]);
  });

  it('names a zone nobody knows', () => {
    expect(() => nextDueAfter('0 8 * * *', 'Mars/Base', 0)).toThrow(
      'There is no time zone called "Mars/Base"',
    );
  });

  it('finds a leap day without walking there minute by minute', () => {
    const startedAt = performance.now();
    for (let year = 2026; year < 2096; year += 1)
      nextDueAfter('0 8 29 2 *', 'America/Los_Angeles', Date.UTC(year, 2, 1));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

const ZONES = [
  'UTC',
  'America/Los_Angeles',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Santiago',
  'America/Caracas',
  'Europe/Berlin',
  'Europe/London',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Asia/Gaza',
  'Asia/Pyongyang',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
];

const some = (min: number, max: number) =>
  fc
    .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
    .map((values) => values.sort((a, b) => a - b));
const hours = fc.oneof(some(0, 23), some(0, 3), fc.constant(Array.from({ length: 24 }, (_, hour) => hour)));

const schedules: fc.Arbitrary<PlainSchedule> = fc.record({
  minutes: some(0, 59),
  hours,
  dates: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: some(1, 28) }),
  lastDate: fc.oneof(
    { weight: 5, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  months: fc.oneof(fc.constant(Array.from({ length: 12 }, (_, month) => month + 1)), some(1, 12)),
  weekdays: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: some(0, 6) }),
});

function textOf({ minutes, hours: inHours, dates, lastDate, months, weekdays }: PlainSchedule): string {
  const days = [...(dates ?? []), ...(lastDate ? ['L'] : [])].join(',') || '*';
  return [
    minutes,
    inHours.length === 24 ? '*' : inHours,
    days,
    months.length === 12 ? '*' : months,
    weekdays ?? '*',
  ].join(' ');
}

/** Mostly around a change of the zone's clock. */
const moments = fc
  .record({
    tz: fc.constantFrom(...ZONES),
    year: fc.integer({ min: 1990, max: 2037 }),
    nth: fc.integer({ min: 0, max: 2 }),
    offsetMinutes: fc.integer({ min: -36 * 60, max: 12 * 60 }),
  })
  .map(({ tz, year, nth, offsetMinutes }) => {
    let zoned = Temporal.Instant.from(`${year}-01-01T00:00Z`).toZonedDateTimeISO(tz);
    for (let index = 0; index <= nth; index += 1)
      zoned = zoned.getTimeZoneTransition('next') ?? zoned.add({ days: 47 });
    return { tz, fromAt: Math.floor(zoned.epochMilliseconds / 60_000) * 60_000 + offsetMinutes * 60_000 };
  });

describe('over zones and years', () => {
  it('turns fall due exactly when a clock watched minute by minute says so', () => {
    fc.assert(
      fc.property(schedules, moments, (schedule, { tz, fromAt }) => {
        const toAt = fromAt + 2 * DAY;
        expect(iso(dueBetween(textOf(schedule), tz, fromAt, toAt))).toEqual(
          iso(slowDueBetween(schedule, tz, fromAt, toAt)),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('each turn comes after the one before, whatever instant one asks from', () => {
    fc.assert(
      fc.property(schedules, moments, fc.integer({ min: 0, max: DAY }), (schedule, { tz, fromAt }, ms) => {
        const cron = textOf(schedule);
        const first = nextDueAfter(cron, tz, fromAt + ms);
        if (first === null) throw new Error(`${cron} never comes`);
        expect(first).toBeGreaterThan(fromAt + ms);
        expect(nextDueAfter(cron, tz, first - 1)).toBe(first);
        expect(nextDueAfter(cron, tz, first) ?? 0).toBeGreaterThan(first);
      }),
      { numRuns: 500 },
    );
  });

  it('a daily schedule has one turn for each local day that exists', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 1990, max: 2037 }),
        fc.integer({ min: 0, max: 1439 }),
        (tz, year, minute) => {
          const cron = `${minute % 60} ${Math.floor(minute / 60)} * * *`;
          const start = Temporal.ZonedDateTime.from(`${year}-01-01T00:00[${tz}]`).startOfDay();
          const end = start.add({ years: 1 }).startOfDay();
          const due = dueBetween(cron, tz, start.epochMilliseconds - 1, end.epochMilliseconds - 1);
          let days = 0;
          for (let day = start; day.epochMilliseconds < end.epochMilliseconds; days += 1) {
            const next = day.add({ days: 1 }).startOfDay();
            day = next.epochMilliseconds > day.epochMilliseconds ? next : next.add({ days: 1 }).startOfDay();
          }
          // A turn due in a gap that runs into midnight stands at the first minute of the next day.
          expect(due.length).toBe(days);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the latest turn before an instant is the last of all before it', () => {
    fc.assert(
      fc.property(schedules, moments, fc.integer({ min: 1, max: 5 }), (schedule, { tz, fromAt }, limit) => {
        const cron = textOf(schedule);
        const all = dueBetween(cron, tz, fromAt, fromAt + 40 * DAY, 5_000);
        expect(latestDueBetween(cron, tz, fromAt, fromAt + 40 * DAY, limit)).toEqual(
          all.slice(-limit).reverse(),
        );
      }),
      { numRuns: 60 },
    );
  });
});
