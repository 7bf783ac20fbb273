import { z } from 'zod';
import { checkedBlocks } from '../blocks/check.ts';
import { changeMessage, postMessage, removeMessage } from '../conversation.ts';
import { defineMethod, flag, jsonObjects, jsonRecord } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import type { Message } from '../records.ts';
import { shownBlocks, wireMessage } from '../wire.ts';
import { BOT, TEAM } from '../workspace.ts';
import { existingMessage, joinedChannel, postableChannel, threadRoot } from './access.ts';

const TEXT_LIMIT = 40_000;
const MARKDOWN_LIMIT = 12_000;

const content = {
  text: z.string().optional(),
  markdown_text: z.string().optional(),
  blocks: jsonObjects.optional(),
  attachments: jsonObjects.optional(),
};

type Content = Partial<z.infer<z.ZodObject<typeof content>>>;

/** The text and blocks of a call. Throws `no_text`, `msg_too_long`, `invalid_blocks`. */
function readContent(args: Content): Pick<Message, 'text' | 'blocks' | 'attachments'> {
  if (args.markdown_text !== undefined && (args.text || args.blocks)) {
    throw new SlackError('markdown_text_conflict');
  }
  if ((args.markdown_text?.length ?? 0) > MARKDOWN_LIMIT) throw new SlackError('msg_too_long');
  const markdown = args.markdown_text ? [{ type: 'markdown', text: args.markdown_text }] : [];
  const blocks = checkedBlocks(args.blocks ?? markdown, 'message');
  const attachments = args.attachments ?? [];
  const text = args.text ?? args.markdown_text ?? '';
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new SlackError('no_text');
  if (text.length > TEXT_LIMIT) throw new SlackError('msg_too_long');
  return { text, blocks, attachments };
}

function ownMessage(message: Message, otherwise: string): Message {
  if (message.user !== BOT.userId) throw new SlackError(otherwise);
  if (message.stream?.open) throw new SlackError('streaming_state_conflict');
  return message;
}

export const CHAT_METHODS = [
  defineMethod({
    name: 'chat.postMessage',
    tier: 'special',
    input: z.object({
      channel: z.string(),
      ...content,
      thread_ts: z.string().optional(),
      reply_broadcast: flag.optional(),
      metadata: jsonRecord.optional(),
    }),
    run(args, slack) {
      const channel = postableChannel(slack, args.channel);
      const threadTs = threadRoot(slack, channel.id, args.thread_ts);
      const body = readContent(args);
      const wait = slack.limits.takeMessage(channel.id);
      if (wait > 0) throw new SlackError('ratelimited', { retry_after: wait });
      const metadata = args.metadata ?? null;
      const message = postMessage(slack, {
        channel: channel.id,
        user: BOT.userId,
        threadTs,
        metadata,
        ...body,
      });
      return { channel: channel.id, ts: message.ts, message: wireMessage(slack, message) };
    },
  }),
  defineMethod({
    name: 'chat.update',
    tier: 'tier3',
    input: z.object({ channel: z.string(), ts: z.string(), ...content, metadata: jsonRecord.optional() }),
    run(args, slack) {
      const channel = joinedChannel(slack, args.channel);
      const previous = ownMessage(existingMessage(slack, channel.id, args.ts), 'cant_update_message');
      const body = readContent(args);
      // Slack keeps the old blocks only when no new text was given either.
      const keepsBlocks =
        args.blocks === undefined && args.text === undefined && args.markdown_text === undefined;
      const message: Message = {
        ...previous,
        ...body,
        blocks: keepsBlocks ? shownBlocks(previous) : body.blocks,
        attachments: args.attachments === undefined ? previous.attachments : body.attachments,
        metadata: args.metadata ?? previous.metadata,
        stream: null,
        editedTs: slack.store.nextTs(),
      };
      changeMessage(slack, previous, message);
      return { channel: channel.id, ts: args.ts, text: message.text, message: wireMessage(slack, message) };
    },
  }),
  defineMethod({
    name: 'chat.delete',
    tier: 'tier3',
    input: z.object({ channel: z.string(), ts: z.string() }),
    run(args, slack) {
      const channel = joinedChannel(slack, args.channel);
      removeMessage(slack, ownMessage(existingMessage(slack, channel.id, args.ts), 'cant_delete_message'));
      return { channel: channel.id, ts: args.ts };
    },
  }),
  defineMethod({
    name: 'chat.postEphemeral',
    tier: 'tier4',
    input: z.object({ channel: z.string(), user: z.string(), ...content, thread_ts: z.string().optional() }),
    run(args, slack) {
      const channel = joinedChannel(slack, args.channel);
      if (!channel.members.has(args.user)) throw new SlackError('user_not_in_channel');
      const threadTs = threadRoot(slack, channel.id, args.thread_ts);
      const body = readContent(args);
      const draft = { channel: channel.id, user: BOT.userId, threadTs, ephemeralTo: args.user, ...body };
      return { message_ts: postMessage(slack, draft).ts };
    },
  }),
  defineMethod({
    name: 'chat.getPermalink',
    tier: 'special',
    input: z.object({ channel: z.string(), message_ts: z.string() }),
    run(args, slack) {
      const channel = joinedChannel(slack, args.channel);
      const message = existingMessage(slack, channel.id, args.message_ts);
      const inThread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
      const place = `${channel.id}/p${message.ts.replace('.', '')}`;
      return {
        channel: channel.id,
        permalink: `https://${TEAM.domain}.slack.com/archives/${place}${inThread}`,
      };
    },
  }),
  defineMethod({
    name: 'chat.unfurl',
    tier: 'tier3',
    input: z.looseObject({ channel: z.string().optional(), ts: z.string().optional() }),
    run(args, slack) {
      if (args.channel && args.ts) existingMessage(slack, joinedChannel(slack, args.channel).id, args.ts);
      return {};
    },
  }),
];
