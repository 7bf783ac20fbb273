import { type DeadTurn, scheduleTitle } from '../../domain/schedule/run.ts';
import { context, type MessageBlock, mrkdwn, section, slackDate } from './blocks.ts';

/** Word that a turn of a schedule is given up, to those who look after Psi. */
export function deadTurnMessage({ run, nextDueAt }: DeadTurn): { text: string; blocks: MessageBlock[] } {
  const whose = run.subjectName === null ? '' : ` for ${run.subjectName}`;
  const tried = run.failures === 1 ? 'failed' : `failed ${run.failures} times`;
  const text = `${scheduleTitle(run.schedule)}${whose} ${tried} and was given up.`;
  const next = nextDueAt === null ? '' : ` The next one is due ${slackDate(nextDueAt)}.`;
  return {
    text,
    blocks: [
      section(`*${mrkdwn(text)}*\n${mrkdwn(run.error ?? 'Something went wrong on our side.')}`),
      section(`It was due ${slackDate(run.dueAt)}.${next}`),
      context(
        `${run.referenceId ? `Reference ${mrkdwn(run.referenceId)}: the log has the cause under it. ` : ''}\`/psi runs\` shows all that runs by the clock.`,
      ),
    ],
  };
}
