import { z } from 'zod';
import { receiptSchema } from '../output-shapes.ts';
import { ROLES, SOURCES } from '../types.ts';

/** A sentence, with the receipt of its figures. */
const lineSchema = z.strictObject({ text: z.string(), queryId: z.string().nullable() });

const metricSchema = z.strictObject({
  /** The metric's name in the registry. */
  metric: z.string(),
  label: z.string(),
  /** As a number (minor units, a count, a ratio, milliseconds) and as text. */
  amount: z.number().nullable(),
  value: z.string(),
  /** Against the day before, the same weekday, the month: each like for like, or why there is none. */
  comparisons: z.array(
    z.strictObject({
      against: z.string(),
      words: z.string(),
      direction: z.enum(['up', 'down', 'flat', 'none']),
    }),
  ),
  /** Said when the source had not brought the whole day. */
  partial: z.string().nullable(),
  queryId: z.string(),
});

const attentionSchema = z.strictObject({
  text: z.string(),
  /** A proposal the reader may decide: shown with live buttons. */
  approvalId: z.string().nullable(),
  batchId: z.string().nullable(),
  alertId: z.string().nullable(),
  queryId: z.string().nullable(),
});

const chartSchema = z.strictObject({
  kind: z.literal('chart'),
  title: z.string(),
  type: z.enum(['line', 'bar', 'area', 'pie']),
  categories: z.array(z.string()),
  series: z.array(z.strictObject({ name: z.string(), values: z.array(z.number().nullable()) })),
  whole: z.strictObject({ value: z.number(), past: z.number().optional() }).optional(),
  unfinished: z.boolean().optional(),
  valueLabel: z.string(),
  alt: z.string(),
});

/**
 * One reader's morning, as data: Slack, mail, App Home and the terminal are views of it. Every figure in any
 * sentence stands in `figures` with the receipt it came from.
 */
export const briefingSchema = z.strictObject({
  reader: z.strictObject({
    teamId: z.string(),
    userId: z.string(),
    name: z.string(),
    roles: z.array(z.enum(ROLES)),
  }),
  /** The reader's local day, `YYYY-MM-DD` in `tz`. */
  day: z.string(),
  tz: z.string(),
  /** When it was due, and whether it came an hour late or more. */
  dueAt: z.int(),
  late: z.boolean(),
  /** The instant the numbers are true at. */
  asOfAt: z.int(),
  /** The closed company day it reports on. */
  period: z.strictObject({ startAt: z.int(), endAt: z.int(), tz: z.string(), label: z.string() }),
  /** When this reader's last briefing was true; null for their first. */
  previousAt: z.int().nullable(),
  summary: z.array(lineSchema),
  metrics: z.array(metricSchema),
  /** What changed since this reader's last briefing. */
  changes: z.array(lineSchema),
  automated: z.array(lineSchema),
  attention: z.array(attentionSchema),
  opportunities: z.array(lineSchema),
  chart: chartSchema.nullable(),
  /** What is late, failed or incomplete, each a sentence: "Usage data ends 02:00." */
  cautions: z.array(z.string()),
  freshness: z.array(
    z.strictObject({ source: z.enum(SOURCES), throughAt: z.int().nullable(), stale: z.boolean() }),
  ),
  figures: z.array(z.strictObject({ text: z.string(), queryId: z.string().nullable() })),
  receipts: z.array(receiptSchema.extend({ queryId: z.string() })),
  /** The first calls behind it, so that its thread can be asked on. */
  calls: z.array(
    z.strictObject({
      tool: z.string(),
      input: z.record(z.string(), z.json()),
      listed: z.array(
        z.strictObject({ id: z.string(), label: z.string(), customerId: z.string().optional() }),
      ),
    }),
  ),
});

export type Briefing = z.output<typeof briefingSchema>;
export type BriefingLine = z.output<typeof lineSchema>;
export type BriefingMetric = z.output<typeof metricSchema>;
export type AttentionItem = z.output<typeof attentionSchema>;
export type BriefingChart = z.output<typeof chartSchema>;
