import { context, type MessageBlock, mrkdwn, section } from './blocks.ts';

export interface HelpData {
  /** Sentences to say, for what only looks something up or sets one's own. */
  questions: readonly string[];
  /** Sentences that lead to a proposal. */
  actions: readonly string[];
  /** "forget - have me forget ...". */
  words: readonly string[];
}

const MOST = 8;

/** What one can say, as short as it can be. */
export function helpView({ questions, actions, words }: HelpData): { text: string; blocks: MessageBlock[] } {
  const list = (lines: readonly string[]) =>
    lines
      .slice(0, MOST)
      .map((line) => `• ${line}`)
      .join('\n');
  const parts = [
    questions.length > 0 ? `*Ask*\n${list(questions.map(mrkdwn))}` : '',
    actions.length > 0
      ? `*Propose* - nothing happens until somebody with the right to approves\n${list(actions.map(mrkdwn))}`
      : '',
    words.length > 0 ? `*Words*\n${words.map(usageLine).join('\n')}` : '',
  ].filter(Boolean);
  const hint = 'In a channel, mention me; in the menu of any message, "Ask Psi about this".';
  const text = [...parts, hint].join('\n\n');
  return { text, blocks: [...parts.map(section), context(hint)] };
}

/** "help - this": the word as one types it, then what it does. */
function usageLine(usage: string): string {
  const [typed = usage, does] = usage.split(/ - (.*)/s);
  return `• \`/psi ${mrkdwn(typed)}\`${does ? ` - ${mrkdwn(does)}` : ''}`;
}
