import { z } from 'zod';
import { plainCell } from '../domain/language/safe-text.ts';
import type { Malformed } from '../domain/sync.ts';
import { malformedRow } from './drift.ts';

/** ISO 8601 with an offset, as epoch milliseconds. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const LONGEST_NAME = 120;

/**
 * A name somebody outside gave themselves, as it may be shown anywhere: nothing invisible, nobody mentioned, no link.
 * It is cleaned where it enters, since every view, mail and file shows it.
 */
export const name = z
  .string()
  .min(1)
  .transform((text) => plainCell(text).slice(0, LONGEST_NAME) || 'unnamed');

/** Reads each row on its own: one that cannot be read is named and left out, the others stand. */
export function readRows<Row>(
  resource: string,
  schema: z.ZodType<Row>,
  rows: readonly unknown[],
): { rows: Row[]; malformed: Malformed[] } {
  const good: Row[] = [];
  const malformed: Malformed[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) good.push(parsed.data);
    else malformed.push(malformedRow(resource, row, parsed.error));
  }
  return { rows: good, malformed };
}
