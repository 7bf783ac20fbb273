import type { JsonObject } from './json.ts';
import type { Message } from './records.ts';
import type { Slack } from './slack.ts';
import { wireMessage } from './wire.ts';
import { BOT, conversationType, TEAM } from './workspace.ts';

/** Sends an event to the app as Socket Mode would; `event.channel` decides who else sees it. */
export function sendEvent(slack: Slack, event: JsonObject & { type: string }, target = event.type): void {
  const at = slack.sandbox.world.now();
  const channelId = typeof event.channel === 'string' ? event.channel : null;
  const isShared = channelId !== null && (slack.store.channels.find(channelId)?.isExtShared ?? false);
  slack.hub.deliverEvent(target, {
    token: 'sandbox',
    team_id: TEAM.id,
    context_team_id: TEAM.id,
    context_enterprise_id: null,
    api_app_id: BOT.appId,
    event,
    type: 'event_callback',
    event_id: `Ev0${slack.store.nextTs().replace('.', '')}`,
    event_time: Math.floor(at / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: TEAM.id,
        user_id: BOT.userId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: isShared,
    event_context: `4-${Buffer.from(JSON.stringify({ et: event.type, tid: TEAM.id, aid: BOT.appId })).toString('base64url')}`,
  });
}

/** A new message reaches the app where it is a member; a mention comes as two events, as in Slack. */
export function sendMessageEvents(slack: Slack, message: Message): void {
  if (!botHears(slack, message)) return;
  const type = conversationType(message.channel);
  const teamId = slack.store.people.find(message.user)?.teamId ?? TEAM.id;
  const foreign = teamId === TEAM.id ? {} : { user_team: teamId, source_team: teamId };
  const place = { channel: message.channel, event_ts: message.ts };
  const common = { ...wireMessage(slack, message), ...foreign, ...place };
  const subtype = message.fileIds.length > 0 ? { subtype: 'file_share' } : {};
  const mentioned = !message.isBot && type !== 'im' && message.text.includes(`<@${BOT.userId}>`);
  if (mentioned) sendEvent(slack, { ...common, type: 'app_mention' });
  sendEvent(slack, { ...common, ...subtype, type: 'message', channel_type: type });
}

export function sendMessageChanged(slack: Slack, message: Message, previous: Message): void {
  if (!botHears(slack, message)) return;
  const ts = slack.store.nextTs();
  sendEvent(
    slack,
    {
      type: 'message',
      subtype: 'message_changed',
      channel: message.channel,
      channel_type: conversationType(message.channel),
      hidden: true,
      message: wireMessage(slack, message),
      previous_message: wireMessage(slack, previous),
      ts,
      event_ts: ts,
    },
    'message_changed',
  );
}

export function sendMessageDeleted(slack: Slack, message: Message): void {
  if (!botHears(slack, message)) return;
  const ts = slack.store.nextTs();
  sendEvent(
    slack,
    {
      type: 'message',
      subtype: 'message_deleted',
      channel: message.channel,
      channel_type: conversationType(message.channel),
      hidden: true,
      deleted_ts: message.ts,
      previous_message: wireMessage(slack, message),
      ts,
      event_ts: ts,
    },
    'message_deleted',
  );
}

function botHears(slack: Slack, message: Message): boolean {
  if (message.ephemeralTo !== null) return false;
  return slack.store.channels.isMember(message.channel, BOT.userId);
}
