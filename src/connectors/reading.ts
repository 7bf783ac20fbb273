import { z } from 'zod';
import type { Malformed } from '../domain/sync.ts';

/** ISO 8601 with an offset, as epoch milliseconds. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

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
    else malformed.push(describe(resource, row, parsed.error));
  }
  return { rows: good, malformed };
}

const identified = z.looseObject({ id: z.union([z.string(), z.number()]) });

function describe(resource: string, row: unknown, error: z.ZodError): Malformed {
  const id = identified.safeParse(row);
  const issue = error.issues[0];
  return {
    resource,
    id: id.success ? String(id.data.id) : '(no id)',
    what: issue === undefined ? 'cannot be read' : `${issue.path.join('.') || 'row'}: ${issue.message}`,
  };
}
