import { randomBytes, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Sandbox } from '../../core/types.ts';
import { sendSigned } from '../http-events/sender.ts';
import { isObject, type JsonObject, parseJson } from '../json.ts';
import type { Envelope } from '../records.ts';
import type { SlackStore } from '../store.ts';
import { Connections } from './connections.ts';

const ACK_WITHIN_MS = 3000;
/** Slack redelivers at once, after a minute and after five; the later two are shortened to keep a demo alive. */
const REDELIVER_AFTER_MS = [0, 1000, 5000] as const;
/** How long an envelope held back by `out_of_order` waits for another to overtake it. */
const OVERTAKE_WITHIN_MS = 500;

const ACKS_KEPT = 1000;

const acknowledgementSchema = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

type Content = Pick<Envelope, 'type' | 'target' | 'acceptsResponse' | 'payload'>;

interface InFlight {
  envelope: Envelope;
  connection: WebSocket | null;
  timer: NodeJS.Timeout | null;
  settle: (payload: JsonObject | null) => void;
  /** When it was last handed over, by a clock that never jumps. */
  writtenAt: number;
}

/** Delivers envelopes over Socket Mode, or as signed requests, until they are acknowledged; events outlive connections and restarts. */
export class SocketHub {
  readonly #sandbox: Sandbox;
  readonly #store: SlackStore;
  readonly #connections: Connections;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #queue: string[] = [];
  #heldBack: string | null = null;
  /** How long the newest acknowledgements took, in milliseconds, oldest first. */
  readonly ackMs: number[] = [];
  onAllConnectionsLost: () => void = () => undefined;

