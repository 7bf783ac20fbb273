import { z } from 'zod';
import { listedSchema, moneySchema, receiptSchema } from '../output-shapes.ts';
import { PictureSchema } from './pictures.ts';

/** A value as data and as text; money in the company's currency. */
const ValueSchema = z.strictObject({
  value: z.number().nullable(),
  money: moneySchema.nullable(),
  text: z.string(),
});

const OriginalSchema = moneySchema.extend({ text: z.string() });

export const MetricAnswerSchema = z.strictObject({
  metric: z.string(),
  title: z.string(),
  unit: z.enum(['money', 'count', 'ratio', 'times', 'days', 'ms', 'minutes', 'score']),
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
      /** Sentences: days, weekdays and holidays that only one side has, and a named period whole. */
      notes: z.array(z.string()),
    })
    .nullable(),
  breakdown: z
    .strictObject({
      by: z.string(),
      /** How many groups there are; `rows` may be fewer. */
      total: z.number().int(),
      /** Of a series beside which another period was asked for: that period's values, step by step. */
      compared: z.array(z.number().nullable()).optional(),
      rows: z.array(
        z.strictObject({
          key: z.string().nullable(),
          label: z.string(),
          ...ValueSchema.shape,
          originals: z.array(OriginalSchema),
          /** Why the group is shown: "down 34.2% from 1,200". */
          detail: z.string().optional(),
        }),
      ),
      /** The place that was asked for: "the second biggest". */
      rank: z.number().int().optional(),
    })
    .nullable(),
  /** What groups had to be like, in words, and how many were looked at. */
  having: z.strictObject({ words: z.string(), of: z.number().int() }).optional(),
  /** Sentences that belong to the answer: a filter that left nothing out. */
  remarks: z.array(z.string()).optional(),
  chart: z.enum(['line', 'bar']).nullable(),
  picture: PictureSchema.optional(),
  listed: listedSchema,
  receipt: receiptSchema,
});

export type MetricAnswer = z.infer<typeof MetricAnswerSchema>;
export type MetricBreakdown = NonNullable<MetricAnswer['breakdown']>;
export type MetricComparison = NonNullable<MetricAnswer['comparison']>;
