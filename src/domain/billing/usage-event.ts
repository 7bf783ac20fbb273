import { z } from 'zod';

/**
 * One fact of use, as a source reports it. `source` and `id` together name it: the same pair twice is one event.
 * `value` is a decimal string (calls, bytes, a level of storage, a delta); `at` an instant, epoch ms UTC.
 */
export const UsageEvent = z.strictObject({
  source: z.string().min(1).max(100),
  id: z.string().min(1).max(200),
  meter: z.string().min(1).max(100),
  customerId: z.string().min(1).max(100),
  at: z.number().int().nonnegative(),
  value: z
    .string()
    .regex(/^-?\d+(?:\.\d+)?$/)
    .default('1'),
  /** What the use was of: category, endpoint, key, region. Flat, small, text only. */
  properties: z.record(z.string().max(50), z.string().max(200)).default({}),
  /** The id of an event of the same source that this one replaces. */
  corrects: z.string().min(1).max(200).nullable().default(null),
});

export type UsageEvent = z.infer<typeof UsageEvent>;

export const AGGREGATIONS = [
  'count',
  'sum',
  'max',
  'last',
  'unique_count',
  'weighted_sum',
  'percentile',
] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

/** The aggregations whose level can carry over: what is counted anew each period has none. */
const LEVELS: ReadonlySet<Aggregation> = new Set(['sum', 'max', 'last', 'weighted_sum']);

/** How events become a quantity. */
export const Meter = z
  .strictObject({
    /** "api_calls", "storage_gb", "bandwidth_gb", "feature_use". */
    id: z.string().regex(/^[a-z][a-z0-9_]*$/),
    name: z.string().min(1),
    /** As an invoice says it: "calls", "GB", "GB-months". */
    unit: z.string().min(1),
    aggregation: z.enum(AGGREGATIONS),
    /** The property counted by `unique_count`. */
    property: z.string().nullable().default(null),
    /** 0 to 100, of `percentile`. */
    percentile: z.number().min(0).max(100).nullable().default(null),
    /** The property by which usage is told apart on the invoice and in rollups: "category"; null for none. */
    groupBy: z.string().nullable().default(null),
    /** Whether the level carries over into the next period (storage) or begins anew. */
    carriesOver: z.boolean().default(false),
  })
  .superRefine((meter, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (meter.aggregation === 'unique_count' && meter.property === null) {
      refuse('property', 'a unique count needs the property whose values it counts');
    }
    if (meter.aggregation === 'percentile' && meter.percentile === null) {
      refuse('percentile', 'a percentile needs its rank, 0 to 100');
    }
    if (meter.carriesOver && !LEVELS.has(meter.aggregation)) {
      refuse('carriesOver', `a ${meter.aggregation} begins anew each period`);
    }
  });
export type Meter = z.infer<typeof Meter>;
