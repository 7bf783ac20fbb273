import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, dayNumber, dayStart, HOUR } from '../../../sandbox/world/calendar.ts';
import { applyCompanyEvent } from '../../../sandbox/world/company-events.ts';
import { cancelSubscription } from '../../../sandbox/world/operations.ts';
import type { World } from '../../../sandbox/world/records.ts';
import { named } from '../../../sandbox/world/stories.ts';
import { createWorld } from '../../../sandbox/world/world.ts';
import { NOW, smallWorld } from './given.ts';

interface Counts {
  calls: number;
  errors4xx: number;
  errors5xx: number;
}

function sums(rows: readonly Counts[]): Counts {
  const sum = { calls: 0, errors4xx: 0, errors5xx: 0 };
  for (const row of rows) {
    sum.calls += row.calls;
    sum.errors4xx += row.errors4xx;
    sum.errors5xx += row.errors5xx;
  }
  return sum;
}

function ofDay(world: World, day: number) {
  const window = { fromAt: dayStart(day), toAt: dayStart(day + 1) };
  return { daily: sums(world.usage(window)), hourly: sums(world.performance(window)) };
}

describe('usage', () => {
  const world = smallWorld();

  it('adds up: the hours of any company day are the customers’ rows of that day', () => {
    const today = dayNumber(NOW);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 729 }), (ago) => {
        const { daily, hourly } = ofDay(world, today - ago);
        expect(hourly).toEqual(daily);
      }),
      { numRuns: 120 },
    );
  });

  it('adds up on the days the clocks change and on the day that is not over', () => {
    for (const text of ['2026-03-08', '2026-11-01', '2025-11-02', '2026-11-20']) {
      const { daily, hourly } = ofDay(world, Date.parse(text) / DAY);
      expect(hourly, text).toEqual(daily);
      expect(daily.calls, text).toBeGreaterThan(0);
    }
  });

  it('keeps errors within calls and latencies adding up to them', () => {
    for (const row of world.usage({ fromAt: NOW - 60 * DAY, toAt: NOW })) {
      expect(row.errors4xx + row.errors5xx).toBeLessThanOrEqual(row.calls);
    }
    for (const row of world.performance({ fromAt: NOW - 20 * DAY, toAt: NOW })) {
      expect(row.latencyCounts.reduce((sum, calls) => sum + calls, 0)).toBe(row.calls);
      expect(Math.min(...row.latencyCounts)).toBeGreaterThanOrEqual(0);
    }
  });

  it('of past days stays as it was while today’s grows by the hour', () => {
    const moving = smallWorld();
    const past = { fromAt: NOW - 30 * DAY, toAt: dayStart(dayNumber(NOW)) };
    const before = { usage: moving.usage(past), hours: moving.performance(past) };
    const today = () => ofDay(moving, dayNumber(NOW)).daily.calls;
    const first = today();
    moving.advanceTo(NOW + 3 * HOUR);
    expect(today()).toBeGreaterThan(first);
    moving.advanceTo(NOW + 9 * DAY);
    expect({ usage: moving.usage(past), hours: moving.performance(past) }).toEqual(before);
    const { daily, hourly } = ofDay(moving, dayNumber(NOW));
    expect(hourly).toEqual(daily);
  });

  it('of one customer is what the whole list says of it', () => {
    const { id } = named(world, 'Meridian Biologics');
    const window = { fromAt: NOW - 9 * DAY, toAt: NOW };
    const rows = world.usage(window).filter(({ customerId }) => customerId === id);
    expect(rows.length).toBeGreaterThan(20);
    expect(world.usage({ ...window, customerId: id })).toEqual(rows);
  });

  it('of the large account slides for weeks', () => {
    const { id } = named(world, 'Vantage Freight');
    const week = (ago: number) =>
      sums(world.usage({ fromAt: NOW - (ago + 7) * DAY, toAt: NOW - ago * DAY, customerId: id })).calls;
    expect(week(1)).toBeLessThan(week(22) * 0.7);
    expect(week(22)).toBeLessThan(week(52) * 0.85);
  });

  it('counts calls made on purpose at once, in the row and in the hour', () => {
    const changed = smallWorld();
    const { id } = named(changed, 'Cassia Dental');
    applyCompanyEvent(changed, { type: 'usage', customer: id, calls: 777 });
    expect(changed.usage({ fromAt: NOW - DAY, toAt: NOW, customerId: id })).toMatchObject([
      { calls: 777, updatedAt: NOW },
    ]);
    const { daily, hourly } = ofDay(changed, dayNumber(NOW));
    expect(hourly).toEqual(daily);
    changed.advanceTo(NOW + 2 * DAY);
    const later = ofDay(changed, dayNumber(NOW));
    expect(later.hourly).toEqual(later.daily);
  });

  it('falls by the given share from the next day on', () => {
    const [as, dropped] = [smallWorld(), smallWorld()];
    const { id } = named(as, 'Acme Robotics');
    applyCompanyEvent(dropped, { type: 'usage_drop', customer: id, percent: 50, days: 3 });
    for (const world of [as, dropped]) world.advanceTo(NOW + 10 * DAY);
    const ofDays = (world: World, from: number, to: number) => {
      const day = dayNumber(NOW);
      return sums(world.usage({ fromAt: dayStart(day + from), toAt: dayStart(day + to), customerId: id }))
        .calls;
    };
    expect(ofDays(dropped, -5, 1)).toBe(ofDays(as, -5, 1));
    expect(ofDays(dropped, 1, 4) / ofDays(as, 1, 4)).toBeCloseTo(0.5, 2);
    expect(ofDays(dropped, 4, 8)).toBe(ofDays(as, 4, 8));
  });

  it('stops with the last subscription, and what was called stays', () => {
    const ending = smallWorld();
    const { id } = named(ending, 'Acme Robotics');
    const calls = () =>
      sums(ending.usage({ fromAt: NOW - 5 * DAY, toAt: NOW + 9 * DAY, customerId: id })).calls;
    const before = calls();
    for (const { id: subscription } of ending.of('subscriptions', id))
      cancelSubscription(ending, subscription);
    ending.advanceTo(NOW + 4 * DAY);
    expect(calls()).toBe(before);
    const { daily, hourly } = ofDay(ending, dayNumber(NOW));
    expect(hourly).toEqual(daily);
  });

  it('is read by the ten thousands, not by the millions, at scale 1', () => {
    const whole = createWorld({ seed: 7, now: NOW, scale: 1 });
    const rows = whole.usage({ fromAt: 0, toAt: NOW + 1 });
    expect(rows.length).toBeGreaterThan(50_000);
    expect(rows.length).toBeLessThan(110_000);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });
});
