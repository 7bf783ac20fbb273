import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { section } from './blocks.ts';
import { modal } from './receipt.ts';

export const FEEDBACK_REASON = 'feedback.reason';

export const REASONS = [
  ['number', 'A number is wrong'],
  ['misunderstood', 'It answered something else'],
  ['too_slow', 'It took too long'],
  ['not_allowed', 'It would not tell me, or should not have'],
  ['other', 'Something else'],
] as const;

/** The message an opinion is about, as the form carries it. */
export const aboutSchema = z.object({ channelId: z.string(), messageTs: z.string() });

/** What was wrong. The opinion itself is kept already; this only says why. */
export function feedbackModal(about: z.output<typeof aboutSchema>): ModalView {
  const options = REASONS.map(([value, text]) => ({ text: { type: 'plain_text' as const, text }, value }));
  return modal(
    'What was wrong?',
    [
      section('Your question and this answer are kept with it, so that the same goes better next time.'),
      {
        type: 'input',
        block_id: 'reason',
        label: { type: 'plain_text', text: 'What was wrong?' },
        element: { type: 'radio_buttons', action_id: 'reason', options },
      },
      {
        type: 'input',
        block_id: 'comment',
        optional: true,
        label: { type: 'plain_text', text: 'What would have been right?' },
        element: { type: 'plain_text_input', action_id: 'comment', multiline: true, max_length: 1000 },
      },
    ],
    {
      callback_id: FEEDBACK_REASON,
      private_metadata: JSON.stringify(about),
      submit: { type: 'plain_text', text: 'Send' },
    },
  );
}
