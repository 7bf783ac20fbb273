import type { SkillCard } from '../ports.ts';
import { toWords } from './lexicon.ts';
import type { SkillMention, Utterance } from './utterance.ts';

type Card = Pick<SkillCard, 'name' | 'phrases'>;

/** Words that may stand before a skill's name in an order: "run the daily sync". */
const BEGIN = /^(?:run|start|begin|launch|trigger|execute|kick off|do)$/;
const FILL = /^(?:the|a|an|my|our|skill|playbook|called|named|now|again|please|pls|today)$/;

/** What people say for it: its phrases, and its name in words. */
export function spoken({ name, phrases = [] }: Card): string[] {
  return [name.replaceAll('-', ' '), ...phrases];
}

/**
 * The one skill a message names. Its name needs a verb that begins something, or to stand alone; a phrase may have
 * no more around it than politeness. A message that names a customer is about that customer.
 */
export function findSkill(
  utterance: Pick<Utterance, 'words' | 'customers'>,
  cards: readonly Card[],
): SkillMention | null {
  if (utterance.customers.length > 0) return null;
  const said = ` ${utterance.words.join(' ')} `;
  const found = cards.flatMap((card): SkillMention[] => {
    const phrase = spoken(card)
      .filter((words) => said.includes(` ${toWords(words).join(' ')} `))
      .sort((a, b) => b.length - a.length)[0];
    if (phrase === undefined) return [];
    const around = said
      .replace(` ${phrase} `, ' ')
      .split(' ')
      .filter((word) => word !== '');
    const rest = around.filter((word) => !POLITE.has(word) && !FILL.test(word));
    return rest.every((word) => BEGIN.test(word)) ? [{ name: card.name, words: phrase }] : [];
  });
  const [only, another] = found;
  return only !== undefined && another === undefined ? only : null;
}

const POLITE = new Set(
  'psi hey hi hello ok okay yes so then and can could would will you us for me lets let want i need to go ahead just kindly'.split(
    ' ',
  ),
);
