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
upgraded downgrade downgraded contract contracts january february march april june july august september sept october november
december jan feb mar apr jun jul aug sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mondays tuesdays
wednesdays thursdays fridays saturdays sundays weekday weekdays weekend weekends morning evening afternoon tonight noon midnight
hour hours minute minutes daily weekly monthly quarterly yearly annual annually spring summer autumn winter somebody nobody
anybody together without within actually currently basically roughly around across along already always another away became
become begin behind believe bit both bring busy buy care case change changes changed cheap clear close closed clean color
common complete concerned correct couple cover covers create created current dead deal dear decide decided delete different
does doubt dropped drops each early earn earns easy either else email enough entire especially even exactly example excel
expect explain extra fact fair fall fine folks forget form forward free full further game gets gone gonna gotta guess guys
half happen happened happens hard hate head heard hear high hits hold hope huge idea important include included includes
info instead interesting issue issues join kill kinda knew large late leaders less letter level life line lines live local
located love main manage manager matter maybe meeting member memory mention might mind mine minus missing mode moment money
moved multiple nearly necessary news none normal notes noticed obviously office older online opened opinion order ordered
others overview page parts person phone pick picture piece place plain play plus point possible post posted prefer present
pretty price prices prior probably problem problems process product project proper public purpose question questions quick
quickly ready reason reasons receive received recent recently regarding related remain remember remove reply report reports
rest result results return review rich running sales sample save saved saying search second seconds section seem seems
separate serious service share short shown side sign similar simple simply single size slack slow smart software solve
someone something sometimes sorry sort sound source special specific speed spent stand start started starts state status
stay step still stop stopped story strange stuff success suggest summary suppose supposed surprise system table talk talked
task tasks teams test text thanks theirs thing third thought thousand three throw till tired title tool tough track true
trust truth turn type unless updated usual usually value values version view wait waiting waited wants watch weekly weird
welcome went whatever whether whole wish woke worked working works worse worst worth wrong write writes wrote written yeah
young people person company companies business team folks earned earning salary salaries wages bonus weather joke delete
discount subscription subscriptions contract renewal renew renews invoice quote deal vacation holiday until friday home address menu homes card cards details bank phone password birthday number tell hell kpi kpis metric metrics csm owns saas stripe glossary difference distinction chat chats ahead above outside inside yours ours onto forth hereby aside excluding exclude excludes excluded except excepting ignoring ignore omit omitting
broken broke breaks breaking burning burnt fallen fell risen rose grown grew shrank shrunk sank sunk taken gotten driven drove hidden
held kept built bought brought caught chosen chose felt found fought frozen froze known laid led lent met ran sold shook shaken
slid spoke spoken struck taught threw thrown torn understood worn wore beaten begun bitten blown drawn drew fed flown flew hung hurt
swept swung`.split(/\s+/);

const PLAIN_WORDS: ReadonlySet<string> = new Set(PLAIN);

/** Whether a sentence may be made of it without its meaning anything of the company's. */
export function isPlainWord(word: string): boolean {
  return PLAIN_WORDS.has(word);
}

/** A word shorter than this is too near to others for a slip of it to be told. */
const LONG = 6;

/** From the sentences tools know themselves by, the terms of the domain, and words that are only heard. */
export function buildLexicon(
  sentences: readonly string[],
  terms: readonly string[] = [],
  heard: readonly string[] = [],
): Lexicon {
  const all = [...sentences, ...terms];
  const names = new Set(all.flatMap((sentence) => sentence.match(NAME_WITHIN) ?? []));
  const targets = new Set(all.flatMap((sentence) => toWords(withoutNames(sentence, names))));
  for (const word of heard) if (word.length >= LONG) targets.add(word);
  return { known: new Set([...PLAIN, ...targets, ...heard]), targets };
}

const NAME_WITHIN = /(?<=\S\s+)\p{Lu}\p{Ll}+/gu;

/** "Acme" or "acme.example" inside an example is somebody's name, not a word of ours; so it is where it begins another. */
function withoutNames(sentence: string, names: ReadonlySet<string>): string {
  const within = sentence.replace(/\S+\.[a-z]\S*/g, ' ').replace(/(?<=\S\s+)\p{Lu}\p{Ll}+(?:['’]s)?/gu, ' ');
  return within.replace(/^\p{Lu}\p{Ll}+/u, (first) => (names.has(first) ? ' ' : first));
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

const MENDED = new WeakMap<Lexicon, Map<string, string>>();
const REMEMBERED = 500;

/** The one known word this is most likely a slip of; the word itself when none or several are near. */
export function mend(word: string, lexicon: Lexicon): string {
  if (lexicon.known.has(word) || word.length < 4 || /\d/.test(word)) return word;
  const remembered = MENDED.get(lexicon) ?? new Map<string, string>();
  const known = remembered.get(word);
  if (known !== undefined) return known;
  if (remembered.size >= REMEMBERED) remembered.clear();
  const mended = nearestTarget(word, lexicon);
  MENDED.set(lexicon, remembered.set(word, mended));
  return mended;
}

const ENDINGS: readonly [RegExp, readonly string[]][] = [
  [/(?<!s)s$/, ['']],
  [/ies$/, ['y']],
  [/es$/, ['']],
  [/ed$/, ['', 'e']],
  [/ing$/, ['', 'e']],
  [/ly$/, ['']],
  [/er$/, ['', 'e']],
  [/ers$/, ['', 'e']],
];

/** "Counts", "writing", "unanswered": a form of a word that is known is no slip of another. */
function isFormOfKnown(word: string, { known }: Lexicon): boolean {
  if (word.startsWith('un') && known.has(word.slice(2))) return true;
  if (['s', 'd', 'ed', 'ing'].some((end) => known.has(word + end))) return true;
  return ENDINGS.some(([ending, stems]) => {
    if (!ending.test(word)) return false;
    const stem = word.replace(ending, '');
    // "planning" doubles what "plan" ends in.
    return (
      stems.some((end) => known.has(stem + end)) || (/(.)\1$/.test(stem) && known.has(stem.slice(0, -1)))
    );
  });
}

function areSwapped(a: string, b: string): boolean {
  return [...a].sort().join('') === [...b].sort().join('');
}

function nearestTarget(word: string, lexicon: Lexicon): string {
  if (isFormOfKnown(word, lexicon)) return word;
  const reach = word.length >= 8 ? 2 : 1;
  let best: string[] = [];
  let bestDistance = reach + 1;
  for (const candidate of lexicon.targets) {
    if (candidate.length < 4 || Math.abs(candidate.length - word.length) > reach) continue;
    // "Activation" is no slip of "reactivation": a prefix more makes it another word.
    if (candidate.endsWith(word) || word.endsWith(candidate)) continue;
    // So short a word with one letter changed is as often another word: "read" is not "head".
    if (word.length === 4 && candidate.length === 4 && !areSwapped(word, candidate)) continue;
    const distance = editDistance(word, candidate, bestDistance);
    if (distance < bestDistance) {
      best = [candidate];
      bestDistance = distance;
    } else if (distance === bestDistance && distance <= reach) best.push(candidate);
  }
  const [first, second] = best;
  if (first === undefined) return word;
  if (second === undefined) return first;
  // Two letters swapped are likelier than one too many.
  const swapped = best.filter((candidate) => areSwapped(candidate, word));
  if (swapped.length === 1 && swapped[0] !== undefined) return swapped[0];
  const sameStart = best.filter((candidate) => candidate[0] === word[0]);
  return sameStart.length === 1 && sameStart[0] !== undefined ? sameStart[0] : word;
}
