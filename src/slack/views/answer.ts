import type { Answer } from '../../agent/turn.ts';
import { button, clip, context, LIMITS, type MessageBlock } from './blocks.ts';
import { exhibitBlocks } from './exhibits.ts';

export const ACTIONS = {
  approve: 'approval.approve',
  reject: 'approval.reject',
  edit: 'approval.edit',
  undo: 'approval.undo',
  settle: 'approval.settle',
  rowApprove: 'approval.row.approve',
  rowReject: 'approval.row.reject',
  rowEdit: 'approval.row.edit',
  rowShow: 'approval.row.show',
  page: 'approval.page',
  homeRows: 'home.rows',
  receipt: 'receipt.show',
  choice: 'choice.pick',
  feedback: 'feedback.rate',
} as const;

/** What follows the text of an answer: exhibits, choices, the way to its receipt, and feedback. */
export function answerBlocks(answer: Answer, notes: { simulated: boolean }): MessageBlock[] {
  const blocks: MessageBlock[] = exhibitBlocks(answer.exhibits);
  // Every button keeps its one published action id, so each stands in a block of its own.
  for (const [index, choice] of answer.choices.slice(0, 5).entries()) {
    const pick = button({ actionId: ACTIONS.choice, text: choice.label, value: clip(choice.say, 2000) });
    blocks.push({ type: 'actions', block_id: `choice:${index}`, elements: [pick] });
  }
  for (const [index, queryId] of answer.receipts.slice(0, 5).entries()) {
    const text = answer.receipts.length === 1 ? 'Why this number?' : `Why number ${index + 1}?`;
    const show = button({ actionId: ACTIONS.receipt, text, value: queryId });
    blocks.push({ type: 'actions', block_id: `receipt:${index}`, elements: [show] });
  }
  if (answer.receipts.length > 0) blocks.push(feedbackBlock());
  const footer = footerText(answer, notes);
  if (footer) blocks.push(context(footer));
  return blocks.slice(0, 48);
}

function feedbackBlock(): MessageBlock {
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

function footerText(answer: Answer, notes: { simulated: boolean }): string {
  const parts: string[] = [];
  if (notes.simulated) parts.push('Simulated data');
  if (answer.mode === 'rules') parts.push('Rules mode');
  if (answer.referenceId) parts.push(`Reference ${answer.referenceId}`);
  return parts.join(' · ');
}

/** The whole message where it could not be streamed. */
export function answerMessage(answer: Answer, notes: { simulated: boolean }) {
  const text = clip(answer.text, LIMITS.markdown);
  const markdown: MessageBlock[] = [{ type: 'markdown', text }];
  return { text, blocks: [...markdown, ...answerBlocks(answer, notes)] };
}
