import { asksWhy } from '../language/asks-why.ts';
import { blanked } from '../language/spans.ts';
import type { PeriodMention, PreviousCall, Utterance } from '../language/utterance.ts';
import { shiftInstant } from '../periods/calendar.ts';
import { findPeriods } from '../periods/find-periods.ts';
import { mentionArgument, periodArgument } from '../periods/period-argument.ts';
import type { Json, Period } from '../types.ts';
import { chartAsked, picturedMetric } from './chart-asked.ts';
import { samePointIn } from './compare-words.ts';
import { type Conditions, conditionsOf } from './conditions.ts';
import { findMetric } from './index.ts';
import { interpret } from './interpretation.ts';
import { lifetimeAsked } from './lifetime-asked.ts';
import { type MetricMatch, matchMetric, metricHits } from './match.ts';
import { narrowingOf } from './narrowing.ts';
import { pacedPeriods } from './pace.ts';
import { rulesNamed } from './rules-words.ts';
import { breakdownIn, partsOf, type SentenceParts } from './sentence-parts.ts';
import { stepFor } from './series.ts';
import { unreadOf } from './unread.ts';

/** What a sentence asks of the metrics: the arguments, how sure, and how it was understood in words. */
export interface MetricReading {
  input: { [key: string]: Json };
  confidence: number;
  interpretation: string;
  /** What of the question it leaves out. */
  caveat?: string;
}

const LISTING = /\b(list|show me (?:all|every|each)|invoices?|bills?)\b/i;
const DOING =
  /\b(remind|send|email|mail|void|cancel (?!l)|charge|apply|approve|reject|refund (?!s|rate|total|volume|amount|sum|value|count|figure)|chase)\b/i;
const ASKING = /\b(did|have|has|do|does) (we|i|you|they)\b|\bhow (much|many)\b/i;
/** Metrics whose rows are records that another question lists. */
const OF_RECORDS = new Set([
  'tickets_open',
  'failed_payments',
  'refunds',
  'receivables_open',
  'receivables_overdue',
  'approvals_given',
  'proposals_made',
]);
/** What is looked at one by one where a customer is named. */
const THEIRS = new Set(['tickets_open', 'failed_payments']);
const SHOWING = /\b(list|show|see|latest|newest|recent|most recent|give me|open up)\b/i;
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
const COMPARING = /\b(vs|versus|compared? (?:to|with)|against|than)\b/i;

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
  const rank = parts.ranking?.rank ?? null;
  const many = utterance.top ?? parts.ranking?.top ?? (parts.ranking ? RANKED_BY_DEFAULT : null);
  const top = rank === null ? many : null;
  if (top !== null) input.top = top;
  if (rank !== null) input.rank = rank;
  if (parts.ranking?.smallest || SMALLEST.test(parts.rest)) input.order = 'asc';
  const asked = chartAsked(parts.rest);
  // Groups are shown as a table anyway.
  const grouped = parts.by !== null && !STEPS.has(parts.by);
  if (asked !== null && !(asked === 'table' && grouped)) input.chart = asked;
  const overTime = asked === 'auto' || asked === 'table';
  if (overTime && parts.by === null) input.by = stepFor(parts.periods[0]?.period);
  if (top !== null && input.by === undefined) input.by = 'customer';
  Object.assign(input, narrowingOf(parts, input.by));
  return input;
}

/** "A vs B"; "vs B" alone compares the present with B; "A vs previous" takes the period before A. */
function comparedPeriods(
  utterance: Utterance,
  parts: SentenceParts,
  before: { [key: string]: Json },
): { [key: string]: Json } {
  const [first, second] = parts.periods;
  if (first && !second && first.against)
    return { period: periodArgument(first.against), compare: mentionArgument(first) };
  const yearAgo = yearEarlier(utterance, parts.periods, before);
  if (yearAgo !== null)
    return first && second ? { period: mentionArgument(first), compare: yearAgo } : { compare: yearAgo };
  const compared = comparesPeriods(utterance, parts);
  if (first && second) return { period: mentionArgument(first), compare: mentionArgument(second) };
  const grown = GROWTH.test(parts.rest.replace(PLAN_NAMED, ' ')) && chartAsked(parts.rest) === null;
  if (!first) return compared || grown ? { compare: 'previous' } : {};
  const earlier = parts.rest.slice(0, first.start);
  if (COMPARING.test(earlier) || FROM.test(utterance.text.slice(0, first.start)))
    return { compare: mentionArgument(first) };
  const period = mentionArgument(first);
  return compared || grown ? { period, compare: 'previous' } : { period };
}

const FROM = /\bfrom\s+(?:the\s+)?$/i;

