import type { App } from '@slack/bolt';
import type { SlackServices } from '../services.ts';
import { answerMessage } from '../views/answer.ts';
import { asSent, mrkdwn, section } from '../views/blocks.ts';

/** `/psi ...`: an operator's word, or any question, answered to the asker alone. */
export function registerCommand(app: App, services: SlackServices, simulated: boolean): void {
  app.command('/psi', async ({ ack, command, respond }) => {
    await ack();
    const principal = await services.directory.principal(command.team_id, command.user_id);
    const text = command.text.trim() || 'help';
    const printed = await services.operate(text, principal);
    if (printed !== null) {
      await respond({ response_type: 'ephemeral', text: printed, blocks: [section(mrkdwn(printed))] });
      return;
    }
    const channelId = await services.poster.openDm(command.team_id, command.user_id);
    const place = {
      teamId: command.team_id,
      channelId,
      threadTs: `command-${command.trigger_id}`,
      kind: 'dm' as const,
      internalOnly: true,
    };
    const turnId = `${command.team_id}:${channelId}:${command.trigger_id}`;
    const answer = await services.conversation.answerPrivately({ turnId, principal, place, text });
    const message = answerMessage(answer, { simulated });
    await respond({ response_type: 'ephemeral', text: message.text, blocks: asSent(message.blocks) });
  });
}
