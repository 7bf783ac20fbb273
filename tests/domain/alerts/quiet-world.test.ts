import { describe, expect, it } from 'vitest';
import type { SimulatedWorld } from '../../../sandbox/world/simulated-world.ts';
import { createWorld } from '../../../sandbox/world/world.ts';
import { errorsSpiked, HEALTH_WITHIN_MS } from '../../../src/domain/alerts/error-spike.ts';
import { USAGE_DAYS, type UsageHistory, usageDropped } from '../../../src/domain/alerts/usage-drop.ts';
import { dateAt, startOfDayAt } from '../../../src/domain/periods/calendar.ts';

const TZ = 'America/Los_Angeles';
const NOW = Date.parse('2026-11-22T22:30:00Z');
const DAYS_WATCHED = 21;
/** Slides towards churn in every world, on purpose. */
const SLIDING = 'Vantage Freight';

function worldOf(seed: number): SimulatedWorld {
  return createWorld({ seed, now: NOW, scale: 0.5 });
}

/** What the store would hold: every customer's calls of the company days before today, `daysAgo` days ago. */
function historyOf(world: SimulatedWorld): (daysAgo: number) => UsageHistory {
  const today = dateAt(NOW, TZ);
  const from = startOfDayAt(today.subtract({ days: USAGE_DAYS + DAYS_WATCHED }), TZ);
  const calls = new Map<string, number>();
  for (const row of world.usage({ fromAt: from, toAt: NOW })) {
    const key = `${row.customerId} ${row.bucketStartAt}`;
    calls.set(key, (calls.get(key) ?? 0) + row.calls);
  }
  const outages = world.all('incidents').filter(({ severity }) => severity !== 'minor');
  return (daysAgo) => {
    const start = (ago: number) => startOfDayAt(today.subtract({ days: daysAgo + ago }), TZ);
    const days = Array.from({ length: USAGE_DAYS }, (_, index) => start(USAGE_DAYS - index));
    const endOf = (index: number) => days[index + 1] ?? start(0);
    const troubled = days.flatMap((at, index) =>
      outages.some((one) => one.startedAt < endOf(index) && (one.endedAt ?? NOW) > at) ? [index] : [],
    );
    const customers = world.all('customers').map(({ id, name }) => ({
      id,
      name,
      live: world.of('subscriptions', id).some(({ endedAt }) => endedAt === null || endedAt > start(0)),
      calls: days.map((at) => calls.get(`${id} ${at}`) ?? 0),
    }));
    return { days, troubled: new Set(troubled), customers };
  };
}

describe.each([7, 11, 23])('the quiet company of seed %i', (seed) => {
  const world = worldOf(seed);
  const history = historyOf(world);

  it('raises no false alarm about usage in three weeks, and knows the account that slides', () => {
    const raised = new Map<string, number>();
    let watched = 0;
    for (let daysAgo = DAYS_WATCHED; daysAgo >= 0; daysAgo -= 1) {
      const past = history(daysAgo);
      watched += past.customers.filter(({ live }) => live).length;
      for (const finding of usageDropped(past, TZ)) {
        if (finding.verdict === 'raise')
          raised.set(finding.subject.name, (raised.get(finding.subject.name) ?? 0) + 1);
      }
    }
    expect(watched).toBeGreaterThan(2_500);
    expect(raised.has(SLIDING)).toBe(true);
    expect([...raised.keys()]).toEqual([SLIDING]);
  });

  it('notices a planted drop of 80% on its second day, in customers who call daily', () => {
    const today = history(0);
    const steady = today.customers.filter(
      ({ live, calls }) =>
        live && calls.every((count) => count > 0) && calls.slice(-7).every((n) => n > 2_000),
    );
    expect(steady.length).toBeGreaterThan(5);
    const planted = steady.map((customer) => ({
      ...customer,
      calls: customer.calls.map((count, index) =>
        index >= USAGE_DAYS - 2 ? Math.round(count * 0.2) : count,
      ),
    }));
    const found = usageDropped({ ...today, customers: planted }, TZ).filter(
      ({ verdict }) => verdict === 'raise',
    );
    expect(found).toHaveLength(planted.length);
  });

  it('notices a customer of irregular habits who falls silent for a week', () => {
    const today = history(0);
    const irregular = today.customers.filter(
      ({ live, calls }) =>
        live && calls.slice(0, -7).filter((n) => n > 2_000).length > 36 && calls.slice(0, 40).includes(0),
    );
    const silent = irregular.map((customer) => ({
      ...customer,
      calls: customer.calls.map((count, index) => (index >= USAGE_DAYS - 7 ? 0 : count)),
    }));
    const found = usageDropped({ ...today, troubled: new Set(), customers: silent }, TZ);
    expect(silent.length).toBeGreaterThan(3);
    expect(found.filter(({ verdict }) => verdict === 'raise')).toHaveLength(silent.length);
  });

  it('sees the outage of last week in the hours and nothing else', () => {
    const incidents = world.all('incidents').map(({ id, title, severity, startedAt, endedAt }) => ({
      ...{ id, title, severity, startedAt, endedAt },
    }));
    const hours = world
      .performance({ fromAt: NOW - 2 * HEALTH_WITHIN_MS, toAt: NOW })
      .map(({ bucketStartAt, calls, errors5xx }) => ({ startAt: bucketStartAt, calls, errors5xx }));
    const alarms: number[] = [];
    for (let index = 72; index < hours.length; index += 1) {
      const nowAt = (hours[index]?.startAt ?? 0) + 3_600_000;
      const past = hours.slice(0, index + 1).filter((hour) => hour.startAt >= nowAt - HEALTH_WITHIN_MS);
      const rate = errorsSpiked({ hours: past, incidents: [] }, { nowAt, tz: TZ });
      if (rate.some(({ verdict }) => verdict === 'raise')) alarms.push(nowAt);
    }
    const outage = incidents.at(-1);
    const during = (at: number) => at >= (outage?.startedAt ?? 0) && at <= (outage?.endedAt ?? 0) + 3_600_000;
    expect(alarms.some(during)).toBe(true);
    expect(alarms.filter((at) => !during(at))).toEqual([]);
  });
});
