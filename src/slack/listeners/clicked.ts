import type { BlockAction } from '@slack/bolt';
import { z } from 'zod';
import type { Place, Principal } from '../../domain/types.ts';
import type { SlackServices } from '../services.ts';

export const valueSchema = z.looseObject({ value: z.string() });

export const messageSchema = z.looseObject({
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string().optional(),
  blocks: z.array(z.looseObject({ type: z.string(), block_id: z.string().optional() })).default([]),
});

export interface Where {
  principal: Principal;
  place: Place;
  triggerId: string;
  messageTs: string;
}

/** Who clicked, in which conversation, under which message. */
export async function where(services: SlackServices, body: BlockAction): Promise<Where> {
  const message = messageSchema.parse(body.message);
  const teamId = body.team?.id ?? '';
  const place = { teamId, channelId: body.channel?.id ?? '', threadTs: message.thread_ts ?? message.ts };
  const [principal, fullPlace] = await Promise.all([
    services.directory.principal(teamId, body.user.id),
    services.directory.place(place),
  ]);
  return { principal, place: fullPlace, triggerId: body.trigger_id, messageTs: message.ts };
}
