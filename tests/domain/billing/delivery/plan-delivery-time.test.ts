import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zoneOfCountry } from '../../../../src/domain/billing/delivery/country-zones.ts';
import {
  type DeliveryWish,
  isBusinessDay,
  planDeliveryTime,
} from '../../../../src/domain/billing/delivery/plan-delivery-time.ts';
import { dateAt } from '../../../../src/domain/periods/calendar.ts';

const berlin: DeliveryWish = { at: null, tz: 'Europe/Berlin', country: 'DE' };
const newYork: DeliveryWish = { at: null, tz: 'America/New_York', country: 'US' };

describe('when an invoice goes out', () => {
  it.each<[string, DeliveryWish, string, string]>([
    ['at once in business hours', berlin, '2026-11-24T10:00:00+01:00', '2026-11-24T10:00:00+01:00'],
    ['at nine when it is early', berlin, '2026-11-24T04:00:00+01:00', '2026-11-24T09:00:00+01:00'],
    ['the next morning when it is late', berlin, '2026-11-24T17:00:00+01:00', '2026-11-25T09:00:00+01:00'],
    ['on Monday after a weekend', berlin, '2026-11-21T12:00:00+01:00', '2026-11-23T09:00:00+01:00'],
    [
      'not on Thanksgiving nor the day after',
      newYork,
      '2026-11-26T10:00:00-05:00',
      '2026-11-30T09:00:00-05:00',
    ],
    ['on Thanksgiving elsewhere', berlin, '2026-11-26T10:00:00+01:00', '2026-11-26T10:00:00+01:00'],
    [
      'not between Christmas days in Europe',
      berlin,
      '2026-12-25T10:00:00+01:00',
      '2026-12-28T09:00:00+01:00',
    ],
    [
      'at the time that was chosen',
      { ...berlin, at: '14:30' },
      '2026-11-24T10:00:00+01:00',
      '2026-11-24T14:30:00+01:00',
    ],
    [
      'at the time that was chosen, the next day when it is over',
      { ...berlin, at: '08:00' },
      '2026-11-24T10:00:00+01:00',
      '2026-11-25T08:00:00+01:00',
    ],
    [
      'on a Sunday where the week begins then',
      { at: null, tz: 'Asia/Jerusalem', country: 'IL' },
      '2026-11-20T10:00:00+02:00',
      '2026-11-22T09:00:00+02:00',
    ],
    [
      'at nine by the clock after it was set back',
      newYork,
      '2026-10-31T12:00:00-04:00',
      '2026-11-02T09:00:00-05:00',
    ],
  ])('%s', (_name, wish, now, then) => {
    expect(new Date(planDeliveryTime(wish, Date.parse(now))).toISOString()).toBe(
      new Date(then).toISOString(),
    );
  });

  it('is never before now, never on a day off, and within a fortnight', () => {
    const wishes = fc.record({
      at: fc.option(fc.constantFrom('00:00', '02:30', '09:30', '23:59'), { nil: null }),
      where: fc.constantFrom('US', 'DE', 'JP', 'IL', 'AU', 'GB'),
    });
    const nows = fc.integer({ min: Date.parse('2025-01-01'), max: Date.parse('2029-01-01') });
    fc.assert(
      fc.property(wishes, nows, ({ at, where }, nowAt) => {
        const tz = zoneOfCountry(where, 'UTC');
        const dueAt = planDeliveryTime({ at, tz, country: where }, nowAt);
        expect(dueAt).toBeGreaterThanOrEqual(nowAt);
        expect(dueAt - nowAt).toBeLessThan(14 * 86_400_000);
        expect(isBusinessDay(dateAt(dueAt, tz), where)).toBe(true);
        // Asked again at that instant, it stays there.
        expect(planDeliveryTime({ at, tz, country: where }, dueAt)).toBe(dueAt);
      }),
      { numRuns: 150 },
    );
  });
});
