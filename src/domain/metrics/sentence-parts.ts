import { NO_WORDS } from '../language/company-words.ts';
import { editDistance } from '../language/edit-distance.ts';
import { isPlainWord } from '../language/lexicon.ts';
import { blanked, type Span } from '../language/spans.ts';
import { findThresholds, type Threshold } from '../language/thresholds.ts';
import { findTraits, isExcluded, type TraitMention } from '../language/traits.ts';
import type { PeriodMention, Utterance } from '../language/utterance.ts';
import { findPeriods } from '../periods/find-periods.ts';
import type { Customer, Period } from '../types.ts';
import { matchMetric, metricHits } from './match.ts';
import { type Ranking, rankingIn } from './ranking.ts';

const BREAKDOWNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    plan: ['plan', 'plans', 'tier', 'product'],
    country: ['country', 'countries', 'geo', 'geography'],
    region: ['region', 'regions'],
    segment: ['segment', 'segments'],
    channel: ['channel', 'channels', 'source', 'sources'],
    owner: ['owner', 'owners', 'csm', 'csms'],
    currency: ['currency', 'currencies'],
    customer: ['customer', 'customers', 'account', 'accounts', 'company', 'companies', 'client', 'clients'],
    category: ['category', 'categories', 'endpoint', 'endpoints'],
    severity: ['severity', 'severities'],
    priority: ['priority', 'priorities'],
    age: ['age', 'ages', 'aging', 'ageing'],
    cohort: ['cohort', 'cohorts'],
    day: ['day', 'days', 'daily'],
    week: ['week', 'weeks', 'weekly'],
    month: ['month', 'months', 'monthly'],
  }).flatMap(([name, words]) => words.map((word): [string, string] => [word, name])),
);

/** What "by plan" or "per month" asks for; null where nothing such is said. */
export function breakdownIn(text: string): string | null {
  return BREAKDOWNS.get((/\b(?:by|per|each) (\w+)/i.exec(text)?.[1] ?? '').toLowerCase()) ?? null;
}

const CURRENCY_WORDS: ReadonlyMap<string, string> = new Map([
  ['euros', 'EUR'],
  ['euro', 'EUR'],
  ['eur', 'EUR'],
  ['pounds', 'GBP'],
  ['gbp', 'GBP'],
  ['yen', 'JPY'],
  ['jpy', 'JPY'],
  ['dollars', 'USD'],
  ['usd', 'USD'],
]);

/** Month over month and its like. */
export type Pace = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** What a sentence names besides a metric. Each word of it stands in one part at most. */
export interface SentenceParts {
  ranking: Ranking | null;
  periods: readonly PeriodMention[];
  /** The sentence with everything that was read turned into spaces; positions stay. */
  rest: string;
  by: string | null;
  currency: { code: string; asUnit: boolean; excluded?: true } | null;
  traits: readonly TraitMention[];
  /** The one plan, and the one country (ISO 3166 alpha-2), that the traits narrow to. */
  plan: string | null;
  country: string | null;
  thresholds: readonly Threshold[];
  /** Customers named to be looked at, each once. */
  customers: readonly NamedCustomer[];
  /** Customers named to be left out. */
  without: readonly NamedCustomer[];
  /** The company's own accounts are to be left out. */
  withoutInternal: boolean;
  pace: Pace | null;
  /** "green", "at risk": by a score there is none of. */
  health: string | null;
  /** What the groups are that a threshold judges: "customers", "plans". */
  groups: string | null;
}

/** A mention that is one customer, or words that fit several. */
export interface NamedCustomer {
  text: string;
  customer: Customer | null;
}

const INTERNAL =
  /\b(?:excluding|exclude|without|except(?: for)?|ignoring|not counting|minus|excl\.?|no)\s+(?:the |our |any )?(?:internal|test|testing|demo|our own|own)(?:(?: and| or|\/)\s*(?:internal|test|demo))?(?:\s+(?:ones|accounts?|customers?|users?|usage|traffic|companies))?\b/gi;
