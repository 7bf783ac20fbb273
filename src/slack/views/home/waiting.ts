import type { Approval } from '../../../approvals/types.ts';
import { ACTIONS } from '../answer.ts';
import { button, context, header, type MessageBlock, mrkdwn, section, slackDate } from '../blocks.ts';

export function waitingBlocks(waiting: readonly Approval[]): MessageBlock[] {
  if (waiting.length === 0) return [header('Waiting for you'), section('Nothing waits for your decision.')];
  const blocks: MessageBlock[] = [header(`Waiting for you: ${waiting.length}`)];
  for (const approval of waiting.slice(0, 10)) {
    blocks.push(
      section(
        `*${mrkdwn(approval.plan.title)}*\nAsked for by ${mrkdwn(approval.requester.name)}, expires ${slackDate(approval.expiresAt)}`,
      ),
      {
        type: 'actions',
        block_id: `approval:${approval.id}`,
        elements: [
          button({ actionId: ACTIONS.approve, text: 'Approve', value: approval.id, style: 'primary' }),
          button({ actionId: ACTIONS.edit, text: 'Edit', value: approval.id }),
          button({ actionId: ACTIONS.reject, text: 'Reject', value: approval.id, style: 'danger' }),
        ],
      },
    );
  }
  if (waiting.length > 10) blocks.push(context(`${waiting.length - 10} more are in your messages.`));
  return blocks;
}
