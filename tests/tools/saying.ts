import type { PreviousCall, Utterance } from '../../src/domain/language/utterance.ts';
import type { CustomerMention } from '../../src/domain/ports.ts';
import type { Customer } from '../../src/domain/types.ts';
import { acme, globex } from '../approvals/workspace.ts';

const NEGATIONS = /\b(?:not|dont|never|no|without|cancel|stop|wont|shouldnt)\b/;
const ORDINALS: Record<string, number> = { first: 1, second: 2, third: 3 };

/** A message as the reader of utterances gives it: names taken out of the words, amounts and ordinals read. */
export function saying(text: string, over: Partial<Utterance> = {}): Utterance {
  const customers = mentions(text, [
    ['Acme', [acme]],
    ['Globex', [globex]],
    ['Initech', [acme, globex]],
  ]);
  const blanked = customers.reduce(
    (rest, one) => rest.slice(0, one.start) + ' '.repeat(one.end - one.start) + rest.slice(one.end),
    text,
  );
  const words = blanked
    .toLowerCase()
    .replace(/['’]/g, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const amounts = [...text.matchAll(/([$€])(\d+(?:\.\d\d)?)/g)].map((match) => ({
    minor: Math.round(Number(match[2]) * 100),
    currency: match[1] === '$' ? 'USD' : 'EUR',
  }));
  const phrase = words.join(' ');
  return {
    text,
    words,
    periods: [],
    customers,
    amounts,
    ordinal:
      words.map((word) => ORDINALS[word]).find((one) => one !== undefined) ??
      (/last one/.test(phrase) ? -1 : null),
    comparison: false,
    by: null,
    top: null,
    negated: NEGATIONS.test(phrase),
    previous: [],
    nowAt: 0,
    tz: 'UTC',
    ...over,
  };
}

function mentions(text: string, known: [string, Customer[]][]): CustomerMention[] {
  return known.flatMap(([name, candidates]) => {
    const start = text.toLowerCase().indexOf(name.toLowerCase());
    if (start === -1) return [];
    return [{ start, end: start + name.length, text: name, candidates, score: 1 }];
  });
}

export function listing(...listed: PreviousCall['listed']): PreviousCall[] {
  return [{ tool: 'some_list', input: {}, listed }];
}
