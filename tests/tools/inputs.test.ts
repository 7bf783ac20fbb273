import { describe, expect, it } from 'vitest';
import { withFixedPeriods } from '../../src/tools/inputs.ts';

const at = { nowAt: Date.parse('2026-11-22T22:30:00Z'), tz: 'America/Los_Angeles' };

describe('words for a period', () => {
  it('become its instants, so that the same question can be asked again', () => {
    expect(withFixedPeriods({ period: 'last month', compare: 'Sep 2026' }, at)).toEqual({
      period: '2026-10-01T07:00:00.000Z/2026-11-01T07:00:00.000Z',
      compare: '2026-09-01T07:00:00.000Z/2026-10-01T07:00:00.000Z',
    });
  });

  it.each(['previous', 'last_year', 'last year', 'same_point last quarter', 'same point last week'])(
    '%s stays relative to the period it is compared with',
    (compare) => {
      expect(withFixedPeriods({ compare }, at)).toEqual({ compare });
    },
  );
});
