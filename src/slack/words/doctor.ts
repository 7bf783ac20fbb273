import type { Principal, Scope } from '../../domain/types.ts';
import { UserError } from '../../lib/errors.ts';
import { mrkdwn, section } from '../views/blocks.ts';
import { defineWord, type Word } from './define-word.ts';

/** The state of every connection and source. */
export function doctorWord(parts: {
  diagnose(): Promise<string[]>;
  scopesOf(reader: Principal): readonly Scope[];
}): Word {
  return defineWord({
    word: 'doctor',
    usage: 'doctor - what is connected, what is missing, how fresh each source is',
    run: async ({ reader }) => {
      if (!parts.scopesOf(reader).includes('metrics:read'))
        throw new UserError('not_allowed', 'Your role does not include the state of the sources.');
      const text = (await parts.diagnose()).join('\n');
      return { text, blocks: [section(mrkdwn(text))] };
    },
  });
}
