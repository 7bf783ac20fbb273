import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignToDay,
  anchorAt,
  anchorDate,
  anchorIndexAt,
  anchorMonth,
  type BillingInterval,
  billCycleDay,
} from '../../../src/domain/billing/cycles/anchor.ts';
import {
  cancel,
  cycleAt,
  extendByTrial,
  moveAnchor,
  planCycles,
  type SubscriptionTerms,
  subscriptionTerms,
} from '../../../src/domain/billing/cycles/plan-cycles.ts';
import { dateAt, makeDate } from '../../../src/domain/periods/calendar.ts';
import { at, DAY_MS, HOUR_MS, ZONES } from './given.ts';

const MONTHLY: BillingInterval = { unit: 'month', count: 1 };

function datesOf(day: string, interval: BillingInterval, count: number, tz = 'UTC'): string[] {
  return Array.from({ length: count }, (_, index) =>
    anchorDate({ at: at(day), tz, day: null }, interval, index).toString(),
  );
}

describe('a billing anchor', () => {
  it.each([
    [
      'the 31st through a common year',
      '2026-01-31',
      MONTHLY,
      ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30'],
    ],
    ['the 31st through a leap year', '2028-01-31', MONTHLY, ['2028-01-31', '2028-02-29', '2028-03-31']],
    ['the 29th', '2026-01-29', MONTHLY, ['2026-01-29', '2026-02-28', '2026-03-29']],
    [
      'Feb 29 by the year',
      '2024-02-29',
      { unit: 'year', count: 1 },
      ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'],
    ],
    [
      'a quarter from Nov 30',
      '2025-11-30',
      { unit: 'quarter', count: 1 },
      ['2025-11-30', '2026-02-28', '2026-05-30'],
    ],
    ['two weeks', '2026-02-20', { unit: 'week', count: 2 }, ['2026-02-20', '2026-03-06', '2026-03-20']],
    ['ten days', '2026-02-20', { unit: 'day', count: 10 }, ['2026-02-20', '2026-03-02', '2026-03-12']],
  ] as const)('keeps its day: %s', (_name, day, interval, dates) => {
    expect(datesOf(day, interval, dates.length)).toEqual(dates);
  });

  it('remembers a 31st that begins in a shorter month', () => {
    const anchor = { at: at('2026-02-28'), tz: 'UTC', day: 31 };
    expect([0, 1, 2].map((index) => anchorDate(anchor, MONTHLY, index).day)).toEqual([28, 31, 30]);
  });

  it('keeps the time on the customer clock over a clock change', () => {
    const anchor = { at: Date.parse('2026-03-01T09:00:00-08:00'), tz: 'America/Los_Angeles', day: null };
    expect(anchorAt(anchor, MONTHLY, 1)).toBe(Date.parse('2026-04-01T09:00:00-07:00'));
  });

  it('moves a time that a clock change skips to one that exists', () => {
    const anchor = { at: Date.parse('2026-03-07T02:30:00-08:00'), tz: 'America/Los_Angeles', day: null };
    expect(anchorAt(anchor, { unit: 'day', count: 1 }, 1)).toBe(Date.parse('2026-03-08T03:30:00-07:00'));
  });

  it('takes the day of the first charge from the account clock', () => {
    const first = Date.parse('2026-07-17T03:00:00Z');
    expect(billCycleDay(first, 'UTC')).toBe(17);
    expect(billCycleDay(first, 'America/Los_Angeles')).toBe(16);
  });

  it.each([
    ['2022-07-19', 17, 'next', '2022-08-17'],
    ['2022-07-19', 17, 'proposed', '2022-07-17'],
    ['2022-07-10', 17, 'next', '2022-07-17'],
    ['2026-02-10', 31, 'next', '2026-02-28'],
    ['2026-12-20', 5, 'next', '2027-01-05'],
  ] as const)('%s aligned to the %s (%s) is %s', (day, cycleDay, way, expected) => {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
    const proposed = makeDate(year, month, date);
    expect(proposed && alignToDay(proposed, cycleDay, way).toString()).toBe(expected);
  });

  it.each([
    [2, 2, 31, 8],
    [2, 2, 30, 4],
    [1, 3, 31, 1],
    [4, 3, 31, 7],
    [2, 12, 31, null],
  ] as const)(
    'from month %s every %s months on the %s is remembered in month %s',
    (month, every, day, expected) => {
      expect(anchorMonth(month, every, day)).toBe(expected);
    },
  );

  it('is found for any instant in any zone: the last date not after it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: at('2024-01-01'), max: at('2028-12-31') }),
        fc.integer({ min: at('2023-01-01'), max: at('2030-12-31') }),
        fc.constantFrom(...ZONES),
        fc.constantFrom('day', 'week', 'month', 'quarter', 'year'),
        fc.integer({ min: 1, max: 5 }),
        (anchored, wanted, tz, unit, count) => {
          const anchor = { at: anchored, tz, day: null };
          const index = anchorIndexAt(anchor, { unit, count }, wanted);
          expect(anchorAt(anchor, { unit, count }, index)).toBeLessThanOrEqual(wanted);
          expect(anchorAt(anchor, { unit, count }, index + 1)).toBeGreaterThan(wanted);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the cycles of a subscription', () => {
  const january: SubscriptionTerms = subscriptionTerms({
    interval: MONTHLY,
    startAt: at('2026-01-31'),
    tz: 'UTC',
  });
  const year = { startAt: at('2026-01-01'), endAt: at('2027-01-01') };
  const starts = (terms: SubscriptionTerms, until = year) =>
    planCycles(terms, until).map(
      ({ period, trial }) => `${dateAt(period.startAt, 'UTC')}${trial ? ' trial' : ''}`,
    );

  it('begin on the anchor', () => {
    expect(starts(january).slice(0, 3)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31']);
  });

  it('begin with a part when the anchor lies ahead', () => {
    const anchor = { at: at('2026-03-01'), tz: 'UTC', day: null };
    const terms = subscriptionTerms({ interval: MONTHLY, startAt: at('2026-02-14'), tz: 'UTC', anchor });
    expect(planCycles(terms, year)[0]).toEqual({
      period: { startAt: at('2026-02-14'), endAt: at('2026-03-01') },
      whole: { startAt: at('2026-02-01'), endAt: at('2026-03-01') },
      trial: false,
    });
  });

  it('are anchored at the end of a trial, which is one cycle', () => {
    const terms = subscriptionTerms({
      interval: MONTHLY,
      startAt: at('2026-01-10'),
      tz: 'UTC',
      trialEndAt: at('2026-01-24'),
    });
    expect(starts(terms).slice(0, 3)).toEqual(['2026-01-10 trial', '2026-01-24', '2026-02-24']);
  });

  it('move with a trial set in the middle of a paid period', () => {
    const terms = subscriptionTerms({ interval: MONTHLY, startAt: at('2026-06-23'), tz: 'UTC' });
    const moved = extendByTrial(terms, at('2026-07-15'), at('2026-08-01'));
    expect(starts(moved).slice(0, 4)).toEqual(['2026-06-23', '2026-07-15 trial', '2026-08-01', '2026-09-01']);
  });

  it('begin anew on a moved anchor, and the one that ran is cut there', () => {
    const moved = moveAnchor(january, at('2026-03-10'), { at: at('2026-03-10'), tz: 'UTC', day: null });
    const cycles = planCycles(moved, year);
    expect(cycles[1]).toMatchObject({
      period: { startAt: at('2026-02-28'), endAt: at('2026-03-10') },
      whole: { startAt: at('2026-02-28'), endAt: at('2026-03-31') },
    });
    expect(cycles[2]?.period).toEqual({ startAt: at('2026-03-10'), endAt: at('2026-04-10') });
  });

  it('end at once, or with the period, when it is cancelled', () => {
    expect(cancel(january, at('2026-03-10'), 'at_once').endAt).toBe(at('2026-03-10'));
    expect(cancel(january, at('2026-03-10'), 'period_end').endAt).toBe(at('2026-03-31'));
    expect(starts(cancel(january, at('2026-03-10'), 'period_end'))).toEqual(['2026-01-31', '2026-02-28']);
    expect(cycleAt(cancel(january, at('2026-03-10'), 'at_once'), at('2026-03-20'))).toBeNull();
  });

  it('have 23 and 25 hour days in them', () => {
    const daily = subscriptionTerms({
      interval: { unit: 'day', count: 1 },
      startAt: Date.parse('2026-03-07T00:00:00-08:00'),
      tz: 'America/Los_Angeles',
    });
    const hours = planCycles(daily, { startAt: daily.startAt, endAt: daily.startAt + 3 * DAY_MS }).map(
      ({ period }) => (period.endAt - period.startAt) / HOUR_MS,
    );
    expect(hours.slice(0, 3)).toEqual([24, 23, 24]);
  });

  it('follow each other without gap or overlap through trials, moves and an end', () => {
    const moment = fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') });
    fc.assert(
      fc.property(
        moment,
        fc.array(moment, { maxLength: 3 }),
        fc.option(moment),
        fc.constantFrom(...ZONES),
        fc.constantFrom('week', 'month', 'quarter'),
        (startAt, moves, endAt, tz, unit) => {
          let terms = subscriptionTerms({ interval: { unit, count: 1 }, startAt, tz });
          for (const move of moves.filter((one) => one > startAt)) {
            terms = moveAnchor(terms, move, { at: move, tz, day: null });
          }
          if (endAt !== null && endAt > startAt) terms = cancel(terms, endAt, 'at_once');
          const until = at('2028-06-01');
          const cycles = planCycles(terms, { startAt, endAt: until });
          expect(cycles[0]?.period.startAt).toBe(startAt);
          for (const [index, cycle] of cycles.entries()) {
            expect(cycle.period.startAt).toBeGreaterThanOrEqual(cycle.whole.startAt);
            expect(cycle.period.endAt).toBeLessThanOrEqual(cycle.whole.endAt);
            const next = cycles[index + 1];
            if (next) expect(next.period.startAt).toBe(cycle.period.endAt);
          }
          const last = cycles.at(-1)?.period.endAt ?? 0;
          if (terms.endAt !== null) expect(last).toBe(terms.endAt);
          else expect(last).toBeGreaterThanOrEqual(until);
        },
      ),
      { numRuns: 60 },
    );
  });
});
