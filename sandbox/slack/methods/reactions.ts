import { z } from 'zod';
import { defineMethod } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import { addReaction, removeReaction } from '../reactions.ts';
import { wireMessage } from '../wire.ts';
import { BOT } from '../workspace.ts';
import { existingMessage, joinedChannel } from './access.ts';

const input = z.object({ channel: z.string(), timestamp: z.string(), name: z.string() });

export const REACTION_METHODS = [
  defineMethod({
    name: 'reactions.add',
    tier: 'tier3',
    input,
    run(args, slack) {
      const message = existingMessage(slack, joinedChannel(slack, args.channel).id, args.timestamp);
      if (!addReaction(slack, message, args.name, BOT.userId)) throw new SlackError('already_reacted');
      return {};
    },
  }),
  defineMethod({
    name: 'reactions.remove',
    tier: 'tier2',
    input,
    run(args, slack) {
      const message = existingMessage(slack, joinedChannel(slack, args.channel).id, args.timestamp);
      if (!removeReaction(slack, message, args.name, BOT.userId)) throw new SlackError('no_reaction');
      return {};
    },
  }),
  defineMethod({
    name: 'reactions.get',
    tier: 'tier3',
    input: input.omit({ name: true }),
    run(args, slack) {
      const message = existingMessage(slack, joinedChannel(slack, args.channel).id, args.timestamp);
      return { type: 'message', channel: message.channel, message: wireMessage(slack, message) };
    },
  }),
];
