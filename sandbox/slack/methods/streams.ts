import { z } from 'zod';
import { checkedBlocks } from '../blocks/check.ts';
import { changeMessage, postMessage } from '../conversation.ts';
import { defineMethod, jsonObjects, jsonRecord } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import type { Message, StreamPart } from '../records.ts';
import type { Slack } from '../slack.ts';
import { expireStreams } from '../stream-expiry.ts';
import { appendChunks, streamText } from '../streams.ts';
import { wireMessage } from '../wire.ts';
import { BOT } from '../workspace.ts';
import { existingMessage, joinedChannel, postableChannel, threadRoot } from './access.ts';

const chunked = { markdown_text: z.string().optional(), chunks: z.array(z.unknown()).optional() };

interface Chunked {
  markdown_text?: string;
  chunks?: unknown[];
}

function grow(parts: readonly StreamPart[], args: Chunked): StreamPart[] {
  const spoken = args.markdown_text ? [{ type: 'markdown_text', text: args.markdown_text }] : [];
  const next = appendChunks(parts, [...spoken, ...(args.chunks ?? [])]);
  for (const part of next) if (part.type === 'blocks') part.blocks = checkedBlocks(part.blocks, 'message');
  return next;
}

/** The open stream, or `message_not_in_streaming_state` when it was closed, by time or by a planned fault. */
function openStream(slack: Slack, method: string, channelId: string, ts: string) {
  const channel = joinedChannel(slack, channelId);
  const expired = slack.sandbox.faults.take('slack', `/api/${method}`, ['stream_expired']) !== null;
  expireStreams(slack, expired ? { channel: channel.id, ts } : null);
  const message = existingMessage(slack, channel.id, ts);
  if (message.user !== BOT.userId) throw new SlackError('message_not_owned_by_app');
  if (!message.stream?.open) throw new SlackError('message_not_in_streaming_state');
  return { message, stream: message.stream };
}

export const STREAM_METHODS = [
  defineMethod({
    name: 'chat.startStream',
    tier: 'tier2',
    input: z.object({
      channel: z.string(),
      thread_ts: z.string(),
      recipient_user_id: z.string().optional(),
      recipient_team_id: z.string().optional(),
      task_display_mode: z.enum(['timeline', 'plan', 'dense']).default('timeline'),
      ...chunked,
    }),
    run(args, slack) {
      const channel = postableChannel(slack, args.channel);
      const threadTs = threadRoot(slack, channel.id, args.thread_ts);
      if (channel.type !== 'im') {
        if (!args.recipient_user_id) throw new SlackError('missing_recipient_user_id');
        if (!args.recipient_team_id) throw new SlackError('missing_recipient_team_id');
        if (!channel.members.has(args.recipient_user_id)) throw new SlackError('user_not_in_channel');
      }
      const parts = grow([], args);
      const message = postMessage(slack, {
        channel: channel.id,
        user: BOT.userId,
        threadTs,
        text: '',
        stream: {
          open: true,
          abandoned: false,
          startedAt: slack.sandbox.world.now(),
          displayMode: args.task_display_mode,
          recipientUserId: args.recipient_user_id ?? null,
          parts,
        },
      });
      return { channel: channel.id, ts: message.ts };
    },
  }),
  defineMethod({
    name: 'chat.appendStream',
    tier: 'tier4',
    input: z.object({ channel: z.string(), ts: z.string(), ...chunked }),
    run(args, slack) {
      const { message, stream } = openStream(slack, 'chat.appendStream', args.channel, args.ts);
      if (!args.markdown_text && !args.chunks?.length) throw new SlackError('no_text');
      const grown: Message = { ...message, stream: { ...stream, parts: grow(stream.parts, args) } };
      slack.store.putMessage(grown);
      slack.feed.publish({ type: 'stream_chunk', message: grown });
      return { channel: message.channel, ts: message.ts };
    },
  }),
  defineMethod({
    name: 'chat.stopStream',
    tier: 'tier2',
    input: z.object({
      channel: z.string(),
      ts: z.string(),
      ...chunked,
      blocks: jsonObjects.optional(),
      metadata: jsonRecord.optional(),
      session_status: z.string().optional(),
    }),
    run(args, slack) {
      const { message, stream } = openStream(slack, 'chat.stopStream', args.channel, args.ts);
      const parts = grow(stream.parts, args);
      const done: Message = {
        ...message,
        text: streamText(parts),
        blocks: checkedBlocks(args.blocks ?? [], 'message'),
        metadata: args.metadata ?? null,
        stream: { ...stream, open: false, parts },
      };
      changeMessage(slack, message, done);
      return { channel: message.channel, ts: message.ts, message: wireMessage(slack, done) };
    },
  }),
];
