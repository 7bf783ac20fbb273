import { z } from 'zod';
import { SOURCES } from '../types.ts';

/** A value as data and as text; money in the company's currency. */
const ValueSchema = z.strictObject({
  value: z.number().nullable(),
  money: z.strictObject({ minor: z.number().int(), currency: z.string() }).nullable(),
  text: z.string(),
});

const OriginalSchema = z.strictObject({ minor: z.number().int(), currency: z.string(), text: z.string() });

const PeriodSchema = z.strictObject({
  startAt: z.number().int(),
  endAt: z.number().int(),
  tz: z.string(),
  label: z.string(),
});

/** What was measured and how, without the id that re-runs it. */
const ReceiptSchema = z.strictObject({
  definition: z.strictObject({
    name: z.string(),
    version: z.number().int(),
    words: z.string(),
    policy: z.string().optional(),
  }),
  period: PeriodSchema.nullable(),
  asOfAt: z.number().int(),
  rowCount: z.number().int(),
  freshness: z.array(
    z.strictObject({
      source: z.enum(SOURCES),
      throughAt: z.number().int().nullable(),
      stale: z.boolean(),
    }),
  ),
  notes: z.array(z.string()),
});

export const MetricAnswerSchema = z.strictObject({
  metric: z.string(),
  title: z.string(),
  unit: z.enum(['money', 'count', 'ratio', 'ms']),
  ...ValueSchema.shape,
  /** "as of Nov 22, 2026, 14:30 PST" or "for Oct 1 - 31, 2026". */
  when: z.string(),
  /** "for Acme Robotics", "EUR only"; empty when nothing narrows it. */
  narrowedTo: z.string(),
  /** The amounts before conversion, one a currency; empty when nothing was converted. */
  originals: z.array(OriginalSchema),
  comparison: z
    .strictObject({
      ...ValueSchema.shape,
      when: z.string(),
      difference: z.number().nullable(),
      differenceText: z.string().nullable(),
      percent: z.number().nullable(),
      /** "up $1,200.00 (1.4%) on Oct 31, 2026". */
      sentence: z.string(),
    })
    .nullable(),
  breakdown: z
    .strictObject({
      by: z.string(),
      /** How many groups there are; `rows` may be fewer. */
      total: z.number().int(),
      rows: z.array(
        z.strictObject({
          key: z.string().nullable(),
          label: z.string(),
          ...ValueSchema.shape,
          originals: z.array(OriginalSchema),
        }),
      ),
    })
    .nullable(),
  chart: z.enum(['line', 'bar']).nullable(),
  listed: z.array(z.strictObject({ id: z.string(), label: z.string(), customerId: z.string().optional() })),
  receipt: ReceiptSchema,
});

export type MetricAnswer = z.infer<typeof MetricAnswerSchema>;
export type MetricBreakdown = NonNullable<MetricAnswer['breakdown']>;
export type MetricComparison = NonNullable<MetricAnswer['comparison']>;
