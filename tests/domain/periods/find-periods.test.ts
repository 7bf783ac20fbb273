import { describe, expect, it } from 'vitest';
import { findPeriods } from '../../../src/domain/periods/find-periods.ts';
import { parsePeriod } from '../../../src/domain/periods/parse-period.ts';
import { UserError } from '../../../src/lib/errors.ts';

/** Sunday, Nov 22, 2026, 14:30 in Los Angeles. */
const nowAt = Date.parse('2026-11-22T22:30:00Z');
const tz = 'America/Los_Angeles';
const labels = (text: string) => findPeriods(text, { nowAt, tz }).map((found) => found.period?.label ?? null);

describe('a period in words', () => {
  it.each([
    ['today', 'Nov 22, 2026'],
    ['yesterday', 'Nov 21, 2026'],
    ['the day before yesterday', 'Nov 20, 2026'],
    ['tomorrow', 'Nov 23, 2026'],
    ['this week', 'Nov 16 - 22, 2026'],
    ['last week', 'Nov 9 - 15, 2026'],
    ['next week', 'Nov 23 - 29, 2026'],
    ['this month', 'Nov 1 - 30, 2026'],
    ['last month', 'Oct 1 - 31, 2026'],
    ['next month', 'Dec 1 - 31, 2026'],
    ['this quarter', 'Oct 1 - Dec 31, 2026'],
    ['last quarter', 'Jul 1 - Sep 30, 2026'],
    ['last year', 'Jan 1 - Dec 31, 2025'],
    ['last 7 days', 'Nov 16 - 22, 2026'],
    ['past 7 days', 'Nov 16 - 22, 2026'],
    ['last two weeks', 'Nov 2 - 15, 2026'],
    ['last 3 months', 'Aug 1 - Oct 31, 2026'],
    ['last couple of months', 'Sep 1 - Oct 31, 2026'],
    ['next 2 months', 'Dec 1, 2026 - Jan 31, 2027'],
    ['last 24 hours', 'Nov 21, 2026, 14:30 PST - Nov 22, 2026, 14:30 PST'],
    ['MTD', 'Nov 1 - 22, 2026, until 14:30 PST'],
    ['QTD', 'Oct 1 - Nov 22, 2026, until 14:30 PST'],
    ['YTD', 'Jan 1 - Nov 22, 2026, until 14:30 PST'],
    ['this month so far', 'Nov 1 - 22, 2026, until 14:30 PST'],
    ['year to date', 'Jan 1 - Nov 22, 2026, until 14:30 PST'],
    ['October', 'Oct 1 - 31, 2026'],
    ['Oct 2025', 'Oct 1 - 31, 2025'],
    ['October last year', 'Oct 1 - 31, 2025'],
    ['in September', 'Sep 1 - 30, 2026'],
    ['December', 'Dec 1 - 31, 2025'],
    ['in May', 'May 1 - 31, 2026'],
    ['Q3', 'Jul 1 - Sep 30, 2026'],
    ['Q4', 'Oct 1 - Dec 31, 2026'],
    ['Q3 2025', 'Jul 1 - Sep 30, 2025'],
    ['first quarter of 2026', 'Jan 1 - Mar 31, 2026'],
    ['H1 2026', 'Jan 1 - Jun 30, 2026'],
    ['2025', 'Jan 1 - Dec 31, 2025'],
    ['Oct 3', 'Oct 3, 2026'],
    ['Dec 24', 'Dec 24, 2025'],
    ['Oct 3rd, 2026', 'Oct 3, 2026'],
    ['3 October 2026', 'Oct 3, 2026'],
    ['the 3rd of October', 'Oct 3, 2026'],
    ['29 Feb', 'Feb 29, 2024'],
    ['2026-10-03', 'Oct 3, 2026'],
    ['2026-10', 'Oct 1 - 31, 2026'],
    ['2026-10-01/2026-11-01', 'Oct 1 - 31, 2026'],
    ['2026-10/2026-11', 'Oct 1 - 31, 2026'],
    ['2026-10-01T07:00:00Z/2026-11-01T07:00:00.000Z', 'Oct 1 - 31, 2026'],
    ['between Oct 3 and Oct 10', 'Oct 3 - 10, 2026'],
    ['Oct 3 - 10', 'Oct 3 - 10, 2026'],
    ['from Oct to Dec 2025', 'Oct 1 - Dec 31, 2025'],
    ['from Nov to Feb', 'Nov 1, 2025 - Feb 28, 2026'],
    ['from last week to today', 'Nov 9 - 22, 2026'],
    ['from yesterday until now', 'Nov 21 - 22, 2026, until 14:30 PST'],
    ['between 2026-10-01 and 2026-10-15', 'Oct 1 - 15, 2026'],
    ['since October', 'Oct 1 - Nov 22, 2026'],
    ['until Oct 3', 'until Oct 3, 2026'],
    ['3 days ago', 'Nov 19, 2026'],
    ['two months ago', 'Sep 1 - 30, 2026'],
    ['a week ago', 'Nov 9 - 15, 2026'],
    ['last monday', 'Nov 16, 2026'],
    ['on Sunday', 'Nov 15, 2026'],
    ['the month before last', 'Sep 1 - 30, 2026'],
    ['the month before', 'Oct 1 - 31, 2026'],
    ['month 10', 'Oct 1 - 31, 2026'],
  ])('%s is %s', (text, label) => {
    expect(labels(text)).toEqual([label]);
  });

  it.each([
    ['lst month', 'Oct 1 - 31, 2026'],
    ['last mnth', 'Oct 1 - 31, 2026'],
    ['yesteday', 'Nov 21, 2026'],
    ['Setpember', 'Sep 1 - 30, 2026'],
    ['prev quater', 'Jul 1 - Sep 30, 2026'],
    ['tihs wek', 'Nov 16 - 22, 2026'],
  ])('%s is forgiven', (text, label) => {
    expect(labels(text)).toEqual([label]);
  });

  it.each([
    'list lost deals',
    'what may we march for',
    'invoice 2025',
    'refund $2000 to Acme',
    'show the least active',
    'how is MRR by month',
    'the second one',
    '',
    '😀 (((',
  ])('%j names none', (text) => {
    expect(labels(text)).toEqual([]);
  });

  it('counts "the month before" from the period named before it', () => {
    expect(labels('revenue last month vs the month before')).toEqual([
      'Oct 1 - 31, 2026',
      'Sep 1 - 30, 2026',
    ]);
    const relativeTo = parsePeriod('March 2026', { nowAt, tz });
    const found = findPeriods('and the month before that?', { nowAt, tz, relativeTo });
    expect(found.map(({ period, text }) => [period?.label, text])).toEqual([
      ['Feb 1 - 28, 2026', 'month before that'],
    ]);
  });

  it('says where each stands', () => {
    const text = 'MRR in Q3, please';
    const [found] = findPeriods(text, { nowAt, tz });
    expect(found && text.slice(found.start, found.end)).toBe('Q3');
  });
});

