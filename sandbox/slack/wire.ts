import type { Channel } from './channels.ts';
import type { JsonObject } from './json.ts';
import type { Message, SlackFile, View } from './records.ts';
import type { Slack } from './slack.ts';

import { streamBlocks, streamText } from './streams.ts';
import { BOT, LABS, LABS_PEOPLE, type Person, TEAM } from './workspace.ts';

/** Slack's own shapes of what the store holds. */
export function wireMessage(slack: Slack, message: Message): JsonObject {
  const replies = message.threadTs === message.ts ? slack.store.replies(message.channel, message.ts) : [];
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    ...(message.clientMsgId ? { client_msg_id: message.clientMsgId } : {}),
    ...(message.isBot ? { bot_id: BOT.botId, app_id: BOT.appId, bot_profile: wireBot() } : {}),
    text: message.stream ? streamText(message.stream.parts) : message.text,
    team: slack.store.channels.find(message.channel)?.teamId ?? TEAM.id,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(replies.length > 0
      ? {
          reply_count: replies.length,
          reply_users: [...new Set(replies.map((reply) => reply.user))],
          latest_reply: replies.at(-1)?.ts,
        }
      : {}),
    ...(message.editedTs ? { edited: { user: message.user, ts: message.editedTs } } : {}),
    blocks: shownBlocks(message),
    ...(message.attachments.length > 0 ? { attachments: message.attachments } : {}),
    ...(message.metadata ? { metadata: message.metadata } : {}),
    ...(message.fileIds.length > 0 ? { files: wireFiles(slack, message) } : {}),
    ...(message.reactions.length > 0
      ? { reactions: message.reactions.map((each) => ({ ...each, count: each.users.length })) }
      : {}),
    ...(message.stream ? { streaming_state: message.stream.open ? 'in_progress' : 'completed' } : {}),
  };
}

/** The blocks a person sees: a streamed message's are made of what was streamed. */
export function shownBlocks(message: Message): JsonObject[] {
  return message.stream ? [...streamBlocks(message.stream), ...message.blocks] : message.blocks;
}

export function wireFiles(slack: Slack, message: Message): JsonObject[] {
  return message.fileIds.flatMap((id) => {
    const file = slack.store.files.get(id);
    return file ? [wireFile(slack, file)] : [];
  });
}

export function wireFile(slack: Slack, file: SlackFile): JsonObject {
  const url = `${slack.origin()}/slack/files/${file.id}/${encodeURIComponent(file.name)}`;
  return {
    id: file.id,
    created: Math.floor(file.createdAt / 1000),
    timestamp: Math.floor(file.createdAt / 1000),
    name: file.name,
    title: file.title,
    ...(file.altText ? { alt_txt: file.altText } : {}),
    mimetype: file.mimetype,
    filetype: file.name.slice(file.name.lastIndexOf('.') + 1),
    user: file.user,
    size: file.size,
    mode: 'hosted',
    url_private: url,
    url_private_download: url,
    permalink: url,
    channels: file.channels,
  };
}

export function wireBot(): JsonObject {
  return {
    id: BOT.botId,
    app_id: BOT.appId,
    user_id: BOT.userId,
    name: BOT.name,
    deleted: false,
    team_id: TEAM.id,
  };
}

/** As `users.info` gives it. `at` decides the offset of the time zone. */
export function wireUser(person: Person, at: number): JsonObject {
  const [first = person.name, ...rest] = person.name.split(' ');
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.handle,
    deleted: false,
    real_name: person.name,
    tz: person.tz,
    tz_label: person.tz,
    tz_offset: zoneOffsetSeconds(person.tz, at),
    profile: wireProfile(person, first, rest.join(' ')),
    is_admin: person.role === 'founder',
    is_owner: person.role === 'founder',
    is_primary_owner: false,
    is_restricted: person.isGuest,
    is_ultra_restricted: person.isGuest,
    is_stranger: person.teamId !== person.workspaceId,
    is_bot: false,
    is_app_user: false,
    is_email_confirmed: true,
    locale: 'en-US',
    updated: Math.floor(person.updatedAt / 1000),
  };
}

function wireProfile(person: Person, first: string, last: string): JsonObject {
  return {
    real_name: person.name,
    real_name_normalized: person.name,
    display_name: first,
    display_name_normalized: first,
    first_name: first,
    last_name: last,
    email: person.email,
    title: person.title,
    team: person.teamId,
  };
}

export function wireBotUser(): JsonObject {
  return {
    id: BOT.userId,
    team_id: TEAM.id,
    name: BOT.handle,
    deleted: false,
    real_name: BOT.name,
    tz: 'America/Los_Angeles',
    tz_label: 'America/Los_Angeles',
    tz_offset: -28800,
    profile: { real_name: BOT.name, display_name: BOT.name, bot_id: BOT.botId, api_app_id: BOT.appId },
    is_admin: false,
    is_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: true,
    is_app_user: false,
    updated: 0,
  };
}

export function wireChannel(channel: Channel): JsonObject {
  const common = {
    id: channel.id,
    created: 0,
    context_team_id: channel.teamId,
    is_archived: false,
    is_im: channel.type === 'im',
    is_mpim: false,
    is_ext_shared: channel.isExtShared,
    is_shared: channel.isExtShared,
    is_org_shared: false,
  };
  if (channel.type === 'im') {
    const user = [...channel.members].find((id) => id !== BOT.userId);
    return { ...common, user, is_open: true };
  }
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.type === 'channel',
    is_group: channel.type === 'group',
    is_private: channel.type === 'group',
    is_general: channel.name === 'general',
    is_member: channel.members.has(BOT.userId),
    num_members: channel.members.size,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: channel.topic, creator: '', last_set: 0 },
  };
}

export function wireView(view: View): JsonObject {
  return {
    ...view.content,
    id: view.id,
    team_id: workspaceOf(view.user),
    type: view.kind,
    hash: view.hash,
    root_view_id: view.rootViewId,
    previous_view_id: view.previousViewId,
    app_id: BOT.appId,
    app_installed_team_id: workspaceOf(view.user),
    bot_id: BOT.botId,
    state: { values: view.values },
  };
}

/** Nobody joins the second workspace later. */
function workspaceOf(userId: string): string {
  return LABS_PEOPLE.some((person) => person.id === userId) ? LABS.id : TEAM.id;
}

function zoneOffsetSeconds(zone: string, at: number): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value;
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '');
  if (!match) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60;
  return match[1] === '-' ? -seconds : seconds;
}