const PACES: readonly [RegExp, Pace][] = [
  [/\b(?:dod|day[ -](?:over|on)[ -]day)\b/gi, 'day'],
  [/\b(?:wow|week[ -](?:over|on)[ -]week)\b/gi, 'week'],
  [/\b(?:mom|m\/m|month[ -](?:over|on)[ -]month)\b/gi, 'month'],
  [/\b(?:qoq|q\/q|quarter[ -](?:over|on)[ -]quarter)\b/gi, 'quarter'],
  [/\b(?:yoy|y\/y|year[ -](?:over|on)[ -]year)\b/gi, 'year'],
];
const HEALTH =
  /\b(green|yellow|amber|red|healthy|unhealthy|at[- ]risk)(?= (?:accounts?|customers?|clients?|ones)\b)|(?<=\b(?:is|are|be|look|looks|seem|seems) )at[- ]risk\b|\bhealth (?:scores?|status)\b/gi;
const GROUPS =
  /\b(?:who|whose)\b|\b(customers?|accounts?|clients?|companies|plans|countries|regions|segments|channels|owners|currencies|categories|endpoints)\b/i;

const PARTS = new WeakMap<Utterance, SentenceParts>();

/**
 * Reads the parts; `relativeTo` is what "the month before" follows, where the thread gives it. Every list and every
 * number asks for those of the same message: without `relativeTo` they are worked out once for it.
 */
export function partsOf(utterance: Utterance, relativeTo: Period | undefined): SentenceParts {
  if (relativeTo) return readParts(utterance, relativeTo);
  const known = PARTS.get(utterance);
  if (known) return known;
  const parts = readParts(utterance, undefined);
  PARTS.set(utterance, parts);
  return parts;
}

function readParts(utterance: Utterance, relativeTo: Period | undefined): SentenceParts {
  const { nowAt, tz, text, known = NO_WORDS } = utterance;
  const { anchors, fiscalYearStart } = known;
  const periods = relativeTo
    ? findPeriods(text, { nowAt, tz, relativeTo, anchors, fiscalYearStart })
    : utterance.periods;
  const left = { text: blanked(text, [...utterance.customers, ...periods]) };
  const { customers, without } = customersOf(utterance);
  const internal = take(left, INTERNAL);
  const traits = findTraits(left.text, known);
  left.text = blanked(left.text, traits);
  const thresholds = findThresholds(left.text).filter(
    (one) => !(AMOUNT_ASKED.test(left.text) && isInName(one, left.text)),
  );
  left.text = blanked(left.text, thresholds);
  const pace = PACES.find(([pattern]) => take(left, pattern).length > 0)?.[1] ?? null;
  const [health] = take(left, HEALTH);
  const paced =
    /\b(daily|weekly)\b/i.exec(left.text)?.[1] ??
    /\b(monthly)\b(?! recurring| run| churn| subscription| active| fee)/i.exec(left.text)?.[1] ??
    /\b(day|week|month) (?:by|after) \1\b/i.exec(left.text)?.[1] ??
    /\b(?:on |in |for |from |at |(?<=\w ))(?:each|every) (\w+)/i.exec(left.text)?.[1] ??
    (/\bwhere (?:do|did|are|have) .* (?:come|coming|came) from\b/i.test(left.text) ? 'channel' : undefined) ??
    (/\bag(?:e?ing)\b|\bhow old\b/i.test(left.text) &&
    /\b(?:ar|receivables?|overdue|report|debt\w*|invoices)\b/i.test(left.text)
      ? 'age'
      : undefined);
  const which =
    /\b(?:which|what) (plans?|countr(?:y|ies)|currenc(?:y|ies)|regions?|segments?|channels?|owners?|categor(?:y|ies)|endpoints?)\b/i.exec(
      left.text,
    )?.[1];
  const ranked = rankingIn(left.text, breakdownNamed);
  // "Share of our biggest customer" is a number of its own, in which nothing is ranked.
  const ranking = ranked && isInName(ranked, left.text) ? null : ranked;
  const groups = GROUPS.exec(left.text);
  if (ranking) left.text = blanked(left.text, [ranking]);
  return {
    periods,
    rest: left.text,
    ranking,
    by:
      ranking?.by ??
      breakdownNamed(utterance.by ?? which ?? paced ?? '') ??
      orderedBy(utterance, groups?.[1]),
    currency: currencyIn(left.text),
    traits,
    plan: onlyOf(traits, 'plan'),
    country: onlyOf(traits, 'country'),
    thresholds,
    customers,
    without,
    withoutInternal: internal.length > 0,
    pace,
    health: health?.text ?? null,
    groups: groups ? (breakdownNamed(groups[1] ?? 'customer') ?? 'customer') : null,
  };
}

