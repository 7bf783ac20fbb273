import { describe, expect, it } from 'vitest';
import { unlikeness } from '../../../src/domain/periods/like-for-like.ts';
import { parsePeriod } from '../../../src/domain/periods/parse-period.ts';
import {
  likeForLike,
  previousPeriod,
  samePoint,
  unitAround,
} from '../../../src/domain/periods/previous-period.ts';

const tz = 'America/Los_Angeles';
const at = (local: string) => Date.parse(local);
const NOW = at('2026-11-22T14:30:00-08:00');

describe('the period before, like for like', () => {
  it.each([
    ['a month', '2026-11', NOW, 'Oct 1 - 22, 2026, until 14:30 PDT'],
    ['the 30th after February', 'this month', at('2026-03-30T09:00:00-07:00'), 'Feb 1 - 28, 2026'],
    [
      'the 29th of a leap year',
      'this month',
      at('2028-03-29T09:00:00-07:00'),
      'Feb 1 - 29, 2028, until 09:00 PST',
    ],
    [
      'the end of February keeps to its days',
      'this month',
      at('2026-02-28T09:00:00-08:00'),
      'Jan 1 - 28, 2026, until 09:00 PST',
    ],
    ['a whole February against all of January', 'Feb 2026', NOW, 'Jan 1 - 31, 2026'],
    ['a whole October, after 30 days', 'Oct 2026', NOW, 'Sep 1 - 30, 2026'],
    [
      'a month so far whose first is a Monday',
      '2026-06-01/2026-06-03',
      at('2026-06-02T12:00:00-07:00'),
      'May 30 - 31, 2026, until 12:00 PDT',
    ],
    [
      'MTD on a Wednesday after a first on Monday',
      'MTD',
      at('2026-06-03T12:00:00-07:00'),
      'May 1 - 3, 2026, until 12:00 PDT',
    ],
    ['MTD on the first', 'MTD', at('2026-11-01T12:00:00-08:00'), 'Oct 1, 2026, until 12:00 PDT'],
    [
      'a quarter to date, by elapsed days',
      'this quarter',
      at('2026-05-20T12:00:00-07:00'),
      'Jan 1 - Feb 19, 2026, until 12:00 PST',
    ],
    [
      'a quarter to date whose month has no counterpart',
      'this quarter',
      at('2026-12-31T12:00:00-08:00'),
      'Jul 1 - Sep 30, 2026, until 12:00 PDT',
    ],
    ['a day: the same weekday', 'yesterday', NOW, 'Nov 14, 2026'],
    ['today: the same weekday, as far', 'today', NOW, 'Nov 15, 2026, until 14:30 PST'],
    ['a day of 23 hours', '2026-03-08', NOW, 'Mar 1, 2026'],
    [
      'a day of 25 hours, still running',
      'today',
      at('2026-11-01T20:00:00-08:00'),
      'Oct 25, 2026, until 20:00 PDT',
    ],
    ['a week over new year', '2026-12-28/2027-01-04', at('2027-02-01T00:00:00-08:00'), 'Dec 21 - 27, 2026'],
    ['a week so far', 'this week', NOW, 'Nov 9 - 15, 2026, until 14:30 PST'],
    ['a year so far', 'this year', at('2028-02-29T10:00:00-08:00'), 'Jan 1 - Feb 28, 2027, until 10:00 PST'],
  ])('%s', (_name, text, nowAt, label) => {
    expect(previousPeriod(parsePeriod(text, { nowAt, tz }), nowAt).label).toBe(label);
  });
});

describe('the same point', () => {
  it.each([
    ['of last quarter', 'quarter', 'quarter', NOW, 'Jul 1 - Aug 22, 2026, until 14:30 PDT'],
    ['of last year, the year so far', 'year', 'year', NOW, 'Jan 1 - Nov 22, 2025, until 14:30 PST'],
    ['of last year, a month so far', 'month', 'year', NOW, 'Nov 1 - 22, 2025, until 14:30 PST'],
    ['of last month', 'month', 'month', NOW, 'Oct 1 - 22, 2026, until 14:30 PDT'],
    ['of last week, a day', 'day', 'week', NOW, 'Nov 15, 2026, until 14:30 PST'],
    [
      'of last year, on a leap day',
      'month',
      'year',
      at('2028-02-29T10:00:00-08:00'),
      'Feb 1 - 28, 2027, until 10:00 PST',
    ],
    ['of last quarter, in a week so far', 'week', 'week', NOW, 'Nov 9 - 15, 2026, until 14:30 PST'],
  ] as const)('%s', (_name, around, unit, nowAt, label) => {
    expect(samePoint(unitAround(nowAt, around, tz), unit, nowAt).label).toBe(label);
  });

  it.each([
    ['a month of last year', 'Feb 2029', 'Feb 1 - 29, 2028'],
    ['the first ISO week, 53 weeks on', '2027-01-04/2027-01-11', 'Dec 29, 2025 - Jan 4, 2026'],
    ['a 53rd ISO week, against the last of a year of 52', '2026-12-28/2027-01-04', 'Dec 22 - 28, 2025'],
    ['a day of last year', '2026-11-20', 'Nov 20, 2025'],
    ['a range of last year', '2026-11-18/2026-11-21', 'Nov 18 - 20, 2025'],
  ])('%s', (_name, text, label) => {
    const nowAt = at('2030-01-01T12:00:00-08:00');
    expect(samePoint(parsePeriod(text, { nowAt, tz }), 'year', nowAt).label).toBe(label);
  });
});

describe('a period that was named', () => {
  it.each([
    [
      'is cut to what has passed of the running one',
      'this month',
      'last month',
      'Oct 1 - 22, 2026, until 14:30 PDT',
    ],
    [
      'is cut where it is of the same kind, however long ago',
      'this month',
      'Nov 2025',
      'Nov 1 - 22, 2025, until 14:30 PST',
    ],
    ['stays whole where nothing is running', 'Oct 2026', 'Sep 2026', 'Sep 1 - 30, 2026'],
    ['stays whole where the two are not of a kind', 'this month', 'last quarter', 'Jul 1 - Sep 30, 2026'],
  ])('%s', (_name, present, past, label) => {
    const read = (text: string) => parsePeriod(text, { nowAt: NOW, tz });
    expect(likeForLike(read(present), read(past), NOW).label).toBe(label);
  });
});

describe('what is not alike', () => {
  const nowAt = at('2027-01-15T12:00:00-08:00');
  const read = (text: string) => parsePeriod(text, { nowAt, tz });
  it.each<[string, string, string, string[]]>([
    ['nothing, of two months of a length', 'Aug 2026', 'Jul 2026', []],
    ['the length of a month', 'Mar 2026', 'Feb 2026', ['31 days against 28']],
    ['the weekday', '2026-11-20', '2026-11-19', ['a Friday against a Thursday']],
    ['a holiday', '2026-11-26', '2026-11-19', ['Thursday, Nov 26, 2026, was Thanksgiving (US)']],
    [
      'the weekends of a range',
      '2026-11-18/2026-11-21',
      '2026-11-15/2026-11-18',
      ['0 weekend days against 1'],
    ],
    ['no holiday that both have', '2026-12-25', '2025-12-25', ['a Friday against a Thursday']],
  ])('%s', (_name, present, past, notes) => {
    expect(unlikeness(read(present), read(past), nowAt).notes).toEqual(notes);
  });

  it('a period is as long as it has come', () => {
    const running = parsePeriod('this month', { nowAt: NOW, tz });
    expect(unlikeness(running, previousPeriod(running, NOW), NOW)).toEqual({ days: null, notes: [] });
  });
});
