import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkedBlocks } from './blocks/check.ts';
import { changeMessage, postMessage, removeMessage } from './conversation.ts';
import { jsonObjects } from './define-method.ts';
import { SlackError } from './errors.ts';
import { parseJson } from './json.ts';
import type { Message } from './records.ts';
import type { ResponseTarget } from './response-urls.ts';
import type { Slack } from './slack.ts';
import { BOT } from './workspace.ts';

const responseSchema = z.object({
  text: z.string().max(40_000).default(''),
  blocks: jsonObjects.optional(),
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: z.boolean().default(false),
  delete_original: z.boolean().default(false),
  thread_ts: z.string().optional(),
});

/** Serves the response URLs. Register in the scope that takes bodies as text. */
export function registerRespond(scope: FastifyInstance, slack: Slack): void {
  scope.post<{ Params: { id: string } }>('/slack/respond/:id', (request, reply) => {
    const target = slack.responseUrls.use(request.params.id);
    if (target === null) return reply.code(404).send({ ok: false, error: 'used_url' });
    const body = responseSchema.safeParse(
      typeof request.body === 'string' ? parseJson(request.body) : undefined,
    );
    if (!body.success) return reply.code(400).send({ ok: false, error: 'invalid_payload' });
    try {
      const message = respond(slack, target, body.data);
      slack.responseUrls.answered(request.params.id, message);
      return reply.type('text/plain').send('ok');
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      return reply.code(400).send({ ok: false, error: error.code, ...error.details });
    }
  });
}

function respond(slack: Slack, target: ResponseTarget, body: z.infer<typeof responseSchema>): Message | null {
  const original = target.messageTs === null ? null : slack.store.message(target.channel, target.messageTs);
  if (body.delete_original) {
    if (original) removeMessage(slack, original);
    return null;
  }
  const blocks = checkedBlocks(body.blocks ?? [], 'message');
  if (body.text === '' && blocks.length === 0) throw new SlackError('no_text');
  if (body.replace_original && original) {
    const changed: Message = {
      ...original,
      text: body.text,
      blocks,
      stream: null,
      editedTs: slack.store.nextTs(),
    };
    changeMessage(slack, original, changed);
    return changed;
  }
  return postMessage(slack, {
    channel: target.channel,
    user: BOT.userId,
    text: body.text,
    blocks,
    threadTs: body.thread_ts ?? null,
    ephemeralTo: body.response_type === 'ephemeral' ? target.user : null,
  });
}
