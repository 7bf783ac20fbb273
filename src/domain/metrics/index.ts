import { COHORT_METRICS } from './cohorts.ts';
import { COLLECTION_METRICS } from './collections.ts';
import { CONCENTRATION_METRICS } from './concentration.ts';
import { CUSTOMER_METRICS } from './customers.ts';
import type { Metric } from './metric.ts';
import { MOVEMENT_METRICS } from './movements.ts';
import { PSI_METRICS } from './psi.ts';
import { RECEIVABLES_METRICS } from './receivables.ts';
import { RECURRING_METRICS } from './recurring.ts';
import { RETENTION_METRICS } from './retention.ts';
import { REVENUE_METRICS } from './revenue.ts';
import { SERVICE_METRICS } from './service.ts';
import { SUPPORT_METRICS } from './support.ts';
import { TRIAL_METRICS } from './trials.ts';
import { USAGE_METRICS } from './usage.ts';

/** Every number that can be asked for. A new one is its definition in a family's file; nothing else. */
export const METRICS: readonly Metric[] = [
  ...RECURRING_METRICS,
  ...MOVEMENT_METRICS,
  ...RETENTION_METRICS,
  ...REVENUE_METRICS,
  ...COLLECTION_METRICS,
  ...CUSTOMER_METRICS,
  ...TRIAL_METRICS,
  ...COHORT_METRICS,
  ...CONCENTRATION_METRICS,
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
