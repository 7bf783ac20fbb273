import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { clip, context, mrkdwn, section } from './blocks.ts';
import { modal } from './receipt.ts';

export const ASK = {
  aboutMessage: 'ask_about_message',
  anything: 'ask_psi',
  submitted: 'ask.submitted',
} as const;

/** What the form carries of the message it is about, through Slack and back; `text` is cut to what fits. */
export const quoteSchema = z.object({
  channelId: z.string(),
  threadTs: z.string(),
  author: z.string(),
  text: z.string(),
});
export type Quote = z.output<typeof quoteSchema>;

/** Slack takes 3000 characters of metadata. */
const METADATA = 3000;
const QUOTE_SHOWN = 1500;

/** A question, about a message or about anything, and where its answer goes. */
export function askModal(quote: Quote | null, mayAnswerThere: boolean): ModalView {
  const blocks: KnownBlock[] = [];
  if (quote) {
    const lines = mrkdwn(clip(quote.text, QUOTE_SHOWN))
      .split('\n')
      .map((line) => `> ${line}`);
    blocks.push(context(`${mrkdwn(quote.author)} wrote:`), section(lines.join('\n')));
  }
  blocks.push({
    type: 'input',
    block_id: 'question',
    label: { type: 'plain_text', text: quote ? 'What do you want to know about it?' : 'Your question' },
    element: {
      type: 'plain_text_input',
      action_id: 'question',
      multiline: true,
      max_length: 2000,
      focus_on_load: true,
      placeholder: { type: 'plain_text', text: quote ? 'What do they owe us?' : 'How is MRR?' },
    },
  });
  if (quote && mayAnswerThere) blocks.push(whereBlock());
  return modal(quote ? 'Ask about this' : 'Ask Psi', blocks, {
    callback_id: ASK.submitted,
    private_metadata: quote ? packed(quote) : '',
    submit: { type: 'plain_text', text: 'Ask' },
  });
}

function whereBlock(): KnownBlock {
  const option = (text: string, value: string) => ({ text: { type: 'plain_text' as const, text }, value });
  const privately = option('In a message to me alone', 'dm');
  return {
    type: 'input',
    block_id: 'where',
    label: { type: 'plain_text', text: 'Where should the answer go?' },
    element: {
      type: 'radio_buttons',
      action_id: 'where',
      initial_option: privately,
      options: [privately, option('In the thread of the message', 'thread')],
    },
  };
}

/** Cut until it fits: what is escaped in JSON is longer than it looks. */
function packed(quote: Quote): string {
  let text = quote.text;
  for (;;) {
    const json = JSON.stringify({ ...quote, text });
    if (json.length <= METADATA) return json;
    text = text.slice(0, Math.max(0, text.length - (json.length - METADATA) - 8));
  }
}
