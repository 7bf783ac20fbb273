import { asksWhy } from '../language/asks-why.ts';
import type { PeriodMention, PreviousCall, Utterance } from '../language/utterance.ts';
import { shiftInstant } from '../periods/calendar.ts';
import { findPeriods } from '../periods/find-periods.ts';
import type { Json, Period } from '../types.ts';
import { chartAsked, picturedMetric } from './chart-asked.ts';
import { samePointIn } from './compare-words.ts';
import { findMetric } from './index.ts';
import { type MetricMatch, matchMetric } from './match.ts';
import { rulesNamed } from './rules-words.ts';
import { breakdownIn, partsOf, type SentenceParts } from './sentence-parts.ts';

/** What a sentence asks of the metrics: the arguments, how sure, and how it was understood in words. */
export interface MetricReading {
  input: { [key: string]: Json };
  confidence: number;
  interpretation: string;
}

const LISTING = /\b(list|show me (?:all|every|each)|invoices?|bills?)\b/i;
const DOING =
  /\b(remind|send|email|mail|void|cancel (?!l)|charge|apply|approve|reject|refund (?!s|rate|total)|chase)\b/i;
const ASKING = /\b(did|have|has|do|does) (we|i|you|they)\b|\bhow (much|many)\b/i;
/** Metrics whose rows are records that another question lists. */
const OF_RECORDS = new Set([
  'tickets_open',
  'failed_payments',
  'refunds',
  'receivables_open',
  'receivables_overdue',
]);
const SHOWING = /\b(list|show|see|give me|open up)\b/i;
const WHO = /\b(who|which (?:customers|accounts|companies))\b/i;
const RANKED_BY_DEFAULT = 5;
const COUNTING = /\b(how many|how much|number of|count|total|rate|amount)\b/i;
const GROWTH =
  /\b(grow(?:n|th|ing)?|grew|chang(?:e|ed)|trend(?:ing)?|up or down|(?:go|goes|going|gone|went|come|came) (?:up|down)|increas(?:e|ed|ing)|decreas(?:e|ed|ing)|dropp?(?:ed|ing)?|rose|risen|fell|fallen|progress|doing)\b/i;
/** "The growth plan" is a plan's name, not growth. */
const PLAN_NAMED = /\b[a-z][\w-]* (?:plans?|tier)\b/gi;
/** Words that make a figure another than the metric's own, where they are no part of its name. */
const ANOTHER_FIGURE =
  /\b(average|avg|mean|median|best (?:day|week|month|quarter)|worst (?:day|week|month|quarter)|forecast|predict(?:ed|ion)?|project(?:ed|ion)|expected|target|goal|budget|tickets? about|year end|end of (?:the )?year)\b/i;
const SMALLEST = /\b(lowest|least|smallest|bottom|worst|fewest)\b/i;
const FOLLOW_UP =
  /^\W*(and|what about|how about|same|but|also|now|ok|only|just|then|vs|compared?|by|per|for|in|top|split)\b/i;
const COMPARING = /\b(vs|versus|compared? (?:to|with)|against|than|from)\b/i;

/** An exact, stable argument: the instants themselves, or the words where they name nothing. */
export function periodArgument(mention: Pick<PeriodMention, 'period' | 'text'>): string {
  const { period } = mention;
  if (!period) return mention.text;
  return `${new Date(period.startAt).toISOString()}/${new Date(period.endAt).toISOString()}`;
}

