import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median } from '../../../src/domain/anomalies/robust.ts';
import { judgeNotable, sameWeekdays } from '../../../src/domain/briefing/notable.ts';

const usual = [1000, 1040, 980, 1010, 990, 1020, 1005, 995];

describe('what stands out', () => {
  it('is a planted spike, and the median of the same weekdays is what it is held against', () => {
    expect(judgeNotable('count', 2600, usual)).toMatchObject({ kind: 'spike', usual: 1002.5 });
  });
  it('is a planted drop', () => {
    expect(judgeNotable('count', 300, usual)?.kind).toBe('drop');
  });
  it.each([
    ['an ordinary day', 'count', 1030, usual],
    ['a flat series that stays flat', 'ratio', 1, Array(8).fill(1)],
    ['a flat series that moves by a hair', 'count', 102, Array(8).fill(100)],
    ['two signups instead of none', 'count', 2, Array(8).fill(0)],
    ['a day without a value', 'count', null, usual],
    ['too few days to know what is usual', 'count', 9000, [1000, 1000, 1000]],
    ['one wild day among the eight', 'count', 1010, [...usual.slice(1), 90_000]],
  ] as const)('is not %s', (_, unit, value, weekdays) => {
    expect(judgeNotable(unit, value, weekdays)).toBeNull();
  });
  it('does not depend on the order of the days', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 4, maxLength: 9 }),
        fc.nat(2e6),
        (days, value) => {
          const turned = judgeNotable('count', value, [...days].reverse());
          expect(judgeNotable('count', value, days)).toEqual(turned);
        },
      ),
    );
  });
});

describe('the same weekdays', () => {
  it('are every seventh day before the day, newest first', () => {
    const days = Array.from({ length: 56 }, (_, index) => index);
    expect(sameWeekdays(days)).toEqual([49, 42, 35, 28, 21, 14, 7, 0]);
  });
  it.each([
    [[], 0],
    [[3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('have a median: of %j it is %d', (values, expected) => expect(median(values)).toBe(expected));
});
