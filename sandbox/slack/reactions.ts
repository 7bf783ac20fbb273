import { sendEvent } from './events.ts';
import type { Message } from './records.ts';
import type { Slack } from './slack.ts';
import { BOT } from './workspace.ts';

/** False when this person has already reacted so. */
export function addReaction(slack: Slack, message: Message, name: string, user: string): boolean {
  const known = message.reactions.find((each) => each.name === name);
  if (known?.users.includes(user)) return false;
  const others = message.reactions.filter((each) => each !== known);
  change(slack, message, [...others, { name, users: [...(known?.users ?? []), user] }]);
  send(slack, 'reaction_added', message, name, user);
  return true;
}

/** False when this person has not reacted so. */
export function removeReaction(slack: Slack, message: Message, name: string, user: string): boolean {
  const known = message.reactions.find((each) => each.name === name);
  if (!known?.users.includes(user)) return false;
  const left = known.users.filter((each) => each !== user);
  const others = message.reactions.filter((each) => each !== known);
  change(slack, message, left.length > 0 ? [...others, { name, users: left }] : others);
  send(slack, 'reaction_removed', message, name, user);
  return true;
}

function change(slack: Slack, message: Message, reactions: Message['reactions']): void {
  const changed = { ...message, reactions };
  slack.store.putMessage(changed);
  slack.feed.publish({ type: 'message_changed', message: changed });
}

function send(
  slack: Slack,
  type: 'reaction_added' | 'reaction_removed',
  message: Message,
  reaction: string,
  user: string,
): void {
  if (!slack.store.channels.isMember(message.channel, BOT.userId)) return;
  const item = { type: 'message', channel: message.channel, ts: message.ts };
  const event_ts = slack.store.nextTs();
  sendEvent(slack, { type, user, reaction, item, item_user: message.user, event_ts });
}
