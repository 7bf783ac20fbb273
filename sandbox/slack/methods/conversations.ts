import { z } from 'zod';
import { defineMethod, flag, whole } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import { page } from '../paging.ts';
import type { Message } from '../records.ts';
import { wireChannel, wireMessage } from '../wire.ts';
import { BOT } from '../workspace.ts';
import { existingMessage, joinedChannel, visibleChannel } from './access.ts';

const paged = { cursor: z.string().optional(), limit: whole.default(100) };
const span = {
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.default(false),
};

function within(
  messages: Message[],
  args: { oldest?: string; latest?: string; inclusive: boolean },
): Message[] {
  const [oldest, latest] = [Number(args.oldest ?? 0), Number(args.latest ?? Number.POSITIVE_INFINITY)];
  return messages.filter((message) => {
    const ts = Number(message.ts);
    return args.inclusive ? ts >= oldest && ts <= latest : ts > oldest && ts < latest;
  });
}

const TYPES: Record<string, string> = { public_channel: 'channel', private_channel: 'group', im: 'im' };

export const CONVERSATION_METHODS = [
  defineMethod({
    name: 'conversations.open',
    tier: 'tier3',
    input: z.object({
      users: z.string().optional(),
      channel: z.string().optional(),
      return_im: flag.default(false),
    }),
    run(args, slack) {
      if (args.channel) return { channel: wireChannel(joinedChannel(slack, args.channel)) };
      const ids = (args.users ?? '').split(',').filter((id) => id !== '');
      const [id] = ids;
      if (id === undefined) throw new SlackError('users_list_not_supplied');
      if (ids.length > 1) throw new SlackError('method_not_supported_for_channel_type');
      const person = slack.store.people.find(id);
      if (!person) throw new SlackError(id === BOT.userId ? 'cannot_dm_bot' : 'user_not_found');
      const channel = joinedChannel(slack, person.dmId);
      return { channel: args.return_im ? wireChannel(channel) : { id: channel.id } };
    },
  }),
  defineMethod({
    name: 'conversations.info',
    tier: 'tier3',
    input: z.object({ channel: z.string(), include_num_members: flag.default(false) }),
    run: (args, slack) => ({ channel: wireChannel(visibleChannel(slack, args.channel)) }),
  }),
  defineMethod({
    name: 'conversations.join',
    tier: 'tier3',
    input: z.object({ channel: z.string() }),
    run(args, slack) {
      const channel = visibleChannel(slack, args.channel);
      // The app's manifest does not ask for the scope that joining takes: people invite it.
      if (!channel.members.has(BOT.userId))
        throw new SlackError('missing_scope', { needed: 'channels:join' });
      return { channel: wireChannel(channel), warning: 'already_in_channel' };
    },
  }),
  defineMethod({
    name: 'conversations.members',
    tier: 'tier4',
    input: z.object({ channel: z.string(), ...paged }),
    run(args, slack) {
      const { items, ...rest } = page(
        [...visibleChannel(slack, args.channel).members],
        args.limit,
        args.cursor,
      );
      return { members: items, ...rest };
    },
  }),
  defineMethod({
    name: 'conversations.list',
    tier: 'tier2',
    input: z.object({
      types: z.string().default('public_channel'),
      exclude_archived: flag.optional(),
      ...paged,
    }),
    run(args, slack) {
      const wanted = args.types.split(',').map((type) => TYPES[type.trim()]);
      const seen = slack.store.channels
        .all()
        .filter(
          (channel) =>
            wanted.includes(channel.type) && (channel.type === 'channel' || channel.members.has(BOT.userId)),
        );
      const { items, ...rest } = page(seen, args.limit, args.cursor);
      return { channels: items.map(wireChannel), ...rest };
    },
  }),
  defineMethod({
    name: 'conversations.history',
    tier: 'tier3',
    input: z.object({ channel: z.string(), ...span, ...paged }),
    run(args, slack) {
      const channel = joinedChannel(slack, args.channel);
      const top = slack.store
        .messagesOf(channel.id)
        .filter((each) => each.ephemeralTo === null && (each.threadTs === null || each.threadTs === each.ts));
      const { items, ...rest } = page(within(top, args).reverse(), args.limit, args.cursor);
      const has_more = rest.response_metadata.next_cursor !== '';
      return { messages: items.map((each) => wireMessage(slack, each)), has_more, ...rest };
    },
  }),
  defineMethod({
    name: 'conversations.replies',
    tier: 'tier3',
    input: z.object({ channel: z.string(), ts: z.string(), ...span, ...paged }),
    run(args, slack) {
      const channel = joinedChannel(slack, args.channel);
      const asked = slack.store.message(channel.id, args.ts);
      if (!asked) throw new SlackError('thread_not_found');
      const root = existingMessage(slack, channel.id, asked.threadTs ?? asked.ts);
      const replies = slack.store.replies(channel.id, root.ts).filter((each) => each.ephemeralTo === null);
      const { items, ...rest } = page([root, ...within(replies, args)], args.limit, args.cursor);
      const has_more = rest.response_metadata.next_cursor !== '';
      return { messages: items.map((each) => wireMessage(slack, each)), has_more, ...rest };
    },
  }),
];
