import type { ModalView } from '@slack/types';
import type { Conversation } from '../../store/memory.ts';
import { clip, section, visible } from './blocks.ts';
import { modal } from './receipt.ts';

export const FORGET = { ask: 'forget.ask', confirmed: 'forget.confirmed', everything: 'everything' } as const;

export const FORGET_WORDS =
  'I forget your messages to me, my answers to them, what those were computed from, and your feedback on them. Messages in Slack stay in Slack. Kept on purpose: approvals, what was done on them, and the audit log, so that it can always be shown who decided what; they name people and customers by key, not by what was said.';

/** Which conversation, or all of them: chosen and confirmed in one form. `dates` are the last days, written out. */
export function forgetModal(
  conversations: readonly Conversation[],
  dateOf: (at: number) => string,
): ModalView {
  const option = (text: string, value: string) => ({
    text: { type: 'plain_text' as const, text: clip(visible(text) || 'a conversation', 75) },
    value,
  });
  const options = [
    ...conversations
      .slice(0, 20)
      .map((each) =>
        option(`${dateOf(each.lastAt)}: ${clip(each.opening, 55)}`, `${each.channelId} ${each.threadTs}`),
      ),
    option('Everything I ever said to you', FORGET.everything),
  ];
  return modal(
    'Forget',
    [
      section(FORGET_WORDS),
      {
        type: 'input',
        block_id: 'what',
        label: { type: 'plain_text', text: 'What shall I forget?' },
        element: {
          type: 'static_select',
          action_id: 'what',
          placeholder: { type: 'plain_text', text: 'A conversation, or everything' },
          options,
        },
      },
      section('This cannot be taken back.'),
    ],
    { callback_id: FORGET.confirmed, submit: { type: 'plain_text', text: 'Forget it' } },
  );
}
