import { z } from 'zod';
import type { Json, Place } from '../domain/types.ts';
import type { Store } from './open-store.ts';

/** One side of a turn. `content` is JSON; the agent gives it its shape. */
export interface TranscriptRow {
  turnId: string;
  role: 'user' | 'assistant';
  userId: string | null;
  content: Json;
  at: number;
}

type Thread = Pick<Place, 'teamId' | 'channelId' | 'threadTs'>;

export interface Transcript {
  /** The thread's newest rows, oldest first. */
  recent(thread: Thread, limit: number): Promise<TranscriptRow[]>;
  find(turnId: string, role: TranscriptRow['role']): Promise<TranscriptRow | null>;
  /** One row a turn and side: writing it again replaces it. */
  put(thread: Thread, row: TranscriptRow): Promise<void>;
}

const roleSchema = z.enum(['user', 'assistant']);

export function createTranscript(store: Pick<Store, 'db'>): Transcript {
  const { db } = store;
  return {
    async recent(thread, limit) {
      const rows = await db
        .selectFrom('transcript')
        .selectAll()
        .where('team_id', '=', thread.teamId)
        .where('channel_id', '=', thread.channelId)
        .where('thread_ts', '=', thread.threadTs)
        .orderBy('at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.reverse().map(fromRow);
    },
    async find(turnId, role) {
      const row = await db
        .selectFrom('transcript')
        .selectAll()
        .where('id', '=', `${turnId}:${role}`)
        .executeTakeFirst();
      return row ? fromRow(row) : null;
    },
    async put(thread, row) {
      const content = JSON.stringify(row.content);
      await db
        .insertInto('transcript')
        .values({
          id: `${row.turnId}:${row.role}`,
          team_id: thread.teamId,
          channel_id: thread.channelId,
          thread_ts: thread.threadTs,
          turn_id: row.turnId,
          role: row.role,
          user_id: row.userId,
          content,
          at: row.at,
        })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ content }))
        .execute();
    },
  };
}

function fromRow(row: {
  turn_id: string;
  role: string;
  user_id: string | null;
  content: string;
  at: number;
}): TranscriptRow {
  const content: Json = JSON.parse(row.content);
  return { turnId: row.turn_id, role: roleSchema.parse(row.role), userId: row.user_id, content, at: row.at };
}
