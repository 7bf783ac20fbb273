import { CUSTOMER_METRICS } from './customers.ts';
import type { Metric } from './metric.ts';
import { PSI_METRICS } from './psi.ts';
import { RECEIVABLES_METRICS } from './receivables.ts';
import { REVENUE_METRICS } from './revenue.ts';
import { SERVICE_METRICS } from './service.ts';
import { SUPPORT_METRICS } from './support.ts';
import { USAGE_METRICS } from './usage.ts';

/** Every number that can be asked for. A new one is its definition in a family's file; nothing else. */
export const METRICS: readonly Metric[] = [
  ...REVENUE_METRICS,
  ...CUSTOMER_METRICS,
  ...USAGE_METRICS,
  ...SERVICE_METRICS,
  ...RECEIVABLES_METRICS,
  ...SUPPORT_METRICS,
  ...PSI_METRICS,
];

export const METRIC_NAMES: readonly string[] = METRICS.map((metric) => metric.name);

export function findMetric(name: string): Metric | null {
  return METRICS.find((metric) => metric.name === name) ?? null;
}
