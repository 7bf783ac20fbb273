import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMonths,
  companyDay,
  dayNumber,
  dayStart,
  monthStart,
  parseDay,
} from '../../../sandbox/world/calendar.ts';

const local = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles', dateStyle: 'short' });
const instants = fc.integer({
  min: Date.parse('2008-01-01T00:00:00Z'),
  max: Date.parse('2036-12-31T00:00:00Z'),
});

describe('the company’s calendar', () => {
  it('has the days of Los Angeles', () => {
    fc.assert(
      fc.property(instants, (at) => {
        expect(companyDay(at)).toBe(local.format(at));
      }),
    );
  });

  it('begins each day with its first millisecond', () => {
    fc.assert(
      fc.property(instants, (at) => {
        const start = dayStart(dayNumber(at));
        expect(local.format(start)).toBe(local.format(at));
        expect(local.format(start - 1)).not.toBe(local.format(at));
      }),
    );
  });

  it.each([
    ['2026-03-08', '2026-03-08T08:00:00.000Z', 23],
    ['2026-11-01', '2026-11-01T07:00:00.000Z', 25],
    ['2026-07-04', '2026-07-04T07:00:00.000Z', 24],
  ])('%s begins at %s and has %i hours', (text, start, hours) => {
    const day = parseDay(text) ?? 0;
    expect(new Date(dayStart(day)).toISOString()).toBe(start);
    expect((dayStart(day + 1) - dayStart(day)) / 3_600_000).toBe(hours);
  });

  it.each([
    ['2026-01-31T10:00:00.000Z', 1, '2026-02-28T10:00:00.000Z'],
    ['2026-01-31T10:00:00.000Z', 2, '2026-03-31T10:00:00.000Z'],
    ['2024-02-29T00:30:00.000Z', 12, '2025-02-28T00:30:00.000Z'],
    ['2026-01-15T23:59:59.999Z', -2, '2025-11-15T23:59:59.999Z'],
  ])('%s and %i months is %s', (from, months, to) => {
    expect(new Date(addMonths(Date.parse(from), months)).toISOString()).toBe(to);
  });

  it('begins the month at the company’s midnight', () => {
    expect(new Date(monthStart(Date.parse('2026-11-01T06:59:59Z'))).toISOString()).toBe(
      '2026-10-01T07:00:00.000Z',
    );
    expect(new Date(monthStart(Date.parse('2026-11-01T07:00:00Z'))).toISOString()).toBe(
      '2026-11-01T07:00:00.000Z',
    );
  });

  it.each(['2026-02-30', '26-01-01', 'today', '2026-1-1', ''])('does not take %j for a day', (text) => {
    expect(parseDay(text)).toBeNull();
  });
});
