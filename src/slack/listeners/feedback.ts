import type { App, BlockAction } from '@slack/bolt';
import { z } from 'zod';
import type { Role } from '../../domain/types.ts';
import { repeatable } from '../delivery/call-slack.ts';
import type { SlackServices } from '../services.ts';
import { ACTIONS } from '../views/answer.ts';
import { asSent, context } from '../views/blocks.ts';
import { aboutSchema, FEEDBACK_REASON, feedbackModal, REASONS } from '../views/feedback-modal.ts';
import { messageSchema, valueSchema, type Where, where } from './clicked.ts';

const THANKS = 'Thanks, noted.';
const reasonSchema = z.enum(REASONS.map(([value]) => value));

/** Whether an answer helped: kept at once; where it did not, the reason is asked for. */
export function registerFeedback(app: App, services: SlackServices): void {
  app.action<BlockAction>(ACTIONS.feedback, async ({ ack, body, action }) => {
    await ack();
    const clicked = await where(services, body);
    const { principal, place, messageTs } = clicked;
    const rating = z.enum(['positive', 'negative']).parse(valueSchema.parse(action).value);
    const about = { channelId: place.channelId, messageTs };
    // The form first: its trigger lives three seconds.
    if (rating === 'negative')
      await services
        .clientFor(place.teamId)
        .views.open({ trigger_id: clicked.triggerId, view: feedbackModal(about) });
    await services.recordFeedback({
      ...about,
      teamId: place.teamId,
      userId: principal.userId,
      role: firstRole(principal.roles),
      rating,
    });
    await thank(services, body, clicked);
  });

  app.view(FEEDBACK_REASON, async ({ ack, body, view }) => {
    await ack();
    const about = aboutSchema.parse(JSON.parse(view.private_metadata));
    const reason = reasonSchema.parse(view.state.values.reason?.reason?.selected_option?.value);
    const comment = view.state.values.comment?.comment?.value?.trim() || null;
    await services.recordReason({
      ...about,
      teamId: body.team?.id ?? '',
      userId: body.user.id,
      reason,
      comment,
    });
  });
}

/** In a DM the buttons give way to thanks; elsewhere others may still have an opinion, so only its giver is thanked. */
async function thank(services: SlackServices, body: BlockAction, { principal, place, messageTs }: Where) {
  const { teamId, channelId, threadTs } = place;
  if (place.kind === 'channel') {
    const message = { teamId, channelId, threadTs, text: THANKS, blocks: [context(THANKS)] };
    await services.poster.ephemeral(principal.userId, message);
    return;
  }
  const message = messageSchema.parse(body.message);
  const blocks = message.blocks.map((block) => (block.block_id === 'feedback' ? context(THANKS) : block));
  await repeatable(() =>
    services.clientFor(teamId).chat.update({
      channel: channelId,
      ts: messageTs,
      text: message.text ?? THANKS,
      blocks: asSent(blocks),
    }),
  ).catch((error: unknown) => services.logger.warn({ err: error }, 'thanks could not be shown'));
}

/** A person of several roles asks with all of them; the first is the one that opens most. */
function firstRole(roles: readonly Role[]): Role {
  return roles[0] ?? 'viewer';
}
