import { editDistance } from '../language/edit-distance.ts';
import type { Span } from '../language/spans.ts';
import { METRICS } from './index.ts';

export interface MetricMatch {
  metric: string;
  /** 0..1: how sure the words mean this metric. */
  score: number;
}

interface Hit extends MetricMatch {
  from: number;
  to: number;
  slips: number;
  phrase: string;
}

/** A metric and where the sentence speaks of it, in characters. */
export interface MetricHit extends MetricMatch, Span {
  /** The phrase it was taken for, where letters had to be forgiven; null where it was written so. */
  meant: string | null;
}

/** Words a slip away from a metric's that mean something else. */
const NEVER_MENDED: ReadonlySet<string> = new Set([
  'refund',
  'ticket',
  'customer',
  'payment',
  'cells',
  'falls',
  'halls',
  'walls',
  'call',
  'caller',
  'over',
  'request',
  'account',
  'sale',
  'usages',
  'revenge',
  'avenue',
  'trail',
  'trails',
  'chum',
  'charm',
  'church',
  'incomes',
  'outcome',
  'attention',
  'connection',
  'connections',
  'connected',
  'corrected',
  'extension',
  'extensions',
  'upgrade',
  'upgraded',
  'downgrade',
  'downgraded',
  'trial',
]);

const EXACT = 0.95;
const A_SLIP_COSTS = 0.08;
/** Phrases of one everyday word say less than the metric's own name. */
const EVERYDAY = 0.75;
const EVERYDAY_WORDS: ReadonlySet<string> = new Set([
  'customers',
  'how many customers',
  'calls',
  'requests',
  'errors',
  'usage',
  'traffic',
  'speed',
  'tickets',
  'overdue',
  'outstanding',
  'owed',
  'sales',
  'income',
  'joined',
  'cancelled',
  'canceled',
  'refunded',
  'collected',
  'recovered',
  'upgrades',
  'downgrades',
  'deferred',
  'reactivated',
]);

/** Slips between a word and the one meant: 0 equal, 1 or 2 forgiven by length, null too far. */
function slips(word: string, meant: string): number | null {
  if (word === meant) return 0;
  if (meant.length < 5 && (isStuttered(word, meant) || isSwapped(word, meant))) return 1;
  if (meant.length < 5 || NEVER_MENDED.has(word) || word[0] !== meant[0]) return null;
  const allowed = meant.length >= 8 ? 2 : 1;
  const distance = editDistance(word, meant, allowed);
  return distance <= allowed ? distance : null;
}

/** "mrrr", "aarr": an abbreviation with one of its letters hit twice. */
function isStuttered(word: string, meant: string): boolean {
  return (
    meant.length === 3 &&
    word.length === 4 &&
    [1, 2, 3].some((i) => word[i] === word[i - 1] && word.slice(0, i) + word.slice(i + 1) === meant)
  );
}

/** "rmr": an abbreviation with two neighbours swapped, its last letter not among them. */
function isSwapped(word: string, meant: string): boolean {
  return (
    meant.length === 3 &&
    word !== meant &&
    word[1] === meant[0] &&
    word[0] === meant[1] &&
    word[2] === meant[2]
  );
}

/** "apicalls", "activecustomers": the words of a phrase without the space between them. */
function runTogether(word: string, meant: readonly string[]): number | null {
  const joined = meant.join('');
  if (meant.length < 2 || joined.length < 7) return null;
  if (word === joined) return 1;
  return word[0] === joined[0] && joined.length >= 9 && editDistance(word, joined, 1) <= 1 ? 2 : null;
}

function hitsOf(words: readonly string[], metric: string, phrase: string): Hit[] {
  const meant = phrase.split(' ');
  const base = EVERYDAY_WORDS.has(phrase) ? EVERYDAY : EXACT;
  const hit = (from: number, to: number, total: number): Hit => ({
    metric,
    score: Math.max(0, base - total * A_SLIP_COSTS),
    from,
    to,
    slips: total,
    phrase,
  });
  const hits: Hit[] = [];
  for (const [from, first] of words.entries()) {
    const joined = runTogether(first, meant);
    if (joined !== null) hits.push(hit(from, from + 1, joined));
    if (from + meant.length > words.length) continue;
    let total = 0;
    for (const [index, word] of meant.entries()) {
      const slip = slips(words[from + index] ?? '', word);
      total = slip === null ? Number.NaN : total + slip;
    }
    if (!Number.isNaN(total)) hits.push(hit(from, from + meant.length, total));
  }
  return hits;
}

