import { z } from 'zod';
import { checkedBlocks } from '../blocks/check.ts';
import { postMessage } from '../conversation.ts';
import { defineMethod, jsonObjects, whole } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import { newFile } from '../files.ts';
import { wireFile } from '../wire.ts';
import { BOT } from '../workspace.ts';
import { postableChannel, threadRoot } from './access.ts';

const MAX_BYTES = 50_000_000;

export const FILE_METHODS = [
  defineMethod({
    name: 'files.getUploadURLExternal',
    tier: 'tier4',
    // The reference says alt_txt, Slack's own client sends alt_text.
    input: z.object({
      filename: z.string().min(1),
      length: whole.min(1),
      alt_txt: z.string().max(1000).optional(),
      alt_text: z.string().max(1000).optional(),
    }),
    run(args, slack) {
      if (args.length > MAX_BYTES) throw new SlackError('file_uploads_exceed_limit');
      const file = newFile(slack, {
        name: args.filename,
        size: args.length,
        user: BOT.userId,
        content: null,
        altText: args.alt_txt ?? args.alt_text,
      });
      return { upload_url: `${slack.origin()}/slack/upload/${file.id}`, file_id: file.id };
    },
  }),
  defineMethod({
    name: 'files.completeUploadExternal',
    tier: 'tier4',
    input: z.object({
      files: z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1),
      channel_id: z.string().optional(),
      channels: z.string().optional(),
      thread_ts: z.string().optional(),
      initial_comment: z.string().optional(),
      blocks: jsonObjects.optional(),
    }),
    run(args, slack) {
      const channelId = args.channel_id ?? args.channels?.split(',')[0];
      const channel = channelId ? postableChannel(slack, channelId) : null;
      const threadTs = channel ? threadRoot(slack, channel.id, args.thread_ts) : null;
      const files = args.files.map(({ id, title }) => {
        const file = slack.store.files.get(id);
        // Shared once: completing the same upload again finds nothing to complete.
        if (!file || file.contentBase64 === null || file.channels.length > 0)
          throw new SlackError('file_not_found');
        return { ...file, title: title ?? file.title, channels: channel ? [channel.id] : [] };
      });
      for (const file of files) slack.store.files.set(file.id, file);
      if (channel) {
        postMessage(slack, {
          channel: channel.id,
          user: BOT.userId,
          threadTs,
          text: args.initial_comment ?? '',
          blocks: checkedBlocks(args.blocks ?? [], 'message'),
          fileIds: files.map((file) => file.id),
        });
      }
      return { files: files.map((file) => wireFile(slack, file)) };
    },
  }),
  defineMethod({
    name: 'files.info',
    tier: 'tier4',
    input: z.object({ file: z.string() }),
    run(args, slack) {
      const file = slack.store.files.get(args.file);
      if (!file) throw new SlackError('file_not_found');
      return { file: wireFile(slack, file), comments: [] };
    },
  }),
];