  constructor(sandbox: Sandbox, store: SlackStore) {
    this.#sandbox = sandbox;
    this.#store = store;
    this.#connections = new Connections(sandbox, {
      opened: () => {
        for (const id of this.#queue.splice(0)) this.#transmit(id);
      },
      received: (text) => this.#receive(text),
      lost: (connection) => this.#lost(connection),
    });
    for (const envelope of store.outbox.all()) this.#accept(envelope, () => undefined);
  }

  /** Envelopes delivered and not acknowledged, and those that wait for a connection. */
  pending(): number {
    return this.#inFlight.size;
  }

  connectionCount(): number {
    return this.#connections.count;
  }

  issueTicket(): string | null {
    return this.#connections.issueTicket();
  }

  /** Refreshes the oldest connection every so many milliseconds; null for never. */
  refreshEvery(ms: number | null): void {
    this.#connections.refreshEvery(ms);
  }

  attach(server: Server): void {
    this.#connections.attach(server);
  }

  /** Delivers an event, and again until it is acknowledged or Slack would give up. */
  deliverEvent(target: string, payload: JsonObject): void {
    this.#send({ type: 'events_api', target: `events_api ${target}`, acceptsResponse: false, payload });
  }

  /**
   * Delivers a click, a submission or a command. Slack does not redeliver these.
   * Resolves to the acknowledgement's payload ({} when it has none), or to null when none came in time.
   */
  async deliverInteraction(
    type: 'interactive' | 'slash_commands',
    target: string,
    payload: JsonObject,
  ): Promise<JsonObject | null> {
    return new Promise((resolve) => {
      this.#send({ type, target: `${type} ${target}`, acceptsResponse: true, payload }, resolve);
    });
  }

  reset(): void {
    for (const flight of this.#inFlight.values()) {
      if (flight.timer) clearTimeout(flight.timer);
      flight.settle(null);
    }
    this.#inFlight.clear();
    this.#queue.length = 0;
    this.#heldBack = null;
    this.#connections.reset();
  }

  /** Ends connections and timers; what was not acknowledged waits in the store for the next start. */
  close(): void {
    // Sockets report their end later than the store may be open.
    this.onAllConnectionsLost = () => undefined;
    this.reset();
    this.#connections.close();
  }

  #lost(connection: WebSocket): void {
    if (this.#connections.count === 0) this.onAllConnectionsLost();
    for (const flight of [...this.#inFlight.values()]) {
      if (flight.connection !== connection) continue;
      flight.connection = null;
      this.#retry(flight, 'connection_closed');
    }
  }

  #receive(text: string): void {
    const parsed = acknowledgementSchema.safeParse(parseJson(text));
    if (!parsed.success) return;
    const flight = this.#inFlight.get(parsed.data.envelope_id);
    if (!flight) return;
    this.#noteAck(flight);
    this.#finish(flight, isObject(parsed.data.payload) ? parsed.data.payload : {});
  }

  #send(content: Content, settle: InFlight['settle'] = () => undefined): void {
    const planned = this.#sandbox.faults.take('slack', content.target, ['duplicate', 'out_of_order']);
    const id = this.#enqueue(content, settle);
    if (planned?.kind === 'duplicate') this.#enqueue(content, () => undefined, true);
    if (planned?.kind === 'out_of_order' && this.#heldBack === null) {
      this.#heldBack = id;
      setTimeout(() => this.#releaseHeldBack(), OVERTAKE_WITHIN_MS).unref();
      return;
    }
    this.#transmit(id);
    this.#releaseHeldBack();
  }

  #enqueue(content: Content, settle: InFlight['settle'], transmit = false): string {
    const id = `${randomBytes(4).toString('hex')}-${randomUUID().slice(9)}`;
    const envelope: Envelope = { id, ...content, attempt: 0, retryReason: '' };
    if (envelope.type === 'events_api') this.#store.outbox.set(id, envelope);
    this.#accept(envelope, settle, transmit);
    return id;
  }

  #accept(envelope: Envelope, settle: InFlight['settle'], transmit = true): void {
    this.#inFlight.set(envelope.id, { envelope, connection: null, timer: null, settle, writtenAt: 0 });
    if (transmit) setImmediate(() => this.#transmit(envelope.id));
  }

  #releaseHeldBack(): void {
    const id = this.#heldBack;
    this.#heldBack = null;
    if (id !== null) this.#transmit(id);
  }

  #transmit(id: string): void {
    const flight = this.#inFlight.get(id);
    if (!flight) return;
    if (this.#sandbox.config.slackMode === 'http') {
      void this.#post(flight);
      return;
    }
    this.#connections.disconnectByFault(flight.envelope.target);
    const connection = this.#connections.pick();
    if (flight.timer) clearTimeout(flight.timer);
    flight.connection = connection;
    if (connection === null) this.#waitForConnection(flight);
    else this.#write(flight, connection);
  }

  /** The same delivery as a signed request; what is not answered with 2xx in time comes again. */
  async #post(flight: InFlight): Promise<void> {
    const { envelope } = flight;
    if (flight.timer) clearTimeout(flight.timer);
    flight.writtenAt = performance.now();
    const { botUrl, slackSigningSecret: signingSecret } = this.#sandbox.config;
    const now = () => this.#sandbox.world.now();
    const sent = await sendSigned(envelope, { botUrl, signingSecret, now }, ACK_WITHIN_MS);
    if (this.#inFlight.get(envelope.id) !== flight) return;
    if (sent.status === 'acknowledged') {
      this.#noteAck(flight);
      this.#finish(flight, sent.payload);
      return;
    }
    // Nobody listens: whoever had streams open is gone.
    if (sent.reason === 'connection_failed') this.onAllConnectionsLost();
    this.#retry(flight, sent.reason);
  }

  #noteAck(flight: InFlight): void {
    this.ackMs.push(performance.now() - flight.writtenAt);
    if (this.ackMs.length > ACKS_KEPT) this.ackMs.shift();
  }

  #waitForConnection(flight: InFlight): void {
    this.#queue.push(flight.envelope.id);
    if (flight.envelope.type === 'events_api') return;
    flight.timer = setTimeout(() => this.#finish(flight, null), ACK_WITHIN_MS).unref();
  }

  #write(flight: InFlight, connection: WebSocket): void {
    const { envelope } = flight;
    const fault = this.#sandbox.faults.take('slack', envelope.target, ['malformed', 'slow']);
    const text = JSON.stringify({
      envelope_id: envelope.id,
      type: envelope.type,
      accepts_response_payload: envelope.acceptsResponse,
      payload: envelope.payload,
      ...(envelope.type === 'events_api'
        ? { retry_attempt: envelope.attempt, retry_reason: envelope.retryReason }
        : {}),
    });
    const sent = fault?.kind === 'malformed' ? text.slice(0, Math.floor(text.length / 2)) : text;
    if (fault?.kind === 'slow') setTimeout(() => connection.send(sent, () => undefined), fault.ms).unref();
    else connection.send(sent, () => undefined);
    flight.writtenAt = performance.now();
    const patience = ACK_WITHIN_MS + (fault?.kind === 'slow' ? fault.ms : 0);
    flight.timer = setTimeout(() => this.#retry(flight, 'timeout'), patience).unref();
  }

  #retry(flight: InFlight, reason: string): void {
    const { envelope } = flight;
    if (flight.timer) clearTimeout(flight.timer);
    const delay = REDELIVER_AFTER_MS[envelope.attempt];
    if (envelope.type !== 'events_api' || delay === undefined) {
      this.#finish(flight, null);
      return;
    }
    flight.envelope = { ...envelope, attempt: envelope.attempt + 1, retryReason: reason };
    this.#store.outbox.set(envelope.id, flight.envelope);
    flight.timer = setTimeout(() => this.#transmit(envelope.id), delay).unref();
  }

  #finish(flight: InFlight, payload: JsonObject | null): void {
    const { id } = flight.envelope;
    if (flight.timer) clearTimeout(flight.timer);
    this.#inFlight.delete(id);
    const queued = this.#queue.indexOf(id);
    if (queued >= 0) this.#queue.splice(queued, 1);
    if (flight.envelope.type === 'events_api') this.#store.outbox.delete(id);
    flight.settle(payload);
  }
}
