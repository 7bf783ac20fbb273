import { describe, expect, it } from 'vitest';
import { againstWords, briefingDays, briefingInstants, shortDay } from '../../../src/domain/briefing/days.ts';

const LA = 'America/Los_Angeles';
const span = ({ startAt, endAt }: { startAt: number; endAt: number }) =>
  [new Date(startAt).toISOString().slice(0, 16), new Date(endAt).toISOString().slice(0, 16)].join(' ');

describe('the day a briefing reports on', () => {
  const days = briefingDays(Date.parse('2026-11-24T16:00:00Z'), LA);
  it('is the whole of the last company day that is over', () => {
    expect(span(days.day)).toBe('2026-11-23T08:00 2026-11-24T08:00');
  });
  it('is compared with the day before, the same weekday and the same day of the month before', () => {
    expect(span(days.dayBefore)).toBe('2026-11-22T08:00 2026-11-23T08:00');
    expect(span(days.weekBefore)).toBe('2026-11-16T08:00 2026-11-17T08:00');
    expect(span(days.monthBefore)).toBe('2026-10-23T07:00 2026-10-24T07:00');
    expect(againstWords(days)).toEqual({
      dayBefore: 'the day before',
      weekBefore: 'the Monday before',
      monthBefore: 'Oct 23',
    });
  });
  it('is held against eight whole weeks that end where it begins', () => {
    expect(days.history[0].endAt).toBe(days.history[1].startAt);
    expect(days.history[1].endAt).toBe(days.day.startAt);
    expect(span(days.history[0]).slice(0, 10)).toBe('2026-09-28');
  });
  it.each([
    ['31 days to a month of 30', '2026-11-01T17:00:00Z', '2026-09-30'],
    ['the end of March to that of February', '2027-04-01T17:00:00Z', '2027-02-28'],
    ['the end of March to a leap day', '2028-04-01T17:00:00Z', '2028-02-29'],
  ])('clamps %s', (_, at, expected) => {
    expect(new Date(briefingDays(Date.parse(at), LA).monthBefore.startAt).toISOString().slice(0, 10)).toBe(
      expected,
    );
  });
  it.each([
    ['25 hours when the clocks go back', '2026-11-02T16:00:00Z', 25],
    ['23 hours when they go forward', '2027-03-15T15:00:00Z', 23],
  ])('has %s', (_, at, hours) => {
    const { day } = briefingDays(Date.parse(at), LA);
    expect((day.endAt - day.startAt) / 3_600_000).toBe(hours);
  });
});

it('standing numbers are compared at the same time of the clock, over a change of clocks too', () => {
  const at = Date.parse('2026-11-02T16:00:00Z');
  const { dayBeforeAt, weekBeforeAt } = briefingInstants(at, LA);
  expect(new Date(dayBeforeAt).toISOString()).toBe('2026-11-01T16:00:00.000Z');
  expect(new Date(weekBeforeAt).toISOString()).toBe('2026-10-26T15:00:00.000Z');
});

it('a day is named shortly', () => {
  expect(shortDay(Date.parse('2026-11-24T16:00:00Z'), LA)).toBe('Tue, Nov 24');
});
