import type { SentenceParts } from './sentence-parts.ts';

/** What a question about how long customers stay, or what groups of them are worth, asks for. */
export interface LifetimeAsked {
  by: (typeof LIFE_TRAITS)[number] | null;
  /** Months of age to count; null where none are named. */
  months: number | null;
}

export const LIFE_TRAITS = ['segment', 'channel', 'plan', 'region', 'country'] as const;

const VALUE = /\b(?:ltvs?|clv|cltv|life ?time (?:value|worth|revenue)s?)\b/i;
const PEOPLE = '(?:customers?|accounts?|clients?|subscribers?|users?|companies|people|they)';
const STAYING = new RegExp(
  `\\bhow (?:long|many months) (?:do|does|will|did|can we expect)\\b[^.?!]*\\b${PEOPLE}\\b[^.?!]*\\b(?:stay|stays|last|lasts|stick|sticks|remain|keep paying|stay with us)\\b|\\b(?:average|mean|median|expected|typical) (?:customer |account |client )?(?:life ?times?|life ?span|tenure)\\b|\\bcustomer (?:life ?span|tenure)\\b|\\bsurvival (?:curves?|analysis|rates?|functions?)\\b|\\bkaplan[- ]meier\\b`,
  'i',
);
const COST = /\b(?:cac|payback|acquisition costs?)\b/i;
const PAYBACK = /\b(?:cac payback|payback (?:period|time)|months to pay back|ltv ?(?:to|:|\/) ?cac)\b/i;
/** The simple metric, its definition or its past. */
const OTHERWISE =
  /\bsimple\b|\b(?:formula|definition|defined?|calculated?|compute[ds]?|mean by)\b|\bcohorts?\b|\brules?\b/i;
const IN_YEARS =
  /\b(?:over|within|in|for) (?:the )?(?:first |next )?(\d+|one|two|three|four|five|a|an) (years?|months?)\b/i;
const FIRST_YEAR = /\b(?:in|over|of) (?:the|their) first year\b/i;
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['a', 1],
  ['an', 1],
  ['one', 1],
  ['two', 2],
  ['three', 3],
  ['four', 4],
  ['five', 5],
]);

/**
 * Null for every other question, "what is our LTV" among them: that is the simple metric. Value is asked for here where
 * customers are narrowed or told apart by a trait, where a stretch of months is named, or what winning them costs.
 */
export function lifetimeAsked(text: string, parts: SentenceParts): LifetimeAsked | null {
  const value = VALUE.test(text);
  const staying = STAYING.test(text) || PAYBACK.test(text);
  const months = monthsIn(text);
  if (OTHERWISE.test(text) || parts.customers.length > 0 || (!value && !staying)) return null;
  const by = LIFE_TRAITS.find((trait) => trait === parts.by) ?? null;
  if (parts.by !== null && by === null) return null;
  if (parts.periods.length > 0 && months === null) return null;
  const told = by !== null || parts.traits.length > 0 || months !== null || COST.test(text);
  return staying || told ? { by, months } : null;
}

function monthsIn(text: string): number | null {
  if (FIRST_YEAR.test(text)) return 12;
  const [, count = '', unit = ''] = IN_YEARS.exec(text) ?? [];
  if (count === '') return null;
  const number = NUMBERS.get(count.toLowerCase()) ?? Number(count);
  const months = unit.toLowerCase().startsWith('year') ? 12 * number : number;
  return months >= 1 && months <= 60 ? months : null;
}
