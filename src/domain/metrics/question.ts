import type { Compare } from '../periods/previous-period.ts';
import type { Company, Customer, Period } from '../types.ts';
import type { FactFilter } from './facts.ts';
import type { HavingCondition } from './having.ts';
import type { Dimension, Metric } from './metric.ts';
import type { Step } from './series.ts';

/** A question after its words were resolved. */
export interface MetricQuestion {
  metric: Metric;
  period: Period | null;
  compare: Compare | null;
  by: Dimension | Step | null;
  top: number | null;
  order: 'asc' | 'desc';
  filter: FactFilter;
  customer: Customer | null;
  /** `table`: the numbers in rows, and no picture. */
  chart: 'line' | 'bar' | 'auto' | 'waterfall' | 'heatmap' | 'table' | null;
  nowAt: number;
  tz: string;
  company: Company;
  /** What a group must be like to be shown; all of them. */
  having?: readonly HavingCondition[];
  /** Only the group at this place, 1-based. */
  rank?: number | null;
  /** Customers that were named: shown even where nothing is known of them. */
  named?: readonly Customer[];
  /** Said with the answer: a filter that left nothing out. */
  remarks?: readonly string[];
}
