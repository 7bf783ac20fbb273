import type { Place, Principal } from '../../domain/types.ts';
import type { MessageBlock } from '../views/blocks.ts';

/** A word of `/psi` that is an operation, not a question: `/psi runs`, `/psi forget`. Answered to the asker alone. */
export interface Word {
  word: string;
  /** For `/psi help`: "runs - what runs by the clock, and how it went". */
  usage: string;
  /** @throws UserError when it cannot be done; its sentence is shown. */
  run(call: WordCall): Promise<WordAnswer>;
}

export interface WordCall {
  reader: Principal;
  place: Place;
  /** What stands after the word. */
  rest: string;
}

export interface WordAnswer {
  text: string;
  blocks: MessageBlock[];
}

export function defineWord(word: Word): Word {
  return word;
}
