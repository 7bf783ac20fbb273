import { afterEach, describe, expect, it } from 'vitest';
import { dayNumber, dayStart } from '../../sandbox/world/calendar.ts';
import { applyCompanyEvent } from '../../sandbox/world/company-events.ts';
import { named } from '../../sandbox/world/stories.ts';
import { truthOf } from '../../sandbox/world/truth.ts';
import { connectPsizero } from '../../src/connectors/psizero/api.ts';
import { psizeroUsageFeed } from '../../src/connectors/psizero/usage-events.ts';
import { createResilience } from '../../src/connectors/resilience.ts';
import { DEFAULT_CONVENTIONS } from '../../src/domain/billing/conventions.ts';
import { DEFAULT_USAGE_SETTINGS } from '../../src/domain/billing/usage-intake.ts';
import type { UsageFeed } from '../../src/domain/billing/usage-store.ts';
import { silentLogger } from '../../src/lib/logger.ts';
import { usageCollect } from '../../src/schedules/usage-collect.ts';
import { prepareQualityCounts } from '../../src/store/quality-counts.ts';
import { createUsageQueue } from '../../src/store/usage-queue.ts';
import { createUsageStore } from '../../src/store/usage-store.ts';
import { openWorkspace } from './workspace.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const TZ = 'America/Los_Angeles';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function given() {
  const opened = await openWorkspace(0.03);
  closing.push(opened.close);
  const { store, world, outsideOrigin, sources } = opened;
  await sources.refresh(['psizero']);
  const clock = { now: () => world.now() };
  const api = connectPsizero({
    url: `${outsideOrigin}/psizero/v1`,
    token: 'psizero_token',
    resilience: createResilience({ system: 'the PsiZero API', initialDelayMs: 1, retries: 1 }),
  });
  /** As a process that has just started would. */
  const collector = (wrap: (feed: UsageFeed) => UsageFeed = (feed) => feed) => {
    const usage = createUsageStore(store);
    const conventions = () => DEFAULT_CONVENTIONS;
    const queue = createUsageQueue({ usage, conventions, clock, settings: DEFAULT_USAGE_SETTINGS });
    const beat = usageCollect({
      ...{ usage, queue, conventions, clock, tz: TZ },
      feed: wrap(psizeroUsageFeed(api, clock)),
      ready: async () => true,
      logger: silentLogger,
    });
    /** Beats until there is no more. */
    const all = async () => {
      for (let n = 0; n < 60; n += 1) {
        await beat.run();
        if (((await beat.nextDueAt()) ?? 0) > clock.now() + 10_000) return;
      }
      throw new Error('it never ends');
    };
    return { usage, all, beat };
  };
  /** By category, what the sandbox says and what was collected. */
  const compare = (usage: ReturnType<typeof createUsageStore>, customerId: string | null) => {
    const startAt = dayStart(dayNumber(world.now()) - 20);
    const endAt = dayStart(dayNumber(world.now()) + 1);
    const truth = truthOf(world, 'metered_calls', {
      period: { start: startAt, end: endAt },
      at: null,
      customerId,
      currency: null,
    });
    const sums = new Map<string, number>();
    const period = { startAt, endAt };
    for (const { group, sum } of usage.getUsage({ meter: 'api_calls', period, customerId }))
      sums.set(group, (sums.get(group) ?? 0) + Number(sum.numerator));
    return { said: Object.fromEntries(sums), truth: truth.groups };
  };
  return { ...opened, collector, compare, clock };
}

describe('collecting usage', () => {
  it('brings in what the source says, by category and customer, and goes on where it stopped', async () => {
    const { collector, compare, world } = await given();
    const { usage, all } = collector();
    await all();
    const first = compare(usage, null);
    expect(Object.keys(first.said).length).toBeGreaterThan(1);
    expect(first.said).toEqual(first.truth);
    expect(usage.openDeadLetters()).toEqual([]);
    const { id } = named(world, 'Acme Robotics');
    applyCompanyEvent(world, { type: 'usage', customer: id, calls: 4_321 });
    world.advanceTo(world.now() + 2 * DAY);
    await all();
    for (const customerId of [null, id]) {
      const { said, truth } = compare(usage, customerId);
      expect(said).toEqual(truth);
    }
    const period = { startAt: world.now() - 10 * DAY, endAt: world.now() - HOUR / 2 };
    const question = { meter: 'api_calls', customerId: id, period };
    expect(usage.getUsage(question)).toEqual(usage.getUsageFromEvents(question));
  });

  it('counts nothing twice and misses nothing when the process dies after any page', async () => {
    const { collector, compare } = await given();
    for (let pages = 1; pages < 6; pages += 1) {
      let left = pages;
      // What it had read is lost with it, what it had stored is not.
      const dying = collector((feed) => ({
        ...feed,
        page: async (cursor, sinceAt) => {
          const page = await feed.page(cursor, sinceAt);
          left -= 1;
          if (left < 0) throw new Error('killed');
          return page;
        },
      }));
      await dying.beat.run();
    }
    const { usage, all } = collector();
    await all();
    const { said, truth } = compare(usage, null);
    expect(said).toEqual(truth);
  });

  it('reads all over again without counting anything twice', async () => {
    const { collector, compare, store } = await given();
    await collector().all();
    store.sqlite.exec('DELETE FROM usage_feeds');
    const { usage, all } = collector();
    await all();
    const { said, truth } = compare(usage, null);
    expect(said).toEqual(truth);
    expect(usage.openDeadLetters()).toEqual([]);
  });

  it('keeps events that are not as agreed with what is wrong, and the quality of the source tells of it', async () => {
    const { collector, faults, store, world } = await given();
    const drift = { field: 'value', how: 'missing' as const };
    faults.add({ system: 'psizero', kind: 'malformed', match: 'usage/events', count: 1, ms: 0, drift });
    const { usage, all } = collector();
    await all();
    // Without a value an event counts as one.
    expect(usage.openDeadLetters()).toEqual([]);
    const retyped = { field: 'at', how: 'retyped' as const };
    faults.add({
      system: 'psizero',
      kind: 'malformed',
      match: 'usage/events',
      count: 1,
      ms: 0,
      drift: retyped,
    });
    world.advanceTo(world.now() + 5 * HOUR);
    await all();
    const [letters] = usage.openDeadLetters();
    expect(letters).toMatchObject({ reason: 'malformed' });
    world.advanceTo(world.now() + HOUR);
    const counts = prepareQualityCounts(store.sqlite);
    const refused = counts.usage_events_refused(world.now());
    expect(refused?.bad).toBe(letters?.count);
    expect(refused?.of).toBeGreaterThan(letters?.count ?? 0);
  });

  it('says what is wrong when the source cannot be read, and takes it up again', async () => {
    const { collector, compare, faults } = await given();
    faults.add({ system: 'psizero', kind: 'http_500', match: 'usage/events', count: 2, ms: 0 });
    const { usage, all, beat } = collector();
    await beat.run();
    expect(usage.feed('psizero')).toMatchObject({ cursor: null, error: { message: expect.any(String) } });
    await all();
    expect(usage.feed('psizero').error).toBeNull();
    expect(compare(usage, null).said).toEqual(compare(usage, null).truth);
  });
});
