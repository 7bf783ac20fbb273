import { z } from 'zod';
import { newId } from '../lib/ids.ts';
import type { Store } from './open-store.ts';
import { noteOpinion } from './turn-outcomes.ts';

/** Whether an answer helped, as somebody said with a button. */
export interface Feedback {
  teamId: string;
  channelId: string;
  messageTs: string;
  userId: string;
  /** The highest role of whoever said so: whose question it was decides what a good answer may hold. */
  role: string;
  rating: string;
}

/** Why an answer did not help. */
export interface FeedbackReason extends Pick<Feedback, 'teamId' | 'channelId' | 'messageTs' | 'userId'> {
  reason: string;
  comment: string | null;
}

/** One opinion with what it is about, for the export. Null: the question is not kept (any more). */
export interface FeedbackRow {
  id: string;
  channelId: string;
  role: string | null;
  rating: string;
  reason: string | null;
  comment: string | null;
  question: string | null;
  calls: { tool: string }[];
  mode: string | null;
  at: number;
}

const saidSchema = z.looseObject({ text: z.string() });
const calledSchema = z.looseObject({ calls: z.array(z.looseObject({ tool: z.string(), input: z.json() })) });

/** Writes the opinion down with the question, the calls and the mode it is about; saying it again replaces it. */
export async function recordFeedback(
  store: Pick<Store, 'db'>,
  feedback: Feedback,
  at: number,
): Promise<void> {
  const about = await turnBehind(store, feedback);
  const said = { rating: feedback.rating, role: feedback.role, at };
  // Who changes their mind takes the reason for the first opinion back with it.
  const anew = feedback.rating === 'positive' ? { reason: null, comment: null } : {};
  await store.db
    .insertInto('feedback')
    .values({
      id: newId('fb'),
      team_id: feedback.teamId,
      channel_id: feedback.channelId,
      message_ts: feedback.messageTs,
      user_id: feedback.userId,
      reason: null,
      comment: null,
      ...said,
      ...about,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['team_id', 'channel_id', 'message_ts', 'user_id'])
        .doUpdateSet({ ...said, ...about, ...anew }),
    )
    .execute();
  if (about.turn_id !== null) await noteOpinion(store, about.turn_id);
}

export async function recordReason(store: Pick<Store, 'db'>, given: FeedbackReason): Promise<void> {
  await store.db
    .updateTable('feedback')
    .set({ reason: given.reason, comment: given.comment })
    .where('team_id', '=', given.teamId)
    .where('channel_id', '=', given.channelId)
    .where('message_ts', '=', given.messageTs)
    .where('user_id', '=', given.userId)
    .execute();
}

/** Every answer that did not help and whose question is still kept, oldest first. */
export async function listUnhelpful(store: Pick<Store, 'db'>): Promise<FeedbackRow[]> {
  const rows = await store.db
    .selectFrom('feedback')
    .selectAll()
    .where('rating', '=', 'negative')
    .where('question', 'is not', null)
    .orderBy('at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    channelId: row.channel_id,
    role: row.role,
    rating: row.rating,
    reason: row.reason,
    comment: row.comment,
    question: row.question,
    calls: calledSchema.shape.calls.parse(JSON.parse(row.calls ?? '[]')),
    mode: row.mode,
    at: row.at,
  }));
}

/** What the message answered: its turn stands in the deliveries, the words of the turn in the transcript. */
async function turnBehind({ db }: Pick<Store, 'db'>, message: Pick<Feedback, 'channelId' | 'messageTs'>) {
  const delivery = await db
    .selectFrom('deliveries')
    .select('delivery_key')
    .where('channel_id', '=', message.channelId)
    .where('message_ts', '=', message.messageTs)
    .where('delivery_key', 'like', 'turn:%')
    .executeTakeFirst();
  const turnId = delivery?.delivery_key.slice('turn:'.length) ?? null;
  if (turnId === null) return { turn_id: null, question: null, calls: null, mode: null };
  const sides = await db
    .selectFrom('transcript')
    .select(['role', 'content'])
    .where('turn_id', '=', turnId)
    .execute();
  const contentOf = (role: string) => {
    const content = sides.find((side) => side.role === role)?.content;
    return content === undefined ? null : JSON.parse(content);
  };
  const kept = await db.selectFrom('answers').select('mode').where('turn_id', '=', turnId).executeTakeFirst();
  const calls = calledSchema.safeParse(contentOf('assistant')).data?.calls ?? [];
  return {
    turn_id: turnId,
    question: saidSchema.safeParse(contentOf('user')).data?.text ?? null,
    calls: JSON.stringify(calls.map(({ tool, input }) => ({ tool, input }))),
    mode: kept?.mode ?? null,
  };
}
