import type { Channel } from '../channels.ts';
import { SlackError } from '../errors.ts';
import type { Message } from '../records.ts';
import type { Slack } from '../slack.ts';
import { BOT } from '../workspace.ts';

/** The conversation as the bot may know it: private ones it is not in do not exist for it. */
export function visibleChannel(slack: Slack, id: string): Channel {
  const channel = slack.store.channels.find(id);
  const isMember = channel?.members.has(BOT.userId) ?? false;
  if (!channel || (channel.type !== 'channel' && !isMember)) throw new SlackError('channel_not_found');
  return channel;
}

/** A conversation the bot is in. Throws `channel_not_found`, `not_in_channel`. */
export function joinedChannel(slack: Slack, id: string): Channel {
  const channel = visibleChannel(slack, id);
  if (!channel.members.has(BOT.userId)) throw new SlackError('not_in_channel');
  return channel;
}

/** Where a message goes: a user id stands for the DM with that person. */
export function postableChannel(slack: Slack, id: string): Channel {
  return joinedChannel(slack, slack.store.people.find(id)?.dmId ?? id);
}

/** Throws `message_not_found`. */
export function existingMessage(slack: Slack, channel: string, ts: string): Message {
  const message = slack.store.message(channel, ts);
  if (!message || message.ephemeralTo !== null) throw new SlackError('message_not_found');
  return message;
}

/** The root of the thread that a reply goes to; a reply's own ts stands for its thread. */
export function threadRoot(slack: Slack, channel: string, threadTs: string | undefined): string | null {
  if (threadTs === undefined || threadTs === '') return null;
  const message = slack.store.message(channel, threadTs);
  if (!message) throw new SlackError('thread_not_found');
  return message.threadTs ?? message.ts;
}
