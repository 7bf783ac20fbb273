import { describe, expect, test } from 'vitest';
import { BillingConventions } from '../../../../src/domain/billing/conventions.ts';
import { planLateUsage, type UsagePeriod } from '../../../../src/domain/billing/metering/late-usage.ts';

const DAY = 86_400_000;
const october = { startAt: Date.UTC(2026, 9, 1), endAt: Date.UTC(2026, 10, 1) };
const november = { startAt: Date.UTC(2026, 10, 1), endAt: Date.UTC(2026, 11, 1) };
const closed = { ...october, closedAt: Date.UTC(2026, 10, 2) };
const open = { ...november, closedAt: null };
const receivedAt = Date.UTC(2026, 10, 10);

function plan(day: string, closedPeriod?: string, periods: UsagePeriod[] = [open, closed]) {
  const conventions = BillingConventions.parse({ lateUsage: { closedPeriod } });
  return planLateUsage({ at: Date.parse(day), receivedAt, periods }, conventions);
}

describe('late usage', () => {
  test('of an open period: the period is rated again', () => {
    expect(plan('2026-11-03')).toEqual({ action: 'rate_open_period', period: november });
    expect(plan('2026-10-20', undefined, [{ ...closed, closedAt: null }])).toMatchObject({ period: october });
  });

  test('of a closed period: a line of the next invoice, for the original or the current period', () => {
    const line = { action: 'bill_difference', rerate: october, billWith: november };
    expect(plan('2026-10-20')).toEqual({ ...line, linePeriod: october });
    expect(plan('2026-10-20', 'next_invoice_current_period')).toEqual({ ...line, linePeriod: november });
  });

  test.each<[string, string, string | undefined, UsagePeriod[] | undefined, string]>([
    ['a closed period, where that is final', '2026-10-20', 'refuse', undefined, 'period_closed'],
    ['an age beyond the limit', '2026-10-05', undefined, undefined, 'too_old'],
    ['a time to come', '2026-11-11', undefined, undefined, 'future'],
    ['a time without a subscription', '2026-10-20', undefined, [open], 'no_period'],
    ['a last, closed period', '2026-10-20', undefined, [closed], 'no_open_period'],
  ])('is refused: %s', (_, day, closedPeriod, periods, reason) => {
    expect(plan(day, closedPeriod, periods)).toMatchObject({ action: 'refuse', reason });
  });

  test('exactly as old as the limit is accepted, a moment older is not', () => {
    const conventions = BillingConventions.parse({ lateUsage: { acceptedDays: 3 } });
    const at = receivedAt - 3 * DAY;
    const reach = (event: number) =>
      planLateUsage({ at: event, receivedAt, periods: [open] }, conventions).action;
    expect([reach(at), reach(at - 1)]).toEqual(['rate_open_period', 'refuse']);
  });

  test('the end of a period belongs to the next', () => {
    expect(plan('2026-11-01')).toMatchObject({ period: november });
  });
});
