import Stripe from 'stripe';
import type { Malformed, SyncMemory } from '../../domain/sync.ts';
import type { Clock } from '../../lib/clock.ts';
import { OutsideError } from '../resilience.ts';
import type { StripeConnection } from './client.ts';
import { eventSchema, type StripeEvent } from './objects.ts';
import { addRow, emptyRows, type StripeKind, type StripeRows } from './rows.ts';

/** Clocks of two machines differ: within this margin of what is stored, an event is not believed but asked after. */
const MARGIN_MS = 60_000;

export interface EventReader {
  /** Works out the rows that these events leave behind, whatever order they came in. */
  rowsOf(events: readonly StripeEvent[]): Promise<{ rows: StripeRows; malformed: Malformed[] }>;
}

interface Change {
  kind: StripeKind;
  id: string;
  createdAt: number;
  /** Null: the event does not carry the object itself, or more than one event of that second does. */
  snapshot: unknown;
  deleted: boolean;
}

/**
 * An event's snapshot is taken only when it is certainly newer than what is stored; otherwise the object is
 * fetched afresh, and events from well before the stored state are left out. Stripe's events have a resolution
 * of one second and no order within it.
 */
export function createEventReader(
  connection: StripeConnection,
  memory: SyncMemory,
  clock: Clock,
): EventReader {
  return {
    async rowsOf(events) {
      const rows = emptyRows();
      const malformed: Malformed[] = [];
      const note = (problem: Malformed | null) => {
        if (problem) malformed.push(problem);
      };
      await Promise.all(
        latestChanges(events).map(async (change) => {
          const choice = decide(change, memory);
          if (choice === 'ignore') return;
          if (choice === 'snapshot')
            return note(addRow(rows, change.kind, change.snapshot, change.createdAt));
          const seenAt = wholeSecond(clock.now());
          const object = await fetchObject(connection, change);
          if (object !== null) note(addRow(rows, change.kind, object, seenAt));
        }),
      );
      await linkPayments(connection, memory, rows, note);
      return { rows, malformed };
    },
  };
}

/** The row states are compared in whole seconds, Stripe's own resolution. */
export function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

export function parseEvent(event: unknown): StripeEvent | Malformed {
  const parsed = eventSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return { resource: 'event', id: '(unreadable)', what: `${issue?.path.join('.')}: ${issue?.message}` };
}

const KINDS: Readonly<Record<string, StripeKind>> = {
  invoice: 'invoice',
  charge: 'charge',
  refund: 'refund',
  credit_note: 'credit_note',
  subscription: 'subscription',
  invoice_payment: 'invoice_payment',
};

function latestChanges(events: readonly StripeEvent[]): Change[] {
  const latest = new Map<string, Change>();
  for (const event of events) {
    const change = changeOf(event);
    if (change === null) continue;
    const key = `${change.kind} ${change.id}`;
    const known = latest.get(key);
    if (known === undefined || known.createdAt < change.createdAt) latest.set(key, change);
    else if (known.createdAt === change.createdAt) known.snapshot = null;
  }
  return [...latest.values()];
}

function changeOf(event: StripeEvent): Change | null {
  const { object } = event.data;
  const createdAt = event.created * 1000;
  if (object.object === 'dispute') {
    // A dispute shows on its charge, whose state the event does not carry.
    const charge = object.charge;
    return typeof charge === 'string'
      ? { kind: 'charge', id: charge, createdAt, snapshot: null, deleted: false }
      : null;
  }
  const kind = KINDS[object.object];
  if (kind === undefined || object.id === undefined) return null;
  const deleted = event.type === 'invoice.deleted';
  const snapshot = deleted ? { ...object, status: 'void' } : object;
  return { kind, id: object.id, createdAt, snapshot, deleted };
}

const TABLE_OF = {
  subscription: 'subscriptions',
  invoice: 'invoices',
  charge: 'payments',
  refund: 'refunds',
  credit_note: 'credit_notes',
} as const;

function decide(change: Change, memory: SyncMemory): 'snapshot' | 'fetch' | 'ignore' {
  if (change.kind === 'invoice_payment' || change.deleted) return 'snapshot';
  const seenAt = memory.seenAt(TABLE_OF[change.kind], change.id);
  const stored = seenAt === null ? Number.NEGATIVE_INFINITY : wholeSecond(seenAt);
  if (change.createdAt < stored - MARGIN_MS) return 'ignore';
  if (change.createdAt <= stored || change.snapshot === null) return 'fetch';
  return 'snapshot';
}

/** Null when it is gone from Stripe meanwhile (a deleted draft). */
export async function fetchObject(
  { client, call }: StripeConnection,
  change: { kind: StripeKind; id: string },
): Promise<unknown> {
  const { kind, id } = change;
  try {
    return await call<unknown>(() => {
      if (kind === 'subscription') return client.subscriptions.retrieve(id);
      if (kind === 'invoice') return client.invoices.retrieve(id);
      if (kind === 'charge') return client.charges.retrieve(id);
      if (kind === 'refund') return client.refunds.retrieve(id);
      if (kind === 'credit_note') return client.creditNotes.retrieve(id);
      return client.invoicePayments.retrieve(id);
    });
  } catch (error) {
    if (error instanceof OutsideError && error.status === 404) return null;
    throw error;
  }
}

/** A charge names its payment intent only; which invoice that pays is asked once per intent. */
export async function linkPayments(
  { client, call }: StripeConnection,
  memory: SyncMemory,
  rows: StripeRows,
  note: (problem: Malformed | null) => void,
): Promise<void> {
  const known = new Set(rows.invoice_payments.map((row) => row.payment_intent_id));
  const intents = new Set(rows.payments.flatMap((row) => row.payment_intent_id ?? []));
  const open = [...intents].filter((intent) => !known.has(intent) && !memory.intentLinked(intent));
  await Promise.all(
    open.map(async (intent) => {
      const payments = await call(() =>
        client.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent } }),
      );
      for (const payment of payments.data) note(addRow(rows, 'invoice_payment', payment, 0));
    }),
  );
}

/** True for the answer to a cursor that Stripe has forgotten: it keeps events for 30 days. */
export function isForgotten(error: unknown): boolean {
  return (
    error instanceof OutsideError &&
    (error.status === 404 || error.status === 400) &&
    error.options.cause instanceof Stripe.errors.StripeInvalidRequestError
  );
}
