import type { JsonObject } from './json.ts';
import type { Message, View } from './records.ts';
import type { Slack } from './slack.ts';
import { wireMessage, wireView } from './wire.ts';
import { BOT, channelName, conversationType, LABS, type Person, TEAM, type Team } from './workspace.ts';

/** What every interactive payload carries. */
export function interactionBase(person: Person, triggerId: string): JsonObject {
  return {
    team: person.workspaceId === LABS.id ? short(LABS) : short(TEAM),
    user: { id: person.id, username: person.handle, name: person.handle, team_id: person.teamId },
    api_app_id: BOT.appId,
    token: 'sandbox',
    trigger_id: triggerId,
    enterprise: null,
    is_enterprise_install: false,
  };
}

function short({ id, domain }: Team): JsonObject {
  return { id, domain };
}

/** The message part of a click on a message. `responsePath` is its response URL's path. */
export function messageContainer(slack: Slack, message: Message, responsePath: string): JsonObject {
  const isEphemeral = message.ephemeralTo !== null;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: isEphemeral,
      ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    },
    channel: { id: message.channel, name: channelLabel(message.channel) },
    ...(isEphemeral ? {} : { message: wireMessage(slack, message) }),
    response_url: `${slack.origin()}${responsePath}`,
  };
}

export function viewContainer(view: View): JsonObject {
  return { container: { type: 'view', view_id: view.id }, view: wireView(view) };
}

/** Slack names a DM `directmessage` in payloads, and a private channel `privategroup`. */
export function channelLabel(channelId: string): string {
  const type = conversationType(channelId);
  if (type === 'im') return 'directmessage';
  return type === 'group' ? 'privategroup' : (channelName(channelId) ?? '');
}
