import { setImmediate } from 'node:timers/promises';
import { type App, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from '../lib/logger.ts';
import type { PendingWork } from '../lib/pending-work.ts';
import type { Inbox } from './inbox.ts';

/**
 * Socket Mode with a memory: an envelope is in the inbox before Bolt sees (and acknowledges) it, is marked done
 * when its listeners have finished, and is taken up again after a crash. Bolt itself neither stores nor dedupes.
 */
export class DurableReceiver implements Receiver {
  readonly #socket: SocketModeReceiver;
  #app: App | null = null;
  #begun: Promise<void> = Promise.resolve();

  constructor(
    options: { appToken: string; apiUrl: string | null },
    private readonly parts: { inbox: Inbox; pending: PendingWork; logger: Logger },
  ) {
    this.#socket = new SocketModeReceiver({
      appToken: options.appToken,
      ...(options.apiUrl ? { installerOptions: { clientOptions: { slackApiUrl: options.apiUrl } } } : {}),
    });
  }

  init(app: App): void {
    this.#app = app;
    // The receiver calls nothing of the app but processEvent: the one documented cast of this folder.
    this.#socket.init({ processEvent: (event: ReceiverEvent) => this.#take(event) } as unknown as App);
  }

  async start(): Promise<unknown> {
    const answer = await this.#socket.start();
    for (const { eventKey, body } of await this.parts.inbox.unfinished()) {
      this.parts.logger.info({ eventKey }, 'taking up a delivery that a stop interrupted');
      void this.#process(eventKey, { body, ack: async () => undefined });
    }
    return answer;
  }

  stop(): Promise<unknown> {
    return this.#socket.stop();
  }

  async #take(event: ReceiverEvent): Promise<void> {
    await this.parts.pending.track(async () => {
      const { eventKey, fresh } = await this.parts.inbox.record(event.body);
      // What is written down is safe: an event is acknowledged before the work on any event begins, so that a
      // busy moment never costs an acknowledgement. Clicks and commands answer through theirs.
      if (!fresh || event.body.type === 'event_callback') await event.ack();
      if (!fresh) return;
      await this.#myTurn();
      await this.#process(eventKey, event);
    });
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
