import type { Compare } from '../periods/previous-period.ts';
import type { Company, Customer, Period } from '../types.ts';
import type { FactFilter } from './facts.ts';
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
  chart: 'line' | 'bar' | 'auto' | 'waterfall' | 'heatmap' | null;
  nowAt: number;
  tz: string;
  company: Company;
}
