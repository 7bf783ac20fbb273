import { ALERT_LISTS, type AlertDesk, type AlertRecord } from '../../domain/alerts/alert.ts';
import { UserError } from '../../lib/errors.ts';
import { clip, context, type MessageBlock, mrkdwn, section, slackDate } from '../views/blocks.ts';
import { defineWord, type Word } from './define-word.ts';

const SHOWN = 20;
const TITLES = { open: 'Open alerts', mine: 'Alerts you have taken', snoozed: 'Snoozed alerts' } as const;

/** What needs a look: open, mine or snoozed. */
export function alertsWord(desk: AlertDesk): Word {
  return defineWord({
    word: 'alerts',
    usage: 'alerts [open | mine | snoozed] - what needs a look, who has it, what is snoozed',
    run: async ({ reader, rest }) => {
      const list = ALERT_LISTS.find((one) => one === (rest.trim().toLowerCase() || 'open'));
      if (!list)
        throw new UserError(
          'invalid_input',
          `There is no list of alerts called ${rest}.`,
          'Say open, mine or snoozed.',
        );
      if (desk.kindsFor(reader).length === 0)
        throw new UserError('not_allowed', 'Your role does not include alerts.');
      const { rows, total } = await desk.list(reader, { list, limit: SHOWN });
      const title = total === 0 ? `${TITLES[list]}: none.` : `${TITLES[list]}: ${total}`;
      const blocks: MessageBlock[] = [section(`*${title}*`), ...rows.map((alert) => section(lineOf(alert)))];
      if (total > rows.length) blocks.push(context(`The newest ${rows.length} of ${total} are shown.`));
      return { text: [title, ...rows.map((alert) => alert.title)].join('\n'), blocks };
    },
  });
}

function lineOf(alert: AlertRecord): string {
  const notes = [
    `last seen ${slackDate(alert.lastSeenAt)}`,
    alert.owner ? `${mrkdwn(alert.owner.name)} has it` : 'nobody has it',
    alert.snoozedUntilAt === null ? null : `snoozed until ${slackDate(alert.snoozedUntilAt)}`,
  ];
  return `• ${mrkdwn(clip(alert.title, 300))}\n${notes.filter((note) => note !== null).join(' · ')}`;
}