function isInside(inner: Hit, outer: Hit): boolean {
  return outer.from <= inner.from && inner.to <= outer.to && outer.to - outer.from > inner.to - inner.from;
}

interface Word extends Span {
  text: string;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[a-z0-9](?:[a-z0-9]|[’'](?=[a-z0-9]))*/gi)].map((match) => ({
    text: match[0].toLowerCase().replace(/[’']/g, ''),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Those that stand: a phrase inside a longer one does not count, nor an everyday word where something clearer is said. */
function standingHits(words: readonly Word[]): Hit[] {
  const texts = words.map((word) => word.text);
  const hits = METRICS.flatMap((metric) =>
    [...metric.synonyms, metric.name.replace(/_/g, ' ')].flatMap((phrase) =>
      hitsOf(texts, metric.name, phrase),
    ),
  );
  // Written exactly, a phrase is meant; what it resembles besides is not.
  const exact = hits.filter((hit) => hit.slips === 0);
  return hits.filter(
    (hit) =>
      !hits.some((other) => isInside(hit, other)) &&
      (hit.slips === 0 || !exact.some((other) => other.from < hit.to && hit.from < other.to)),
  );
}

/**
 * The metrics a sentence speaks of, best first. A phrase inside a longer one of another metric does not count:
 * "net revenue" is not "revenue". Everyday words ("customers") count only where nothing clearer is said. Small
 * misspellings are forgiven.
 */
export function matchMetric(text: string): MetricMatch[] {
  const best = new Map<string, Hit>();
  for (const hit of standingHits(wordsOf(text.replace(/_/g, ' ')))) {
    const known = best.get(hit.metric);
    if (!known || hit.score > known.score) best.set(hit.metric, hit);
  }
  const top = Math.max(0, ...[...best.values()].map((hit) => hit.score));
  return [...best.values()]
    .filter((hit) => hit.score > EVERYDAY || top <= EVERYDAY)
    .sort((a, b) => b.score - a.score || a.from - b.from)
    .map(({ metric, score }) => ({ metric, score }));
}

/** Where each metric is spoken of, from left to right, everyday words included. */
export function metricHits(text: string): MetricHit[] {
  const words = wordsOf(text.replace(/_/g, ' '));
  const hits = standingHits(words).map(({ metric, score, from, to, slips: total, phrase }) => ({
    metric,
    score,
    start: words[from]?.start ?? 0,
    end: words[to - 1]?.end ?? 0,
    meant: total === 0 ? null : phrase,
  }));
  return hits.sort((a, b) => a.start - b.start || b.score - a.score);
}

/** Letter pairs in common below which two words have nothing to do with each other. */
const FAR = 0.7;
const MOST_ASKED = ['mrr', 'revenue_gross', 'active_customers'];

/** The three metric names nearest to something that is none, for a refusal that helps. */
export function nearestMetrics(text: string): string[] {
  const matched = matchMetric(text).map((match) => match.metric);
  const wanted = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
  const distance = (name: string, synonyms: readonly string[]) =>
    Math.min(...[name.replace(/_/g, ' '), ...synonyms].map((phrase) => dissimilarity(wanted, phrase)));
  const rest = METRICS.filter((metric) => !matched.includes(metric.name))
    .map((metric) => ({ name: metric.name, far: distance(metric.name, metric.synonyms) }))
    .sort((a, b) => a.far - b.far);
  const near = rest.filter((metric) => metric.far < FAR).map((metric) => metric.name);
  return [...new Set([...matched, ...near, ...MOST_ASKED])].slice(0, 3);
}

/** 0 when all pairs of letters are shared, 1 when none (Dice). */
function dissimilarity(a: string, b: string): number {
  const pairs = (text: string) =>
    new Set(Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2)));
  const [first, second] = [pairs(a), pairs(b)];
  const shared = [...first].filter((pair) => second.has(pair)).length;
  return 1 - (2 * shared) / Math.max(1, first.size + second.size);
}
