import type { CustomerMention } from '../ports.ts';
import type { Json } from '../types.ts';
import { type Lexicon, mend, toWords } from './lexicon.ts';
import type { PeriodMention } from './utterance.ts';

/** Words that could be read in more than one way, with the reading somebody picked: a proposal, no rule. */
export interface LexiconChoice {
  /** Lower case, with `{customer}` and `{period}` where those were named. */
  phrase: string;
  /** Words nobody taught the lexicon. */
  unread: string[];
  tool: string;
  /** With the same blanks. */
  input: { [key: string]: Json };
}

/** The choice without what is particular to it: whose it was about, and of when. */
export function generalised(
  said: { text: string; customers: readonly CustomerMention[]; periods: readonly PeriodMention[] },
  picked: { tool: string; input: { [key: string]: Json } },
  lexicon: Lexicon,
): LexiconChoice {
  const spans = [
    ...said.customers.map(({ start, end }) => ({ start, end, blank: 'zzcustomer' })),
    ...said.periods.map(({ start, end }) => ({ start, end, blank: 'zzperiod' })),
  ].sort((a, b) => b.start - a.start);
  const text = spans.reduce(
    (rest, { start, end, blank }) => `${rest.slice(0, start)} ${blank} ${rest.slice(end)}`,
    said.text,
  );
  const words = toWords(text);
  const unread = words.filter(
    (word) => !word.startsWith('zz') && !/\d/.test(word) && !lexicon.known.has(mend(word, lexicon)),
  );
  const input = { ...picked.input };
  if (said.customers.length > 0 && input.customer !== undefined) input.customer = '{customer}';
  if (said.periods.length > 0 && input.period !== undefined) input.period = '{period}';
  const phrase = words.map((word) => BLANKS[word] ?? word).join(' ');
  return { phrase: phrase.slice(0, 200), unread: [...new Set(unread)], tool: picked.tool, input };
}

const BLANKS: Readonly<Record<string, string>> = { zzcustomer: '{customer}', zzperiod: '{period}' };
