import type { Span } from '../language/spans.ts';

/** "top 5 customers", "bottom three plans", "second biggest customer": what is ranked, how many, or which place. */
export interface Ranking extends Span {
  by: string;
  top: number | null;
  rank: number | null;
  smallest: boolean;
  /** "Worst" and "best" are the largest or the smallest by what the metric is. */
  judged: 'worst' | 'best' | null;
}

const NUMBERS = 'two three four five six seven eight nine ten'.split(' ');
const PLACES = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');
const SIZES =
  'top|biggest|largest|best|highest|lowest|bottom|smallest|worst|fewest|least|most valuable|most active|least active';
const NOUNS =
  'customers?|accounts?|clients?|plans?|countries|country|currencies|currency|regions?|segments?|channels?|owners?|categories|endpoints?';
const RANKED = new RegExp(
  `\\b(?:(${PLACES.slice(1).join('|')}|[2-9](?:nd|rd|th)|\\d{2}th)[ -])?(${SIZES})\\s+(?:(\\d{1,2}|${NUMBERS.join('|')})\\s+)?(?:(?!new\\b|lost\\b|churned\\b)\\w+\\s+)?(${NOUNS})\\b`,
  'i',
);
const SMALLEST = /^(?:lowest|bottom|smallest|worst|fewest|least|least active)$/i;

/** `breakdownNamed` gives the dimension a noun stands for. */
export function rankingIn(text: string, breakdownNamed: (word: string) => string | null): Ranking | null {
  const match = RANKED.exec(text);
  const by = breakdownNamed(match?.[4] ?? '');
  if (!match || by === null) return null;
  const [whole, place, size = '', count, noun = ''] = match;
  const one = !/s$/i.test(noun) && place === undefined ? 1 : null;
  return {
    start: match.index,
    end: match.index + whole.length,
    by,
    top: count === undefined ? one : numberOf(count),
    rank: place === undefined ? null : placeOf(place),
    smallest: SMALLEST.test(size),
    judged: /^worst$/i.test(size) ? 'worst' : /^best$/i.test(size) ? 'best' : null,
  };
}

function numberOf(word: string): number {
  const index = NUMBERS.indexOf(word.toLowerCase());
  return index < 0 ? Number(word) : index + 2;
}

function placeOf(word: string): number {
  const index = PLACES.indexOf(word.toLowerCase());
  return index < 0 ? Number.parseInt(word, 10) : index + 1;
}
