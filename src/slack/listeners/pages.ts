import type { App, BlockAction } from '@slack/bolt';
import type { SlackServices } from '../services.ts';
import { ACTIONS, answerMessage } from '../views/answer.ts';
import { context } from '../views/blocks.ts';
import { pageCount } from '../views/pages.ts';
import { valueSchema, type Where, where } from './clicked.ts';

/** Next and Previous under a long answer: the same message shows another page of what was kept. */
export function registerPages(app: App, services: SlackServices, simulated: boolean): void {
  for (const actionId of [ACTIONS.nextPage, ACTIONS.previousPage]) {
    app.action<BlockAction>(actionId, async ({ ack, body, action }) => {
      await ack();
      const clicked = await where(services, body);
      const [, page = '', turnId = ''] = /^(\d+) (.+)$/.exec(valueSchema.parse(action).value) ?? [];
      await show(services, clicked, turnId, Number(page), simulated);
    });
  }
}

async function show(
  services: SlackServices,
  clicked: Where,
  turnId: string,
  page: number,
  simulated: boolean,
): Promise<void> {
  const { principal, place, messageTs } = clicked;
  const answer = await services.keptAnswer(turnId);
  // The button says which answer; that this message shows it stands in the deliveries.
  const shown = (await services.poster.delivered(`turn:${turnId}`))?.posted;
  const isHere = shown?.channelId === place.channelId && shown.ts === messageTs;
  if (!answer || !isHere || page < 1 || page > pageCount(answer))
    return whisper(services, clicked, 'That answer is not kept any more. Ask the question again.');
  if (!(await services.mayRead(answer.receipts, principal, place)))
    return whisper(services, clicked, 'Your role, or this channel, does not include what is on that page.');
  const posted = { teamId: place.teamId, channelId: place.channelId, ts: messageTs };
  await services.poster.update(posted, answerMessage(answer, { simulated, turnId }, page));
}

async function whisper(services: SlackServices, { principal, place }: Where, text: string): Promise<void> {
  const { teamId, channelId, threadTs } = place;
  const message = { teamId, channelId, threadTs, text, blocks: [context(text)] };
  await services.poster.ephemeral(principal.userId, message);
}
