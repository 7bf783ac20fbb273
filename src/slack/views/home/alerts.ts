import type { Alert } from '../../../domain/alerts/alert.ts';
import { ALERT_ACTIONS } from '../alert-card.ts';
import { button, context, header, type MessageBlock, mrkdwn, section, slackDate } from '../blocks.ts';

const SHOWN = 3;

/** What needs a look, newest first; nothing at all when all is well. */
export function alertBlocks(alerts: { rows: readonly Alert[]; total: number }): MessageBlock[] {
  if (alerts.total === 0) return [];
  const blocks: MessageBlock[] = [header(`Needs a look: ${alerts.total}`)];
  for (const alert of alerts.rows.slice(0, SHOWN)) {
    const owner = alert.owner ? ` · ${mrkdwn(alert.owner.name)} has it` : '';
    const value = `alert:${alert.id}`;
    blocks.push(
      section(
        `*${mrkdwn(alert.title)}*\n${mrkdwn(alert.detail)} Last seen ${slackDate(alert.lastSeenAt)}${owner}`,
      ),
      {
        type: 'actions',
        block_id: `alert:${alert.id}`,
        elements: [
          alert.owner
            ? button({ actionId: ALERT_ACTIONS.release, text: 'Give it back', value })
            : button({ actionId: ALERT_ACTIONS.own, text: "I've got it", value }),
          button({ actionId: ALERT_ACTIONS.why, text: 'Why?', value }),
        ],
      },
    );
  }
  if (alerts.total > SHOWN)
    blocks.push(context(`${alerts.total - SHOWN} more: \`/psi alerts\` shows them all.`));
  return blocks;
}
