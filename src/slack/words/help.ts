import type { Principal, Scope } from '../../domain/types.ts';
import { helpView } from '../views/help.ts';
import { defineWord, type Word } from './define-word.ts';

/** What help is told about a tool. */
export interface SayableTool {
  scope: Scope;
  effect: 'read' | 'own' | 'consequential';
  /** Sentences it understands, the most telling first. */
  says: readonly string[];
}

/** What this reader can ask, have proposed and operate: from the tools their role opens and the words there are. */
export function helpWord(parts: {
  tools: readonly SayableTool[];
  scopesOf(reader: Principal): readonly Scope[];
  words(): readonly Word[];
}): Word {
  return defineWord({
    word: 'help',
    usage: 'help - this list',
    run: async ({ reader }) => {
      const scopes = parts.scopesOf(reader);
      const open = parts.tools.filter((tool) => scopes.includes(tool.scope));
      const first = (tools: readonly SayableTool[]) => tools.flatMap((tool) => tool.says.slice(0, 1));
      return helpView({
        questions: first(open.filter((tool) => tool.effect !== 'consequential')),
        actions: first(open.filter((tool) => tool.effect === 'consequential')),
        words: parts.words().map((word) => word.usage),
      });
    },
  });
}
