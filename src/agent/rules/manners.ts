import { says } from '../../domain/language/match-words.ts';
import type { Utterance } from '../../domain/language/utterance.ts';
import type { Choice } from '../../lib/errors.ts';
import { helpText } from './capabilities.ts';
import type { RulesContext } from './decision.ts';
import { workingExamples } from './nearest.ts';

type Words = Pick<Utterance, 'words'>;

/** What is said to somebody who asks for no data at all; null for everything else. */
export function manners(
  utterance: Utterance,
  context: RulesContext,
): { text: string; suggestions: Choice[] } | null {
  if (isHelp(utterance)) return { text: helpText(context), suggestions: [] };
  if (isGreeting(utterance)) {
    const text = `Hello ${context.askerName}. Ask me about the business, or say "help" to see what I can answer.`;
    return { text, suggestions: workingExamples(context, 3) };
  }
  if (isThanks(utterance)) return { text: 'You are welcome.', suggestions: [] };
  if (isTakenBack(utterance)) {
    return { text: 'All right. Say what you are after instead, and I look it up.', suggestions: [] };
  }
  if (isBareYes(utterance)) {
    const text = 'A yes alone decides nothing here: pick one of the buttons, or say in full what you want.';
    return { text, suggestions: [] };
  }
  if (isAcknowledged(utterance)) return { text: 'All right.', suggestions: [] };
  if (isAboutData(utterance)) return null;
  if (isAboutPsi(utterance)) return { text: ABOUT_PSI, suggestions: workingExamples(context, 3) };
  if (isInsult(utterance)) {
    const text =
      'I am sorry that I was no help. Tell me which number or record you were after, or say "help" to see what I can answer.';
    return { text, suggestions: workingExamples(context, 3) };
  }
  if (isFarewell(utterance))
    return { text: 'Until then. I am here when you need a number.', suggestions: [] };
  if (isSmallTalk(utterance)) {
    const text = 'I only know the business: its numbers, customers, invoices, payments and tickets.';
    return { text, suggestions: workingExamples(context, 3) };
  }
  return null;
}

const ABOUT_PSI =
  'I am Psi, a program, not a person: I look things up in the systems of the company, show where every number comes from, and propose actions that somebody with the right to must approve. Your own team runs me. Say "help" to see what you can ask.';

/** A customer or a period in it: whatever else it says, it is about the business. */
function isAboutData({ customers, periods, words }: Utterance): boolean {
  return (
    (customers.length > 0 ||
      periods.length > 0 ||
      /\b(?:invoice|invoices|ticket|tickets|payment|payments|mrr|arr|revenue|churn|signups|usage|report|alert)\b/.test(
        words.join(' '),
      )) &&
    !words.includes('weather')
  );
}

export function isHelp(utterance: Pick<Utterance, 'words' | 'customers'>): boolean {
  const { words } = utterance;
  if (words.length === 0) return utterance.customers.length === 0;
  if (words.length <= 4 && words.includes('help')) return true;
  if (words.length === 1 && ['commands', 'menu', 'examples', 'manual'].includes(words[0] ?? '')) return true;
  return says(
    utterance,
    'what can you do',
    'what can you help',
    'what can you tell',
    'what can you answer',
    'what can i ask',
    'what could i ask',
    'what should i ask',
    'what are you able to do',
    'what are you good for',
    'what are you for',
    'what may i ask',
    'what am i allowed to ask',
    'what do you do',
    'how do you work',
    'how does this work',
    'what do you know',
    'who are you',
    'your capabilities',
  );
}

export function isGreeting({ words }: Words): boolean {
  const [first] = words;
  const hello = ['hi', 'hello', 'hey', 'morning', 'hiya', 'yo'].includes(first ?? '') || first === 'good';
  return hello && words.length <= 3 && words.every((word) => !/^(?:mrr|arr|revenue|bot|job)$/.test(word));
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

const THANKS = new Set(['thanks', 'thank', 'thx', 'ty', 'cheers', 'merci', 'danke', 'gracias']);
const WITH_THANKS = new Set(
  'you so very much a lot psi great perfect ok okay again that this helps helped nice cool for the your help and good bye have day one all awesome many kindly is it'.split(
    ' ',
  ),
);

/** Thanks and nothing else: what else is asked in the same breath is answered instead. */
function isThanks({ words }: Words): boolean {
  const grateful = words.some((word) => THANKS.has(word));
  const only = words.every((word) => THANKS.has(word) || WITH_THANKS.has(word));
  return (grateful && only) || /^(?:good|great|nice) (?:job|bot|work)$/.test(words.join(' '));
}

function isAboutPsi({ words }: Words): boolean {
  return /\b(?:are you (?:a |an |really |even )*(?:bot|robot|human|person|real|ai|alive|machine|program|llm|chatgpt|gpt|claude)|who (?:made|built|created|wrote|programmed|trained|runs|owns) (?:you|psi)|what are you$|which (?:model|llm|ai) (?:are|do) you|whats your name|what is your name|your (?:system )?prompt|your instructions|how old are you|where do you live)\b/.test(
    words.join(' '),
  );
}

function isInsult({ words }: Words): boolean {
  return /\b(?:(?:you(?:re| are)?|this(?: bot)? is|psi is|youre so|what a) (?:so |such |really |a |an |totally |pretty |completely )*(?:stupid|dumb|useless|idiot|idiotic|moron|rubbish|garbage|trash|terrible|awful|crap|suck|sucks|pathetic|worthless|hopeless)|(?:stupid|dumb|useless|bloody|damn) (?:bot|robot|machine|thing|psi)|fuck|fck|shit|bullshit|screw you|shut up|i hate you|wtf)\b/.test(
    words.join(' '),
  );
}

function isAcknowledged({ words }: Words): boolean {
  return /^(?:lol|haha+|hehe|cool|nice|great|wow|interesting|hm+|ok|okay|fine|i see|got it|awesome|perfect|makes sense|good to know)$/.test(
    words.join(' '),
  );
}

function isTakenBack({ words }: Words): boolean {
  return /^(?:no|nope|nah|neither|none|none of (?:them|these|those)|never ?mind|nothing|forget it)(?: (?:thanks|thank you|please))?$/.test(
    words.join(' '),
  );
}

function isBareYes({ words }: Words): boolean {
  return /^(?:yes|yep|yeah|yup|sure|correct|exactly)(?: please)?$/.test(words.join(' '));
}

function isFarewell({ words }: Words): boolean {
  return /^(?:bye|goodbye|good bye|good night|see you|see ya|later|ciao|cu|have a (?:good|nice|great) \w+)(?: (?:psi|then|later|tomorrow|soon|all|everyone))?$/.test(
    words.join(' '),
  );
}

function isSmallTalk(utterance: Words): boolean {
  return says(
    utterance,
    'joke',
    'jokes',
    'poem',
    'haiku',
    'story',
    'weather',
    'how are you',
    'how are things with you',
    'how do you feel',
    'whats up',
    'what is up',
    'love you',
    'marry me',
    'sing',
    'song',
    'recipe',
    'horoscope',
    'lottery',
    'football',
    'soccer',
    'movie',
    'restaurant',
    'lunch',
    'dinner',
    'meaning of life',
    'capital of',
    'president',
    'who won',
    'translate',
    'write code',
    'python script',
    'stock price',
    'bitcoin',
    'bored',
  );
}
