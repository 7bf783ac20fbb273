import type { QueueItem } from '../../../approvals/queue.ts';
import { ACTIONS } from '../answer.ts';
import { PAUSED } from '../approval-card.ts';
import { allButtons, rowBlocks, sumOf } from '../batch-card.ts';
import { button, context, header, type MessageBlock, mrkdwn, section, slackDate } from '../blocks.ts';

/** A Home takes 100 blocks in all; this section leaves room for the others. */
const ITEMS = 10;
export const HOME_ROWS = 8;

/** One batch is open at a time: the one whose rows its reader asked to see, from which row on. */
export interface Expanded {
  batchId: string;
  from: number;
}

/** What waits for the reader, with live buttons, the oldest expiry first. */
export function waitingBlocks(
  waiting: readonly QueueItem[],
  expanded: Expanded | null = null,
): MessageBlock[] {
  if (waiting.length === 0) return [header('Waiting for you'), section('Nothing waits for your decision.')];
  const total = waiting.reduce((sum, item) => sum + (item.kind === 'single' ? 1 : item.mine.length), 0);
  const blocks: MessageBlock[] = [header(`Waiting for you: ${total}`)];
  for (const item of waiting.slice(0, ITEMS)) {
    blocks.push(...(item.kind === 'single' ? singleBlocks(item) : batchBlocks(item, expanded)));
  }
  if (waiting.length > ITEMS) blocks.push(context(`${waiting.length - ITEMS} more are in your messages.`));
  return blocks;
}

function singleBlocks({ approval }: Extract<QueueItem, { kind: 'single' }>): MessageBlock[] {
  const title = section(
    `*${mrkdwn(approval.plan.title)}*\nAsked for by ${mrkdwn(approval.requester.name)}, expires ${slackDate(approval.expiresAt)}`,
  );
  if (approval.paused) return [title, context(PAUSED)];
  return [
    title,
    {
      type: 'actions',
      block_id: `approval:${approval.id}`,
      elements: [
        button({ actionId: ACTIONS.approve, text: 'Approve', value: approval.id, style: 'primary' }),
        button({ actionId: ACTIONS.edit, text: 'Edit', value: approval.id }),
        button({ actionId: ACTIONS.reject, text: 'Reject', value: approval.id, style: 'danger' }),
      ],
    },
  ];
}

/** Buttons for all stand beside the count and sum; the rows only where they were asked for. */
function batchBlocks(
  { batch, mine, expiresAt }: Extract<QueueItem, { kind: 'batch' }>,
  expanded: Expanded | null,
): MessageBlock[] {
  const ids = new Set(mine.map((approval) => approval.id));
  const rows = batch.rows.filter(({ approval }) => ids.has(approval.id));
  const sum = sumOf(rows);
  const title = section(
    `*${mrkdwn(batch.title)}*\n${rows.length} of ${batch.rows.length} rows wait for you${sum === '' ? '' : `, ${mrkdwn(sum)}`}. Asked for by ${mrkdwn(batch.requester.name)}, expires ${slackDate(expiresAt)}`,
  );
  const all = allButtons(batch, 'home:');
  if (expanded?.batchId !== batch.id) {
    return [title, ...all, turn(`home:show:${batch.id}`, `Show rows (${rows.length})`, `${batch.id}:0`)];
  }
  const from = expanded.from < rows.length ? expanded.from : 0;
  const shown = rows.slice(from, from + HOME_ROWS).flatMap((row) => rowBlocks(batch, row));
  const blocks = [title, ...all, ...shown];
  const next = from + HOME_ROWS;
  if (next < rows.length) {
    blocks.push(
      turn(`home:next:${batch.id}`, `Next rows (${rows.length - next} more)`, `${batch.id}:${next}`),
    );
  }
  if (from > 0) blocks.push(turn(`home:first:${batch.id}`, 'Back to the first rows', `${batch.id}:0`));
  blocks.push(turn(`home:hide:${batch.id}`, 'Hide rows', 'none'));
  return blocks;
}

function turn(block_id: string, text: string, value: string): MessageBlock {
  return { type: 'actions', block_id, elements: [button({ actionId: ACTIONS.homeRows, text, value })] };
}
