import { z } from 'zod';
import { defineMethod } from '../define-method.ts';
import { SlackError } from '../errors.ts';
import type { ThreadState } from '../records.ts';
import type { Slack } from '../slack.ts';
import { joinedChannel, threadRoot } from './access.ts';

const place = { channel_id: z.string(), thread_ts: z.string() };

/** Changes what the thread shows above its input field. */
function changeThread(
  slack: Slack,
  args: { channel_id: string; thread_ts?: string },
  change: Partial<ThreadState>,
): Record<string, unknown> {
  const channel = joinedChannel(slack, args.channel_id).id;
  const threadTs = threadRoot(slack, channel, args.thread_ts) ?? '';
  const key = `${channel}:${threadTs}`;
  const blank: ThreadState = { channel, threadTs, status: '', title: '', sessionStatus: '', prompts: [] };
  const thread: ThreadState = { ...blank, ...slack.store.threads.get(key), ...change };
  slack.store.threads.set(key, thread);
  slack.feed.publish({ type: 'thread_state', thread });
  return {};
}

export const ASSISTANT_METHODS = [
  defineMethod({
    name: 'assistant.threads.setStatus',
    tier: 'special',
    input: z.object({
      ...place,
      status: z.string(),
      loading_messages: z.array(z.string()).max(10).optional(),
    }),
    run: (args, slack) => changeThread(slack, args, { status: args.status }),
  }),
  defineMethod({
    name: 'assistant.threads.setTitle',
    tier: 'tier4',
    input: z.object({ ...place, title: z.string().min(1) }),
    run: (args, slack) => changeThread(slack, args, { title: args.title }),
  }),
  defineMethod({
    name: 'assistant.threads.setSuggestedPrompts',
    tier: 'tier4',
    input: z.object({
      channel_id: z.string(),
      thread_ts: z.string().optional(),
      title: z.string().optional(),
      prompts: z.array(z.object({ title: z.string().min(1), message: z.string().min(1) })).max(4),
    }),
    run(args, slack) {
      if (args.prompts.length === 0) throw new SlackError('no_prompts');
      return changeThread(slack, args, { prompts: args.prompts });
    },
  }),
  defineMethod({
    name: 'agents.sessions.setStatus',
    tier: 'tier4',
    input: z.object({
      channel_id: z.string(),
      thread_ts: z.string().optional(),
      status: z.enum(['processing', 'active', 'suspended', 'closed']),
      title: z.string().optional(),
      initiator_user_id: z.string().optional(),
    }),
    run: (args, slack) =>
      changeThread(slack, args, {
        sessionStatus: args.status,
        ...(args.title === undefined ? {} : { title: args.title }),
      }),
  }),
];
