import { editDistance } from '../language/edit-distance.ts';
import { isPlainWord } from '../language/lexicon.ts';
import type { Span } from '../language/spans.ts';
import { joinedIn } from './concepts.ts';
import { findMetric, METRICS } from './index.ts';

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
  'accounts',
  'clients',
  'subscribers',
  'logos',
  'retention',
  'conversion',
  'backlog',
  'reliability',
  'hits',
  'queries',
  'unearned',
  'proposals',
  'lag',
  'ar',
  'past due',
  'arrears',
  'billings',
  'earnings',
  'proceeds',
  'receipts',
  'registered',
  'consumption',
  'allowance',
  'returning customers',
  'money back',
  'accounts do we have',
  'did we lose',
  'did we expand',
  'net of refunds',
  'new users',
  'customer base',
  'clients',
  'won back',
]);

/** Slips between a word and the one meant: 0 equal, 1 or 2 forgiven by length, null too far. */
function slips(word: string, meant: string): number | null {
  if (word === meant) return 0;
  if (meant.length < 5 && (isStuttered(word, meant) || isShuffled(word, meant))) return 1;
  if (meant.length < 5 || NEVER_MENDED.has(word) || word[0] !== meant[0]) return null;
  const allowed = meant.length >= 8 ? 2 : 1;
  const distance = editDistance(word, meant, allowed);
  return distance <= allowed ? distance : null;
}

/** "mrrr", "aarr": an abbreviation with one of its letters hit twice. */
function isStuttered(word: string, meant: string): boolean {
  return (
    word.length === meant.length + 1 &&
    meant.length >= 3 &&
    [...word].some(
      (letter, i) => i > 0 && letter === word[i - 1] && word.slice(0, i) + word.slice(i + 1) === meant,
    )
  );
}

/** "rmr", "mmr" for an abbreviation: two neighbours swapped, or a letter doubled in the place of the next. */
function isShuffled(word: string, meant: string): boolean {
  if (word.length !== meant.length || meant.length < 3 || NEVER_MENDED.has(word) || isPlainWord(word))
    return false;
  for (let i = 0; i + 1 < meant.length; i += 1) {
    const swapped = meant.slice(0, i) + meant[i + 1] + meant[i] + meant.slice(i + 2);
    if (word === swapped && swapped !== meant) return true;
  }
  return meant.length === 3 && /[aeiou]/.test(meant) === /[aeiou]/.test(word) && sameLetters(word, meant);
}

function sameLetters(a: string, b: string): boolean {
  return (
    a[0] === b[0] &&
    [...a].every((letter) => b.includes(letter)) &&
    [...b].every((letter) => a.includes(letter))
  );
}

/** "apicalls", "activecustomers": the words of a phrase without the space between them. */
function runTogether(word: string, meant: Phrase): number | null {
  const { joined } = meant;
  if (meant.words.length < 2 || joined.length < 7) return null;
  if (word === joined) return 1;
  return word[0] === joined[0] && joined.length >= 9 && editDistance(word, joined, 1) <= 1 ? 2 : null;
}

/** A phrase of a metric, ready to be looked for. */
interface Phrase {
  metric: string;
  phrase: string;
  words: readonly string[];
  joined: string;
}

let phrases: readonly Phrase[] | null = null;

function allPhrases(): readonly Phrase[] {
  phrases ??= METRICS.flatMap((metric) =>
    [...new Set([...metric.synonyms, metric.name.replace(/_/g, ' ')])].map((phrase) => {
      const words = phrase.split(' ');
      return { metric: metric.name, phrase, words, joined: words.join('') };
    }),
  );
  return phrases;
}

/** How far each word of a sentence is from a word of a phrase, worked out once for both. */
class Slips {
  readonly #known = new Map<string, number | null>();

