import { z } from 'zod';

const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNIT_MS = [7 * 86_400_000, 86_400_000, 3_600_000, 60_000, 1_000];

/** An ISO 8601 duration of weeks, days, hours, minutes and seconds, as milliseconds; null when it is none. */
export function durationMs(text: string): number | null {
  const match = PATTERN.exec(text);
  if (match === null || text === 'P' || text.endsWith('T')) return null;
  let total = 0;
  for (const [index, unit] of UNIT_MS.entries()) total += Number(match[index + 1] ?? 0) * unit;
  return Number.isSafeInteger(Math.round(total)) ? Math.round(total) : null;
}

export const durationSchema = z.string().transform((text, context) => {
  const ms = durationMs(text);
  if (ms === null) {
    context.addIssue({
      code: 'custom',
      message: `"${text}" is not a duration; write days, hours, minutes or seconds such as PT26H or P1D`,
    });
    return z.NEVER;
  }
  return ms;
});
