import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Memory } from '../domain/ports.ts';
import type { Place } from '../domain/types.ts';
import type { Store } from './open-store.ts';
import type { Schema } from './schema.ts';

type Thread = Pick<Place, 'teamId' | 'channelId' | 'threadTs'>;

/** What is kept of conversations, and how it goes: on request at once, else after its time. */
export interface ConversationMemory extends Memory {
  /** A person's newest conversations, each with the words it began with. */
  conversationsOf(teamId: string, userId: string, limit: number): Promise<Conversation[]>;
  /** Everything a person said, in every thread, with the answers to it. */
  forgetPerson(teamId: string, userId: string): Promise<{ turns: number }>;
  /** Forgets what is older than the instant; rows in all tables together. */
  prune(beforeAt: number): Promise<{ rows: number }>;
}

export interface Conversation extends Thread {
  /** The first words that are kept of it. */
  opening: string;
  lastAt: number;
}

/** A row that stays: Psi took part here, and nothing else is known. */
const FORGOTTEN = '{}';
const AT_ONCE = 200;
const saidSchema = z.looseObject({ text: z.string() });
const idsSchema = z.array(z.string());

export function createMemory({ db }: Pick<Store, 'db'>): ConversationMemory {
  async function forgetTurns(turnIds: readonly string[]): Promise<{ turns: number }> {
    await db.transaction().execute(async (trx) => {
      for (let start = 0; start < turnIds.length; start += AT_ONCE) {
        await forget(trx, turnIds.slice(start, start + AT_ONCE));
      }
    });
    return { turns: turnIds.length };
  }

  return {
    async forgetThread(thread, userId) {
      const rows = await db
        .selectFrom('transcript')
        .select('turn_id')
        .where('team_id', '=', thread.teamId)
        .where('channel_id', '=', thread.channelId)
        .where('thread_ts', '=', thread.threadTs)
        .where('user_id', '=', userId)
        .execute();
      return forgetTurns(rows.map((row) => row.turn_id));
    },

    async forgetPerson(teamId, userId) {
      const rows = await db
        .selectFrom('transcript')
        .select('turn_id')
        .where('team_id', '=', teamId)
        .where('user_id', '=', userId)
        .execute();
      const forgotten = await forgetTurns(rows.map((row) => row.turn_id));
      for (const table of ['feedback', 'lexicon_choices'] as const) {
        await db.deleteFrom(table).where('team_id', '=', teamId).where('user_id', '=', userId).execute();
      }
      return forgotten;
    },

    async conversationsOf(teamId, userId, limit) {
      const rows = await db
        .selectFrom('transcript')
        .select(['channel_id', 'thread_ts', 'content', 'at'])
        .where('team_id', '=', teamId)
        .where('user_id', '=', userId)
        .orderBy('at', 'desc')
        .limit(500)
        .execute();
      const found = new Map<string, Conversation>();
      for (const row of rows) {
        const key = `${row.channel_id} ${row.thread_ts}`;
        const opening = saidSchema.safeParse(JSON.parse(row.content)).data?.text ?? '';
        const { lastAt } = found.get(key) ?? { lastAt: row.at };
        found.set(key, { teamId, channelId: row.channel_id, threadTs: row.thread_ts, opening, lastAt });
      }
      return [...found.values()].sort((a, b) => b.lastAt - a.lastAt).slice(0, limit);
    },

    async prune(beforeAt) {
      const gone = await Promise.all([
        db.deleteFrom('transcript').where('at', '<', beforeAt).executeTakeFirst(),
        db.deleteFrom('answers').where('at', '<', beforeAt).executeTakeFirst(),
        db.deleteFrom('receipts').where('created_at', '<', beforeAt).executeTakeFirst(),
        db.deleteFrom('feedback').where('at', '<', beforeAt).executeTakeFirst(),
        db.deleteFrom('lexicon_choices').where('at', '<', beforeAt).executeTakeFirst(),
      ]);
      return { rows: gone.reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0) };
    },
  };
}

async function forget(trx: Kysely<Schema>, turnIds: readonly string[]): Promise<void> {
  const kept = await trx.selectFrom('answers').select('receipts').where('turn_id', 'in', turnIds).execute();
  const receipts = kept.flatMap((row) => idsSchema.parse(JSON.parse(row.receipts)));
  if (receipts.length > 0) await trx.deleteFrom('receipts').where('id', 'in', receipts).execute();
  await trx.deleteFrom('answers').where('turn_id', 'in', turnIds).execute();
  await trx.deleteFrom('feedback').where('turn_id', 'in', turnIds).execute();
  await trx
    .deleteFrom('lexicon_choices')
    .where((or) => or.or([or('turn_id', 'in', turnIds), or('asked_turn_id', 'in', turnIds)]))
    .execute();
  await trx
    .updateTable('transcript')
    .set({ content: FORGOTTEN, user_id: null })
    .where('turn_id', 'in', turnIds)
    .execute();
}
