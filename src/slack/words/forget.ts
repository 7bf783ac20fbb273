import { button, section } from '../views/blocks.ts';
import { FORGET, FORGET_WORDS } from '../views/forget-modal.ts';
import { defineWord, type Word } from './define-word.ts';

/** Leads to the form in which forgetting is chosen and confirmed. */
export function forgetWord(): Word {
  return defineWord({
    word: 'forget',
    usage: 'forget - have me forget a conversation, or everything you ever said to me',
    run: async () => {
      const choose = button({ actionId: FORGET.ask, text: 'Choose what to forget', value: 'choose' });
      const text = `${FORGET_WORDS} Without being asked I forget after 90 days. In a thread you can also say "forget this conversation".`;
      return { text, blocks: [section(text), { type: 'actions', block_id: 'forget', elements: [choose] }] };
    },
  });
}
