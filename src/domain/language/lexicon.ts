import { editDistance } from './edit-distance.ts';

/** The words a sentence to Psi is made of, so that a misspelt one can be told from a name. */
export interface Lexicon {
  /** Never taken for a misspelling. */
  known: ReadonlySet<string>;
  /** What a misspelling may be mended to. */
  targets: ReadonlySet<string>;
}

/** Words that must never be "mended" into one that looks like them. */
const PLAIN =
  `a about after again against all also am an and any anything anyone are as ask at back be because been before
being below best between both but by call came can cannot check come compared could customer customers day days did do does doing
done down each else end ever every everyone everything fast few find first fix for from gave get give given go goes going gone
good got great had has have having hello help her here hers hey him his hour how hows i if in into is it its just keep kind
know last late later latest least less let like list little long look lot made mail make many may maybe me mean meant month
months more most much must my name near need never new next nice no none not nothing now number numbers of off often ok okay old
on once one only open or other our out over own paid part past pay people per plan plans please pull put quarter rate
really right said same say see seem send sent set several shall she should show since so some someone soon still such
sure take team tell than thank thanks that the their them then there these they thing think this those though through time times
to today together told tomorrow too took top total toward try two under until up upon us use used user very via want was way we week
weeks well went were what whats when where which while who whom whos whose why will with within without won word work would
year years yes yesterday yet you your owe owes owing owner owners pays paying payer payers lose loses losing leave leaves leaving spend spends
cost costs large larger big bigger small smaller great greater fewer lower higher older newer longer shorter lately trail trails quiet quite
plane planet sail sails customs bold revenge avenue outcome church charm trial trials users chase attention connect connected connection connections corrected extension extensions upgrade
upgraded downgrade downgraded contract contracts`.split(/\s+/);

const PLAIN_WORDS: ReadonlySet<string> = new Set(PLAIN);

/** Whether a sentence may be made of it without its meaning anything of the company's. */
export function isPlainWord(word: string): boolean {
  return PLAIN_WORDS.has(word);
}

/** From the sentences tools know themselves by, and the terms of the domain. */
export function buildLexicon(sentences: readonly string[], terms: readonly string[] = []): Lexicon {
  const targets = new Set([...sentences, ...terms].flatMap((sentence) => toWords(withoutNames(sentence))));
  return { known: new Set([...PLAIN, ...targets]), targets };
}

/** "Acme" or "acme.example" inside an example is somebody's name, not a word of ours. */
function withoutNames(sentence: string): string {
  return sentence.replace(/\S+\.[a-z]\S*/g, ' ').replace(/(?<=\S\s+)\p{Lu}\p{Ll}+(?:['’]s)?/gu, ' ');
}

/** Lower-case words; apostrophes vanish ("who's" -> "whos"), everything else that is not a letter or digit separates. */
export function toWords(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The one known word this is most likely a slip of; the word itself when none or several are near. */
export function mend(word: string, lexicon: Lexicon): string {
  if (lexicon.known.has(word) || word.length < 4 || /\d/.test(word)) return word;
  const reach = word.length >= 8 ? 2 : 1;
  let best: string[] = [];
  let bestDistance = reach + 1;
  for (const candidate of lexicon.targets) {
    if (candidate.length < 4 || Math.abs(candidate.length - word.length) > reach) continue;
    const distance = editDistance(word, candidate, bestDistance);
    if (distance < bestDistance) {
      best = [candidate];
      bestDistance = distance;
    } else if (distance === bestDistance && distance <= reach) best.push(candidate);
  }
  const [first, second] = best;
  if (first === undefined) return word;
  if (second === undefined) return first;
  const sameStart = best.filter((candidate) => candidate[0] === word[0]);
  return sameStart.length === 1 && sameStart[0] !== undefined ? sameStart[0] : word;
}
