import type { Approval } from '../../approvals/types.ts';
import {
  changesTitle,
  comparisonWords,
  EMPTY,
  isWaitingLine,
  scopeLine,
  titleOf,
} from '../../domain/briefing/as-text.ts';
import type {
  AttentionItem,
  Briefing,
  BriefingLine,
  BriefingMetric,
} from '../../domain/briefing/briefing.ts';
import { ACTIONS } from './answer.ts';
import { button, clip, context, header, LIMITS, type MessageBlock, mrkdwn, section } from './blocks.ts';
import { exhibitBlocks } from './exhibits.ts';

export const BRIEFING_ACTIONS = { settings: 'briefing.settings' } as const;

/** Numbers that get a receipt button of their own; the rest share one section, so that it reads in a minute. */
const FULL_NUMBERS = 6;
const MOST_BLOCKS = 48;

const SETTLED: Partial<Record<Approval['state'], string>> = {
  approved: 'approved',
  applying: 'approved, under way',
  applied: 'approved and done',
  rejected: 'rejected',
  expired: 'expired',
  superseded: 'replaced by another proposal',
  failed: 'approved, but it did not go through',
  unknown: 'approved; it needs a look',
  undone: 'done and taken back',
};

/**
 * The briefing as a message. `approvals` are the rows as they are now, by id: a request that is decided keeps its
 * line and loses its buttons.
 */
export function briefingMessage(
  briefing: Briefing,
  approvals: ReadonlyMap<string, Approval>,
  notes: { simulated: boolean },
): { text: string; blocks: MessageBlock[] } {
  const [first] = briefing.summary;
  const blocks: MessageBlock[] = [
    header(titleOf(briefing)),
    section(mrkdwn(summaryWords(briefing, approvals)) || 'There is nothing to report.'),
    ...briefing.cautions.slice(0, 3).map((caution) => context(`*Mind this:* ${mrkdwn(caution)}`)),
    heading('Needs your attention'),
    ...attentionBlocks(briefing.attention, approvals),
    heading('Key numbers'),
    ...briefing.metrics.slice(0, FULL_NUMBERS).map(numberBlock),
    ...furtherNumbers(briefing.metrics.slice(FULL_NUMBERS)),
    ...(briefing.chart ? exhibitBlocks([briefing.chart]) : []),
    ...lines(
      changesTitle(briefing),
      briefing.changes,
      briefing.previousAt === null ? EMPTY.firstChanges : EMPTY.changes,
    ),
    ...lines('Done for you', briefing.automated, EMPTY.automated),
    ...lines('Opportunities', briefing.opportunities, EMPTY.opportunities),
  ];
  const footer = [
    scopeLine(briefing),
    'Ask about any of this in a thread below',
    ...(notes.simulated ? ['Simulated data'] : []),
  ];
  const ending: MessageBlock[] = [feedback(), context(mrkdwn(footer.join(' · ')))];
  const text = clip(`${titleOf(briefing)}. ${first?.text ?? ''}`, 300);
  return { text, blocks: [...blocks.slice(0, MOST_BLOCKS - ending.length), ...ending] };
}

/** What waits is counted when the briefing is made: once something of it is decided, the requests tell it themselves. */
function summaryWords({ summary, attention }: Briefing, approvals: ReadonlyMap<string, Approval>): string {
  const decided = attention.some(
    ({ approvalId }) => approvalId !== null && approvals.get(approvalId)?.state !== 'pending',
  );
  return summary.flatMap(({ text }) => (decided && isWaitingLine(text) ? [] : [text])).join(' ');
}

function heading(text: string): MessageBlock {
  return section(`*${mrkdwn(text)}*`);
}

function numberBlock(metric: BriefingMetric): MessageBlock {
  const block = section(
    `*${mrkdwn(metric.label)}* ${mrkdwn(metric.value)}\n${mrkdwn(comparisonWords(metric))}`,
  );
  return block.type === 'section' ? { ...block, accessory: why(metric.queryId) } : block;
}

/** The lesser numbers, a line each; their receipts are in the menu beside them. */
function furtherNumbers(metrics: readonly BriefingMetric[]): MessageBlock[] {
  if (metrics.length === 0) return [];
  const said = metrics.map((metric) => {
    const [first] = metric.comparisons;
    const compared =
      metric.partial ?? (first ? comparisonWords({ comparisons: [first], partial: null }) : '');
    return `*${mrkdwn(metric.label)}* ${mrkdwn(metric.value)}${compared ? ` · ${mrkdwn(compared)}` : ''}`;
  });
  const receipts = {
    type: 'overflow' as const,
    action_id: ACTIONS.receipt,
    options: metrics.slice(0, 5).map(({ label, queryId }) => ({
      text: { type: 'plain_text' as const, text: clip(`Why? ${label}`, LIMITS.button) },
      value: queryId,
    })),
  };
  const block = section(said.join('\n'));
  return [block.type === 'section' ? { ...block, block_id: 'receipt:further', accessory: receipts } : block];
}

function why(queryId: string) {
  return button({ actionId: ACTIONS.receipt, text: 'Why?', value: queryId });
}

/** One section with its lines; the receipt of the first that has one stands beside it. */
function lines(title: string, items: readonly BriefingLine[], empty: string): MessageBlock[] {
  const said = items.map(({ text }) => `• ${mrkdwn(text)}`).join('\n') || mrkdwn(empty);
  const block = section(`*${mrkdwn(title)}*\n${said}`);
  const queryId = items.find((item) => item.queryId !== null)?.queryId;
  return [queryId && block.type === 'section' ? { ...block, accessory: why(queryId) } : block];
}

function attentionBlocks(
  items: readonly AttentionItem[],
  approvals: ReadonlyMap<string, Approval>,
): MessageBlock[] {
  const requests = items.filter((item) => item.approvalId !== null);
  const others = items.filter((item) => item.approvalId === null);
  const open = requests.filter(({ approvalId }) => approvals.get(approvalId ?? '')?.state === 'pending');
  const nothing = open.length === 0 && others.every(({ batchId }) => batchId === null);
  // The summary has said that nothing waits; here it is said once everything has been decided.
  const done = nothing && requests.length > 0 ? [section('Nothing more waits for your decision.')] : [];
  return [
    ...requests.flatMap((item) => requestBlocks(item, approvals.get(item.approvalId ?? ''))),
    ...(items.length === 0 ? [section(EMPTY.attention)] : done),
    ...others.map((item) => {
      const block = section(`• ${mrkdwn(item.text)}`);
      return item.queryId && block.type === 'section' ? { ...block, accessory: why(item.queryId) } : block;
    }),
  ];
}

function requestBlocks(item: AttentionItem, approval: Approval | undefined): MessageBlock[] {
  if (approval?.state !== 'pending') {
    const state = approval ? (SETTLED[approval.state] ?? approval.state) : 'no longer open';
    const by = approval?.decisions.at(-1)?.name;
    return [section(`• ${mrkdwn(item.text)} _${mrkdwn(state)}${by ? ` by ${mrkdwn(by)}` : ''}_`)];
  }
  return [
    section(`• ${mrkdwn(item.text)}`),
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

function feedback(): MessageBlock {
  return {
    type: 'context_actions',
    block_id: 'feedback',
    elements: [
      {
        type: 'feedback_buttons',
        action_id: ACTIONS.feedback,
        positive_button: { text: { type: 'plain_text', text: 'Helpful' }, value: 'positive' },
        negative_button: { text: { type: 'plain_text', text: 'Not helpful' }, value: 'negative' },
      },
    ],
  };
}
