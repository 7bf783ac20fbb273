import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkedBlocks } from '../blocks/check.ts';
import { postMessage } from '../conversation.ts';
import { SlackError } from '../errors.ts';
import { channelLabel } from '../interactions.ts';
import { type JsonObject, objectsAt, textAt } from '../json.ts';
import { plainText } from '../plain-text.ts';
import type { Message } from '../records.ts';
import type { Slack } from '../slack.ts';
import { BOT, type Person, TEAM } from '../workspace.ts';
import { channelFor, personOf, readInput } from './scope.ts';

const commandInput = z.object({
  user: z.string(),
  channel: z.string().optional(),
  command: z.string().regex(/^\/[\w-]+$/, 'must begin with /'),
  text: z.string().default(''),
});

const ANSWER_WITHIN_MS = 3000;

/** A person runs a slash command; its answer is the acknowledgement's, or the first one that follows. */
export function registerCommands(scope: FastifyInstance, slack: Slack): void {
  scope.post('/sandbox/commands', async (request) => {
    const input = readInput(commandInput, request.body);
    const person = personOf(slack, input.user);
    const channel = channelFor(slack, person, input.channel);
    const responsePath = slack.responseUrls.issue({
      channel: channel.id,
      user: person.id,
      threadTs: null,
      messageTs: null,
    });
    const triggerId = slack.triggers.issue(person.id);
    const answered = slack.responseUrls.firstAnswer(responsePath, ANSWER_WITHIN_MS);
    const seen = untilAnswered(slack, person.id, channel.id);
    const acknowledged = await slack.hub.deliverInteraction('slash_commands', input.command, {
      token: 'sandbox',
      team_id: TEAM.id,
      team_domain: TEAM.domain,
      channel_id: channel.id,
      channel_name: channelLabel(channel.id),
      user_id: person.id,
      user_name: person.handle,
      command: input.command,
      text: input.text,
      api_app_id: BOT.appId,
      is_enterprise_install: 'false',
      response_url: `${slack.origin()}${responsePath}`,
      trigger_id: triggerId,
    });
    if (acknowledged === null) {
      seen.cancel();
      return { ok: false, response: `${input.command} failed with the error "operation_timeout"` };
    }
    const direct = acknowledgedMessage(slack, person, channel.id, acknowledged);
    const message = direct ?? (await Promise.race([answered, seen.first]));
    seen.cancel();
    return { ok: true, response: message ? plainText(message) : '' };
  });
}

/** Opening a modal (null) or a message to this person alone is an answer as well. */
function untilAnswered(
  slack: Slack,
  user: string,
  channel: string,
): { first: Promise<Message | null>; cancel: () => void } {
  let cancel: () => void = () => undefined;
  const first = new Promise<Message | null>((resolve) => {
    cancel = slack.feed.subscribe((change) => {
      if (change.type === 'view_opened' && change.view.user === user) resolve(null);
      if (change.type !== 'ephemeral' || change.message.channel !== channel) return;
      if (change.message.ephemeralTo === user) resolve(change.message);
    });
  });
  return { first, cancel };
}

/** The message that an acknowledgement with text or blocks puts into the channel. */
function acknowledgedMessage(
  slack: Slack,
  person: Person,
  channel: string,
  body: JsonObject,
): Message | null {
  const text = textAt(body, 'text') ?? '';
  const given = objectsAt(body, 'blocks');
  if (text === '' && given.length === 0) return null;
  const isPublic = body.response_type === 'in_channel';
  try {
    const blocks = checkedBlocks(given, 'message');
    return postMessage(slack, {
      channel,
      user: BOT.userId,
      text,
      blocks,
      ephemeralTo: isPublic ? null : person.id,
    });
  } catch (error) {
    if (error instanceof SlackError) return null;
    throw error;
  }
}
