import { says } from '../../domain/language/match-words.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { sayable } from '../../tools/sayable.ts';

type Words = Pick<Utterance, 'words'>;

export function isHelp(utterance: Pick<Utterance, 'words' | 'customers'>): boolean {
  const { words } = utterance;
  if (words.length === 0) return utterance.customers.length === 0;
  if (words.length <= 4 && words.includes('help')) return true;
  if (words.length === 1 && ['commands', 'menu', 'examples', 'manual'].includes(words[0] ?? '')) return true;
  return says(
    utterance,
    'what can you do',
    'what can i ask',
    'what do you do',
    'how do you work',
    'how does this work',
    'what do you know',
    'who are you',
  );
}

export function isGreeting({ words }: Words): boolean {
  const [first] = words;
  const hello = ['hi', 'hello', 'hey', 'morning', 'hiya', 'yo'].includes(first ?? '') || first === 'good';
  return hello && words.length <= 3 && words.every((word) => !/^(?:mrr|arr|revenue)$/.test(word));
}

/** "Yes" and nothing else: what it agrees to stands in the answer before. */
export function isYes({ words }: Words): boolean {
  return /^(?:yes|yep|yeah|yup|sure|ok|okay|right|correct|exactly)(?: (?:please|that one|it is|thanks))?$/.test(
    words.join(' '),
  );
}

/** Words that would decide a card, if words could. */
export function isDecision({ words }: Words): boolean {
  const phrase = words.join(' ');
  return (
    words.length <= 6 &&
    /^(?:(?:yes|ok|okay|please|psi|i|we|no) )*(?:approve[ds]?|confirm(?:ed)?|go ahead|do it|reject(?:ed)?|decline|cancel (?:it|that|this|the (?:refund|reminder|request|proposal))|undo|revert)\b/.test(
      phrase,
    )
  );
}

export function isThanks({ words }: Words): boolean {
  return words.length <= 5 && words.some((word) => ['thanks', 'thank', 'thx', 'ty', 'cheers'].includes(word));
}

export function isSmallTalk(utterance: Words): boolean {
  return says(
    utterance,
    'joke',
    'poem',
    'weather',
    'how are you',
    'are you human',
    'love you',
    'sing',
    'recipe',
  );
}

/** What this person can ask, by the tools their role opens. */
export function helpText(context: { permitted: readonly Tool[] }): string {
  if (context.permitted.length === 0) {
    return 'Your role does not open any company data here, so there is nothing I can answer. Ask a founder for access.';
  }
  const reads = context.permitted.filter((tool) => !mayPropose(tool));
  const actions = context.permitted.filter(mayPropose);
  const lines = [
    'You can ask me things like:',
    ...firstOf(reads),
    ...(actions.length > 0
      ? ['', 'I can propose these; nothing happens until somebody with the right to has approved:']
      : []),
    ...firstOf(actions),
    '',
    'In a thread you can go on: "and the month before", "the second one", "by plan".',
    'I am in rules mode, without a language model: plain questions work best, one at a time.',
  ];
  return lines.join('\n');
}

function firstOf(tools: readonly Tool[]): string[] {
  return tools.flatMap((tool) => sayable(tool).slice(0, 1)).map((say) => `- ${say}`);
}
