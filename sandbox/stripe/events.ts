import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Sandbox } from '../core/types.ts';
import type { World, WorldChange } from '../world/records.ts';
import { API_VERSION } from './api-version.ts';
import type { Books } from './books.ts';
import { CreationIndex } from './creation-index.ts';
import { historyOf, type PastEvent } from './event-history.ts';
import { isObject, type Json, type JsonObject, type StripeObject, seconds } from './json.ts';
import { renderRecord } from './resources/index.ts';
import { paymentsOfInvoice } from './resources/invoice-payments.ts';
import { WEBHOOK_PATH } from './resources/webhook-endpoints.ts';
import { Shelf } from './shelf.ts';

const DAY_MS = 86_400_000;

/** Stripe keeps events for thirty days. */
const KEPT_FOR_MS = 30 * DAY_MS;

const storedEvent = z.object({
  id: z.string(),
  at: z.number(),
  type: z.string(),
  body: z.custom<JsonObject>(isObject),
});

type StoredEvent = z.infer<typeof storedEvent>;

/** A live event carries its body; one of the history is rendered when it is asked for. */
export type EventRecord = { id: string; at: number; type: string } & (
  | { body: JsonObject }
  | { snapshot: PastEvent['snapshot'] }
);

/** The request a change came from; null for what happens by itself. */
export interface EventCause {
  requestId: string;
  idempotencyKey: string | null;
}

/** Every change of the last thirty days as Stripe's event, with the object as it was; live ones go out as webhooks. */
export class EventLog {
  private readonly sandbox: Sandbox;
  private readonly books: Books;
  private readonly live: Shelf<StoredEvent>;
  private heard: World | null = null;
  private past: EventRecord[] = [];
  private records: EventRecord[] | null = null;
  private byId = new Map<string, EventRecord>();
  private built: CreationIndex<EventRecord> | null = null;
  private cause: EventCause | null = null;

  constructor(sandbox: Sandbox, books: Books) {
    this.sandbox = sandbox;
    this.books = books;
    this.live = new Shelf(sandbox.keep, 'stripe.events', storedEvent);
  }

  /** Takes down the history of the world as it is now and listens to it; called once for every world there is. */
  attach(): void {
    this.past = historyOf(this.books, this.books.now() - KEPT_FOR_MS).map(
      ({ at, type, subject, snapshot }) => ({
        id: eventId([type, subject, at]),
        at,
        type,
        snapshot,
      }),
    );
    const { world } = this.sandbox;
    if (this.heard === world) return;
    this.heard = world;
    world.onChange((change) => this.note(change));
  }

  /** Forgets the old world's events. */
  reset(): void {
    this.live.clear();
    this.forgetBuilt();
  }

  /** Reads again what is kept. */
  reload(): void {
    this.live.reload();
    this.forgetBuilt();
  }

  /** Changes made while `act` runs name this request as their cause. */
  during<T>(cause: EventCause, act: () => T): T {
    this.cause = cause;
    try {
      return act();
    } finally {
      this.cause = null;
    }
  }

  index(): CreationIndex<EventRecord> {
    this.loaded();
    this.built ??= new CreationIndex<EventRecord>({
      source: () => this.loaded(),
      id: (event) => event.id,
      createdAt: (event) => event.at,
      keys: {},
    });
    return this.built;
  }

  /** Undefined for one that never was or is older than thirty days. */
  get(id: string): EventRecord | undefined {
    this.loaded();
    const event = this.byId.get(id);
    return event && event.at >= this.books.now() - KEPT_FOR_MS ? event : undefined;
  }

  render(event: EventRecord): StripeObject {
    return 'body' in event
      ? { object: 'event', ...event.body }
      : envelope(event, event.snapshot(), undefined, null);
  }

  private note(change: WorldChange): void {
    if (change.type.startsWith('psizero.')) return;
    const object = renderRecord(change.collection, change.id, this.books);
    if (!object) return;
    this.append(change, object, previousOf(change, object));
    if (change.type === 'invoice.paid') this.notePayments(change, object);
  }

