import { setTimeout } from 'node:timers/promises';
import type { BillingConventions } from '../domain/billing/conventions.ts';
import type { UsageFeed, UsageQueue, UsageStore } from '../domain/billing/usage-store.ts';
import { addUnits, dateAt, startOfDayAt, startOfUnit } from '../domain/periods/calendar.ts';
import type { Clock } from '../lib/clock.ts';
import { SystemError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';

const EVERY_MS = 60_000;
/** One beat works no longer than this of real time: there may be a month to read, and others wait. */
const BEAT_MS = 300;
/** Between two beats while there is more. */
const PAUSE_MS = 500;
/** The same where somebody waits for it. */
const CATCHING_UP_PAUSE_MS = 20;
/** Letters of customers unknown that are tried again at a time. */
const RETRIED = 500;

/**
 * Reads usage events page by page, from the beginning of last month on at the first time. A page and the place it
 * brings the feed to are stored in one transaction: whenever the process dies, the next reads on from there.
 */
export function usageCollect(parts: {
  feed: UsageFeed | null;
  usage: UsageStore;
  queue: UsageQueue;
  conventions(): BillingConventions;
  /** False until the customers have been read: their events would be nobody's. */
  ready(): Promise<boolean>;
  clock: Clock;
  tz: string;
  logger: Logger;
}): Heartbeat & { catchUp(signal: AbortSignal): Promise<void> } {
  const { feed, usage, queue, conventions, ready, clock, tz, logger } = parts;
  let nextAt = 0;
  let reading: Promise<unknown> = Promise.resolve();

  /** True when there is more to read. One at a time, so that the feed's place never goes back. */
  function readOn(source: UsageFeed): Promise<boolean> {
    const work = reading.then(() => readPages(source));
    reading = work.catch(() => undefined);
    return work;
  }

  async function readPages(source: UsageFeed): Promise<boolean> {
    const startedAt = performance.now();
    for (;;) {
      const { cursor } = usage.feed(source.source);
      const sinceAt = lastMonthAt();
      const page = await source.page(cursor, sinceAt);
      const position = {
        source: source.source,
        cursor: page.cursor,
        throughAt: page.more ? null : page.throughAt,
        sinceAt: cursor === null ? sinceAt : null,
      };
      const offer = queue.offer(page.events, position);
      if (!offer.accepted) {
        logger.warn({ source: source.source, retryAfterMs: offer.retryAfterMs }, offer.words);
        return true;
      }
      const { rejected } = await offer.done;
      if (Object.keys(rejected).length > 0)
        logger.warn({ source: source.source, rejected }, 'usage events were not taken and are kept apart');
      if (!page.more || performance.now() - startedAt > BEAT_MS) return page.more;
    }
  }

  /** Whoever has become known since gets what was kept apart. */
  function takeUpUnknown(): void {
    const nos = usage.deadLetters({ reason: 'unknown_customer', limit: RETRIED }).map(({ no }) => no);
    if (nos.length > 0) usage.replayDeadLetters({ nos, by: 'psi' }, conventions(), clock.now());
  }

  function lastMonthAt(): number {
    return startOfDayAt(addUnits(startOfUnit(dateAt(clock.now(), tz), 'month'), 'month', -1), tz);
  }

  function failed(source: UsageFeed, error: unknown): void {
    const message = error instanceof SystemError ? error.message : 'reading failed';
    logger.warn({ source: source.source, error: String(error) }, 'usage events could not be read');
    usage.feedFailed(source.source, message, clock.now());
  }

  const heartbeat = defineHeartbeat({
    name: 'usage-collect',
    foldsMissedTurns: true,
    // A simulated clock may be set back once, when it is joined.
    nextDueAt: async () => (feed === null ? null : Math.min(nextAt, clock.now() + EVERY_MS)),
    async run() {
      if (feed === null) return;
      nextAt = clock.now() + EVERY_MS;
      if (!(await ready())) {
        nextAt = clock.now() + PAUSE_MS;
        return;
      }
      try {
        if (await readOn(feed)) nextAt = clock.now() + PAUSE_MS;
        else takeUpUnknown();
      } catch (error) {
        failed(feed, error);
      }
    },
  });
  return {
    ...heartbeat,
    /** Reads to the feed's present at once; between two beats others get their turn. */
    async catchUp(signal) {
      if (feed === null) return;
      try {
        while (!signal.aborted && (await readOn(feed))) await setTimeout(CATCHING_UP_PAUSE_MS);
      } catch (error) {
        failed(feed, error);
      }
    },
  };
}
