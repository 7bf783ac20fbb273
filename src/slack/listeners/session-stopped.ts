import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { SlackServices } from '../services.ts';

/** Slack's Stop button; the event is newer than Bolt's types. */
const stoppedSchema = z.looseObject({
  channel: z.string().optional(),
  channel_id: z.string().optional(),
  thread_ts: z.string(),
  event_ts: z.string(),
});

/** Ends the turn; its own message says what was done. A stop when nothing runs, or a second one, changes nothing. */
export function registerSessionStopped(app: App, services: SlackServices): void {
  app.event('agent_session_stopped' as 'app_mention', async ({ event }) => {
    const stopped = stoppedSchema.parse(event);
    const channelId = stopped.channel ?? stopped.channel_id ?? '';
    services.conversation.stop({ channelId, threadTs: stopped.thread_ts }, stopped.event_ts);
  });
}
