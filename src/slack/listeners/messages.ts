import type { App } from '@slack/bolt';
import { mentions, plainText } from '../message-text.ts';
import { isOutsider, refuseOutsider } from '../outsiders.ts';
import type { SlackServices } from '../services.ts';
import { section } from '../views/blocks.ts';

interface Incoming {
  teamId: string;
  channelId: string;
  ts: string;
  threadTs: string;
  userId: string;
  text: string;
}

/** DMs, mentions, and follow-ups in threads where Psi takes part. A mention arrives twice and is answered once. */
export function registerMessages(app: App, services: SlackServices): void {
  app.event('app_mention', async ({ event, context }) => {
    if (!event.user || event.bot_id) return;
    await answer(services, context.botUserId ?? '', {
      teamId: context.teamId ?? '',
      channelId: event.channel,
      ts: event.ts,
      threadTs: event.thread_ts ?? event.ts,
      userId: event.user,
      text: event.text,
    });
  });

  app.message(async ({ message, context }) => {
    if (message.subtype !== undefined && message.subtype !== 'file_share') return;
    if ('bot_id' in message && message.bot_id) return;
    if (!message.user || !message.text) return;
    const botUserId = context.botUserId ?? '';
    const incoming: Incoming = {
      teamId: context.teamId ?? '',
      channelId: message.channel,
      ts: message.ts,
      threadTs: message.thread_ts ?? message.ts,
      userId: message.user,
      text: message.text,
    };
    const meant =
      message.channel_type === 'im' ||
      mentions(message.text, botUserId) ||
      (message.thread_ts !== undefined && (await services.takesPart(incoming)));
    if (meant) await answer(services, botUserId, incoming);
  });
}

/** "Stop", "please stop.", "cancel that": an order to end what runs here, never a question. */
const STOP = /^(?:please |psi,? )*(?:stop|halt|abort|cancel)(?: (?:it|that|this|now|please))*[.!]*$/i;

async function answer(services: SlackServices, botUserId: string, incoming: Incoming): Promise<void> {
  const turnId = `${incoming.teamId}:${incoming.channelId}:${incoming.ts}`;
  if (!(await services.inbox.claim(`turn:${turnId}`))) return;
  const [principal, place] = await Promise.all([
    services.directory.principal(incoming.teamId, incoming.userId),
    services.directory.place(incoming),
  ]);
  const text = plainText(incoming.text, botUserId);
  if (isOutsider(principal)) await refuseOutsider(services, principal, place);
  else if (!(STOP.test(text) && (await stop(services, incoming, POINTING.test(text)))))
    await services.conversation.handle({ turnId, principal, place, text, saidTs: incoming.ts });
  await services.inbox.done(`turn:${turnId}`);
}

const POINTING = /\b(?:it|that|this)\b/i;

/** Whether it was dealt with. What runs says itself that it was stopped; where nothing runs, that is said. */
async function stop(services: SlackServices, incoming: Incoming, points: boolean): Promise<boolean> {
  const { teamId, channelId, threadTs, ts } = incoming;
  // Said outside any thread it is meant for whatever runs in the conversation.
  if (services.conversation.stop({ channelId, threadTs: threadTs === ts ? null : threadTs }, ts)) return true;
  // "Stop it" in a thread may mean what was made there: a report that comes by the clock.
  if (points && threadTs !== ts) return false;
  const text = 'Nothing is running here, so there is nothing to stop. A proposal is decided on its card.';
  const key = `stop:${teamId}:${channelId}:${ts}`;
  await services.poster.post(key, { teamId, channelId, threadTs, text, blocks: [section(text)] });
  return true;
}
