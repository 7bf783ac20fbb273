import type { Alert } from '../alerts/alert.ts';
import type { MetricUnit } from '../metrics/metric.ts';
import type { QualityResult } from '../quality/check.ts';
import type { Company, Freshness, Money, Receipt } from '../types.ts';
import type { Briefing, BriefingChart } from './briefing.ts';
import type { BriefingDays } from './days.ts';
import type { BriefingNumber } from './readers.ts';

/** What the tools said for one reader, before anybody decided what is worth saying. */
export interface Gathered {
  reader: Briefing['reader'];
  slot: { day: string; tz: string; dueAt: number; late: boolean };
  asOfAt: number;
  company: Company;
  days: BriefingDays;
  /** Asked for a day gone by: what waits now has no place in it. */
  bygone: boolean;
  previous: Previous | null;
  numbers: GatheredNumber[];
  chart: BriefingChart | null;
  newcomers: Names | null;
  leavers: Names | null;
  decided: { rows: { title: string; state: string }[]; queryId: string } | null;
  runs: { skill: string; summary: string }[];
  waiting: { approvalId: string; batchId: string | null; title: string; requester: string }[];
  overdue: Overdue | null;
  failed: {
    total: number;
    rows: { customer: string; amount: Money; declineCode: string | null }[];
    queryId: string;
  } | null;
  alerts: { total: number; rows: Alert[] };
  usage: { moves: UsageMove[]; queryId: string } | null;
  /** Running subscriptions by customer, where somebody had a reason to look. */
  plans: ReadonlyMap<string, { plan: string; price: string; queryId: string }>;
  trials: { customer: string; plan: string; endsOn: string; queryId: string }[];
  quality: QualityResult[];
  /** What could not be read, a sentence each. */
  failures: string[];
  freshness: Freshness[];
  receipts: Receipt[];
  calls: Briefing['calls'];
}

/** What the reader was told last time. */
export interface Previous {
  asOfAt: number;
  amounts: ReadonlyMap<string, number | null>;
}

export interface GatheredNumber extends BriefingNumber {
  unit: MetricUnit;
  amount: number | null;
  text: string;
  queryId: string;
  against: { words: string; amount: number | null }[];
  /** The same weekdays before it, newest first; empty where it is not watched. */
  weekdays: (number | null)[];
  freshness: Freshness[];
}

export interface Names {
  names: string[];
  total: number;
  queryId: string;
}

export interface Overdue {
  total: number;
  sums: Money[];
  sumsCoverAll: boolean;
  largest: { customer: string; invoice: string; amount: Money; daysOverdue: number } | null;
  queryId: string;
}

/** One customer's API calls of the last 7 days beside the 7 before. */
export interface UsageMove {
  customerId: string;
  customer: string;
  calls: number;
  before: number;
}