/** "More than 20%" compares with a number, and "Acme vs Bolt" two customers: neither is about another period. */
function comparesPeriods({ comparison }: Utterance, parts: SentenceParts): boolean {
  if (!comparison || parts.customers.length > 1) return false;
  return parts.thresholds.length === 0 || COMPARING.test(parts.rest);
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
  return periodArgument({ ...base, startAt, endAt });
}

function confidenceOf(match: MetricMatch, utterance: Utterance, parts: SentenceParts): number {
  let confidence = match.score;
  if (DOING.test(utterance.text) && !ASKING.test(utterance.text)) confidence -= 0.5;
  const theirs = parts.customers.length === 1 && THEIRS.has(match.metric) && !COUNTING.test(parts.rest);
  if (theirs || listsRecords(match.metric, parts.rest)) confidence -= 0.4;
  if (parts.currency?.asUnit && parts.currency.code !== 'USD') confidence = Math.min(confidence, 0.55);
  if (rulesNamed(utterance.text)) confidence = Math.min(confidence, 0.5);
  if (match.metric === 'ltv' && lifetimeAsked(utterance.text, parts)) confidence = Math.min(confidence, 0.5);
  if (asksAnotherFigure(match.metric, utterance, parts)) confidence = Math.min(confidence, 0.5);
  return Math.max(0, Math.round(confidence * 100) / 100);
}

/** Averages by what they are. */
const AVERAGES: ReadonlySet<string> = new Set([
  'dso',
  'csat',
  'arpa',
  'calls_per_customer',
  'ticket_sentiment',
  'ltv',
]);
const MIDDLES = /\b(?:average|avg|mean|median|typical)\b/gi;

/** A phrase that is all of a metric's own name is that metric, whatever word stands in it. */
function asksAnotherFigure(name: string, { text, customers }: Utterance, parts: SentenceParts): boolean {
  const middle = /\b(?:median|mean)$/.test(findMetric(name)?.title ?? '') || AVERAGES.has(name);
  const said = blanked(text, customers);
  const other = ANOTHER_FIGURE.exec(middle ? said.replace(MIDDLES, (word) => ' '.repeat(word.length)) : said);
  if (!other) return false;
  const [start, end] = [other.index, other.index + other[0].length];
  return !metricHits(parts.rest).some((hit) => hit.start <= start && end <= hit.end);
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

/** Whether the records themselves are asked for rather than a figure. */
function listsRecords(metric: string, text: string): boolean {
  if (COUNTING.test(text) || /\b(?:most|fewest|by|per)\b/i.test(text)) return false;
  return LISTING.test(text) || (OF_RECORDS.has(metric) && (SHOWING.test(text) || WHO.test(text)));
}

const GROWING =
  /\b(?:are|is|were) (?:we|the (?:company|business)) (?:\w+ )?(?:growing|shrinking)\b|\bhow (?:fast|quickly) are we growing\b|\bhow (?:are we|is (?:the )?(?:business|company)) (?:doing|going)\b/i;
/** Growing, of a company whose income is subscriptions. */
const GROWN: MetricMatch = { metric: 'mrr', score: 0.8 };

const PAYS_MOST =
  /\b(?:who|which (?:customers?|accounts?|clients?|compan(?:y|ies))) (?:pays?|spends?|brings?)\b.*\b(?:most|least)\b/i;
const HEAVIEST =
  /\b(?:heaviest|busiest|hungriest|biggest|top|most active|largest)\s+(?:\d+ )?(?:api )?(?:users|callers)\b/i;

/** What a customer pays is what they pay a month. */
const PAYS =
  /\bhow much (?:does|do|is|are)\b.*\bpay(?:s|ing)? (?:us|a month|per month|monthly|each month)\b/i;

function impliedRank(text: string, ranksCustomers: boolean, names: boolean): MetricMatch[] {
  if (PAYS.test(text) && (names || /\b(?:they|customers|everyone)\b/i.test(text))) return [BIGGEST];
  return ranksCustomers || PAYS_MOST.test(text) ? [BIGGEST] : [];
}

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
  const ranksUse = HEAVIEST.test(utterance.text);
  const heard = partsOf(utterance, relative && utterance.periods.length === 1 ? relative : undefined);
  const parts = ranksUse ? { ...heard, by: heard.by ?? 'customer' } : heard;
  const ranksCustomers = parts.ranking?.by === 'customer';
  const conditions = conditionsOf(parts, parts.by);
  const named = matchesOf(parts, conditions);
  const implied = GROWING.test(parts.rest)
    ? [GROWN]
    : impliedRank(utterance.text, ranksCustomers, parts.customers.length > 0);
  const pictured = picturedMetric(chartAsked(parts.rest));
  const shown = pictured === null ? implied : [{ metric: pictured, score: 0.9 }];
  const matches = ranksUse
    ? [{ metric: 'api_calls', score: 0.9 }]
    : named.length === 0 && (!follows || pictured !== null)
      ? shown
      : named;
  const input = { ...argumentsOf(utterance, parts, before), ...compare };
  const asksWho = WHO.test(utterance.text) && matches[0]?.metric !== 'active_customers';
  if (input.by === undefined && (asksWho || conditions.having.length > 0))
    input.by = parts.groups ?? 'customer';
  const unread = unreadOf(parts, conditions.unread, utterance.known);
  if (matches.length === 0) return follows ? continued(utterance, parts, before, input, unread) : [];
  const kept = follows && FOLLOW_UP.test(utterance.text) ? carried(before, input) : {};
  return matches.slice(0, 3).map((match) => {
    const grouped = ownGrouping(match.metric, input, parts.rest);
    const asked = judgedOrder(match.metric, parts, pacedPeriods(match.metric, parts, utterance, grouped));
    const whole = { metric: match.metric, ...kept, ...withConditions(match.metric, conditions, asked) };
    const confidence = confidenceOf(match, utterance, parts);
    return {
      input: whole,
      confidence: unread.length > 0 ? Math.min(confidence, UNSURE) : confidence,
      interpretation: interpret(match.metric, whole, utterance, parts, conditions),
      ...(unread.length > 0 ? { caveat: unread.join(' ') } : {}),
    };
  });
}

