import type { SyncedSources, WebhookEvents, WebhookReader } from '../domain/sync.ts';
import type { SourceName } from '../domain/types.ts';
import type { Clock } from '../lib/clock.ts';
import { UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';

export interface WebhookIntake {
  /** Verifies, keeps, and begins to work in one delivery. What it returns is the HTTP status. */
  receive(source: SourceName, body: Buffer, signature: string | undefined): 200 | 400 | 404;
  /** Takes up what was received and not worked in: after a restart, or after trouble passed. */
  takeUp(): Promise<void>;
  /** Called after facts that came by webhook stand in the store. */
  onFacts(listener: (source: SourceName) => void): void;
}

export interface WebhookIntakeParts {
  readers: readonly WebhookReader[];
  events: WebhookEvents;
  sources: Pick<SyncedSources, 'accept' | 'readNow' | 'countBadSignature'>;
  pending: PendingWork;
  clock: Clock;
  logger: Logger;
}

export function createWebhookIntake(parts: WebhookIntakeParts): WebhookIntake {
  const { readers, events, sources, pending, clock, logger } = parts;
  const underWay = new Map<string, Promise<void>>();
  const listeners: ((source: SourceName) => void)[] = [];

  async function workIn(reader: WebhookReader, id: string, payload: string): Promise<void> {
    try {
      const { page, refresh } = await reader.process(payload);
      if (page !== null) sources.accept(page, reader.source);
      await sources.readNow(refresh);
      events.done(reader.source, id, clock.now());
      for (const listener of listeners) listener(reader.source);
    } catch (error) {
      logger.warn({ source: reader.source, event: id, error: String(error) }, 'webhook not worked in yet');
      events.failed(reader.source, id, String(error));
    }
  }

  function begin(reader: WebhookReader, id: string, payload: string): Promise<void> {
    const key = `${reader.source} ${id}`;
    const running = underWay.get(key);
    if (running) return running;
    const started = pending
      .track(() => workIn(reader, id, payload))
      .finally(() => {
        underWay.delete(key);
      });
    underWay.set(key, started);
    return started;
  }

  return {
    receive(source, body, signature) {
      const reader = readers.find((candidate) => candidate.source === source);
      if (reader === undefined) return 404;
      try {
        const event = reader.verify(body, signature, clock.now());
        if (events.record(source, event, clock.now())) void begin(reader, event.id, event.payload);
        return 200;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        if (error.code === 'not_allowed') sources.countBadSignature(source);
        logger.warn({ source, reason: error.message }, 'webhook refused');
        return 400;
      }
    },
    onFacts: (listener) => {
      listeners.push(listener);
    },
    async takeUp() {
      await Promise.all(
        readers.flatMap((reader) =>
          events.open(reader.source).map(({ id, payload }) => begin(reader, id, payload)),
        ),
      );
    },
  };
}
