import { z } from 'zod';
import { dateAt, parseInstant, startOfDayAt } from '../domain/periods/calendar.ts';
import { makePeriod } from '../domain/periods/describe-period.ts';
import type { Period } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';

/** Arguments that several tools take, described to the model once and alike. */
export const customerInput = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .describe('Customer id, or the name or domain exactly as the person wrote it');

export const periodInput = z
  .strictObject({
    start: z.string().describe('First day YYYY-MM-DD, or an ISO instant with offset'),
    end: z.string().describe('The day or instant just after the period (not in it)'),
  })
  .describe('Half-open period');

export const limitInput = z.int().min(1).max(100).describe('How many to list, default 10');

/** Whole days are days in `tz`. Throws `invalid_input` naming what cannot be read. */
export function readPeriod(input: z.output<typeof periodInput>, tz: string): Period {
  const startAt = readInstant(input.start, tz);
  const endAt = readInstant(input.end, tz);
  if (endAt <= startAt) {
    throw new UserError('invalid_input', `The period ends (${input.end}) before it begins (${input.start}).`);
  }
  return makePeriod(startAt, endAt, tz);
}

/** The argument a tool takes for a period that was understood. */
export function periodArgument(period: Period): { start: string; end: string } {
  return { start: writeInstant(period.startAt, period.tz), end: writeInstant(period.endAt, period.tz) };
}

function readInstant(text: string, tz: string): number {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const at = day ? startOfNamedDay(text, tz) : parseInstant(text);
  if (at === null) {
    throw new UserError(
      'invalid_input',
      `"${text}" is not a day (YYYY-MM-DD) or an instant with its offset.`,
    );
  }
  return at;
}

function startOfNamedDay(text: string, tz: string): number | null {
  const noonAt = parseInstant(`${text}T12:00:00Z`);
  if (noonAt === null) return null;
  // The zone may be on the day before or after at noon UTC; its own start of this date is what counts.
  const date = dateAt(noonAt, 'UTC');
  return startOfDayAt(date, tz);
}

function writeInstant(at: number, tz: string): string {
  const date = dateAt(at, tz);
  return startOfDayAt(date, tz) === at ? date.toString() : new Date(at).toISOString();
}
