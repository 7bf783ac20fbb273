import type { Place } from '../domain/types.ts';
import type { Store } from './open-store.ts';

type Thread = Pick<Place, 'teamId' | 'channelId' | 'threadTs'>;

/** An answer as it was given. `answer` is JSON; who keeps it gives it its shape. */
export interface KeptAnswer {
  turnId: string;
  thread: Thread;
  userId: string;
  mode: string;
  receipts: readonly string[];
  /** The whole of it where it has pages, else null. */
  answer: unknown;
  at: number;
}

export interface AnswerStore {
  /** Keeping it again replaces it. */
  keep(kept: KeptAnswer): Promise<void>;
  /** The kept answer as JSON; null when it had no pages or is not kept any more. */
  find(turnId: string): Promise<unknown>;
}

export function createAnswerStore({ db }: Pick<Store, 'db'>): AnswerStore {
  return {
    async keep({ turnId, thread, userId, mode, receipts, answer, at }) {
      const content = {
        mode,
        receipts: JSON.stringify(receipts),
        answer: answer === null ? null : JSON.stringify(answer),
        at,
      };
      await db
        .insertInto('answers')
        .values({
          turn_id: turnId,
          team_id: thread.teamId,
          channel_id: thread.channelId,
          thread_ts: thread.threadTs,
          user_id: userId,
          ...content,
        })
        .onConflict((conflict) => conflict.column('turn_id').doUpdateSet(content))
        .execute();
    },
    async find(turnId) {
      const row = await db
        .selectFrom('answers')
        .select('answer')
        .where('turn_id', '=', turnId)
        .executeTakeFirst();
      return row?.answer ? JSON.parse(row.answer) : null;
    },
  };
}
