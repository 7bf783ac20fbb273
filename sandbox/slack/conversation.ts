import { sendMessageChanged, sendMessageDeleted, sendMessageEvents } from './events.ts';
import type { Message } from './records.ts';
import type { Slack } from './slack.ts';
import { BOT } from './workspace.ts';

export type Draft = Pick<Message, 'channel' | 'user' | 'text'> & Partial<Message>;

/** Puts a message into a conversation; everyone who may see it is told, the app by its events. */
export function postMessage(slack: Slack, draft: Draft): Message {
  const message: Message = {
    ts: slack.store.nextTs(),
    threadTs: null,
    isBot: draft.user === BOT.userId,
    blocks: [],
    attachments: [],
    metadata: null,
    fileIds: [],
    ephemeralTo: null,
    editedTs: null,
    clientMsgId: null,
    reactions: [],
    stream: null,
    ...draft,
  };
  if (message.threadTs !== null && message.ephemeralTo === null) markParent(slack, message);
  slack.store.putMessage(message);
  slack.feed.publish({ type: message.ephemeralTo === null ? 'message_posted' : 'ephemeral', message });
  sendMessageEvents(slack, message);
  if (message.isBot) clearStatus(slack, message);
  return message;
}

/** Slack takes the status of a thread away as soon as the app has answered in it. */
function clearStatus(slack: Slack, reply: Message): void {
  const key = `${reply.channel}:${reply.threadTs ?? reply.ts}`;
  const known = slack.store.threads.get(key);
  if (!known || known.status === '') return;
  const thread = { ...known, status: '' };
  slack.store.threads.set(key, thread);
  slack.feed.publish({ type: 'thread_state', thread });
}

/** Replaces a message by its changed version. */
export function changeMessage(slack: Slack, previous: Message, message: Message): void {
  slack.store.putMessage(message);
  slack.feed.publish({ type: 'message_changed', message });
  sendMessageChanged(slack, message, previous);
}

export function removeMessage(slack: Slack, message: Message): void {
  slack.store.deleteMessage(message);
  slack.feed.publish({ type: 'message_deleted', message });
  sendMessageDeleted(slack, message);
}

/** A message that has been replied to carries its own ts as `thread_ts`. */
function markParent(slack: Slack, reply: Message): void {
  const parent = reply.threadTs === null ? null : slack.store.message(reply.channel, reply.threadTs);
  if (parent && parent.threadTs === null) slack.store.putMessage({ ...parent, threadTs: parent.ts });
}
