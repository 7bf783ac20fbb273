import type { Threshold } from '../language/thresholds.ts';
import type { PeriodMention } from '../language/utterance.ts';
import { mentionArgument } from '../periods/period-argument.ts';
import type { Json } from '../types.ts';
import { findMetric } from './index.ts';
import { type MetricHit, metricHits } from './match.ts';
import type { SentenceParts } from './sentence-parts.ts';

/** Thresholds of a sentence put with the metrics they bound. */
export interface Conditions {
  /** What the sentence is about, where that is another metric than those bounded. */
  subject: string | null;
  having: readonly { metric: string; input: { [key: string]: Json }; words: string }[];
  /** Bounds that belong to no metric, as written. */
  unread: readonly string[];
  /** The period of what is asked, where the sentence has one for each half. */
  period: PeriodMention | null;
}

const NONE: Conditions = { subject: null, having: [], unread: [], period: null };
const PAYING = /\b(?:pay|pays|paying|paid|worth|spend|spends|spending)\b/i;
/** What the groups are called is no metric beside another one. */
const GROUP_NOUNS = /\b(?:customers?|accounts?|clients?|companies)\b/gi;
const OF_GROUPS = 'active_customers';

/** The metrics that thresholds bound. Without groups to judge ("MRR over 2k") there is nothing to keep or leave out. */
export function conditionsOf(parts: SentenceParts, by: string | null): Conditions {
  const cohort = cohortOf(parts);
  if (cohort) return cohort;
  if (parts.thresholds.length === 0) return NONE;
  if (parts.groups === null && by === null)
    return { ...NONE, unread: parts.thresholds.map(({ text }) => text) };
  // "Customers with usage" is a count of its own; here the customers are the groups and the usage is bounded.
  const text = parts.rest.replace(GROUP_NOUNS, (noun) => ' '.repeat(noun.length));
  const hits = metricHits(text).filter((hit) => hit.metric !== OF_GROUPS);
  const used = new Set<MetricHit>();
  const having: Conditions['having'][number][] = [];
  const unread: string[] = [];
  for (const threshold of parts.thresholds) {
    const hit = boundMetric(threshold, hits, parts.rest);
    if (hit) used.add(hit);
    const metric = hit?.metric ?? (paysIn(threshold, parts.rest) ? 'mrr' : null);
    const input = metric === null ? null : conditionInput(metric, threshold);
    if (metric === null || input === null) unread.push(threshold.text);
    else having.push({ metric, input, words: wordsOf(metric, threshold) });
  }
  const subject = hits.find((hit) => !used.has(hit) && !having.some(({ metric }) => metric === hit.metric));
  return { subject: subject?.metric ?? null, having, unread, period: null };
}

function paysIn({ unit, as }: Threshold, rest: string): boolean {
  return as === 'value' && (unit === 'money' || unit === 'number') && PAYING.test(rest);
}

/** The nearest metric that is measured in the threshold's unit: before it, or right after "no". */
function boundMetric(threshold: Threshold, hits: readonly MetricHit[], rest: string): MetricHit | null {
  const fitting = hits.filter((hit) => fits(threshold, hit.metric));
  const distance = (hit: MetricHit) =>
    hit.end <= threshold.start ? threshold.start - hit.end : hit.start - threshold.end + 1;
  const [nearest] = [...fitting].sort((a, b) => distance(a) - distance(b) || b.score - a.score);
  // "Accounts paying over 2k": what they pay stands nearer than any other metric.
  if (nearest && nearest.end > threshold.start && paysIn(threshold, rest.slice(0, threshold.start)))
    return null;
  return nearest ?? null;
}

function fits({ unit, as }: Threshold, name: string): boolean {
  const metric = findMetric(name);
  if (!metric || unit === 'days') return false;
  if (unit === 'money') return metric.unit === 'money';
  if (unit === 'percent' && as === 'value') return metric.unit === 'ratio';
  return true;
}

function conditionInput(name: string, { op, value, unit, as }: Threshold): { [key: string]: Json } | null {
  if (as === 'value') return { op, value };
  const ratio = findMetric(name)?.unit === 'ratio';
  return { op, value, as: unit === 'percent' && !ratio ? 'change_percent' : 'change' };
}

function wordsOf(name: string, { text }: Threshold): string {
  const title = findMetric(name)?.title ?? name;
  return /^(?:no|zero|without|0)\b/i.test(text) ? `no ${inSentence(title)}` : `${title} ${text}`;
}

function inSentence(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/** Events of a customer's life, which a sentence may join: "signed up in Q3 and churned since". */
const EVENTS = new Set(['signups', 'churned_customers']);

function cohortOf(parts: SentenceParts): Conditions | null {
  if (parts.groups !== 'customer' || !/\band\b/i.test(parts.rest)) return null;
  const [first, second] = metricHits(parts.rest).filter((hit) => EVENTS.has(hit.metric));
  if (!first || !second || first.metric === second.metric) return null;
  const [of, since] = parts.periods;
  if (!of?.period) return null;
  const period = mentionArgument(of);
  const input = { metric: first.metric, op: 'gte', value: 1, period };
  const title = findMetric(first.metric)?.title ?? first.metric;
  const other = findMetric(second.metric)?.title ?? second.metric;
  return {
    subject: second.metric,
    having: [
      { metric: first.metric, input, words: `${title} in ${of.period.label}` },
      { metric: second.metric, input: { op: 'gte', value: 1 }, words: inSentence(other) },
    ],
    unread: [],
    period: since ?? null,
  };
}
