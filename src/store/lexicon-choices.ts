import { z } from 'zod';
import { canonicalJson } from '../domain/approvals/canonical-json.ts';
import type { LexiconChoice } from '../domain/language/lexicon-choice.ts';
import type { Json } from '../domain/types.ts';
import { newId } from '../lib/ids.ts';
import type { Store } from './open-store.ts';

/** One pick, and whose it was. */
export interface NotedChoice extends LexiconChoice {
  teamId: string;
  userId: string;
  /** The turn that picked, and the one whose words were not clear. */
  turnId: string;
  askedTurnId: string;
  at: number;
}

/** The same words taken for the same call, however often and by whomever. */
export interface LexiconProposal extends LexiconChoice {
  count: number;
  /** Keys of the people who picked it. */
  by: string[];
  firstAt: number;
  lastAt: number;
}

export interface LexiconChoices {
  /** Once a turn, however often the turn is worked on. */
  note(choice: NotedChoice): Promise<void>;
  /** Most often picked first. */
  proposals(): Promise<LexiconProposal[]>;
}

const wordsSchema = z.array(z.string());
const inputSchema = z.record(z.string(), z.json());

export function createLexiconChoices({ db }: Pick<Store, 'db'>): LexiconChoices {
  return {
    async note({ teamId, userId, turnId, askedTurnId, phrase, unread, tool, input, at }) {
      await db
        .insertInto('lexicon_choices')
        .values({
          id: newId('lex'),
          team_id: teamId,
          user_id: userId,
          turn_id: turnId,
          asked_turn_id: askedTurnId,
          phrase,
          unread: JSON.stringify(unread),
          tool,
          input: canonicalJson(input),
          at,
        })
        .onConflict((conflict) => conflict.column('turn_id').doNothing())
        .execute();
    },
    async proposals() {
      const rows = await db.selectFrom('lexicon_choices').selectAll().orderBy('at').orderBy('id').execute();
      const found = new Map<string, LexiconProposal>();
      for (const row of rows) {
        const key = JSON.stringify([row.phrase, row.tool, row.input]);
        const known = found.get(key);
        const by = [...new Set([...(known?.by ?? []), row.user_id])];
        const input: { [key: string]: Json } = known?.input ?? inputSchema.parse(JSON.parse(row.input));
        const unread = known?.unread ?? wordsSchema.parse(JSON.parse(row.unread));
        found.set(key, {
          ...{ phrase: row.phrase, tool: row.tool, input, unread, by },
          count: (known?.count ?? 0) + 1,
          firstAt: known?.firstAt ?? row.at,
          lastAt: row.at,
        });
      }
      return [...found.values()].sort((a, b) => b.count - a.count || a.firstAt - b.firstAt);
    },
  };
}