/** Numbers of which a high one is bad. */
const BAD_WHEN_HIGH = /error|latency|churn|failed|overdue|receivable|ticket|refund|incident|downtime|burn/;

/** "Worst by error rate" begins with the highest, "worst by MRR" with the lowest. */
function judgedOrder(
  metric: string,
  { ranking }: SentenceParts,
  input: { [key: string]: Json },
): { [key: string]: Json } {
  if (!ranking?.judged) return input;
  const { order: _order, ...rest } = input;
  const lowFirst = (ranking.judged === 'worst') !== BAD_WHEN_HIGH.test(metric);
  return lowFirst ? { ...rest, order: 'asc' } : rest;
}

/** Offered, not taken: something of the question was not understood. */
const UNSURE = 0.55;

/** The metric a sentence with conditions is about is one: its subject, or the first that it bounds. */
function matchesOf(parts: SentenceParts, { subject, having }: Conditions): MetricMatch[] {
  const [bounded] = having;
  const metric = subject ?? bounded?.metric;
  if (bounded && metric) return [{ metric, score: CONDITIONAL }];
  return matchMetric(parts.rest);
}

const CONDITIONAL = 0.85;

function withConditions(
  metric: string,
  { having, period }: Conditions,
  asked: { [key: string]: Json },
): { [key: string]: Json } {
  if (having.length === 0) return asked;
  const bounds = having.map((one) =>
    one.metric === metric ? one.input : { metric: one.metric, ...one.input },
  );
  const changes = having.some((one) => one.input.as !== undefined);
  if (period) {
    // Each half of the sentence has a period of its own: they are not compared.
    const { compare: _compare, ...rest } = asked;
    return { ...rest, period: mentionArgument(period), having: bounds };
  }
  if (changes && asked.compare === undefined) return { ...asked, compare: 'previous', having: bounds };
  return { ...asked, having: bounds };
}

/** What an earlier question leaves standing: not its comparison once another period is named. */
function carried(before: { [key: string]: Json }, input: { [key: string]: Json }): { [key: string]: Json } {
  const { metric: _metric, compare, ...rest } = before;
  const dropsComparison = input.period !== undefined || input.compare !== undefined || input.by !== undefined;
  return compare === undefined || dropsComparison ? rest : { ...rest, compare };
}

const STEPS: ReadonlySet<string> = new Set(['day', 'week', 'month']);
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
  unread: readonly string[],
): MetricReading[] {
  const metric = switched(String(before.metric), utterance.text);
  const says = Object.keys(input).length > 0 || metric !== before.metric;
  const brief = utterance.text.trim().split(/\s+/).length <= LONGEST_FOLLOW_UP;
  if (!says || !brief || DOING.test(utterance.text) || LISTING.test(parts.rest)) return [];
  // "As a chart" is a way to look at what was asked, by whatever it was by.
  const isView = input.chart === 'auto' || input.chart === 'table';
  const stays = isView && parts.by === null && typeof before.by === 'string';
  const whole = { metric, ...carried(before, input), ...input, ...(stays ? { by: before.by ?? null } : {}) };
  const confidence = FOLLOW_UP.test(utterance.text) ? 0.9 : 0.7;
  const asUnit = parts.currency?.asUnit && parts.currency.code !== 'USD';
  const interpretation = interpret(metric, whole, utterance, parts, null);
  const sure = asUnit || unread.length > 0 ? UNSURE : confidence;
  const caveat = unread.length > 0 ? { caveat: unread.join(' ') } : {};
  return [{ input: whole, confidence: sure, interpretation, ...caveat }];
}