describe('nonsense', () => {
  it.each([
    ['Q5', 'Q4'],
    ['Feb 30', 'this'],
    ['13th month', 'this month'],
    ['month 13', 'this month'],
    ['2026-13', 'this month'],
    ['2026-02-30', 'this month'],
    ['from Oct 10 to Oct 3', 'this month'],
    ['2026-11-01/2026-10-01', 'this month'],
    ['2026-10-01T00:00:00Z', 'this month'],
    ['Oct 3 - 40', 'last month'],
    ['last 0 days', 'last'],
    ['5000 days ago', 'last'],
    ['H3', 'this'],
    ['blah', 'last'],
    ['last month and today', 'last month'],
    ['last month or so', 'last month'],
  ])('%s is refused with something that would work', (text, suggestion) => {
    expect(() => parsePeriod(text, { nowAt, tz })).toThrow(UserError);
    try {
      parsePeriod(text, { nowAt, tz });
    } catch (error) {
      expect(error instanceof UserError && error.code).toBe('invalid_input');
      expect(error instanceof UserError && `${error.hint}`).toContain(suggestion);
    }
  });

  it('a mention that does not exist stays a mention, without a period', () => {
    expect(labels('revenue in Q5')).toEqual([null]);
  });

  it('an unknown zone is refused by name', () => {
    expect(() => findPeriods('today', { nowAt, tz: 'Mars/Olympus' })).toThrow('Mars/Olympus');
  });
});
