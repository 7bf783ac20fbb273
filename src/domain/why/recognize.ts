import { asksWhy } from '../language/asks-why.ts';
import type { PreviousCall, Reading, Utterance } from '../language/utterance.ts';
import { samePointIn } from '../metrics/compare-words.ts';
import { findMetric } from '../metrics/index.ts';
import { compareLabel } from '../metrics/interpretation.ts';
import { matchMetric } from '../metrics/match.ts';
import { narrowingOf } from '../metrics/narrowing.ts';
import { yearEarlier } from '../metrics/recognize.ts';
import { partsOf } from '../metrics/sentence-parts.ts';
import { findPeriods } from '../periods/find-periods.ts';
import { mentionArgument } from '../periods/period-argument.ts';
import type { Json } from '../types.ts';

type Input = { [key: string]: Json };

const GROWING =
  /\b(?:are|is|were) (?:we|the (?:company|business)) (?:\w+ )?(?:growing|shrinking|up|down|losing|making)\b/i;
/** "Why did it go down", "why?", "what changed": of what was just spoken of. */
const LONGEST_BARE = 8;
const SALES = /\bsales\b|\bmoney\b/i;
/** What a person or a record did, which is no figure of the business. */
const OF_A_RECORD =
  /\b(?:invoice|ticket|alert|approval|proposal|card|refund(?!s)|schedule|briefing|declined|rejected|blocked|owes?|overdue)\b/i;
/** A change goes from one period to another, where a figure would be that of the whole range. */
const RANGE = /^(?:from|between)\s+(.+?)\s+(?:to|and|until|till)\s+(.+)$/i;
/** Churn as a number, where "why did Acme churn" is about one customer. */
const OF_CHURN =
  /\b(?:customers?|accounts?|people|they|we)\b|\bchurn (?:is|was|went|go|goes|up|down|rate|high|low|rise|rising|rose|increas|drop|fell|fall|change|so|last|this|in)|\b(?:the|our|in|of|drove|change|more|less|so much) churn\b/i;
const COMPARING = /\b(?:vs\.?|versus|compared? (?:to|with)|against|than|from)\s+(?:the )?$/i;

/**
 * Readings of "why is MRR up?", with metric, period, filter and customer from the sentence, else from the turn before.
 * `latest` is the explanation just given, which "and in September?" and "only euros" continue.
 */
export function recognizeChange(utterance: Utterance, latest: PreviousCall | null = null): Reading[] {
  if (!asksWhy(utterance.text)) return continued(utterance, latest);
  const said = samePointIn(utterance);
  const parts = partsOf(said.utterance, undefined);
  const before = metricCall(utterance.previous);
  // "Which customers drove that" asks for those behind it, not for how many there are.
  const named = matchMetric(parts.rest.replace(WHOSE, ' '))[0] ?? null;
  const implied = GROWING.test(parts.rest) ? 'mrr' : SALES.test(parts.rest) ? 'revenue_gross' : null;
  const carried = named === null && implied === null;
  const metric = named?.metric ?? implied ?? before?.metric;
  if (typeof metric !== 'string') return [];
  if (carried && utterance.words.length > LONGEST_BARE + 4 * utterance.periods.length) return [];
  const kept = carried && before ? keptOf(before, utterance) : {};
  const input: Input = {
    metric,
    ...kept,
    ...periodsOf(said.utterance, kept),
    ...said.compare,
    ...narrowing(parts),
    ...supposedIn(parts.rest),
  };
  // Why one customer's payment failed stands in the record of it.
  const ofOne = utterance.customers.length > 0 && named?.metric === 'failed_payments';
  const record = ofOne || (OF_A_RECORD.test(parts.rest) && named === null);
  const weak =
    metric === 'churned_customers' && (utterance.customers.length > 0 || !OF_CHURN.test(parts.rest));
  const confidence = record || weak ? 0.4 : carried ? 0.9 : 0.97;
  return [{ input, confidence, interpretation: interpret(input, utterance) }];
}

const CONTINUES =
  /^\W*(?:and|what about|how about|same|but|also|now|ok|only|just|then|vs|versus|compared?|by|per|for|in|on)\b/i;

/** The explanation before with another period, customer, plan, country or currency. */
function continued(utterance: Utterance, latest: PreviousCall | null): Reading[] {
  const before = latest && metricCall([latest]);
  if (!before || !CONTINUES.test(utterance.text) || utterance.words.length > LONGEST_BARE) return [];
  const said = samePointIn(utterance);
  const parts = partsOf(said.utterance, undefined);
  if (matchMetric(parts.rest).length > 0) return [];
  const change: Input = {
    ...periodsOf(said.utterance, before),
    ...said.compare,
    ...narrowing(parts),
  };
  if (Object.keys(change).length === 0) return [];
  const input: Input = { ...keptOf(before, utterance), ...change, metric: before.metric ?? null };
  if (change.compare !== undefined && change.period === undefined && before.period !== undefined) {
    input.period = before.period;
  }
  return [{ input, confidence: 0.9, interpretation: interpret(input, utterance) }];
}

