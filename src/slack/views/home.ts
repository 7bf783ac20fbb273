import type { HomeView } from '@slack/types';
import type { Approval } from '../../approvals/types.ts';
import { ACTIONS } from './answer.ts';
import {
  button,
  context,
  header,
  type MessageBlock,
  mrkdwn,
  section,
  slackDate,
  sourceName,
} from './blocks.ts';

export interface HomeData {
  name: string;
  mode: string;
  simulated: boolean;
  /** Null: this person may not see numbers. */
  numbers: { label: string; value: string; change: string | null }[] | null;
  waiting: Approval[];
  sources: { name: string; state: string; throughAt: number | null; stale: boolean }[] | null;
  problems: string[];
  examples: string[];
  nowAt: number;
}

/** App Home: what waits for me, today's numbers, how fresh the sources are, and what one can ask. */
export function homeView(data: HomeData): HomeView {
  const blocks: MessageBlock[] = [header(`Good to see you, ${data.name}`)];
  if (data.simulated)
    blocks.push(context('Everything here is simulated: no real customer, payment or mail is touched.'));
  for (const problem of data.problems)
    blocks.push({ type: 'alert', level: 'warning', text: { type: 'mrkdwn', text: mrkdwn(problem) } });
  blocks.push(...waitingBlocks(data.waiting));
  if (data.numbers) blocks.push(...numberBlocks(data));
  else blocks.push(context('Your role does not include company numbers.'));
  if (data.sources) blocks.push(...sourceBlocks(data.sources));
  if (data.examples.length > 0) {
    blocks.push(
      header('Things to ask'),
      section(data.examples.map((example) => `• ${mrkdwn(example)}`).join('\n')),
    );
  }
  blocks.push(
    context(
      data.mode === 'rules' ? 'Rules mode: no language model is connected.' : `Model: ${mrkdwn(data.mode)}`,
    ),
  );
  return {
    type: 'home',
    blocks: blocks.filter((block) => block.type !== 'data_visualization').slice(0, 100),
  };
}

function waitingBlocks(waiting: readonly Approval[]): MessageBlock[] {
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

function numberBlocks(data: HomeData): MessageBlock[] {
  const fields = (data.numbers ?? []).slice(0, 10).map((number) => ({
    type: 'mrkdwn' as const,
    text: `*${mrkdwn(number.label)}*\n${mrkdwn(number.value)}${number.change ? `\n${mrkdwn(number.change)}` : ''}`,
  }));
  if (fields.length === 0) return [];
  return [header('Today'), { type: 'section', fields }, context(`As of ${slackDate(data.nowAt)}`)];
}

function sourceBlocks(sources: NonNullable<HomeData['sources']>): MessageBlock[] {
  const lines = sources.map((source) => {
    const through = source.throughAt === null ? '' : `, data through ${slackDate(source.throughAt)}`;
    return `• *${sourceName(source.name)}*: ${mrkdwn(source.state)}${through}${source.stale ? ' (behind)' : ''}`;
  });
  return [header('Sources'), section(lines.join('\n') || 'No source is connected.')];
}
