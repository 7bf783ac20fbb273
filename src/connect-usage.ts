import type { Config } from './config.ts';
import { connectPsizero } from './connectors/psizero/api.ts';
import { psizeroUsageFeed } from './connectors/psizero/usage-events.ts';
import type { BillingConventions } from './domain/billing/conventions.ts';
import type { ServicePeriod } from './domain/billing/invoice.ts';
import type { MeteredUsage } from './domain/billing/run/billing-desk.ts';
import { DEFAULT_USAGE_SETTINGS } from './domain/billing/usage-intake.ts';
import { EVENTS_WITHIN_MS, type UsageFeed, type UsageStore } from './domain/billing/usage-store.ts';
import type { Sources } from './domain/ports.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import type { Heartbeat } from './schedules/define-schedule.ts';
import { usageCollect } from './schedules/usage-collect.ts';
import type { Store } from './store/open-store.ts';
import { createUsageQueue } from './store/usage-queue.ts';
import { createUsageStore } from './store/usage-store.ts';

/** Real time after a start in which the sources' own first reading and the first questions go before. */
const SETTLING_MS = 10_000;

/** `EVENTS_WITHIN_MS` counts from the beginning of a day. */
const DAY_MS = 24 * 3_600_000;

/** Where usage is kept, and what brings it in. */
export interface UsageRoom {
  usage: UsageStore;
  collect: Heartbeat;
  /** As billing sees it. */
  metered: MeteredUsage;
}

export function connectUsage(parts: {
  config: Config;
  store: Store;
  sources: Pick<Sources, 'freshness'>;
  clock: Clock;
  logger: Logger;
  /** Of whoever bills the usage. */
  conventions: () => BillingConventions;
}): UsageRoom {
  const { config, store, sources, clock, logger, conventions } = parts;
  const usage = createUsageStore(store);
  const queue = createUsageQueue({ usage, conventions, clock, settings: DEFAULT_USAGE_SETTINGS });
  const feed = config.psizero ? psizeroUsageFeed(connectPsizero(config.psizero), clock) : null;
  const startedAt = performance.now();
  const ready = async () =>
    performance.now() - startedAt > SETTLING_MS &&
    (await sources.freshness(['psizero'])).every(({ throughAt }) => throughAt !== null);
  const { catchUp, ...collect } = usageCollect({
    ...{ feed, usage, queue, conventions, ready, clock, logger },
    tz: config.company.tz,
  });
  const metered: MeteredUsage = { ...usage, catchUp, settled: () => (feed ? settledIn(usage, feed) : null) };
  return { usage, collect, metered };
}

function settledIn(usage: UsageStore, feed: UsageFeed): ServicePeriod | null {
  const { sinceAt, throughAt } = usage.feed(feed.source);
  if (sinceAt === null || throughAt === null) return null;
  return { startAt: sinceAt, endAt: throughAt - EVENTS_WITHIN_MS + DAY_MS };
}
