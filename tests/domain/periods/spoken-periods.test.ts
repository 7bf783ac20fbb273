import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPeriods } from '../../../src/domain/periods/find-periods.ts';
import { parsePeriod } from '../../../src/domain/periods/parse-period.ts';
import { UserError } from '../../../src/lib/errors.ts';

/** Sunday, Nov 22, 2026, 14:30 in Los Angeles. */
const nowAt = Date.parse('2026-11-22T22:30:00Z');
const tz = 'America/Los_Angeles';
const outageAt = Date.parse('2026-11-17T17:12:00Z');
const anchors = [{ words: ['outage', 'incident'], at: outageAt }];
const labels = (text: string, over: object = {}) =>
  findPeriods(text, { nowAt, tz, anchors, ...over }).map((found) => found.period?.label ?? null);

describe('a period as people say it', () => {
  it.each([
    ['api calls l7d', 'Nov 16 - 22, 2026'],
    ['L30D', 'Oct 24 - Nov 22, 2026'],
    ['revenue l3m', 'Aug 1 - Oct 31, 2026'],
    ['last 90d', 'Aug 25 - Nov 22, 2026'],
    ['past 24h', 'Nov 21, 2026, 14:30 PST - Nov 22, 2026, 14:30 PST'],
    ['past hour', 'Nov 22, 2026, 13:30 PST - Nov 22, 2026, 14:30 PST'],
    ['calls 7d', 'Nov 16 - 22, 2026'],
    ['last wk', 'Nov 9 - 15, 2026'],
    ['this wk', 'Nov 16 - 22, 2026'],
    ['prior month', 'Oct 1 - 31, 2026'],
    ['trailing twelve months', 'Nov 1, 2025 - Oct 31, 2026'],
    ['revenue ttm', 'Nov 1, 2025 - Oct 31, 2026'],
    ['rolling 30 days', 'Oct 24 - Nov 22, 2026'],
    ['ytd last year', 'Jan 1 - Nov 22, 2025, until 14:30 PST'],
    ['mtd last month', 'Oct 1 - 22, 2026, until 14:30 PDT'],
    ['eom', 'Nov 30, 2026'],
    ['at eoq', 'Dec 31, 2026'],
    ['by eoy', 'Dec 31, 2026'],
    ['eom October', 'Oct 31, 2026'],
    ['end of the quarter', 'Dec 31, 2026'],
    ['at the end of October', 'Oct 1 - 31, 2026'],
    ['month end', 'Nov 30, 2026'],
    ['since the start of the year', 'Jan 1 - Nov 22, 2026'],
    ['since the beginning of q3', 'Jul 1 - Nov 22, 2026'],
    ['fy25', 'Jan 1 - Dec 31, 2025'],
    ['FY2025', 'Jan 1 - Dec 31, 2025'],
    ["FY'25 Q2", 'Apr 1 - Jun 30, 2025'],
    ['q2 fy25', 'Apr 1 - Jun 30, 2025'],
    ['this fiscal year', 'Jan 1 - Dec 31, 2026'],
    ['last fiscal year', 'Jan 1 - Dec 31, 2025'],
    ['fiscal 2025', 'Jan 1 - Dec 31, 2025'],
    ['fytd', 'Jan 1 - Nov 22, 2026, until 14:30 PST'],
    ['h1 26', 'Jan 1 - Jun 30, 2026'],
    ["h2'25", 'Jul 1 - Dec 31, 2025'],
    ["q3'26", 'Jul 1 - Sep 30, 2026'],
    ['q1 26', 'Jan 1 - Mar 31, 2026'],
    ['2025q4', 'Oct 1 - Dec 31, 2025'],
    ['2025-Q4', 'Oct 1 - Dec 31, 2025'],
    ['revenue on the 15th', 'Nov 15, 2026'],
    ['usage on the 3rd', 'Nov 3, 2026'],
    ['the 25th', 'Oct 25, 2026'],
    ['on the 31st', 'Oct 31, 2026'],
    ['since the 5th', 'Nov 5 - 22, 2026'],
    ['from the 5th until now', 'Nov 5 - 22, 2026, until 14:30 PST'],
    ['between the 3rd and the 10th', 'Nov 3 - 10, 2026'],
    ['since monday', 'Nov 16 - 22, 2026'],
    ['since wed', 'Nov 18 - 22, 2026'],
    ['on fri', 'Nov 20, 2026'],
    ['since the outage', 'Nov 17, 2026, 09:12 PST - Nov 22, 2026, 14:30 PST'],
    ['since last incident', 'Nov 17, 2026, 09:12 PST - Nov 22, 2026, 14:30 PST'],
    ['since 9am', 'Nov 22, 2026, 09:00 PST - Nov 22, 2026, 14:30 PST'],
    ['since 9:30 pm', 'Nov 21, 2026, 21:30 PST - Nov 22, 2026, 14:30 PST'],
    ['since yesterday 17:00', 'Nov 21, 2026, 17:00 PST - Nov 22, 2026, 14:30 PST'],
    ['from 9am to 11am', 'Nov 22, 2026, 09:00 PST - Nov 22, 2026, 11:00 PST'],
    ['oct 3-10', 'Oct 3 - 10, 2026'],
    ['Oct 3 - 10, 2025', 'Oct 3 - 10, 2025'],
    ['3/10 to 10/10', 'Mar 10 - Oct 10, 2026'],
    ['13/10', 'Oct 13, 2026'],
    ['10/13/2025', 'Oct 13, 2025'],
    ['3.10.2026', 'Oct 3, 2026'],
    ['between jan and march', 'Jan 1 - Mar 31, 2026'],
    ['jan-mar', 'Jan 1 - Mar 31, 2026'],
    ['two weeks ago', 'Nov 2 - 8, 2026'],
    ['the week of nov 9', 'Nov 9 - 15, 2026'],
    ['week of the 9th of november', 'Nov 9 - 15, 2026'],
    ['week 45', 'Nov 2 - 8, 2026'],
    ['Black Friday', 'Nov 28, 2025'],
    ['this black friday', 'Nov 27, 2026'],
    ['black friday 2024', 'Nov 29, 2024'],
    ['cyber monday', 'Dec 1, 2025'],
    ['last weekend', 'Nov 14 - 15, 2026'],
    ['over the weekend', 'Nov 21 - 22, 2026'],
    ['last 3 months excluding this one', 'Aug 1 - Oct 31, 2026'],
    ['last 3 months including this one', 'Sep 1 - Nov 30, 2026'],
    ['last 7 days excluding today', 'Nov 15 - 21, 2026'],
    ['last 2 weeks not counting the current week', 'Nov 2 - 15, 2026'],
    ['this morning', 'Nov 22, 2026, until 12:00 PST'],
    ['yesterday afternoon', 'Nov 21, 2026, 12:00 PST - Nov 21, 2026, 18:00 PST'],
    ['overnight', 'Nov 21, 2026, 20:00 PST - Nov 22, 2026, 08:00 PST'],
    ['last night', 'Nov 21, 2026, 20:00 PST - Nov 22, 2026, 08:00 PST'],
    ['all time', 'until Nov 22, 2026'],
    ['same point last quarter', 'Jul 1 - Aug 22, 2026, until 14:30 PDT'],
    ['this time last year', 'Jan 1 - Nov 22, 2025, until 14:30 PST'],
  ])('%s is %s', (text, label) => {
    expect(labels(text)).toEqual([label]);
  });

  it.each<[string, string[]]>([
    ['yesterday vs same day last week', ['Nov 21, 2026', 'Nov 14, 2026']],
    ['last month vs same month last year', ['Oct 1 - 31, 2026', 'Oct 1 - 31, 2025']],
    ['this month vs same period last year', ['Nov 1 - 30, 2026', 'Nov 1 - 22, 2025, until 14:30 PST']],
    ['signed up in q3 and churned since', ['Jul 1 - Sep 30, 2026', 'Jul 1 - Nov 22, 2026']],
    ['the 3rd vs the 5th', ['Nov 3, 2026', 'Nov 5, 2026']],
    ['revenue in q3 vs q2', ['Jul 1 - Sep 30, 2026', 'Apr 1 - Jun 30, 2026']],
  ])('%s names two', (text, expected) => {
    expect(labels(text)).toEqual(expected);
  });

  it.each([
    'the 3rd',
    'the 2nd one',
    'the 3rd biggest customer',
    'overdue by 30d',
    'mrr of $5m',
    'open 24/7',
    'mon ami',
    'invoices older than 45d',
    'p95',
  ])('%j names none', (text) => {
    expect(labels(text)).toEqual([]);
  });

  it('a date of two small numbers is read as people write it where they are, and said to be', () => {
    expect(findPeriods('3/10', { nowAt, tz })[0]).toMatchObject({
      note: '3/10 read month first',
      period: { label: 'Mar 10, 2026' },
    });
    expect(findPeriods('3/10', { nowAt, tz: 'Europe/Berlin' })[0]).toMatchObject({
      note: '3/10 read day first',
      period: { label: 'Oct 3, 2026' },
    });
    expect(findPeriods('13/10', { nowAt, tz })[0]?.note).toBeUndefined();
  });

  it('a fiscal year begins where the company has it, and is named after the year it ends in', () => {
    expect(labels('fy26', { fiscalYearStart: 2 })).toEqual(['Feb 1, 2025 - Jan 31, 2026']);
    expect(labels('this fiscal year', { fiscalYearStart: 2 })).toEqual(['Feb 1, 2026 - Jan 31, 2027']);
    expect(labels('fiscal q1', { fiscalYearStart: 4 })).toEqual(['Apr 1 - Jun 30, 2026']);
    expect(labels('Q1', { fiscalYearStart: 4 })).toEqual(['Jan 1 - Mar 31, 2026']);
    const [found] = findPeriods('fy26', { nowAt, tz, fiscalYearStart: 2 });
    expect(found?.note).toBe('fiscal years begin in February');
  });

  it('what an earlier point is the counterpart of is given with it', () => {
    const [found] = findPeriods('vs same point last quarter', { nowAt, tz });
    expect(found?.against?.label).toBe('Oct 1 - Nov 22, 2026, until 14:30 PST');
  });

  it.each([
    ['since we raised prices', /do not know when that was: "we raised prices"/],
    ['since the new pricing', /do not know when that was/],
    ['since the outage', /no outage to count from/],
    ['FY25 Q5', /There is no/],
    ['32/10', /There is no/],
    ['week 60', /There is no/],
    ['on the 32nd', /There is no/],
  ])('%s is refused in a sentence', (text, message) => {
    const refused = () => parsePeriod(text, { nowAt, tz });
    expect(refused).toThrow(UserError);
    expect(refused).toThrow(message);
  });
});

