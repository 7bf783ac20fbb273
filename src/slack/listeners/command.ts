import type { App } from '@slack/bolt';
import type { Place, Principal } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import type { SlackServices } from '../services.ts';
import { answerMessage } from '../views/answer.ts';
import { asSent, mrkdwn, section } from '../views/blocks.ts';
import type { WordAnswer } from '../words/define-word.ts';

/** `/psi ...`: an operator's word, or any question, answered to the asker alone. */
export function registerCommand(app: App, services: SlackServices, simulated: boolean): void {
  app.command('/psi', async ({ ack, command, respond }) => {
    await ack();
    const principal = await services.directory.principal(command.team_id, command.user_id);
    const text = command.text.trim() || 'help';
    const channelId = await services.poster.openDm(command.team_id, command.user_id);
    const place = {
      teamId: command.team_id,
      channelId,
      threadTs: `command-${command.trigger_id}`,
      kind: 'dm' as const,
      internalOnly: true,
    };
    const printed = await printWord(services, principal, place, text);
    if (printed !== null) {
      await respond({ response_type: 'ephemeral', text: printed.text, blocks: asSent(printed.blocks) });
      return;
    }
    const turnId = `${command.team_id}:${channelId}:${command.trigger_id}`;
    const answer = await services.conversation.answerPrivately({ turnId, principal, place, text });
    const message = answerMessage(answer, { simulated });
    await respond({ response_type: 'ephemeral', text: message.text, blocks: asSent(message.blocks) });
  });
}

/** What an operator's word prints; null when the text is a question like any other. */
async function printWord(
  services: SlackServices,
  reader: Principal,
  place: Place,
  text: string,
): Promise<WordAnswer | null> {
  const [first = '', ...rest] = text.split(/\s+/);
  const word = services.words.find((candidate) => candidate.word === first.toLowerCase());
  if (!word) return null;
  try {
    return await word.run({ reader, place, rest: rest.join(' ') });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const say = [error.message, error.hint].filter(Boolean).join(' ');
    return { text: say, blocks: [section(mrkdwn(say))] };
  }
}
