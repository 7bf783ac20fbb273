import type { CompanyWords } from '../language/company-words.ts';
import { blanked } from '../language/spans.ts';
import { isStrange, strangerIn } from '../language/stranger.ts';
import { METRIC_NAMES } from './index.ts';
import { metricHits } from './match.ts';
import { type SentenceParts, strangeBreakdown } from './sentence-parts.ts';

const LEFT_OUT =
  /\b(?:excluding|exclude|except(?: for)?|excl\.?|other than|not counting|not including|leaving out|apart from)\s+(?:the |our |all )?([\p{L}\p{N}][\p{L}\p{N} '’&.-]*)/iu;
const OWNED = /\b([\p{L}]+)['’]s (?:accounts|customers|clients)\b/iu;
const VERSUS = /\b(?:vs\.?|versus|against|compared (?:to|with))\s+([a-z][\w-]{2,})/i;
/**
 * What of a sentence narrows, or means to, and was not understood: each in a sentence of its own. It is said rather
 * than dropped.
 */
export function unreadOf(
  parts: SentenceParts,
  unreadBounds: readonly string[],
  known: CompanyWords | undefined,
): string[] {
  const rest = blanked(parts.rest, metricHits(parts.rest));
  const said: string[] = [];
  const left = LEFT_OUT.exec(rest)?.[1]
    ?.replace(/\b(?:and|or|for|the|our|all|customers?|accounts?)\b/gi, ' ')
    .trim();
  if (left) said.push(`I do not know what to leave out by "${left}".`);
  const owner = OWNED.exec(rest)?.[1];
  if (owner && !/^(?:today|company|whom?)$/i.test(owner))
    said.push(`I know nobody called ${owner} who looks after customers.`);
  for (const { problem } of parts.traits) if (problem !== undefined) said.push(problem);
  if (parts.health !== null && !METRIC_NAMES.some((name) => name.includes('health')))
    said.push(`No number can be narrowed by health yet, so "${parts.health}" narrows nothing.`);
  for (const bound of unreadBounds) said.push(`I could not place "${bound}".`);
  const other = parts.customers.length > 0 ? VERSUS.exec(rest)?.[1]?.toLowerCase() : undefined;
  if (other && isStrange(other, known)) said.push(`I do not know "${other}".`);
  const by = strangeBreakdown(parts);
  if (by !== null) said.push(`I cannot break a number down by "${by}".`);
  if (parts.currency?.excluded) said.push(`I cannot leave out one currency (${parts.currency.code}).`);
  const stranger = said.length === 0 ? strangerIn(rest, known) : null;
  if (stranger !== null) said.push(`I do not know "${stranger}".`);
  return said;
}