describe('every period that is read', () => {
  const zone = fc.constantFrom(
    'America/Los_Angeles',
    'Europe/Berlin',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'America/St_Johns',
  );
  const minute = fc
    .integer({ min: Date.parse('2012-06-01') / 60_000, max: Date.parse('2034-01-01') / 60_000 })
    .map((minutes) => minutes * 60_000);
  const phrase = fc.constantFrom(
    ...'l7d|last 90d|ytd|qtd|mtd|wtd|eom|eoq|last wk|fy25|this fiscal year|h1 26|q3|the 15th|since monday|since october|oct 3-10|3/10 to 10/10|between jan and march|from the 5th until now|two weeks ago|the week of nov 9|same point last quarter|this time last year|black friday|last 3 months excluding this one|ttm|overnight|this morning|yesterday afternoon|past 24h|since 9am|on the 31st|last weekend|Dec 28, 2025 to Jan 3, 2026|29 Feb|Oct 2025|ytd last year|until Oct 3, 2025'.split(
      '|',
    ),
  );

  it('is half-open, has a length, and reads its own label as itself', () => {
    fc.assert(
      fc.property(minute, zone, phrase, (at, where, text) => {
        const [found] = findPeriods(text, { nowAt: at, tz: where });
        if (!found?.period) return;
        const { startAt, endAt, label } = found.period;
        expect(endAt).toBeGreaterThan(startAt);
        const again = findPeriods(label, { nowAt: at, tz: where });
        expect(again.map((mention) => mention.period?.label)).toEqual([label]);
        expect([again[0]?.period?.startAt, again[0]?.period?.endAt]).toEqual([startAt, endAt]);
      }),
      { numRuns: 600 },
    );
  });

  it('"on the 31st" is a 31st, whatever month it is', () => {
    fc.assert(
      fc.property(minute, zone, (at, where) => {
        const period = parsePeriod('on the 31st', { nowAt: at, tz: where });
        expect(period.label).toMatch(/ 31, /);
        expect(period.startAt).toBeLessThanOrEqual(at);
      }),
      { numRuns: 100 },
    );
  });
});
