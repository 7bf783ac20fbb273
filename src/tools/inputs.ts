import { z } from 'zod';
import { findPeriods } from '../domain/periods/find-periods.ts';
import { periodArgument } from '../domain/periods/period-argument.ts';
import type { Json } from '../domain/types.ts';

/** Of an argument that a model is not shown: another one says the same. */
export const HIDDEN = { hidden: true } as const;

/** Arguments that several tools take, described to the model once and alike. */
export const customerInput = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('Customer id, or the name or domain exactly as the person wrote it');

export const periodInput = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .describe('"last month", "Oct 2026", "last 7 days", or START/END as ISO dates, END not included');

export const limitInput = z.int().min(1).max(100).describe('How many to list, default 10');

/** Compared with what depends on the period asked about, which is fixed itself. */
const RELATIVE = /^\s*(?:previous\b|same[_ ]|last_year\b|(?:the )?(?:last|previous|prior) year\s*$)/i;

/**
 * Words for a period become its instants, so that a receipt re-run next month asks the same question.
 * Words that name no one period are left for the tool to refuse.
 */
export function withFixedPeriods(
  input: { [key: string]: Json },
  at: { nowAt: number; tz: string },
): { [key: string]: Json } {
  const fixed = { ...input };
  for (const key of ['period', 'compare']) {
    const value = input[key];
    if (typeof value !== 'string' || (key === 'compare' && RELATIVE.test(value))) continue;
    const [mention, another] = findPeriods(value, at);
    if (mention?.period && !another && mention.text.length === value.trim().length) {
      fixed[key] = periodArgument(mention.period);
    }
  }
  return fixed;
}
