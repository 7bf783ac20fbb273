import { editDistance } from '../language/edit-distance.ts';
import { METRICS } from './index.ts';

export interface MetricMatch {
  metric: string;
  /** 0..1: how sure the words mean this metric. */
  score: number;
}

interface Hit extends MetricMatch {
  from: number;
  to: number;
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
  'trails',
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
  if (meant.length < 5 && isStuttered(word, meant)) return 1;
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

function hitsOf(words: readonly string[], metric: string, phrase: string): Hit[] {
  const meant = phrase.split(' ');
  const hits: Hit[] = [];
  for (let from = 0; from + meant.length <= words.length; from += 1) {
    let total = 0;
    for (const [index, word] of meant.entries()) {
      const slip = slips(words[from + index] ?? '', word);
      total = slip === null ? Number.NaN : total + slip;
    }
    if (Number.isNaN(total)) continue;
    const base = EVERYDAY_WORDS.has(phrase) ? EVERYDAY : EXACT;
    hits.push({ metric, score: Math.max(0, base - total * A_SLIP_COSTS), from, to: from + meant.length });
  }
  return hits;
}

function isInside(inner: Hit, outer: Hit): boolean {
  return outer.from <= inner.from && inner.to <= outer.to && outer.to - outer.from > inner.to - inner.from;
}

/**
 * The metrics a sentence speaks of, best first. A phrase inside a longer one of another metric does not count:
 * "net revenue" is not "revenue". Everyday words ("customers") count only where nothing clearer is said. Small
 * misspellings are forgiven.
 */
export function matchMetric(text: string): MetricMatch[] {
  const words = text
    .toLowerCase()
    .replace(/_/g, ' ')
    .replace(/[’']/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const hits = METRICS.flatMap((metric) =>
    [...metric.synonyms, metric.name.replace(/_/g, ' ')].flatMap((phrase) =>
      hitsOf(words, metric.name, phrase),
    ),
  );
  const standing = hits.filter((hit) => !hits.some((other) => isInside(hit, other)));
  const best = new Map<string, Hit>();
  for (const hit of standing) {
    const known = best.get(hit.metric);
    if (!known || hit.score > known.score) best.set(hit.metric, hit);
  }
  const top = Math.max(0, ...[...best.values()].map((hit) => hit.score));
  return [...best.values()]
    .filter((hit) => hit.score > EVERYDAY || top <= EVERYDAY)
    .sort((a, b) => b.score - a.score || a.from - b.from)
    .map(({ metric, score }) => ({ metric, score }));
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