function record(value: Json | undefined): { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** What "the month before" follows: the earliest period the earlier question spoke of. */
function previousPeriodOf(input: { [key: string]: Json }, { nowAt, tz }: Utterance): Period | undefined {
  const read = (words: string) => findPeriods(words, { nowAt, tz })[0]?.period ?? undefined;
  const period = read(typeof input.period === 'string' ? input.period : 'this month');
  const compared = typeof input.compare === 'string' ? read(input.compare) : undefined;
  return compared && period && compared.startAt < period.startAt ? compared : period;
}

/** The arguments besides the metric. */
function argumentsOf(
  utterance: Utterance,
  parts: SentenceParts,
  before: { [key: string]: Json },
): { [key: string]: Json } {
  const input: { [key: string]: Json } = { ...comparedPeriods(utterance, parts, before) };
  if (parts.by !== null) input.by = parts.by;
  const top = utterance.top ?? parts.ranking?.top ?? (parts.ranking ? RANKED_BY_DEFAULT : null);
  if (top !== null) input.top = top;
  if (SMALLEST.test(utterance.text)) input.order = 'asc';
  const asked = chartAsked(parts.rest);
  if (asked !== null) input.chart = asked;
  if (asked === 'auto' && parts.by === null) input.by = 'month';
  if (top !== null && input.by === undefined) input.by = 'customer';
  const filter: { [key: string]: Json } = {};
  if (parts.plan !== null) filter.plan = parts.plan;
  if (parts.currency !== null && parts.by !== 'currency') filter.currency = parts.currency.code;
  if (parts.country !== null && parts.by !== 'country') filter.country = parts.country;
  if (Object.keys(filter).length > 0) input.filter = filter;
  const mention = utterance.customers[0];
  if (mention)
    input.customer = mention.candidates.length === 1 ? (mention.candidates[0]?.id ?? '') : mention.text;
  return input;
}

/** "A vs B"; "vs B" alone compares the present with B; "A vs previous" takes the period before A. */
function comparedPeriods(
  utterance: Utterance,
  parts: SentenceParts,
  before: { [key: string]: Json },
): { [key: string]: Json } {
  const [first, second] = parts.periods;
  const yearAgo = yearEarlier(utterance, parts.periods, before);
  if (yearAgo !== null)
    return first && second ? { period: periodArgument(first), compare: yearAgo } : { compare: yearAgo };
  const compared = utterance.comparison || COMPARING.test(parts.rest);
  if (first && second) return { period: periodArgument(first), compare: periodArgument(second) };
  const grown = GROWTH.test(parts.rest.replace(PLAN_NAMED, ' ')) && chartAsked(parts.rest) === null;
  if (!first) return utterance.comparison || grown ? { compare: 'previous' } : {};
  const comparesWithFirst = compared && COMPARING.test(utterance.text.slice(0, first.start));
  if (comparesWithFirst) return { compare: periodArgument(first) };
  const period = periodArgument(first);
  return utterance.comparison || grown ? { period, compare: 'previous' } : { period };
}

const LAST_YEAR = /^(?:the )?(?:last|previous|prior) year$|^(?:a|one) year (?:ago|earlier|before)$/i;
/** A leap year and a daylight-saving hour less than two of them. */
const UNDER_A_YEAR_MS = 364 * 86_400_000;

/** "Vs last year" said of a month, a quarter or a week means the same one a year earlier, not the whole year. */
export function yearEarlier(
  utterance: Utterance,
  periods: readonly PeriodMention[],
  before: { [key: string]: Json },
): string | null {
  const { nowAt, tz } = utterance;
  const last = periods.at(-1);
  if (!last || !LAST_YEAR.test(last.text.trim()) || !COMPARING.test(utterance.text.slice(0, last.start)))
    return null;
  const [first, second] = periods;
  const asked = typeof before.period === 'string' ? findPeriods(before.period, { nowAt, tz })[0] : undefined;
  const base = (second ? first : asked)?.period;
  // Of the month so far, or of what stands now.
  if (!base && !second) return 'last_year';
  if (!base || base.endAt - base.startAt > UNDER_A_YEAR_MS) return null;
  const startAt = shiftInstant(base.startAt, tz, 'year', -1);
  // What is not over yet is compared with as much of it a year ago.
  const endAt = shiftInstant(Math.min(base.endAt, Math.max(nowAt, base.startAt)), tz, 'year', -1);
  return periodArgument({ period: { ...base, startAt, endAt }, text: '' });
}

function confidenceOf(match: MetricMatch, utterance: Utterance, parts: SentenceParts): number {
  let confidence = match.score;
  if (DOING.test(utterance.text) && !ASKING.test(utterance.text)) confidence -= 0.5;
  if (listsRecords(match.metric, parts.rest)) confidence -= 0.4;
  if (parts.currency?.asUnit && parts.currency.code !== 'USD') confidence = Math.min(confidence, 0.55);
  if (rulesNamed(utterance.text)) confidence = Math.min(confidence, 0.5);
  if (ANOTHER_FIGURE.test(beyondItself(match.metric, parts.rest))) confidence = Math.min(confidence, 0.5);
  return Math.max(0, Math.round(confidence * 100) / 100);
}

/** "Calls per customer" is a figure of its own, not calls broken down by customer. */
function ownGrouping(name: string, input: { [key: string]: Json }, text: string): { [key: string]: Json } {
  const own = findMetric(name)?.synonyms.filter((phrase) => / per /.test(phrase)) ?? [];
  const rest = own.reduce((left, phrase) => left.replace(phrase, ' '), text.toLowerCase());
  if (rest === text.toLowerCase() || /\b(?:which|who|top)\b/.test(rest)) return input;
  const { by: _by, ...ungrouped } = input;
  const by = breakdownIn(rest);
  return by === null ? ungrouped : { ...ungrouped, by };
}

const MIDDLES = /\b(?:average|avg|mean|median|typical)\b/gi;

/** The words that are not the metric's own: "median" where it is one, "budget" in "error budget". */
function beyondItself(name: string, text: string): string {
  const metric = findMetric(name);
  if (!metric) return text;
  const phrases = metric.synonyms.filter((phrase) => ANOTHER_FIGURE.test(phrase));
  const rest = phrases.reduce(
    (left, phrase) => left.replace(new RegExp(`\\b${phrase.replaceAll(' ', '\\s+')}\\b`, 'gi'), ' '),
    text,
  );
  return /\b(?:median|mean)$/.test(metric.title) ? rest.replace(MIDDLES, ' ') : rest;
}

/** Whether the records themselves are asked for rather than a figure. */
function listsRecords(metric: string, text: string): boolean {
  if (COUNTING.test(text)) return false;
  return LISTING.test(text) || (OF_RECORDS.has(metric) && (SHOWING.test(text) || WHO.test(text)));
}

/** In words: "Revenue, gross, Oct 1 - 31, 2026, against Sep 1 - 30, 2026, by plan, for Acme". */
function interpret(metric: string, input: { [key: string]: Json }, utterance: Utterance): string {
  const words = [findMetric(metric)?.title ?? metric];
  const { nowAt, tz } = utterance;
  const label = (text: Json | undefined) =>
    typeof text === 'string' ? (findPeriods(text, { nowAt, tz })[0]?.period?.label ?? text) : '';
  if (input.period !== undefined) words.push(label(input.period));
  if (input.compare === 'previous') words.push('against the period before');
  else if (input.compare !== undefined) words.push(`against ${compareLabel(input.compare, label)}`);
  if (input.by !== undefined) words.push(`by ${String(input.by)}`);
  if (input.top !== undefined) words.push(`top ${String(input.top)}`);
  const filter = record(input.filter);
  for (const value of Object.values(filter)) words.push(`${String(value)} only`);
  const named = utterance.customers[0];
  if (named && findMetric(metric)?.narrows === false) words.push('of all customers together');
  else if (named) words.push(`for ${named.candidates.length === 1 ? named.candidates[0]?.name : named.text}`);
  return words.join(', ');
}

/** A comparison as it is echoed: the other period, or in words. */
export function compareLabel(compare: Json, label: (text: Json) => string): string {
  if (compare === 'last_year') return 'the same a year ago';
  const same = typeof compare === 'string' ? /^same_point last (\w+)$/.exec(compare)?.[1] : undefined;
  return same ? `the same point last ${same}` : label(compare);
}

const GROWING =
  /\b(?:are|is|were) (?:we|the (?:company|business)) (?:\w+ )?(?:growing|shrinking)\b|\bhow (?:fast|quickly) are we growing\b/i;
/** Growing, of a company whose income is subscriptions. */
const GROWN: MetricMatch = { metric: 'mrr', score: 0.8 };

/** The biggest customers are those that pay most a month. */
const BIGGEST: MetricMatch = { metric: 'mrr', score: 0.85 };

/**
 * Readings of a message as a question for a metric, best first. `previous` is the last call of the same tool in
 * the thread, or null: with it "and the month before", "by plan" and "for Acme" continue that question.
 */
export function recognizeMetric(spoken: Utterance, previous: PreviousCall | null): MetricReading[] {
  if (asksWhy(spoken.text)) return [];
  const { utterance, compare } = samePointIn(spoken);
  const before = record(previous?.input);
  const follows = previous !== null && typeof before.metric === 'string';
  const relative = follows && utterance.periods.length > 0 ? previousPeriodOf(before, utterance) : undefined;
  const parts = partsOf(utterance, relative && utterance.periods.length === 1 ? relative : undefined);
  const ranksCustomers = parts.ranking?.by === 'customer';
  const named = matchMetric(parts.rest);
  const implied = GROWING.test(parts.rest) ? [GROWN] : ranksCustomers ? [BIGGEST] : [];
  const pictured = picturedMetric(chartAsked(parts.rest));
  const shown = pictured === null ? implied : [{ metric: pictured, score: 0.9 }];
  const matches = named.length === 0 && (!follows || pictured !== null) ? shown : named;
  const input = { ...argumentsOf(utterance, parts, before), ...compare };
  if (WHO.test(utterance.text) && input.by === undefined && matches[0]?.metric !== 'active_customers') {
    input.by = 'customer';
  }
  if (matches.length === 0) return follows ? continued(utterance, parts, before, input) : [];
  const kept = follows && FOLLOW_UP.test(utterance.text) ? carried(before, input) : {};
  return matches.slice(0, 3).map((match) => {
    const whole = { metric: match.metric, ...kept, ...ownGrouping(match.metric, input, parts.rest) };
    return {
      input: whole,
      confidence: confidenceOf(match, utterance, parts),
      interpretation: interpret(match.metric, whole, utterance),
    };
  });
}

/** What an earlier question leaves standing: not its comparison once another period is named. */
function carried(before: { [key: string]: Json }, input: { [key: string]: Json }): { [key: string]: Json } {
  const { metric: _metric, compare, ...rest } = before;
  const dropsComparison = input.period !== undefined || input.compare !== undefined || input.by !== undefined;
  return compare === undefined || dropsComparison ? rest : { ...rest, compare };
}

const LONGEST_FOLLOW_UP = 9;

/** "Net?" after gross revenue, and the reverse. */
function switched(metric: string, text: string): string {
  if (metric === 'revenue_gross' && /\bnet\b/i.test(text)) return 'revenue_net';
  return metric === 'revenue_net' && /\bgross\b/i.test(text) ? 'revenue_gross' : metric;
}

function continued(
  utterance: Utterance,
  parts: SentenceParts,
  before: { [key: string]: Json },
  input: { [key: string]: Json },
): MetricReading[] {
  const metric = switched(String(before.metric), utterance.text);
  const says = Object.keys(input).length > 0 || metric !== before.metric;
  const brief = utterance.text.trim().split(/\s+/).length <= LONGEST_FOLLOW_UP;
  if (!says || !brief || DOING.test(utterance.text) || LISTING.test(parts.rest)) return [];
  // "As a chart" is a way to look at what was asked, by whatever it was by.
  const stays = input.chart === 'auto' && parts.by === null && typeof before.by === 'string';
  const whole = { metric, ...carried(before, input), ...input, ...(stays ? { by: before.by ?? null } : {}) };
  const confidence = FOLLOW_UP.test(utterance.text) ? 0.9 : 0.7;
  const asUnit = parts.currency?.asUnit && parts.currency.code !== 'USD';
  const interpretation = interpret(metric, whole, utterance);
  return [{ input: whole, confidence: asUnit ? 0.55 : confidence, interpretation }];
}