  /** Money that came through Stripe is told twice more: of the invoice, and of the payment. */
  private notePayments(change: WorldChange, invoice: StripeObject): void {
    const list = paymentsOfInvoice(change.id, this.books);
    for (const payment of Array.isArray(list.data) ? list.data : []) {
      if (!isPaid(payment)) continue;
      this.append({ ...change, type: 'invoice.payment_succeeded' }, invoice, undefined);
      this.append({ ...change, type: 'invoice_payment.paid' }, payment, undefined);
    }
  }

  private append(change: WorldChange, object: StripeObject, previous: JsonObject | undefined): void {
    const known = this.loaded();
    // Never before an event already told, or a reader following the newest would miss it.
    const at = Math.max(change.at, known[known.length - 1]?.at ?? 0);
    const id = eventId([change.type, change.id, at, known.length, this.books.world.anchor.seed]);
    const head = { id, at, type: change.type };
    const body = plain(envelope(head, object, previous, this.cause));
    const event = { ...head, body };
    this.live.set(id, event);
    known.push(event);
    this.byId.set(id, event);
    this.prune();
    this.sandbox.webhooks.deliver({
      system: 'stripe',
      path: WEBHOOK_PATH,
      id,
      body: JSON.stringify(body, null, 2),
    });
  }

  private loaded(): EventRecord[] {
    if (this.records) return this.records;
    const events: EventRecord[] = [...this.past, ...this.live.all()];
    this.records = events;
    this.byId = new Map(events.map((event) => [event.id, event]));
    return events;
  }

  /** Once a day of simulated time, so that a long jump does not rebuild the log at every step. */
  private prune(): void {
    const oldest = this.live.all()[0];
    if (oldest === undefined || oldest.at > this.books.now() - KEPT_FOR_MS - DAY_MS) return;
    const stale = this.live.all().filter((event) => event.at < this.books.now() - KEPT_FOR_MS);
    for (const event of stale) this.live.delete(event.id);
    this.past = this.past.filter((event) => event.at >= this.books.now() - KEPT_FOR_MS);
    this.forgetBuilt();
  }

  private forgetBuilt(): void {
    this.records = null;
    this.built = null;
  }
}

function envelope(
  head: { id: string; at: number; type: string },
  object: StripeObject,
  previous: JsonObject | undefined,
  cause: EventCause | null,
): StripeObject {
  return {
    id: head.id,
    object: 'event',
    api_version: API_VERSION,
    created: seconds(head.at),
    data: { object, previous_attributes: previous },
    livemode: false,
    pending_webhooks: 1,
    request: { id: cause?.requestId ?? null, idempotency_key: cause?.idempotencyKey ?? null },
    type: head.type,
  };
}

/** A copy without `undefined`, which later changes cannot reach. Our own text comes back as what went in. */
function plain(object: JsonObject): JsonObject {
  const copy: JsonObject = JSON.parse(JSON.stringify(object));
  return copy;
}

function isPaid(payment: Json): payment is StripeObject {
  return typeof payment === 'object' && payment !== null && 'status' in payment && payment.status === 'paid';
}

/** What the world says changed, by Stripe's names; what Stripe's object does not have is left out. */
function previousOf(change: WorldChange, object: StripeObject): JsonObject | undefined {
  if (change.previous === undefined) return undefined;
  const named = Object.entries(change.previous).map(([key, value]): [string, unknown] => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  const kept: JsonObject = JSON.parse(
    JSON.stringify(Object.fromEntries(named.filter(([key]) => key in object))),
  );
  return kept;
}

function eventId(parts: readonly (string | number)[]): string {
  const digest = createHash('sha256').update(parts.join('|')).digest('base64');
  return `evt_${digest.replace(/[^A-Za-z0-9]/g, '').slice(0, 24)}`;
}
