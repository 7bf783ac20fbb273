import type { CustomerMention } from '../ports.ts';
import type { Money } from '../types.ts';
import type { CompanyWords } from './company-words.ts';
import { extractFigures } from './figures.ts';
import { type Lexicon, mend, toWords } from './lexicon.ts';
import { stripInvisible } from './safe-text.ts';
import type { Mending, PeriodMention, PreviousCall, Utterance } from './utterance.ts';

export interface UtteranceParts {
  /** The message before its short forms were written out and its slips mended, where that changed it. */
  written?: string;
  periods: readonly PeriodMention[];
  customers: readonly CustomerMention[];
  previous: readonly PreviousCall[];
  lexicon: Lexicon;
  nowAt: number;
  tz: string;
  /** Decimal places of a currency's minor unit. */
  exponentOf(currency: string): number;
  /** What a bare "$" means. */
  companyCurrency: string;
  known?: CompanyWords;
}

const ORDINALS: Record<string, number> = {
  first: 1,
  '1st': 1,
  second: 2,
  '2nd': 2,
  third: 3,
  '3rd': 3,
  fourth: 4,
  '4th': 4,
  fifth: 5,
  '5th': 5,
  sixth: 6,
  '6th': 6,
  seventh: 7,
  '7th': 7,
  eighth: 8,
  '8th': 8,
  ninth: 9,
  '9th': 9,
  tenth: 10,
  '10th': 10,
};
const COUNTS: Record<string, number> = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
};

/** Slack's own marks taken out of a message: mentions of anybody, and link brackets. Positions refer to the result. */
export function plainMessage(text: string): string {
  return stripInvisible(text)
    .replace(/<@[^>]*>|<![^>]*>/g, ' ')
    .replace(/<#([^>|]*)\|?([^>]*)>/g, (_, id: string, name: string) => `#${name || id}`)
    .replace(/<([^>|\s]+)\|([^>]*)>/g, '$2')
    .replace(/<((?:https?|mailto):[^>\s]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/(^|\s)@psi\b[,:]?/gi, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** `text` is a `plainMessage`; periods and mentions carry positions in it. */
export function analyseUtterance(text: string, parts: UtteranceParts): Utterance {
  const customers = parts.customers.filter((mention) => !isCommonWord(mention, parts.lexicon));
  const written = toWords(blank(text, customers));
  const words = written.map((word) => mend(word, parts.lexicon));
  const phrase = words.join(' ');
  return {
    text,
    ...(parts.written === undefined || parts.written === text ? {} : { written: parts.written }),
    words,
    periods: parts.periods,
    customers,
    amounts: readAmounts(text, parts),
    ordinal: readOrdinal(text, words) ?? firstOfKind(phrase, parts.previous),
    comparison: /\b(?:vs|versus|compare|compared|comparison|against|than)\b/.test(phrase),
    by: readBy(phrase),
    top: readTop(phrase),
    // As written: a negation must survive any mending.
    negated: /\b(?:not|dont|doesnt|never|no|without|havent|hasnt|isnt|arent|didnt|cancel|stop)\b/.test(
      `${phrase} ${toWords(text).join(' ')}`,
    ),
    mended: mendings(parts.written === undefined ? written : toWords(parts.written), parts.lexicon),
    ...(parts.known ? { known: parts.known } : {}),
    previous: parts.previous,
    nowAt: parts.nowAt,
    tz: parts.tz,
  };
}

function mendings(written: readonly string[], lexicon: Lexicon): Mending[] {
  return written.flatMap((word) => {
    const meant = mend(word, lexicon);
    return meant === word ? [] : [{ written: word, meant }];
  });
}

/** A forgiven spelling that turns everyday words into a company's name is no mention. */
export function isCommonWord(mention: CustomerMention, lexicon: Lexicon): boolean {
  const writtenAsName = mention.start > 0 && /^\p{Lu}/u.test(mention.text);
  return (
    mention.score < 1 && !writtenAsName && toWords(mention.text).every((word) => lexicon.known.has(word))
  );
}

function blank(text: string, spans: readonly { start: number; end: number }[]): string {
  return spans.reduce(
    (rest, span) => rest.slice(0, span.start) + ' '.repeat(span.end - span.start) + rest.slice(span.end),
    text,
  );
}

/** Amounts with a sign or a code beside them, in minor units; more decimals than the currency has are not read. */
function readAmounts(text: string, parts: UtteranceParts): Money[] {
  return extractFigures(text).flatMap((figure) => {
    if (figure.kind !== 'money' || figure.currency === null) return [];
    const currency = figure.currency === '$' ? parts.companyCurrency : figure.currency;
    const minor = Number((Math.abs(figure.value) * 10 ** parts.exponentOf(currency)).toFixed(6));
    return Number.isSafeInteger(minor) ? [{ minor, currency }] : [];
  });
}

function readOrdinal(text: string, words: readonly string[]): number | null {
  const hash = text.match(/(?:^|\s)#(\d{1,3})\b/);
  if (hash) return Number(hash[1]);
  const phrase = words.join(' ');
  const number = phrase.match(/\b(?:number|no|nr) (\d{1,3})\b/);
  if (number) return Number(number[1]);
  for (const word of words) if (Object.hasOwn(ORDINALS, word)) return ORDINALS[word] ?? null;
  return /\b(?:the )?last (?:one|entry|row|of them|of those)\b|^(?:the )?last$/.test(phrase) ? -1 : null;
}

const SUPERLATIVE =
  /\bthe (?:very )?(biggest|largest|top|highest|worst|oldest|newest|latest)(?: (?:one|of (?:them|those|these)))$/;

/** "The biggest one": the first of a list that begins with the biggest; of any other order it points at none. */
function firstOfKind(phrase: string, previous: readonly PreviousCall[]): number | null {
  const word = SUPERLATIVE.exec(phrase)?.[1];
  const list = previous.find(({ listed }) => listed.length > 0)?.input;
  if (word === undefined || list === null || typeof list !== 'object' || Array.isArray(list)) return null;
  const { order, by } = list;
  if (word === 'oldest') return order === 'oldest' ? 1 : null;
  if (word === 'newest' || word === 'latest') return order === 'newest' ? 1 : null;
  const ranked = typeof by === 'string' && order !== 'asc';
  return order === 'largest' || ranked ? 1 : null;
}

function readBy(phrase: string): string | null {
  const by = phrase.match(/\b(?:by|per|split by|broken down by|for each|by each) (?:the )?([a-z]+)\b/);
  const word = by?.[1];
  return word && !/^(?:the|end|now|today|then|email|card|cent)$/.test(word)
    ? word.replace(/ies$/, 'y').replace(/(?<!s)s$/, '')
    : null;
}

function readTop(phrase: string): number | null {
  const top = phrase.match(
    /\b(?:top|bottom|biggest|largest|highest|best|smallest|lowest|worst|first|last|latest|oldest|newest) (\d{1,3}|two|three|four|five|six|seven|eight|nine|ten)\b(?! (?:days?|weeks?|months?|quarters?|years?|hours?))/,
  );
  const word = top?.[1];
  if (word === undefined) return null;
  return COUNTS[word] ?? Number(word);
}
