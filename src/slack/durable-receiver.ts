import { setImmediate } from 'node:timers/promises';
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { maskSecrets } from '../domain/language/secrets.ts';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Inbox } from './inbox.ts';
import type { SlackTransport } from './transport.ts';

/**
 * A transport with a memory: a delivery is in the inbox before Bolt sees (and acknowledges) it, is marked done
 * when its listeners have finished, and is taken up again after a crash. Bolt itself neither stores nor dedupes.
 */
export class DurableReceiver implements Receiver {
  #app: App | null = null;
  #begun: Promise<void> = Promise.resolve();

  constructor(
    private readonly transport: SlackTransport,
    private readonly parts: { inbox: Inbox; pending: PendingWork; logger: Logger },
  ) {}

  init(app: App): void {
    this.#app = app;
  }

  async start(): Promise<void> {
    await this.transport.start((delivery) => this.#take(delivery));
    for (const { eventKey, body } of await this.parts.inbox.unfinished()) {
      this.parts.logger.info({ eventKey }, 'taking up a delivery that a stop interrupted');
      void this.#process(eventKey, { body, ack: async () => undefined });
    }
  }

  stop(): Promise<void> {
    return this.transport.stop();
  }

  async #take(delivery: ReceiverEvent): Promise<void> {
    const event = { ...delivery, body: withoutSecrets(delivery.body) };
    await this.parts.pending.track(async () => {
      const { eventKey, fresh } = await this.parts.inbox.record(event.body);
      // What is written down is safe: an event is acknowledged before the work on any event begins, so that a
      // busy moment never costs an acknowledgement. Clicks and commands answer through theirs.
      if (!fresh || event.body.type === 'event_callback') await this.#acknowledge(eventKey, event);
      if (!fresh) return;
      await this.#myTurn();
      await this.#process(eventKey, event);
    });
  }

  /** A connection that is gone cannot carry the answer: Slack delivers once more, and the inbox knows it then. */
  async #acknowledge(eventKey: string, event: ReceiverEvent): Promise<void> {
    try {
      await event.ack();
    } catch (error) {
      this.parts.logger.info({ err: error, eventKey }, 'an acknowledgement did not reach Slack');
    }
  }

  /**
   * Lets one delivery begin in each round of the event loop. Work that never waits for the outside would
   * otherwise keep the next deliveries from being read, and so from being acknowledged.
   */
  async #myTurn(): Promise<void> {
    this.#begun = this.#begun.then(() => setImmediate());
    await this.#begun;
  }

  async #process(eventKey: string, event: ReceiverEvent): Promise<void> {
    await this.parts.pending.track(async () => {
      try {
        await this.#app?.processEvent(event);
      } catch (error) {
        this.parts.logger.error({ err: error, eventKey }, 'a delivery could not be processed');
      }
      await this.parts.inbox.done(eventKey);
    });
  }
}

/** A key or a card number that somebody pasted is neither stored nor read: it is gone before the inbox. */
function withoutSecrets(body: ReceiverEvent['body']): ReceiverEvent['body'] {
  const text = JSON.stringify(body);
  const masked = maskSecrets(text);
  return masked === text ? body : JSON.parse(masked);
}
