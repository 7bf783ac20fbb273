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
      const lines = await parts.diagnose();
      return { text: lines.join('\n'), blocks: portions(lines).map((text) => section(mrkdwn(text))) };
    },
  });
}

/** A section holds 3,000 characters, and escaping makes some of them longer. */
const PORTION = 2_000;

function portions(lines: readonly string[]): string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const last = texts.at(-1);
    if (last === undefined || last.length + line.length > PORTION) texts.push(line);
    else texts[texts.length - 1] = `${last}\n${line}`;
  }
  return texts;
}
