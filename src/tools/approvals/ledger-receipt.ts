import { z } from 'zod';
import type { Receipt } from '../../domain/types.ts';

/** Psi's own ledgers are never behind, so their receipt names no source. */
export const ledgerReceiptSchema = z.strictObject({
  definition: z.strictObject({ name: z.string(), version: z.number(), words: z.string() }),
  period: z.null(),
  asOfAt: z.number(),
  rowCount: z.number(),
  freshness: z.array(z.never()),
  notes: z.array(z.string()),
});

export function ledgerReceipt(
  about: { name: string; words: string },
  asOfAt: number,
  rowCount: number,
): Omit<Receipt, 'queryId'> & z.output<typeof ledgerReceiptSchema> {
  return { definition: { ...about, version: 1 }, period: null, asOfAt, rowCount, freshness: [], notes: [] };
}
