import type { Answer } from '../../agent/turn.ts';
import { lowerFirst, titleInSentence } from '../../domain/metrics/format-value.ts';
import { button, clip, context, LIMITS, type MessageBlock, mrkdwn } from './blocks.ts';
import { chartsToDraw, exhibitBlocks } from './exhibits.ts';
import { fileTable, pageCount, pageOf } from './pages.ts';

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
  nextPage: 'page.next',
  previousPage: 'page.previous',
} as const;

const MOST_UNDERSTOOD = 600;

export interface AnswerNotes {
  simulated: boolean;
  /** Names the kept answer whose pages the buttons turn; without it only the first page is shown. */
  turnId?: string;
}

/** What follows the text of an answer: exhibits, choices, the way to its receipt, and feedback. */
export function answerBlocks(answer: Answer, notes: AnswerNotes): MessageBlock[] {
  const drawn = notes.turnId ? chartsToDraw(answer.exhibits) : [];
  const blocks: MessageBlock[] = exhibitBlocks(
    answer.exhibits.filter((each) => !drawn.some((one) => one === each)),
  );
  if (drawn.length > 0)
    blocks.push(context(drawn.length === 1 ? 'The chart follows.' : 'The charts follow.'));
  // Every button keeps its one published action id, so each stands in a block of its own.
  for (const [index, choice] of answer.choices.slice(0, 5).entries()) {
    const pick = button({ actionId: ACTIONS.choice, text: choice.label, value: clip(choice.say, 2000) });
    blocks.push({ type: 'actions', block_id: `choice:${index}`, elements: [pick] });
  }
  for (const [index, queryId] of answer.receipts.slice(0, 5).entries()) {
    const text = receiptLabel(answer, index);
    const show = button({ actionId: ACTIONS.receipt, text, value: queryId });
    blocks.push({ type: 'actions', block_id: `receipt:${index}`, elements: [show] });
  }
  if (answer.receipts.length > 0) blocks.push(feedbackBlock());
  const footer = footerText(answer, notes);
  if (footer) blocks.push(context(footer));
  return blocks.slice(0, 46);
}

/** "Why churned customers?"; by its place where two numbers would be called alike. */
function receiptLabel({ receipts, receiptNames = [] }: Answer, index: number): string {
  if (receipts.length === 1) return 'Why this number?';
  const name = receiptNames[index];
  const alike = !name || receiptNames.filter((other) => other === name).length > 1;
  return alike ? `Why number ${index + 1}?` : `Why ${lowerFirst(titleInSentence(name))}?`;
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

/** Where in a long answer the message stands, with the way on and back. */
function pageBlocks(answer: Answer, page: number, { turnId }: AnswerNotes): MessageBlock[] {
  const pages = pageCount(answer);
  const table = fileTable(answer.exhibits);
  if (table) {
    const rows = table.rows.length.toLocaleString('en-US');
    const where = turnId ? 'the file below has them all' : 'ask in a message to me to get them as a file';
    return [context(`${rows} rows: this is the beginning, ${where}.`)];
  }
  if (pages === 1) return [];
  if (!turnId) return [context(`Page 1 of ${pages}. Ask in a message to me to see the others.`)];
  const turn = (actionId: string, text: string, to: number) =>
    button({ actionId, text, value: `${to} ${turnId}` });
  const elements = [
    ...(page > 1 ? [turn(ACTIONS.previousPage, 'Previous', page - 1)] : []),
    ...(page < pages ? [turn(ACTIONS.nextPage, 'Next', page + 1)] : []),
  ];
  return [{ type: 'actions', block_id: 'pages', elements }, context(`Page ${page} of ${pages}`)];
}

function footerText(answer: Answer, notes: AnswerNotes): string {
  const parts: string[] = [];
  if (answer.understood) parts.push(`Understood as: ${mrkdwn(clip(answer.understood, MOST_UNDERSTOOD))}`);
  if (notes.simulated) parts.push('Simulated data');
  if (answer.mode === 'rules') parts.push('Rules mode');
  if (answer.referenceId) parts.push(`Reference ${answer.referenceId}`);
  return parts.join(' · ');
}

/** The whole message, one page of it: its text as the first block, for where that is not streamed. */
export function answerMessage(answer: Answer, notes: AnswerNotes, page = 1) {
  const shown = pageOf(answer, page);
  const text = clip(shown.text, LIMITS.markdown);
  const markdown: MessageBlock[] = [{ type: 'markdown', text }];
  const blocks = answerBlocks(shown, notes);
  // The buttons that turn the page come before those about the answer as a whole.
  const at = blocks.findIndex((block) => block.type === 'actions' || block.type === 'context_actions');
  const place = at < 0 ? blocks.length : at;
  const paged = [...blocks.slice(0, place), ...pageBlocks(answer, page, notes), ...blocks.slice(place)];
  return { text, blocks: [...markdown, ...paged] };
}
