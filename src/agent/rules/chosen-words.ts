import { toWords } from '../../domain/language/lexicon.ts';
import type { Choice } from '../../lib/errors.ts';

const PLACES: Readonly<Record<string, number>> = {
  first: 0,
  '1st': 0,
  '1': 0,
  one: 0,
  second: 1,
  '2nd': 1,
  '2': 1,
  two: 1,
  third: 2,
  '3rd': 2,
  '3': 2,
  three: 2,
  fourth: 3,
  '4': 3,
  fifth: 4,
  '5': 4,
  last: -1,
};

/**
 * What a choice of the answer before says, where a message only points at it: "the second one", "2", or its label.
 * Null for any other message.
 */
export function chosenWords(text: string, choices: readonly Choice[]): string | null {
  if (choices.length === 0) return null;
  const words = toWords(text);
  const labelled = choices.filter(({ label }) => toWords(label).join(' ') === words.join(' '));
  const [only, another] = labelled;
  if (only && !another) return only.say;
  const place =
    /^(?:(?:the|i mean|i meant|take|option|number|no|choose|pick) )*(\w+)(?: (?:one|option|choice|please))*$/.exec(
      words.join(' '),
    )?.[1];
  const index = place === undefined ? undefined : PLACES[place];
  return index === undefined ? null : (choices.at(index)?.say ?? null);
}
