import type { PeriodMention, Utterance } from '../language/utterance.ts';
import { findPeriods } from '../periods/find-periods.ts';
import type { Period } from '../types.ts';
import { countryIn } from './countries.ts';

const BREAKDOWNS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    plan: ['plan', 'plans', 'tier', 'product'],
    country: ['country', 'countries', 'geo', 'geography'],
    region: ['region', 'regions'],
    segment: ['segment', 'segments'],
    channel: ['channel', 'channels', 'source', 'sources'],
    owner: ['owner', 'owners', 'csm', 'csms'],
    currency: ['currency', 'currencies'],
    customer: ['customer', 'customers', 'account', 'accounts', 'company'],
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

/** "top 5 customers", "our biggest accounts", "lowest 3 plans": what is ranked, and how many. */
const RANKED =
  /\b(top|biggest|largest|best|highest|lowest|bottom|smallest|worst|fewest)\s+(?:(\d{1,2})\s+)?(?:(?!new\b|lost\b|churned\b)\w+\s+)?(customers?|accounts?|plans?|countries|currencies)\b/i;

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

/** The sentence without the customers and periods named in it, so that their words are not taken for metrics. */
function remainder(utterance: Utterance, periods: readonly PeriodMention[]): string {
  let text = utterance.text;
  for (const { start, end } of [...utterance.customers, ...periods]) {
    text = `${text.slice(0, start)}${' '.repeat(end - start)}${text.slice(end)}`;
  }
  return text;
}

interface Ranking {
  by: string;
  top: number | null;
}

function rankingIn(text: string): Ranking | null {
  const match = RANKED.exec(text);
  const by = BREAKDOWNS.get((match?.[3] ?? '').toLowerCase());
  return by === undefined ? null : { by, top: match?.[2] ? Number(match[2]) : null };
}

/** What a sentence names besides a metric. */
export interface SentenceParts {
  ranking: Ranking | null;
  periods: readonly PeriodMention[];
  rest: string;
  by: string | null;
  currency: { code: string; asUnit: boolean } | null;
  plan: string | null;
  /** ISO 3166 alpha-2. */
  country: string | null;
}

/** Reads the parts; `relativeTo` is what "the month before" follows, where the thread gives it. */
export function partsOf(utterance: Utterance, relativeTo: Period | undefined): SentenceParts {
  const { nowAt, tz, text } = utterance;
  const periods = relativeTo ? findPeriods(text, { nowAt, tz, relativeTo }) : utterance.periods;
  const rest = remainder(utterance, periods);
  const paced =
    /\b(daily|weekly)\b/i.exec(rest)?.[1] ??
    /\b(monthly) (?:chart|trend|graph|numbers|breakdown)/i.exec(rest)?.[1];
  const which =
    /\b(?:which|what) (plans?|countr(?:y|ies)|currenc(?:y|ies)|categor(?:y|ies)|endpoints?)\b/i.exec(
      rest,
    )?.[1];
  const ranking = rankingIn(rest);
  return {
    periods,
    rest: ranking ? rest.replace(RANKED, ' ') : rest,
    ranking,
    by: ranking?.by ?? BREAKDOWNS.get((utterance.by ?? which ?? paced ?? '').toLowerCase()) ?? null,
    currency: currencyIn(rest),
    plan: planIn(rest),
    country: countryIn(rest),
  };
}

function currencyIn(text: string): SentenceParts['currency'] {
  for (const match of text.matchAll(/\b(in |into |as )?([a-z]{3,7})\b/gi)) {
    const code = CURRENCY_WORDS.get((match[2] ?? '').toLowerCase());
    if (code) return { code, asUnit: match[1] !== undefined };
  }
  return null;
}

const NOT_PLANS = new Set(
  'by per each every which what my our the a any this that of and or per pricing'.split(' '),
);

function planIn(text: string): string | null {
  const word = /\b([a-z][\w-]*) (?:plan|tier)\b/i.exec(text)?.[1]?.toLowerCase();
  return word && !NOT_PLANS.has(word) ? word : null;
}
