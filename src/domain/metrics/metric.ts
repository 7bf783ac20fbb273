import type { Company, Money, Period, SourceName } from '../types.ts';
import type { FactFilter, MetricFacts } from './facts.ts';

export type MetricUnit = 'money' | 'count' | 'ratio' | 'ms';

/** What a value can be broken down by; a metric lists those that it has. */
export type Dimension = 'customer' | 'plan' | 'country' | 'currency' | 'category';

/** When and over what a metric is taken. A snapshot uses `at`, a flow `period`. */
export interface MetricScope {
  /** The instant of a snapshot, never after `nowAt`. */
  at: number;
  period: Period;
  nowAt: number;
  company: Company;
  filter: FactFilter;
  /** Lets usage be grouped by the store rather than row by row. */
  by: Dimension | null;
}

/** One row's share of a value, with what it may be grouped by. */
export interface Contribution {
  customerId: string | null;
  customerName: string | null;
  plan: string | null;
  country: string | null;
  currency: string | null;
  category: string | null;
  /** Company minor units, a count, or the numerator of a ratio. */
  amount: number;
  /** The denominator of a ratio; 0 elsewhere. */
  base: number;
  /** The amount before conversion. */
  original: Money | null;
}

export interface Measured {
  contributions: Contribution[];
  /** Facts read from the sources. */
  rows: number;
  /** Said with the number: "1 rate a company day". */
  notes: string[];
}

export interface Metric {
  name: string;
  title: string;
  /** The definition, as the receipt gives it. */
  words: string;
  version: number;
  unit: MetricUnit;
  /** What one row behind it is. */
  grain: string;
  kind: 'snapshot' | 'flow';
  sources: readonly SourceName[];
  policy?: string;
  dimensions: readonly Dimension[];
  /** Phrases people use for it, longest meaning first; lower case. */
  synonyms: readonly string[];
  /** Whether a customer, plan, country or currency can narrow it; the platform's own measures cannot. */
  narrows: boolean;
  measure(facts: MetricFacts, scope: MetricScope): Promise<Measured>;
  /** The value of a set of contributions; null where it has none (no calls, no error rate). */
  total(contributions: readonly Contribution[]): number | null;
}

/** The sum of amounts, in BigInt; 0 of nothing. */
export function sumAmounts(contributions: readonly Contribution[]): number {
  let total = 0n;
  for (const contribution of contributions) total += BigInt(contribution.amount);
  return Number(total);
}

/** Sum of amounts over sum of bases; null when the bases add up to nothing. */
export function ratioOf(contributions: readonly Contribution[]): number | null {
  const base = contributions.reduce((sum, contribution) => sum + contribution.base, 0);
  return base === 0 ? null : sumAmounts(contributions) / base;
}

export const NOBODY: Pick<
  Contribution,
  'customerId' | 'customerName' | 'plan' | 'country' | 'currency' | 'category' | 'base' | 'original'
> = {
  customerId: null,
  customerName: null,
  plan: null,
  country: null,
  currency: null,
  category: null,
  base: 0,
  original: null,
};
