import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { postMessage } from '../conversation.ts';
import { ControlError } from '../errors.ts';
import { newFile } from '../files.ts';
import type { JsonObject } from '../json.ts';
import { plainText } from '../plain-text.ts';
import { type Message, messageSchema, type ThreadState } from '../records.ts';
import type { Slack } from '../slack.ts';
import { expireStreams } from '../stream-expiry.ts';
import { streamText } from '../streams.ts';
import { typedText } from '../typed-text.ts';
import { shownBlocks, wireFiles } from '../wire.ts';
import { channelFor, channelOf, personOf, readInput } from './scope.ts';

const TEXT_LIMIT = 40_000;

const fileInput = z.object({
  name: z.string().min(1),
  mimetype: z.string().optional(),
  text: z.string().optional(),
  content_base64: z.base64().optional(),
});

const postInput = z.object({
  user: z.string(),
  channel: z.string().optional(),
  dm: z.boolean().optional(),
  text: z.string().max(TEXT_LIMIT),
  thread_ts: z.string().optional(),
  files: z.array(fileInput).default([]),
});

const listInput = z.object({
  channel: z.string().optional(),
  thread_ts: z.string().optional(),
  after: z.string().optional(),
  viewer: z.string().optional(),
});

/** A person writes; anyone reads what a viewer may see. */
export function registerMessages(scope: FastifyInstance, slack: Slack): void {
  scope.post('/sandbox/messages', (request) => {
    const input = readInput(postInput, request.body);
    if (input.text.trim() === '' && input.files.length === 0) {
      throw new ControlError(400, 'no_text', 'A message needs text or a file.');
    }
    const person = personOf(slack, input.user);
    const channel = channelFor(slack, person, input.dm ? undefined : input.channel);
    const root = threadRootOf(slack, channel.id, input.thread_ts);
    const files = input.files.map((file) => {
      const content = Buffer.from(
        file.content_base64 ?? file.text ?? '',
        file.content_base64 ? 'base64' : 'utf8',
      );
      const { name, mimetype } = file;
      return newFile(slack, { name, mimetype, size: content.length, user: person.id, content });
    });
    const message = postMessage(slack, {
      channel: channel.id,
      user: person.id,
      text: typedText(input.text),
      threadTs: root,
      fileIds: files.map((file) => file.id),
      clientMsgId: randomUUID(),
    });
    return { channel: channel.id, ts: message.ts };
  });

  scope.get('/sandbox/messages', (request) => {
    const input = readInput(listInput, request.query);
    expireStreams(slack);
    const viewer = input.viewer === undefined ? null : personOf(slack, input.viewer);
    const channels =
      input.channel === undefined ? slack.store.channels.all() : [channelOf(slack, input.channel)];
    const messages = channels
      .filter((channel) => viewer === null || channel.members.has(viewer.id))
      .flatMap((channel) => slack.store.messagesOf(channel.id))
      .filter(
        (message) => viewer === null || message.ephemeralTo === null || message.ephemeralTo === viewer.id,
      )
      .filter((message) => input.thread_ts === undefined || isOfThread(message, input.thread_ts))
      .filter((message) => input.after === undefined || Number(message.ts) > Number(input.after))
      .sort((a, b) => (a.ts < b.ts ? -1 : 1));
    return { messages: messages.map((message) => shownMessage(slack, message)) };
  });

  scope.get('/sandbox/threads', () => ({ threads: slack.store.threads.all().map(shownThread) }));
}

/** A message as the control API and the web page give it. */
export function shownMessage(slack: Slack, message: Message): JsonObject {
  return {
    channel: message.channel,
    ts: message.ts,
    thread_ts: message.threadTs,
    user: message.user,
    is_bot: message.isBot,
    text: message.stream ? streamText(message.stream.parts) : message.text,
    blocks: shownBlocks(message),
    files: wireFiles(slack, message).map((file) => ({ ...file, sandbox_url: `/sandbox/files/${file.id}` })),
    reactions: message.reactions,
    ephemeral_to: message.ephemeralTo,
    streaming: message.stream?.open ?? false,
    edited_ts: message.editedTs,
    plain: plainText(withNewcomersNamed(slack, message)),
  };
}

/** People who joined later are not known by their id alone: a mention carries their name along. */
function withNewcomersNamed(slack: Slack, message: Message): Message {
  const newcomers = slack.store.people.newcomers();
  if (newcomers.length === 0) return message;
  const json = newcomers.reduce(
    (text, { id, name }) => text.replaceAll(`<@${id}>`, JSON.stringify(`<@${id}|${name}>`).slice(1, -1)),
    JSON.stringify(message),
  );
  return messageSchema.parse(JSON.parse(json));
}

/** What a thread shows above its input field. */
export function shownThread(thread: ThreadState): JsonObject {
  const { channel, threadTs, status, title, sessionStatus, prompts } = thread;
  return { channel, thread_ts: threadTs, status, title, session_status: sessionStatus, prompts };
}

function isOfThread(message: Message, threadTs: string): boolean {
  return message.threadTs === threadTs || message.ts === threadTs;
}

function threadRootOf(slack: Slack, channel: string, threadTs: string | undefined): string | null {
  if (threadTs === undefined) return null;
  const message = slack.store.message(channel, threadTs);
  if (!message)
    throw new ControlError(404, 'no_such_thread', `There is no message ${threadTs} in this channel.`);
  return message.threadTs ?? message.ts;
}
