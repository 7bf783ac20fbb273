import {
  type App,
  LogLevel,
  type ReceiverEvent,
  SocketModeReceiver,
  type Logger as VendorLogger,
} from '@slack/bolt';
import type { Logger } from '../lib/logger.ts';
import { sleep } from './delivery/call-slack.ts';
import type { SlackTransport, TakeDelivery } from './transport.ts';

/** While one connection is being refreshed, the other carries on: Slack hands each delivery to one of them. */
const CONNECTIONS = 2;
/** Opened apart, so that their hourly refreshes do not fall together. */
const STAGGER_MS = 1_000;
const FIRST_START_ATTEMPTS = 5;
/** After a connection that could not be opened. */
const BACKOFF_MS = { first: 250, longest: 10_000 };
/** A connection that lived this long is replaced at once; a shorter one after a breath. */
const STEADY_AFTER_MS = 1_000;
const BREATH_MS = 100;

interface SocketOptions {
  appToken: string;
  apiUrl: string | null;
}

/** Socket Mode over two connections that live and reconnect independently of each other. */
export class SocketTransport implements SlackTransport {
  readonly #connections: SocketConnection[];
  #second: NodeJS.Timeout | null = null;

  constructor(options: SocketOptions, logger: Logger) {
    this.#connections = Array.from(
      { length: CONNECTIONS },
      (_, index) => new SocketConnection(options, logger, index + 1),
    );
  }

  async start(take: TakeDelivery): Promise<void> {
    const [first, ...others] = this.#connections;
    await first?.open(take);
    this.#second = setTimeout(() => {
      // A second connection is a comfort: where it cannot be had, the first one does.
      for (const other of others) other.keep(take);
    }, STAGGER_MS);
  }

  async stop(): Promise<void> {
    if (this.#second) clearTimeout(this.#second);
    await Promise.all(this.#connections.map((connection) => connection.close()));
  }
}

/**
 * One connection. The vendor's own reconnecting waits five seconds after every refresh that Slack asks for;
 * this one is replaced at once, and backs off only from failures.
 */
class SocketConnection {
  readonly #receiver: SocketModeReceiver;
  #stopped = false;
  #crowded = false;

  constructor(
    options: SocketOptions,
    private readonly logger: Logger,
    private readonly number: number,
  ) {
    this.#receiver = new SocketModeReceiver({
      appToken: options.appToken,
      autoReconnectEnabled: false,
      logger: asVendorLogger(logger, number),
      installerOptions: {
        clientOptions: {
          ...(options.apiUrl ? { slackApiUrl: options.apiUrl } : {}),
          retryConfig: { retries: 0 },
        },
      },
    });
  }

  /** Connects, then stays connected. @throws what Slack says when it cannot be opened at all. */
  async open(take: TakeDelivery): Promise<void> {
    this.#listen(take);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#connect();
        break;
      } catch (error) {
        if (attempt >= FIRST_START_ATTEMPTS) throw error;
        await sleep(BACKOFF_MS.first * 2 ** (attempt - 1));
      }
    }
    void this.#stayConnected(true);
  }

  /** Connects when it can, and stays connected. */
  keep(take: TakeDelivery): void {
    if (this.#stopped) return;
    this.#listen(take);
    void this.#stayConnected(false);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#receiver.stop();
  }

  #listen(take: TakeDelivery): void {
    // Slack closes a connection too many as soon as it was opened: without a pause that would go round and round.
    this.#receiver.client.on('ws_message', (said: unknown) => {
      if (typeof said === 'string' && said.length < 1000 && said.includes('"too_many_websockets"'))
        this.#crowded = true;
    });
    // The receiver calls nothing of the app but processEvent: the one documented cast of this folder.
    this.#receiver.init({ processEvent: (event: ReceiverEvent) => take(event) } as unknown as App);
  }

  async #connect(): Promise<void> {
    await this.#receiver.client.start();
  }

  async #stayConnected(connected: boolean): Promise<void> {
    let isOpen = connected;
    let failures = 0;
    while (!this.#stopped) {
      if (isOpen) {
        const since = performance.now();
        await this.#lost();
        failures = this.#crowded ? failures + 1 : 0;
        if (performance.now() - since < STEADY_AFTER_MS) await sleep(BREATH_MS);
      }
      if (failures > 0) await sleep(Math.min(BACKOFF_MS.first * 2 ** (failures - 1), BACKOFF_MS.longest));
      this.#crowded = false;
      isOpen = await this.#reopened();
      if (!isOpen) failures += 1;
    }
  }

  async #reopened(): Promise<boolean> {
    if (this.#stopped) return false;
    try {
      await this.#connect();
      return true;
    } catch (error) {
      if (!this.#stopped)
        this.logger.warn({ err: error, connection: this.number }, 'Slack could not be reached');
      return false;
    }
  }

  /** Resolves when the connection has ended, by Slack's wish or otherwise. */
  #lost(): Promise<void> {
    return new Promise((resolve) => this.#receiver.client.once('disconnected', () => resolve()));
  }
}

/** What the vendor's client reports goes to our log; only its errors are worth reading. */
function asVendorLogger(logger: Logger, connection: number): VendorLogger {
  const silent = () => undefined;
  return {
    debug: silent,
    info: silent,
    warn: silent,
    error: (...said: unknown[]) =>
      logger.warn({ connection, said: said.map(String).join(' ') }, 'Socket Mode'),
    setLevel: silent,
    setName: silent,
    getLevel: () => LogLevel.ERROR,
  };
}
