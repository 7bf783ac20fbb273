import { newId } from '../lib/ids.ts';
import type { Store } from './open-store.ts';

/** Whether an answer helped, as somebody said with a button. */
export interface Feedback {
  teamId: string;
  channelId: string;
  messageTs: string;
  userId: string;
  rating: string;
}

export async function recordFeedback(
  store: Pick<Store, 'db'>,
  feedback: Feedback,
  at: number,
): Promise<void> {
  await store.db
    .insertInto('feedback')
    .values({
      id: newId('fb'),
      team_id: feedback.teamId,
      channel_id: feedback.channelId,
      message_ts: feedback.messageTs,
      user_id: feedback.userId,
      rating: feedback.rating,
      at,
    })
    .execute();
}
