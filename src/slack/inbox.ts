import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import type { Schema } from '../store/schema.ts';

/** One delivery from Slack, written down before it is acknowledged, so that a crash cannot lose it. */
export interface Inbox {
  /** Writes the envelope down. `fresh` is false when the same one is being dealt with or has been. */
  record(body: unknown): Promise<{ eventKey: string; fresh: boolean }>;
  /** Takes a piece of work (a message) exactly once in this process's life and never again once done. */
  claim(workKey: string): Promise<boolean>;
  done(key: string): Promise<void>;
  /** Envelopes that were recorded and never finished: what a crash interrupted, oldest first. */
  unfinished(): Promise<{ eventKey: string; body: Record<string, unknown> }[]>;
}

const MAX_ATTEMPTS = 3;
const RETAKE_WITHIN_MS = 60 * 60 * 1000;

const envelopeSchema = z.looseObject({
  type: z.string().optional(),
  event_id: z.string().optional(),
  trigger_id: z.string().optional(),
  command: z.string().optional(),
  view: z.looseObject({ id: z.string(), hash: z.string().optional() }).optional(),
});

/** The same delivery has the same key however often Slack repeats it. */
export function eventKeyOf(body: unknown): string {
  const envelope = envelopeSchema.parse(body);
  if (envelope.event_id) return `event:${envelope.event_id}`;
  if (envelope.type === 'view_submission' || envelope.type === 'view_closed') {
    return `${envelope.type}:${envelope.view?.id}:${envelope.view?.hash ?? ''}:${envelope.trigger_id ?? ''}`;
  }
  return `${envelope.command ? 'command' : envelope.type}:${envelope.trigger_id ?? crypto.randomUUID()}`;
}

export function createInbox(db: Kysely<Schema>, clock: Clock): Inbox {
  const claimed = new Set<string>();
  /** Envelopes under way in this process: the same one may come over another connection meanwhile. */
  const underWay = new Set<string>();

  /** @returns whether the envelope is new, or was left unfinished by an earlier process. */
  async function writeDown(eventKey: string, body: unknown): Promise<boolean> {
    const existing = await db
      .selectFrom('inbox')
      .select('done_at')
      .where('event_key', '=', eventKey)
      .executeTakeFirst();
    if (existing) return existing.done_at === null;
    await db
      .insertInto('inbox')
      .values({
        event_key: eventKey,
        kind: 'envelope',
        payload: JSON.stringify(body),
        received_at: clock.now(),
        attempts: 1,
        done_at: null,
      })
      .onConflict((conflict) => conflict.column('event_key').doNothing())
      .execute();
    return true;
  }

  return {
    async record(body) {
      const eventKey = eventKeyOf(body);
      if (underWay.has(eventKey)) return { eventKey, fresh: false };
      underWay.add(eventKey);
      try {
        const fresh = await writeDown(eventKey, body);
        if (!fresh) underWay.delete(eventKey);
        return { eventKey, fresh };
      } catch (error) {
        underWay.delete(eventKey);
        throw error;
      }
    },

    async claim(workKey) {
      if (claimed.has(workKey)) return false;
      claimed.add(workKey);
      const row = await db
        .selectFrom('inbox')
        .select('done_at')
        .where('event_key', '=', workKey)
        .executeTakeFirst();
      return row === undefined || row.done_at === null;
    },

    async done(key) {
      const now = clock.now();
      await db
        .insertInto('inbox')
        .values({ event_key: key, kind: 'work', payload: '{}', received_at: now, attempts: 1, done_at: now })
        .onConflict((conflict) => conflict.column('event_key').doUpdateSet({ done_at: now, payload: '{}' }))
        .execute();
      underWay.delete(key);
    },

    async unfinished() {
      const found = await db
        .selectFrom('inbox')
        .select(['event_key', 'payload', 'attempts'])
        .where('kind', '=', 'envelope')
        .where('done_at', 'is', null)
        .where('received_at', '>=', clock.now() - RETAKE_WITHIN_MS)
        .where('attempts', '<', MAX_ATTEMPTS)
        .orderBy('received_at')
        .execute();
      // Slack may have delivered one of them again already.
      const rows = found.filter((row) => !underWay.has(row.event_key));
      for (const row of rows) underWay.add(row.event_key);
      for (const row of rows) {
        await db
          .updateTable('inbox')
          .set({ attempts: row.attempts + 1 })
          .where('event_key', '=', row.event_key)
          .execute();
      }
      return rows.map((row) => ({
        eventKey: row.event_key,
        body: z.record(z.string(), z.unknown()).parse(JSON.parse(row.payload)),
      }));
    },
  };
}
