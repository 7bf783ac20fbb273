import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateAt, dayNameAt, startOfDayAt } from '../../../src/domain/periods/calendar.ts';
import { describeInstant, zoneName } from '../../../src/domain/periods/describe-period.ts';
import { parsePeriod } from '../../../src/domain/periods/parse-period.ts';
import { previousPeriod } from '../../../src/domain/periods/previous-period.ts';

const HOUR_MS = 3_600_000;
const zones = ['America/Los_Angeles', 'America/New_York', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia'];
const zone = fc.constantFrom(...zones);
const instant = fc.integer({ min: Date.parse('2005-01-01'), max: Date.parse('2035-01-01') });
const iso = (at: number) => new Date(at).toISOString();

describe('the short name of a zone', () => {
  it.each([
    ['America/Los_Angeles', '2026-11-22T22:30Z', 'PST'],
    ['America/New_York', '2026-07-01T00:00Z', 'EDT'],
    ['Europe/Berlin', '2026-11-22T22:30Z', 'CET'],
    ['Europe/Berlin', '2026-07-01T00:00Z', 'CEST'],
    ['Europe/London', '2026-07-01T00:00Z', 'BST'],
    ['Asia/Tokyo', '2026-07-01T00:00Z', 'GMT+9'],
  ])('of %s at %s is %s, and reads back', (tz, at, name) => {
    const instant = Date.parse(at);
    expect(zoneName(instant, tz)).toBe(name);
    const period = parsePeriod(`since ${describeInstant(instant, tz)}`, { nowAt: instant + HOUR_MS, tz });
    expect(period.startAt).toBe(instant);
  });
});

describe('days as the zone has them', () => {
  it.each([
    ['America/Los_Angeles', '2026-03-08', 23],
    ['America/Los_Angeles', '2026-11-01', 25],
    ['America/New_York', '2026-11-01', 25],
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['Asia/Kathmandu', '2026-10-25', 24],
    ['Pacific/Apia', '2011-12-29', 24],
  ])('%s on %s has %i hours', (tz, day, hours) => {
    const period = parsePeriod(day, { nowAt: Date.parse('2026-11-22'), tz });
    expect((period.endAt - period.startAt) / HOUR_MS).toBe(hours);
  });

  it('a month is its own length, with the clock change in it', () => {
    const period = parsePeriod('2026-11', { nowAt: Date.parse('2026-11-22'), tz: 'America/Los_Angeles' });
    expect([iso(period.startAt), iso(period.endAt)]).toEqual([
      '2026-11-01T07:00:00.000Z',
      '2026-12-01T08:00:00.000Z',
    ]);
  });

  it('names the day that holds an instant, in every zone', () => {
    fc.assert(
      fc.property(instant, zone, (at, tz) => {
        expect(dayNameAt(at, tz)).toBe(dateAt(at, tz).toString());
      }),
      { numRuns: 300 },
    );
  });

  it('consecutive periods leave no gap and do not overlap', () => {
    const unit = fc.constantFrom('day', 'week', 'month', 'quarter', 'year');
    fc.assert(
      fc.property(instant, zone, unit, (nowAt, tz, name) => {
        const of = (text: string) => parsePeriod(text, { nowAt, tz });
        const last = name === 'day' ? of('yesterday') : of(`last ${name}`);
        const current = name === 'day' ? of('today') : of(`this ${name}`);
        const next = name === 'day' ? of('tomorrow') : of(`next ${name}`);
        expect(last.endAt).toBe(current.startAt);
        expect(current.endAt).toBe(next.startAt);
        expect(current.startAt <= nowAt && nowAt < current.endAt).toBe(true);
        // A day is compared with the same weekday, everything else with what it follows.
        if (name !== 'day') expect(previousPeriod(last, nowAt).endAt).toBe(last.startAt);
      }),
      { numRuns: 150 },
    );
  });
});

describe('what a period is compared with', () => {
  const tz = 'America/Los_Angeles';
  const nowAt = Date.parse('2026-11-22T22:30:00Z');
  it.each([
    ['last month', 'Sep 1 - 30, 2026'],
    ['Mar 2026', 'Feb 1 - 28, 2026'],
    ['last quarter', 'Apr 1 - Jun 30, 2026'],
    ['2025', 'Jan 1 - Dec 31, 2024'],
    ['last week', 'Nov 2 - 8, 2026'],
    ['yesterday', 'Nov 14, 2026'],
    ['Oct 3 - 10', 'Sep 25 - Oct 2, 2026'],
    ['last 3 months', 'May 1 - Jul 31, 2026'],
    ['today', 'Nov 15, 2026, until 14:30 PST'],
    ['this week', 'Nov 9 - 15, 2026, until 14:30 PST'],
    ['this month', 'Oct 1 - 22, 2026, until 14:30 PDT'],
    ['MTD', 'Oct 1 - 22, 2026, until 14:30 PDT'],
    ['QTD', 'Jul 1 - Aug 22, 2026, until 14:30 PDT'],
    ['YTD', 'Jan 1 - Nov 22, 2025, until 14:30 PST'],
    ['last 7 days', 'Nov 9 - 15, 2026, until 14:30 PST'],
    ['last 24 hours', 'Nov 20, 2026, 14:30 PST - Nov 21, 2026, 14:30 PST'],
    ['next month', 'Nov 1 - 30, 2026'],
  ])('%s: %s', (text, label) => {
    expect(previousPeriod(parsePeriod(text, { nowAt, tz }), nowAt).label).toBe(label);
  });

  it('the last day of a long month is compared with the whole shorter one', () => {
    const lateAt = Date.parse('2026-03-31T19:00:00Z');
    const before = previousPeriod(parsePeriod('this month', { nowAt: lateAt, tz }), lateAt);
    expect(before.label).toBe('Feb 1 - 28, 2026');
  });

  it('a day that a zone skipped has no length to count in', () => {
    const period = parsePeriod('2011-12', { nowAt, tz: 'Pacific/Apia' });
    expect((period.endAt - period.startAt) / HOUR_MS).toBe(30 * 24);
    expect(startOfDayAt(dateAt(period.startAt, 'Pacific/Apia'), 'Pacific/Apia')).toBe(period.startAt);
  });
});
