import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ControlError } from '../errors.ts';
import { sendEvent } from '../events.ts';
import { interactionBase, messageContainer } from '../interactions.ts';
import { addReaction } from '../reactions.ts';
import type { Message } from '../records.ts';
import type { Slack } from '../slack.ts';
import { TRIGGER_LIVES_MS } from '../triggers.ts';
import { BOT, type Person, TEAM } from '../workspace.ts';
import { channelFor, personOf, readInput } from './scope.ts';
import { soonOpenedView } from './soon-opened-view.ts';

const reactionInput = z.object({
  user: z.string(),
  channel: z.string().optional(),
  ts: z.string(),
  name: z.string().regex(/^:?[\w+'-]+:?$/, 'must be the name of an emoji'),
});
const stopInput = z.object({ user: z.string(), channel: z.string().optional(), thread_ts: z.string() });
const shortcutInput = z.object({
  user: z.string(),
  callback_id: z.string(),
  channel: z.string().optional(),
  message_ts: z.string().optional(),
});

const connectionsInput = z.strictObject({ refresh_every_ms: z.int().min(50).max(86_400_000).nullable() });
const memberInput = z.object({ user: z.string(), channel: z.string(), invite: z.string().optional() });

/** Reactions, the Stop button, shortcuts, and who is in a channel. */
export function registerGestures(scope: FastifyInstance, slack: Slack): void {
  scope.get('/sandbox/acks', () => ({ ack_ms: slack.hub.ackMs }));

  scope.post('/sandbox/connections', (request) => {
    slack.hub.refreshEvery(readInput(connectionsInput, request.body).refresh_every_ms);
    return { open: slack.hub.connectionCount() };
  });

  scope.post('/sandbox/reactions', (request) => {
    const input = readInput(reactionInput, request.body);
    const person = personOf(slack, input.user);
    const message = seenMessage(slack, person, input.channel, input.ts);
    if (!addReaction(slack, message, input.name.replaceAll(':', ''), person.id)) {
      throw new ControlError(409, 'already_reacted', `${person.name} has already reacted so.`);
    }
    return { ok: true };
  });

  scope.post('/sandbox/stop', (request) => {
    const input = readInput(stopInput, request.body);
    const person = personOf(slack, input.user);
    const channel = channelFor(slack, person, input.channel);
    const streaming = slack.store
      .openStreams()
      .filter((message) => message.channel === channel.id && message.threadTs === input.thread_ts);
    sendEvent(slack, {
      type: 'agent_session_stopped',
      channel: channel.id,
      user: person.id,
      thread_ts: input.thread_ts,
      streaming_message_ts: streaming.map((message) => message.ts),
      event_ts: slack.store.nextTs(),
    });
    return { ok: true };
  });

  scope.post('/sandbox/members', (request) => {
    const input = readInput(memberInput, request.body);
    const person = personOf(slack, input.user);
    const channel = channelFor(slack, person, input.channel);
    const invited = /^@?psi$/i.test(input.invite ?? 'psi')
      ? BOT.userId
      : personOf(slack, input.invite ?? '').id;
    if (channel.type === 'im')
      throw new ControlError(400, 'invalid_channel', 'Nobody can be invited to a DM.');
    if (channel.members.has(invited)) {
      throw new ControlError(409, 'already_in_channel', `${invited} is in this channel already.`);
    }
    slack.store.channels.setMember(channel.id, invited, true);
    if (!slack.store.channels.isMember(channel.id, BOT.userId)) return { ok: true };
    sendEvent(slack, {
      type: 'member_joined_channel',
      user: invited,
      channel: channel.id,
      channel_type: channel.type === 'group' ? 'G' : 'C',
      team: TEAM.id,
      inviter: person.id,
      event_ts: slack.store.nextTs(),
    });
    return { ok: true };
  });

  scope.post('/sandbox/shortcuts', async (request) => {
    const input = readInput(shortcutInput, request.body);
    const person = personOf(slack, input.user);
    const triggerId = slack.triggers.issue(person.id);
    const base = { ...interactionBase(person, triggerId), callback_id: input.callback_id };
    const action_ts = slack.store.nextTs();
    const payload =
      input.message_ts === undefined
        ? { type: 'shortcut', ...base, action_ts }
        : {
            type: 'message_action',
            ...base,
            action_ts,
            ...onMessage(slack, person, input.channel, input.message_ts),
          };
    const target = `${payload.type} ${input.callback_id}`;
    const acknowledged = await slack.hub.deliverInteraction('interactive', target, payload);
    if (acknowledged === null) return { ok: false };
    const opened = await soonOpenedView(slack, triggerId, TRIGGER_LIVES_MS);
    return { ok: true, ...(opened === null ? {} : { opened_view_id: opened }) };
  });
}

function onMessage(slack: Slack, person: Person, channel: string | undefined, ts: string) {
  const message = seenMessage(slack, person, channel, ts);
  const path = slack.responseUrls.issue({
    channel: message.channel,
    user: person.id,
    threadTs: message.threadTs,
    messageTs: message.ts,
  });
  return { ...messageContainer(slack, message, path), message_ts: message.ts };
}

function seenMessage(slack: Slack, person: Person, channelId: string | undefined, ts: string): Message {
  const channel = channelFor(slack, person, channelId);
  const message = slack.store.message(channel.id, ts);
  if (message && (message.ephemeralTo === null || message.ephemeralTo === person.id)) return message;
  throw new ControlError(
    404,
    'no_such_message',
    `There is no message ${ts} for ${person.name} in this channel.`,
  );
}