/** The newest call of the thread that was about a metric. */
function metricCall(previous: readonly PreviousCall[]): Input | null {
  for (const { input } of previous) {
    if (input === null || typeof input !== 'object' || Array.isArray(input)) continue;
    if (typeof input.metric === 'string' && findMetric(input.metric)) return input;
  }
  return null;
}

/** What still stands of the turn before; a period named anew takes its comparison with it. */
function keptOf(before: Input, { periods }: Utterance): Input {
  const kept: Input = {};
  const who = ['filter', 'customer', 'where', 'exclude'];
  const fields = periods.length > 0 ? who : ['period', 'compare', ...who];
  for (const field of fields) if (before[field] !== undefined) kept[field] = before[field];
  return kept;
}

/** "in October vs August"; "from September to October" and "between" put the earlier one first. */
function periodsOf(utterance: Utterance, before: Input): Input {
  const { periods, text, nowAt, tz } = utterance;
  const [first, second] = periods;
  if (!first) return {};
  const yearAgo = yearEarlier(utterance, periods, before);
  if (yearAgo !== null)
    return second ? { period: mentionArgument(first), compare: yearAgo } : { compare: yearAgo };
  const lead = text.slice(0, first.start);
  const ends = RANGE.exec(`${/\b(?:from|between)\s+$/i.exec(lead)?.[0] ?? ''}${first.text}`);
  const [from, to] = [ends?.[1], ends?.[2]].map((words) => findPeriods(words ?? '', { nowAt, tz })[0]);
  if (from?.period && to?.period) return { period: mentionArgument(to), compare: mentionArgument(from) };
  if (!second) {
    const named = mentionArgument(first);
    return COMPARING.test(lead) && !/\bfrom\s+$/i.test(lead) ? { compare: named } : { period: named };
  }
  const ranged = /\b(?:from|between)\s+(?:the )?$/i.test(lead);
  const [present, past] = ranged ? [second, first] : [first, second];
  return { period: mentionArgument(present), compare: mentionArgument(past) };
}

const SAID_UP =
  /\b(?:up|rise[ns]?|rose|rising|increas(?:e|es|ed|ing)|grew|grow(?:s|n|ing)?|jump(?:ed|s)?|higher|spik(?:e|ed|ing))\b/i;
const SAID_DOWN =
  /\b(?:down|drop(?:s|ped|ping)?|f[ae]ll(?:en|s|ing)?|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|shr[aiu]nk|sank|lower|dip(?:ped)?|plunged?)\b/i;

/** Which way the question says it went; nothing where it says both, or neither. */
function supposedIn(text: string): Input {
  const [up, down] = [SAID_UP.test(text), SAID_DOWN.test(text)];
  return up === down ? {} : { supposed: up ? 'up' : 'down' };
}

const WHOSE = /\bwhich (?:customers?|accounts?|clients?|companies)\b/i;
const BY_WHOM = /\bwho\b|\bwhich (?:customers?|accounts?|clients?|companies)\b/i;

function narrowing(parts: ReturnType<typeof partsOf>): Input {
  const { by: _by, ...narrowed } = narrowingOf(parts, undefined);
  if (parts.by === null && BY_WHOM.test(parts.rest)) return { ...narrowed, by: 'customer' };
  if (parts.by === null || ['day', 'week', 'month'].includes(parts.by)) return narrowed;
  return { ...narrowed, by: parts.by };
}

function interpret(input: Input, { nowAt, tz, customers }: Utterance): string {
  const label = (text: Json | undefined) =>
    typeof text === 'string'
      ? (findPeriods(text, { nowAt, tz })[0]?.period?.label ?? text.replace('_', ' '))
      : '';
  const metric = typeof input.metric === 'string' ? (findMetric(input.metric)?.title ?? input.metric) : '';
  const words = [`What is behind the change in ${metric}`];
  if (input.period !== undefined) words.push(label(input.period));
  if (input.compare !== undefined && input.compare !== 'previous')
    words.push(`against ${compareLabel(input.compare, label)}`);
  if (customers[0]) words.push(`for ${customers[0].candidates[0]?.name ?? customers[0].text}`);
  return words.join(', ');
}