function onlyOf(traits: readonly TraitMention[], trait: TraitMention['trait']): string | null {
  const values = traits.flatMap((one) => (one.trait === trait && !one.excluded ? one.values : []));
  return values.length === 1 ? (values[0] ?? null) : null;
}

/** "My accounts by MRR": the groups are what comes before. */
function orderedBy({ by }: Utterance, groups: string | undefined): string | null {
  if (by === null || groups === undefined || matchMetric(by).length === 0) return null;
  return breakdownNamed(groups);
}

/** "How much is over 90 days overdue" names a number; "invoices over 90 days overdue" bounds a list. */
const AMOUNT_ASKED = /\b(?:how much|total|sum|amount|receivables|ar|debt)\b/i;

/** Whether the words are part of a metric's name. */
function isInName(span: Span, text: string): boolean {
  return metricHits(text).some(
    ({ start, end, meant }) => meant === null && start <= span.start && span.end <= end,
  );
}

/** A slip of a long enough word counts: "segmnt", "contry". */
function breakdownNamed(word: string): string | null {
  const said = word.toLowerCase();
  const known = BREAKDOWNS.get(said);
  if (known !== undefined || said.length < 5 || isPlainWord(said)) return known ?? null;
  const reach = said.length >= 8 ? 2 : 1;
  const near = [...BREAKDOWNS].filter(
    ([name]) => name.length >= 5 && name[0] === said[0] && editDistance(said, name, reach) <= reach,
  );
  const [only, another] = new Set(near.map(([, by]) => by));
  return only !== undefined && another === undefined ? only : null;
}

const NAMED_BY = /\b(?:by|per|split by|broken down by) (?:the |each |every )?([a-z][a-z-]{2,})\b/i;

/** Everyday words by which a number could be broken down, and is not. */
const OF_RECORDS_BY: ReadonlySet<string> = new Set(
  'reason reasons type types kind product products city cities state industry person method status team size version hour topic'.split(
    ' ',
  ),
);
const WHICH =
  /\b(?:which|what) (?:of (?:our|the) )?([a-z]{3,}) (?:has|have|had|is|are|was|were|makes?|gets?)\b/i;

/** What a sentence wants broken down by that is no way to break a number down; null where there is none. */
export function strangeBreakdown(parts: SentenceParts): string | null {
  if (parts.by !== null || parts.ranking) return null;
  const rest = blanked(parts.rest, metricHits(parts.rest));
  const word = (NAMED_BY.exec(rest) ?? WHICH.exec(rest))?.[1]?.toLowerCase();
  if (word === undefined || breakdownNamed(word) !== null) return null;
  return isPlainWord(word) && !OF_RECORDS_BY.has(word) ? null : word;
}

/** Takes every match out of the text, and gives what was taken. */
function take(left: { text: string }, pattern: RegExp): (Span & { text: string })[] {
  const spans = [...left.text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    text: match[0].trim(),
  }));
  left.text = blanked(left.text, spans);
  return spans;
}

function customersOf({ customers: mentions, text }: Utterance): Pick<SentenceParts, 'customers' | 'without'> {
  const named = new Map<string, NamedCustomer>();
  const without = new Map<string, NamedCustomer>();
  let before: { end: number; excluded: boolean } | null = null;
  for (const mention of mentions) {
    const [only, another] = mention.candidates;
    const customer = only && !another ? only : null;
    const excluded = isExcluded(text, mention.start, before);
    before = { end: mention.end, excluded };
    const list = excluded ? without : named;
    list.set(customer?.id ?? mention.text.toLowerCase(), { text: mention.text, customer });
  }
  return { customers: [...named.values()], without: [...without.values()] };
}

function currencyIn(text: string): SentenceParts['currency'] {
  for (const match of text.matchAll(/\b(in |into |as )?([a-z]{3,7})\b/gi)) {
    const code = CURRENCY_WORDS.get((match[2] ?? '').toLowerCase());
    const excluded = isExcluded(text, match.index, null);
    if (code) return { code, asUnit: match[1] !== undefined, ...(excluded ? { excluded } : {}) };
  }
  return null;
}