  between(word: string, meant: string): number | null {
    if (word === meant) return 0;
    if (meant.length > 4 && word[0] !== meant[0]) return null;
    const key = `${word} ${meant}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = slips(word, meant);
    this.#known.set(key, found);
    return found;
  }
}

function hitsOf(words: readonly string[], meant: Phrase, far: Slips): Hit[] {
  const { metric, phrase } = meant;
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
    const joined = first.length < 7 ? null : runTogether(first, meant);
    if (joined !== null) hits.push(hit(from, from + 1, joined));
    if (from + meant.words.length > words.length) continue;
    let total = 0;
    for (const [index, word] of meant.words.entries()) {
      const slip = far.between(words[from + index] ?? '', word);
      total = slip === null ? Number.NaN : total + slip;
      if (slip === null) break;
    }
    if (!Number.isNaN(total)) hits.push(hit(from, from + meant.words.length, total));
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
function standingHits(text: string): { words: readonly Word[]; hits: readonly Hit[] } {
  const words = wordsOf(text);
  const texts = words.map((word) => word.text);
  const far = new Slips();
  const hits = allPhrases().flatMap((phrase) => hitsOf(texts, phrase, far));
  // Written exactly, a phrase is meant; what it resembles besides is not.
  const exact = hits.filter((hit) => hit.slips === 0);
  const standing = hits.filter(
    (hit) =>
      !hits.some((other) => isInside(hit, other) && (other.slips === 0 || hit.slips > 0)) &&
      (hit.slips === 0 || !exact.some((other) => other.from < hit.to && hit.from < other.to)),
  );
  return { words, hits: withJoined(text, words, standing) };
}

const BETWEEN_CLAUSES = /[,;&+/]|\b(?:and|vs|versus|against|or|but|compared|minus)\b/i;
/** What stands after "by" or "per" groups a number and is no part of its name. */
const GROUPING: ReadonlySet<string> = new Set(['by', 'per', 'each']);
/** Words of a phrase that say nothing of what it is about. */
const EMPTY: ReadonlySet<string> = new Set(
  'how much many did do does we our us the a an is are was were of to in from for on with have has you psi'.split(
    ' ',
  ),
);
const JOINED_SCORE = 0.9;

/** Several hits of one clause whose words together name one metric are that metric: "mrr we lost to cancellations". */
function withJoined(text: string, words: readonly Word[], hits: readonly Hit[]): readonly Hit[] {
  let kept = [...hits];
  for (const [from, to] of clausesOf(text, words)) {
    const own = words
      .slice(from, to)
      .map((word, index, all) =>
        GROUPING.has(all[index - 1]?.text ?? '') && !isNamed(hits, from + index) ? '' : word.text,
      );
    const joined = joinedIn(own);
    if (!joined) continue;
    const places = new Set(joined.places.map((place) => place + from));
    const inside = hits.filter((hit) => hit.from >= from && hit.to <= to);
    const metrics = new Set(inside.map((hit) => hit.metric));
    // A phrase that names all of it already, or more, stands.
    const longest = Math.max(
      0,
      ...inside.map((hit) => range(hit).filter((at) => !EMPTY.has(words[at]?.text ?? '')).length),
    );
    if (metrics.size === 1 && longest >= joined.concepts) continue;
    if (metrics.size > 1 && longest > joined.concepts) continue;
    const covers = inside.every((hit) => range(hit).some((place) => places.has(place)));
    if (!covers) continue;
    const [start, end] = [Math.min(...places), Math.max(...places) + 1];
    const phrase = findMetric(joined.metric)?.title ?? joined.metric;
    const hit = { metric: joined.metric, score: JOINED_SCORE, from: start, to: end, slips: 0, phrase };
    kept = [...kept.filter((one) => !inside.includes(one)), hit];
  }
  return kept;
}

function isNamed(hits: readonly Hit[], place: number): boolean {
  return hits.some((hit) => hit.from < place && place < hit.to);
}

function range({ from, to }: Hit): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function clausesOf(text: string, words: readonly Word[]): [number, number][] {
  const clauses: [number, number][] = [];
  let from = 0;
  for (const [index, word] of words.entries()) {
    const gap = text.slice(words[index - 1]?.end ?? 0, word.start);
    if (index > 0 && (BETWEEN_CLAUSES.test(gap) || BETWEEN_CLAUSES.test(word.text))) {
      clauses.push([from, index]);
      from = index;
    }
  }
  return [...clauses, [from, words.length]];
}

const REMEMBERED = 64;
const remembered = new Map<string, ReturnType<typeof standingHits>>();

/** A message is asked about many times over while it is read: what it says is worked out once. */
function standing(text: string): ReturnType<typeof standingHits> {
  const plain = text.replace(/_/g, ' ');
  const known = remembered.get(plain);
  if (known) return known;
  const found = standingHits(plain);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(plain, found);
  return found;
}

/**
 * The metrics a sentence speaks of, best first. A phrase inside a longer one of another metric does not count:
 * "net revenue" is not "revenue". Everyday words ("customers") count only where nothing clearer is said. Small
 * misspellings are forgiven.
 */
export function matchMetric(text: string): MetricMatch[] {
  const best = new Map<string, Hit>();
  for (const hit of standing(text).hits) {
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
  const { words, hits: found } = standing(text);
  const hits = found.map(({ metric, score, from, to, slips: total, phrase }) => ({
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
