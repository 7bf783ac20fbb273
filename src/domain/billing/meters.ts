import { Meter } from './usage-event.ts';

/** What PsiZero measures. Another meter is another entry here; what it costs is a price's business. */
export const METERS: readonly Meter[] = [
  /** The event's value is the number of calls it stands for; properties: category, errors_4xx, errors_5xx. */
  Meter.parse({
    id: 'api_calls',
    name: 'API calls',
    unit: 'calls',
    aggregation: 'sum',
    groupBy: 'category',
  }),
  /** One event a use; property: feature. */
  Meter.parse({
    id: 'feature_use',
    name: 'Feature uses',
    unit: 'uses',
    aggregation: 'count',
    groupBy: 'feature',
  }),
  /** One event a change of level, the value being the change in GB; a period bills the level weighted by time. */
  Meter.parse({
    id: 'storage_gb',
    name: 'Storage',
    unit: 'GB',
    aggregation: 'weighted_sum',
    groupBy: 'region',
    carriesOver: true,
  }),
  Meter.parse({
    id: 'bandwidth_gb',
    name: 'Bandwidth',
    unit: 'GB',
    aggregation: 'sum',
    groupBy: 'region',
  }),
];

/** The meter of that id, of `meters` (what PsiZero measures unless told); null when there is none. */
export function meterOf(id: string, meters: readonly Meter[] = METERS): Meter | null {
  return meters.find((meter) => meter.id === id) ?? null;
}
