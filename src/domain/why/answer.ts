import { z } from 'zod';
import { listedSchema, moneySchema, receiptSchema } from '../output-shapes.ts';
import { EFFECT_KINDS } from './moves.ts';

/** As data and as text; money in the company's currency, ratios as fractions. */
const ValueShape = { value: z.number(), money: moneySchema.nullable(), text: z.string() };

const SideSchema = z.strictObject({
  ...ValueShape,
  value: z.number().nullable(),
  /** "at the end of Oct 31, 2026", "for Nov 1 - 30, 2026 so far". */
  when: z.string(),
});

export const ChangeAnswerSchema = z.strictObject({
  /** Which way the question took it to have gone. */
  supposed: z.enum(['up', 'down']).optional(),
  metric: z.string(),
  title: z.string(),
  unit: z.string(),
  /** "for Acme Robotics", "on the scale plan"; empty when nothing narrows it. */
  narrowedTo: z.string(),
  before: SideSchema,
  after: SideSchema,
  /** After minus before; null where one of them has no value. */
  difference: z.number().nullable(),
  differenceText: z.string().nullable(),
  percent: z.number().nullable(),
  /** The groups of a ratio. */
  by: z.string().nullable(),
  /** Largest first; they sum to the difference: money and counts exactly, ratios within 1e-9. */
  effects: z.array(
    z.strictObject({
      kind: z.enum(EFFECT_KINDS),
      label: z.string(),
      ...ValueShape,
      accounts: z.array(z.strictObject({ id: z.string().nullable(), name: z.string(), ...ValueShape })),
      others: z.strictObject({ count: z.int(), ...ValueShape }).nullable(),
    }),
  ),
  /** A ratio's change by what is counted and what it is counted over; they sum to the difference too. */
  fraction: z
    .strictObject({
      numerator: z.strictObject({ before: z.number(), after: z.number(), ...ValueShape }),
      base: z.strictObject({ before: z.number(), after: z.number(), ...ValueShape }),
    })
    .nullable(),
  /** Why there are no effects, and what can be asked instead. */
  unsplit: z.strictObject({ reason: z.string(), instead: z.array(z.string()) }).nullable(),
  /** What happened in the same time. */
  links: z.array(
    z.strictObject({
      kind: z.enum(['incident', 'price_change', 'plan_change', 'alert']),
      at: z.int(),
      text: z.string(),
    }),
  ),
  /** What makes the two sides unlike, and what was assumed. */
  notes: z.array(z.string()),
  listed: listedSchema,
  receipt: receiptSchema,
});

export type ChangeAnswer = z.infer<typeof ChangeAnswerSchema>;
export type ChangeEffect = ChangeAnswer['effects'][number];
