import type { RecurringPrice } from '../mrr/normalise.ts';
import type { MrrSetting } from '../mrr/setting.ts';
import type { Company, Money, Period, SourceName } from '../types.ts';
import type { CustomerFact, CustomerTrait, FactFilter, MetricFacts } from './facts.ts';

/**
 * What may be added up. `sum`: over groups and over time. `snapshot`: over groups, never over time. `ratio`: neither;
 * numerators and denominators are, then divided once. `distinct`: neither, one thing may count in several groups.
 * `percentile`: neither; the buckets behind it are merged.
 */
export type Additivity = 'sum' | 'snapshot' | 'ratio' | 'distinct' | 'percentile';

/** Who answers for a definition. */
export type MetricOwner = 'finance' | 'success' | 'engineering' | 'operations';

/**
 * `ratio` reads as percent, `times` as a multiple (2.4×). `minutes` are whole or broken minutes of time; `score` is
 * a mark from 1 to 5.
 */
export type MetricUnit = 'money' | 'count' | 'ratio' | 'times' | 'days' | 'ms' | 'minutes' | 'score';

/** What a value can be broken down by; a metric lists those that it has. */
export type Dimension =
  | 'customer'
  | 'plan'
  | CustomerTrait
  | 'currency'
  | 'category'
  | 'severity'
  | 'priority'
  | 'age'
  | 'cohort';

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
  /** Other rules than the company's, to see what they would give; left out, the company's hold. */
  mrr?: MrrSetting;
}

/** One row's share of a value, with what it may be grouped by. */
export interface Contribution extends Record<CustomerTrait, string | null> {
  customerId: string | null;
  customerName: string | null;
  plan: string | null;
  currency: string | null;
  category: string | null;
  /** Of an incident. */
  severity: string | null;
  /** Of a ticket. */
  priority: string | null;
  /** How long an amount is overdue: "31-60 days". */
  age: string | null;
  /** The company month a customer signed up in: "2026-03". */
  cohort: string | null;
  /** Which part of a value made of several this is. */
  part?: string;
  /** Company minor units, a count, or the numerator of a ratio. */
  amount: number;
  /** The denominator of a ratio; 0 elsewhere. */
  base: number;
  /** The amount before conversion. */
  original: Money | null;
  /** What the amount is the product of, where it is one: a change of it can be put down to each of them. */
  factors?: Factors | null;
}

/** A recurring amount as it came about: `times` x the price a month, converted at `rate`. */
export interface Factors {
  /** What stays the same from one instant to another: the subscription. */
  of: string;
  price: RecurringPrice;
  currency: string;
  /** Company units one unit of `currency` buys, as a decimal string; "1" of the company's own. */
  rate: string;
  /** 1 a month, 12 a year. */
  times: number;
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
  additivity: Additivity;
  owner: MetricOwner;
  sources: readonly SourceName[];
  policy?: string;
  /** Its rows are whole days, so that part of a day before cannot be told from the whole of it. */
  byDay?: true;
  /** Whether the company's rules for recurring revenue decide it. */
  underMrrPolicy?: true;
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

/** Rows of what is no sum of amounts: what they were before conversion says nothing of it. */
export function withoutOriginals({ contributions, ...rest }: Measured): Measured {
  return { ...rest, contributions: contributions.map((row) => ({ ...row, original: null })) };
}

export const NOBODY: Omit<Contribution, 'amount'> = {
  customerId: null,
  customerName: null,
  plan: null,
  country: null,
  region: null,
  segment: null,
  channel: null,
  owner: null,
  currency: null,
  category: null,
  severity: null,
  priority: null,
  age: null,
  cohort: null,
  base: 0,
  original: null,
};

/** Whose a contribution is, with everything it may be grouped by; the amount is the caller's. */
export function ofCustomer(fact: CustomerFact, plan: string | null): Omit<Contribution, 'amount'> {
  const { customerId, customerName, country, region, segment, channel, owner, currency } = fact;
  return { ...NOBODY, customerId, customerName, country, region, segment, channel, owner, currency, plan };
}
