import type { App, BlockAction } from '@slack/bolt';
import { z } from 'zod';
import type { Place, Principal } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { repeatable } from '../delivery/call-slack.ts';
import type { SlackServices } from '../services.ts';
import { ACTIONS } from '../views/answer.ts';
import { asSent, clip, context, mrkdwn, section } from '../views/blocks.ts';
import { modal, receiptView } from '../views/receipt.ts';
import { messageSchema, valueSchema, where } from './clicked.ts';

/** A button's value, or what was picked from a menu of receipts. */
const receiptSchema = z.union([
  valueSchema.transform(({ value }) => value),
  z.looseObject({ selected_option: valueSchema }).transform(({ selected_option }) => selected_option.value),
]);

/** The buttons under an answer: its receipt, and the readings offered. */
export function registerAnswers(app: App, services: SlackServices): void {
  app.action<BlockAction>(ACTIONS.receipt, async ({ ack, body, action }) => {
    await ack();
    const { principal, place, triggerId } = await where(services, body);
    const queryId = receiptSchema.parse(action);
    // The trigger lives three seconds, the question may take longer: open first, then ask it again.
    const opened = await services.clientFor(principal.teamId).views.open({
      trigger_id: triggerId,
      view: modal('Why this number?', [section('Asking the same question again…')]),
    });
    const viewId = opened.view?.id;
    if (!viewId) return;
    const view = await explained(services, queryId, principal, place);
    await repeatable(() => services.clientFor(principal.teamId).views.update({ view_id: viewId, view }));
  });

  app.action<BlockAction>(ACTIONS.choice, async ({ ack, body, action }) => {
    await ack();
    const { principal, place, messageTs } = await where(services, body);
    const say = valueSchema.parse(action).value;
    const turnId = `${place.teamId}:${place.channelId}:${messageTs}:choice`;
    if (!(await services.inbox.claim(`turn:${turnId}`))) return;
    await markPicked(services, place.teamId, body, say);
    await services.conversation.handle({ turnId, principal, place, text: say });
    await services.inbox.done(`turn:${turnId}`);
  });
}

async function explained(services: SlackServices, queryId: string, reader: Principal, place: Place) {
  try {
    return receiptView(await services.explain(queryId, reader, place));
  } catch (error) {
    if (error instanceof UserError) return modal('Why this number?', [section(mrkdwn(error.message))]);
    services.logger.error({ err: error, queryId }, 'a receipt could not be shown');
    return modal('Why this number?', [
      section('I could not ask this question again just now. Please try later.'),
    ]);
  }
}

/** The buttons go, the choice stays readable: a picked list must not look alive. */
async function markPicked(
  services: SlackServices,
  teamId: string,
  body: BlockAction,
  say: string,
): Promise<void> {
  const message = messageSchema.parse(body.message);
  const kept = message.blocks.filter((block) => !block.block_id?.startsWith('choice:'));
  const blocks = [...kept, context(`You picked: ${mrkdwn(clip(say, 200))}`)];
  await repeatable(() =>
    services.clientFor(teamId).chat.update({
      channel: body.channel?.id ?? '',
      ts: message.ts,
      text: message.text ?? say,
      blocks: asSent(blocks),
    }),
  ).catch((error: unknown) => services.logger.warn({ err: error }, 'picked choices could not be removed'));
}
