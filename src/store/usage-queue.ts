import type { BillingConventions } from '../domain/billing/conventions.ts';
import type { UsageSettings } from '../domain/billing/usage-intake.ts';
import type { FeedPosition, IngestReport, UsageQueue, UsageStore } from '../domain/billing/usage-store.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';

interface Waiting {
  batch: readonly unknown[];
  feed: FeedPosition | undefined;
  resolve(report: IngestReport): void;
  reject(error: unknown): void;
}

/** What is assumed until the first batch was measured. */
const FIRST_GUESS_PER_MS = 20;

/**
 * Takes batches in the order they were offered, one a turn of the event loop, so that whatever else the process does
 * goes on in between. Who offers more than may wait is told when to come again.
 */
export function createUsageQueue(parts: {
  usage: Pick<UsageStore, 'ingest'>;
  conventions(): BillingConventions;
  clock: Clock;
  settings: Pick<UsageSettings, 'batchLimit' | 'queueLimit'>;
}): UsageQueue {
  const { usage, conventions, clock, settings } = parts;
  const line: Waiting[] = [];
  let events = 0;
  let perMs = FIRST_GUESS_PER_MS;
  let working = false;

  function workOne(): void {
    const next = line.shift();
    if (next === undefined) {
      working = false;
      return;
    }
    const startedAt = performance.now();
    try {
      next.resolve(usage.ingest(next.batch, conventions(), clock.now(), next.feed));
      const ms = Math.max(performance.now() - startedAt, 0.1);
      if (next.batch.length > 0) perMs = (perMs * 3 + next.batch.length / ms) / 4;
    } catch (error) {
      next.reject(error);
    }
    events -= next.batch.length;
    setImmediate(workOne);
  }

  return {
    waiting: () => events,
    offer(batch, feed) {
      if (batch.length > settings.batchLimit)
        throw new UserError(
          'invalid_input',
          `${batch.length} events are more than the ${settings.batchLimit} one batch may bring.`,
          'Send them in several batches.',
        );
      if (events + batch.length > settings.queueLimit) {
        const tooMany = events + batch.length - settings.queueLimit;
        const retryAfterMs = Math.max(100, Math.ceil(tooMany / perMs));
        const words = `${events} usage events wait already; try again after ${(retryAfterMs / 1_000).toFixed(1)} s.`;
        return { accepted: false, retryAfterMs, words };
      }
      events += batch.length;
      const done = new Promise<IngestReport>((resolve, reject) => {
        line.push({ batch, feed, resolve, reject });
      });
      // Who does not wait for the end must not bring the process down by it.
      done.catch(() => undefined);
      if (!working) {
        working = true;
        setImmediate(workOne);
      }
      return { accepted: true, done };
    },
  };
}
