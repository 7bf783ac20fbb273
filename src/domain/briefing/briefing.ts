import type { Exhibit, Freshness, Period, Receipt, Role } from '../types.ts';

/**
 * One reader's morning, as data: Slack, mail, App Home and the terminal are views of it. Every figure in any
 * sentence stands in `figures` with the receipt it came from.
 */
export interface Briefing {
  reader: { teamId: string; userId: string; name: string; roles: readonly Role[] };
  /** The reader's local day, `YYYY-MM-DD` in `tz`. */
  day: string;
  tz: string;
  /** The instant the numbers are true at. */
  asOfAt: number;
  /** The closed company day it reports on. */
  period: Period;
  /** When this reader's last briefing was true; null for their first. */
  previousAt: number | null;
  summary: BriefingLine[];
  metrics: BriefingMetric[];
  /** What changed since this reader's last briefing. */
  changes: BriefingLine[];
  automated: BriefingLine[];
  attention: AttentionItem[];
  opportunities: BriefingLine[];
  chart: Exhibit | null;
  /** What is late, failed or incomplete, each a sentence: "Usage data ends 02:00." */
  cautions: string[];
  freshness: Freshness[];
  figures: { text: string; queryId: string }[];
  receipts: Receipt[];
}

export interface BriefingLine {
  text: string;
  queryId: string | null;
}

export interface BriefingMetric {
  /** The metric's name in the registry. */
  metric: string;
  label: string;
  value: string;
  /** Against the day before, the same weekday, the month: each like for like, or why there is none. */
  comparisons: { against: string; words: string; direction: 'up' | 'down' | 'flat' | 'none' }[];
  queryId: string;
}

export interface AttentionItem {
  text: string;
  /** A proposal the reader may decide: shown with live buttons. */
  approvalId: string | null;
  batchId: string | null;
  alertId: string | null;
  queryId: string | null;
}
